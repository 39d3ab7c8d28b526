from . import milepost_dispose, milepost_supply_proof, milepost_supply_proof_line
