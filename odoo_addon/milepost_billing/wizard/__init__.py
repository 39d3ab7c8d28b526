from . import milepost_accrue, milepost_dispose, milepost_supply_proof, milepost_supply_proof_line
