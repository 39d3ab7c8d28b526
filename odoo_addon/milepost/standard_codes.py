"""Published codes that partners use under their own flag, and what they mean here.

X12 elements 1650 (214 AT701) and 1651 (AT702); UN/ECE Recommendation 24; DCSA Track
& Trace. Only a suggestion for a person to accept: the same letters may mean another thing to a partner.
"""

MILESTONES = {
    "booked": "BF 6",
    "tender_accepted": "XB",
    "assigned": "4F",
    "appointment_set": "AA AB",
    "arrived_pickup": "X3 X8",
    "loaded": "L1 CP AM 48 LOAD STUF",
    "picked_up": "AF 13 PICK",
    "in_transit": "X6 31",
    "arrived_terminal": "X4 AR RA I1 R1 74 GTIN ARRI",
    "departed_terminal": "P1 RL RD OA J1 24 27 GTOT DEPA",
    "eta_updated": "AG X2 A1 B6 C1",
    "delayed": "SD 20 101",
    "customs_hold": "K1 PR 17 CUSI HOLD",
    "customs_released": "K2 RH 8 9 12 CUSR RELS",
    "available": "AV AW 71 AVPU",
    "out_for_delivery": "AJ OFD",
    "delivery_attempted": "AH AP 23 56",
    "arrived_delivery": "X1 X5",
    "delivered": "D1 CB 21 22 POD DLV",
    "partially_delivered": "PA D2 73",
    "refused": "A7 77",
    "returned": "A3 80 82 RTN",
    "cancelled": "CA 7 CANC VOID",
}

REASONS = {
    "weather": "AO BE 63",
    "mechanical": "AI T1 T2 T3 T4 T5 T6 23 35",
    "accident": "AF BR 18 34",
    "carrier_operations": "AH AJ AL AA AW BF BI BO D1 D2 P1 MQ MS 53 69",
    "shipper_not_ready": "AM NF SN P3 BN CS 43",
    "consignee_unavailable": "AG AQ B1 AN C4 7 39",
    "appointment_constraint": "B9 BH BK HB AD BJ SR T7 5 8 15",
    "address": "A2 A5 A6 UC UD 1 9 30 59",
    "refused": "BS AE 3 49 90",
    "damage": "AK BP 14 60",
    "shortage_overage": "S1 27 45 56 95",
    "customs_border": "CA AS AR BD F1 F2 13 24 25 28 93",
    "documents_payment": "BC B4 C2 C8 C9 C6 11 32 37 46 47",
    "labor_civil": "AU C5 20 31",
}

# UN/ECE Recommendation 20 and X12 element 355: the names that Odoo gives to its units.
UNITS = {
    "EA": "Units", "C62": "Units", "PCE": "Units", "PCS": "Units", "PC": "Units", "H87": "Units",
    "KGM": "kg", "K": "kg", "KG": "kg", "LBR": "lb", "L": "lb", "LB": "lb", "TNE": "t",
    "MTQ": "m³", "CR": "m³", "CF": "ft³", "FTQ": "ft³", "LTR": "L", "DZN": "Dozens", "DZ": "Dozens",
    "HUR": "Hours", "HR": "Hours", "DAY": "Days", "KMT": "km", "DK": "km", "DH": "mi", "SMI": "mi",
}  # fmt: skip


def by_code(table):
    return {code: meaning for meaning, codes in table.items() for code in codes.split()}


MEANINGS = {
    "milestone": by_code(MILESTONES),
    "reason": by_code(REASONS),
}
