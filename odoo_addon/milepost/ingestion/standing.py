"""Whether proofs of delivery and charges still count, and which stop they are about."""

from collections import defaultdict

from ..derivation import Evidence, StopFinder, surviving


def write_standing(env, retractions, results, stop_ids):
    """Write what changed of the shipments' proofs and charges.

    :param retractions: {shipment id: list of Retraction}
    :param results: {shipment id: Derived}
    :param stop_ids: {(shipment id, stop key): id}
    :return: {kind of fact: {shipment id: how many count}}
    """
    counting = {}
    for kind, model in env["milepost.fact"]._models_by_kind().items():
        if not model._fact_has_standing:
            continue
        facts, known = _read(model, list(results))
        counting[kind] = {}
        rows = []
        for shipment_id, own in facts.items():
            counts, withdrawn, outdated = surviving(own, retractions[shipment_id])
            counting[kind][shipment_id] = len(counts)
            finder = StopFinder(results[shipment_id].stops)
            for fact in own:
                stop = finder.find(fact)
                stop_id = stop_ids[shipment_id, stop.key] if stop else None
                now = (stop_id, fact.id in outdated, fact.id in withdrawn)
                if now != known[fact.id]:
                    rows.append((fact.id, *now))
        _update(model, rows)
    return counting


def _read(model, shipment_ids):
    model.env.cr.execute(
        f"""
        SELECT shipment_id, id, key, said_at, source_event, stop_ref, connection_id,
               stop_id, superseded, retracted
          FROM {model._table} WHERE shipment_id = ANY (%s)
        """,
        [shipment_ids],
    )
    facts, known = defaultdict(list), {}
    for shipment_id, id_, key, said_at, event, stop_ref, connection, *now in model.env.cr.fetchall():
        # Without a stop a proof is about the last delivery, a charge about the whole transport.
        code = "delivered" if model._fact_kind == "proof_of_delivery" else None
        facts[shipment_id].append(Evidence(id_, key, said_at, event, stop_ref, code, connection=connection))
        known[id_] = tuple(now)
    return facts, known


def _update(model, rows):
    if rows:
        model.env.cr.execute(
            f"""
            UPDATE {model._table} fact
               SET stop_id = row.stop_id, superseded = row.superseded, retracted = row.retracted
              FROM unnest(%s::int[], %s::int[], %s::bool[], %s::bool[])
                   AS row(id, stop_id, superseded, retracted)
             WHERE fact.id = row.id
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )
