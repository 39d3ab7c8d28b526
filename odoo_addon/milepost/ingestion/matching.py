"""Which shipment a fact means, of those that bear its identifiers.

The order of the contract decides: the connection's own id, the shipment's number, then PRO and bill of
lading, then container and the rest. What the first of them leaves open, the further identifiers of
the fact may narrow; numbers that come round again are told apart by the date. Nothing is guessed:
what is still open then is ambiguous, for a person to settle.
"""

from datetime import datetime, timedelta

from .. import codes

ORDER = {name: position for position, (name, _label) in enumerate(codes.IDENTIFIER_TYPES)}
# Carriers and lines give these numbers out again: they mean a shipment for its time only.
REUSED = frozenset({
    "pro", "bol", "mbol", "booking", "container", "tracking", "mawb", "hawb", "delivery_order",
    "customer_ref", "po", "seal",
})  # fmt: skip
# What a carrier says that much before a shipment was ready, or after it ended, is about another one.
BEFORE, AFTER = timedelta(days=30), timedelta(days=60)


def match(cr, company_id, connection_id, facts):
    """Return {fact key: set of shipment ids} for the facts that name a known shipment.

    More than one id for a fact of one shipment: it is ambiguous among these.
    """
    wanted = {(i["type"], i["value"]) for fact in facts for i in fact["identifiers"]}
    known = _rows(cr, company_id, connection_id, wanted)
    spans = _spans(cr, {s for (type_, _v), (ids, _c) in known.items() if type_ in REUSED for s in ids})
    found = {}
    for fact in facts:
        by_type = _by_type(fact, known, spans)
        if by_type:
            found[fact["key"]] = _narrowed(fact, by_type)
    return found


def candidates(cr, company_id, connection_id, facts, found):
    """Return {fact key: [(shipment id, the fact's identifiers that it bears)]} of ambiguous facts."""
    unclear = [fact for fact in facts if fact["applies_to"] == "one" and len(found.get(fact["key"], ())) > 1]
    wanted = {(i["type"], i["value"]) for fact in unclear for i in fact["identifiers"]}
    known = bearers(cr, company_id, connection_id, wanted)
    return {
        fact["key"]: [
            (
                shipment_id,
                [i for i in fact["identifiers"] if shipment_id in known.get((i["type"], i["value"]), ())],
            )
            for shipment_id in sorted(found[fact["key"]])
        ]
        for fact in unclear
    }


def bearers(cr, company_id, connection_id, names):
    """Return {(type, value): set of ids} of the shipments that bear these names."""
    return {
        name: shipments for name, (shipments, _chosen) in _rows(cr, company_id, connection_id, names).items()
    }


def _rows(cr, company_id, connection_id, names):
    """Return {(type, value): (bearers, the one of them that a person chose, or None)}."""
    if not names:
        return {}
    cr.execute(
        """
        SELECT i.type, i.value, array_agg(link.shipment_id), i.chosen_shipment_id
          FROM unnest(%(types)s::varchar[], %(values)s::varchar[]) AS wanted(type, value)
          JOIN milepost_identifier i
            ON i.company_id = %(company)s
           AND COALESCE(i.connection_id, 0) = CASE wanted.type WHEN 'entity' THEN %(connection)s ELSE 0 END
           AND i.type = wanted.type AND i.value = wanted.value
          JOIN milepost_identifier_shipment link ON link.identifier_id = i.id
         GROUP BY i.type, i.value, i.chosen_shipment_id
        """,
        parameters_of(names, company_id, connection_id),
    )
    return {(type_, value): (set(shipments), chosen) for type_, value, shipments, chosen in cr.fetchall()}


def parameters_of(names, company_id, connection_id):
    """Names as a query takes them, in one order: two transactions must not lock them crosswise."""
    ordered = sorted(names)
    return {
        "types": [type_ for type_, _value in ordered],
        "values": [value for _type, value in ordered],
        "company": company_id,
        "connection": connection_id or 0,
    }


def _spans(cr, shipment_ids):
    """Return {shipment id: (begin, end or None while it is open)}."""
    if not shipment_ids:
        return {}
    cr.execute(
        """
        SELECT id, LEAST(ready_at, create_date),
               CASE WHEN state = ANY (%s) THEN COALESCE(delivered_at, current_milestone_at) END
          FROM milepost_shipment WHERE id = ANY (%s)
        """,
        [list(codes.CLOSED_STATES), sorted(shipment_ids)],
    )
    return {id_: (begin, end) for id_, begin, end in cr.fetchall()}


def _moment_of(fact):
    """The moment that a fact is about; None where it says none."""
    if "moment" in fact:
        return fact["moment"]
    told = fact.get("occurred") or fact.get("delivered")
    if told:
        return datetime.fromisoformat(told["at"][:-1])
    return datetime.fromisoformat(fact["ship_date"]) if fact.get("ship_date") else None


def _by_type(fact, known, spans):
    """The shipments that each type of the fact's identifiers means at the fact's time."""
    moment = _moment_of(fact)
    by_type = {}
    for identifier in fact["identifiers"]:
        type_ = identifier["type"]
        shipments, chosen = known.get((type_, identifier["value"]), (set(), None))
        if chosen and fact["applies_to"] == "one":
            shipments = {chosen}
        if moment and type_ in REUSED:
            shipments = _of_the_time(shipments, spans, moment)
        if shipments:
            by_type[type_] = by_type.get(type_, set()) | shipments
    return by_type


def _of_the_time(shipments, spans, moment):
    alive = {s for s in shipments if not spans[s][1] or moment <= spans[s][1] + AFTER}
    begun = {s for s in alive if moment >= spans[s][0] - BEFORE}
    # Shipments may be entered long after they moved: the begin only tells several apart.
    return begun or alive


def _narrowed(fact, by_type):
    strongest, *others = sorted(by_type, key=ORDER.__getitem__)
    left = by_type[strongest]
    if fact["applies_to"] == "every":
        return left
    for type_ in others:
        if len(left) == 1:
            break
        left = left & by_type[type_] or left
    return left


def candidates_of(fact):
    """The candidates of a stored fact that waits: a record of one of the fact models.

    :return: [(shipment id, its identifiers among the fact's)]; empty when it means one or none
    """
    cr = fact.env.cr
    fact.env.flush_all()
    cr.execute(
        f"SELECT key, identifiers, applies_to, {fact._fact_moment} FROM {fact._table} WHERE id = %s",
        [fact.id],
    )
    key, identifiers, applies_to, moment = cr.fetchone()
    stored = {"key": key, "identifiers": identifiers, "applies_to": applies_to, "moment": moment}
    place = (cr, fact.company_id.id, fact.connection_id.id, [stored])
    return candidates(*place, match(*place)).get(key, [])
