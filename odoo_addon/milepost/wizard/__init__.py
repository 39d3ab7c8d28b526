from . import milepost_assign, milepost_dispose, milepost_supply_proof
