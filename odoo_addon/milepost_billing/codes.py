"""The selections of the canonical model (bridge/canonical/codes.ts) that are about money.

A test holds them against the contract.
"""

CHARGE_TYPES = [
    ("linehaul", "Linehaul"),
    ("fuel", "Fuel"),
    ("detention", "Detention"),
    ("layover", "Layover"),
    ("stop_off", "Stop-off"),
    ("liftgate", "Liftgate"),
    ("inside", "Inside Delivery"),
    ("residential", "Residential"),
    ("appointment_notify", "Appointment or Notification"),
    ("lumper", "Lumper"),
    ("redelivery_reconsignment", "Redelivery or Reconsignment"),
    ("storage_demurrage", "Storage or Demurrage"),
    ("hazmat", "Hazardous Material"),
    ("toll_border_customs", "Toll, Border or Customs"),
    ("tax", "Tax"),
    ("discount", "Discount"),
    ("misc", "Miscellaneous"),
]

# These say "miscellaneous" themselves: nothing would be gained by mapping them.
MISCELLANEOUS = {"MSC", "SAC", "GSS", "misc"}


def codes_in_charge(line):
    """Yield (kind of code map, raw code, sample) of a charge, or of a line of a carrier's bill."""
    if line.get("charge_type") == "misc" and line["raw_code"] not in MISCELLANEOUS:
        yield "charge_type", line["raw_code"], line.get("description")
    if line.get("charge_type") == "tax":
        yield "tax", line["raw_code"], line.get("description")
