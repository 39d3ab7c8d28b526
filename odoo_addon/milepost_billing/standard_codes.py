"""Published codes of charges (X12 element 150, 210 L108) and what they mean here: suggestions only."""

from odoo.addons.milepost.standard_codes import by_code

CHARGE_TYPES = {
    "linehaul": "400 LHS 490 AIR",
    "fuel": "FUE 405 ENS FSC",
    "detention": "DTL DTU DET DTN DTO DTQ DTR DEP DTV TDT WTG",
    "layover": "LAY LYC",
    "stop_off": "SOC STD STQ SPU SDL",
    "liftgate": "LFT",
    "inside": "IDL IPU",
    "residential": "RES REP",
    "appointment_notify": "APT NFY MNC",
    "lumper": "UNL UND",
    "redelivery_reconsignment": "RCL ATD RDC RCC DIV",
    "storage_demurrage": "SRG STR DEM",
    "hazmat": "HAZ HZC 420 425",
    "toll_border_customs": "IHT BRD BCF CUS CSE 240",
    "tax": "GST HST TAX 750 PTX",
    "discount": "DSC 275 295 VAB",
}

MEANINGS = {"charge_type": by_code(CHARGE_TYPES)}
