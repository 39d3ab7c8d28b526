"""What the exchange answers to each fact of a batch."""

from collections import defaultdict

from .matching import candidates
from .tables import by_model


def shipment_names(env, found):
    ids = sorted(set().union(*found.values()))
    return dict(zip(ids, env["milepost.shipment"].browse(ids).mapped("name"), strict=True))


def unmatched(key, unclear, name_of):
    """It waits: for a shipment, or for a person who says which of the candidates it means."""
    verdict = {"key": key, "status": "unmatched"}
    if not unclear:
        reason = "no shipment bears its identifiers yet"
        return {**verdict, "code": "no_shipment", "reason": reason}
    names = ", ".join(name_of[id_] for id_, _borne in unclear)
    return {
        **verdict,
        "code": "ambiguous",
        "reason": f"its identifiers mean several shipments: {names}",
        "candidates": [{"shipment": name_of[id_], "identifiers": borne} for id_, borne in unclear],
    }


def key_of(fact, index):
    """Repetitions inside a batch share a verdict; what has no key is told by its position."""
    key = fact.get("key") if isinstance(fact, dict) else None
    return key if isinstance(key, str) else index


def rejected(key, fault):
    return {
        "key": str(key),
        "status": "rejected",
        "code": "schema",
        "path": fault.path,
        "reason": f"{fault.path} {fault.reason}",
    }


def judge(context, facts, found, verdicts):
    """The verdicts of what was stored, after adoption."""
    cr = context.env.cr
    placed = defaultdict(list)
    for model, own in by_model(context.env, facts.values()).items():
        cr.execute(
            f"""
            SELECT fact.key, s.name
              FROM {model._table} fact JOIN milepost_shipment s ON s.id = fact.shipment_id
             WHERE fact.connection_id = %s AND fact.key = ANY (%s)
             ORDER BY s.name
            """,
            [context.connection_id, [fact["key"] for fact in own]],
        )
        for key, name in cr.fetchall():
            placed[key].append(name)
    waiting = [fact for key, fact in facts.items() if not placed[key]]
    unclear = candidates(cr, context.company_id, context.connection_id, waiting, found)
    name_of = shipment_names(
        context.env, {key: {id_ for id_, _borne in rows} for key, rows in unclear.items()}
    )
    for key in facts:
        if placed[key]:
            verdicts[key] = {"key": key, "status": "accepted", "shipments": placed[key]}
        else:
            verdicts[key] = unmatched(key, unclear.get(key), name_of)


def bearers(fact, found):
    """The shipments that get the fact: none while it is unknown or ambiguous."""
    shipments = found.get(fact["key"], set())
    return shipments if fact["applies_to"] == "every" or len(shipments) == 1 else set()
