"""The demo's story: what was sold, what the partners said of it, and when, in hours from now.

Each shipment stands in a state of its own, so that every screen has something to show.
"""

CUSTOMERS = {
    "harbour": ("Harbour Foods GmbH", "Am Sandtorkai 32", "20457", "Hamburg", "DE", "Europe/Berlin"),
    "alpine": ("Alpine Outdoor AG", "Maria-Theresien-Straße 18", "6020", "Innsbruck", "AT", "Europe/Vienna"),
    "bistro": ("Bistro Lumière SARL", "12 Rue Mercière", "69002", "Lyon", "FR", "Europe/Paris"),
    "nordic": ("Nordic Living A/S", "Vesterbrogade 41", "1620", "Copenhagen", "DK", "Europe/Copenhagen"),
    "thames": ("Thames Books Ltd", "48 Borough High Street", "SE1 1XL", "London", "GB", "Europe/London"),
}

# (name, reference, unit price, kilograms)
PRODUCTS = {
    "coffee": ("Coffee, 10 kg sack", "COF-10", 84.0, 10.0),
    "oil": ("Olive Oil, 5 l canister", "OIL-5", 46.5, 5.4),
    "chair": ("Oak Chair", "CHR-OAK", 129.0, 7.2),
}


def said(code, at, **more):
    """A milestone that happened `at` hours from now."""
    return {"kind": "milestone", "code": code, "at": at, **more}


def estimate(at, told, **more):
    return said("eta_updated", at, told=told, classifier="estimated", **more)


def proof(at, signer, lines, **more):
    return {"kind": "proof_of_delivery", "at": at, "signer": signer, "lines": lines, **more}


def cost(code, amount, at=-1, charge_type="misc", **more):
    return {
        "kind": "charge",
        "charge_type": charge_type,
        "raw_code": code,
        "amount": amount,
        "at": at,
        **more,
    }


def trip(start):
    """The usual beginning: booked, there, loaded, gone."""
    return [
        said("booked", start - 20),
        said("assigned", start - 18, vehicle="NW 4711", driver="P. Jansen"),
        said("arrived_pickup", start - 1),
        said("loaded", start - 0.4),
        said("picked_up", start),
    ]


# due: hours from now until which the customer expects the goods; order: what became of the
# transport order; plan: whether the partner told its stops.
SHIPMENTS = [
    {"title": "on time", "customer": "harbour", "goods": {"coffee": 24}, "due": 6, "facts": [
        *trip(-9), said("in_transit", -2, position=(52.37, 9.73), place="A7, Hannover"), estimate(5.5, -2),
    ]},
    {"title": "late: the truck broke down", "customer": "bistro", "goods": {"oil": 40}, "due": -1, "facts": [
        *trip(-14), said("delayed", -4, reasons=["mechanical"], place="A6, Mâcon"), estimate(3, -3),
        said("in_transit", -1, position=(46.3, 4.83), place="Mâcon"),
    ]},
    {"title": "silent since yesterday", "customer": "nordic", "goods": {"chair": 12}, "due": 18, "facts": trip(-28)},
    {"title": "overdue: nobody reported an arrival", "customer": "thames", "goods": {"chair": 6}, "due": -5, "facts": [
        *trip(-26), said("out_for_delivery", -8),
    ]},
    {"title": "held by customs", "customer": "thames", "goods": {"coffee": 30}, "due": 20, "facts": [
        *trip(-30), said("customs_hold", -6, place="Dover", reasons=["customs_border"]),
    ]},
    {"title": "nobody was there", "customer": "alpine", "goods": {"chair": 8}, "due": -2, "facts": [
        *trip(-24), said("out_for_delivery", -5), said("arrived_delivery", -2.5),
        said("delivery_attempted", -2, reasons=["consignee_unavailable"]), estimate(21, -1),
    ]},
    {"title": "delivered, signed and clean", "customer": "harbour", "goods": {"coffee": 16, "oil": 10}, "due": -4,
     "facts": [
        *trip(-30), said("arrived_delivery", -5.5), said("delivered", -5),
        proof(-5, "K. Petersen", [(26, "accepted", None)], paper=True),
        cost("LHS", "412.00", -4, "linehaul"), cost("FUE", "61.80", -4, "fuel"),
    ]},
    {"title": "a part was refused", "customer": "bistro", "goods": {"oil": 30}, "due": -3, "facts": [
        *trip(-33), said("arrived_delivery", -4),
        said("partially_delivered", -3.2, reasons=["damage"], conditions=["damaged"]),
        proof(-3.2, "M. Dubois", [(26, "accepted", None), (4, "refused", "damage")], paper=True,
              remark="4 canisters leaking, refused"),
        cost("LHS", "380.00", -3, "linehaul"),
    ]},
    {"title": "delivered late, and the proof is missing", "customer": "nordic", "goods": {"chair": 4}, "due": -10,
     "facts": [
        *trip(-36), said("arrived_delivery", -8), said("delivered", -7.5),
        cost("LHS", "298.00", -7, "linehaul"), cost("MAUTZ", "35.40", -7, text="Maut Bund"),
    ]},
    {"title": "waits at our dock", "customer": "alpine", "goods": {"oil": 20}, "due": 22, "facts": [
        said("booked", -20), said("arrived_pickup", -3.5),
    ]},
    {"title": "booked", "customer": "harbour", "goods": {"chair": 10}, "due": 30, "facts": [
        said("booked", -3), said("appointment_set", -2),
    ]},
    {"title": "ordered a minute ago", "customer": "nordic", "goods": {"coffee": 12}, "due": 44, "order": "queued",
     "plan": False, "facts": []},
    {"title": "rejected by the partner", "customer": "thames", "goods": {"oil": 8}, "due": 40, "order": "rejected",
     "plan": False, "facts": []},
    {"title": "a code that nobody knows", "customer": "alpine", "goods": {"coffee": 9}, "due": 9, "facts": [
        *trip(-7), {"kind": "milestone", "code": None, "raw_code": "ZB7", "text": "Zollbeschau", "at": -1.5},
    ]},
    {"title": "refused and brought back", "customer": "bistro", "goods": {"chair": 3}, "due": -20, "facts": [
        *trip(-44), said("refused", -21, reasons=["refused"]), said("returned", -2),
    ]},
    {"title": "a carrier that corrected itself", "customer": "harbour", "goods": {"oil": 14}, "due": -6, "facts": [
        *trip(-27), said("delivered", -5, told=-5), said("delivered", -6.5, told=-4),
        proof(-6.5, "K. Petersen", [(14, "accepted", None)]),
    ]},
]  # fmt: skip
