"""Whether proofs of delivery and charges still count, and which stop they are about."""

from collections import defaultdict

from ..derivation import Evidence, StopFinder, surviving

TABLES = ("milepost_pod", "milepost_charge")


def write_standing(cr, retractions, results, stop_ids):
    """Write what changed of the shipments' proofs and charges.

    :param retractions: {shipment id: list of Retraction}
    :param results: {shipment id: Derived}
    :param stop_ids: {(shipment id, stop key): id}
    :return: {table: {shipment id: how many count}}
    """
    counting = {}
    for table in TABLES:
        facts, known = _read(cr, table, list(results))
        counting[table] = {}
        rows = []
        for shipment_id, own in facts.items():
            counts, withdrawn, outdated = surviving(own, retractions[shipment_id])
            counting[table][shipment_id] = len(counts)
            finder = StopFinder(results[shipment_id].stops)
            for fact in own:
                stop = finder.find(fact)
                stop_id = stop_ids[shipment_id, stop.key] if stop else None
                now = (stop_id, fact.id in outdated, fact.id in withdrawn)
                if now != known[fact.id]:
                    rows.append((fact.id, *now))
        _update(cr, table, rows)
    return counting


def _read(cr, table, shipment_ids):
    cr.execute(
        f"""
        SELECT shipment_id, id, key, said_at, source_event, stop_ref, stop_id, superseded, retracted
          FROM {table} WHERE shipment_id = ANY (%s)
        """,
        [shipment_ids],
    )
    facts, known = defaultdict(list), {}
    for shipment_id, id_, key, said_at, event, stop_ref, *now in cr.fetchall():
        # Without a stop a proof is about the last delivery, a charge about the whole transport.
        code = "delivered" if table == "milepost_pod" else None
        facts[shipment_id].append(Evidence(id_, key, said_at, event, stop_ref, code))
        known[id_] = tuple(now)
    return facts, known


def _update(cr, table, rows):
    if rows:
        cr.execute(
            f"""
            UPDATE {table} fact
               SET stop_id = row.stop_id, superseded = row.superseded, retracted = row.retracted
              FROM unnest(%s::int[], %s::int[], %s::bool[], %s::bool[])
                   AS row(id, stop_id, superseded, retracted)
             WHERE fact.id = row.id
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )
