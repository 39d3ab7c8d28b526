"""Which stop a new milestone means, by the stops as they are stored."""

from collections import defaultdict

from ..derivation import Evidence, Stop, StopFinder


def place(cr, rows):
    """Put the stop into the rows of new milestones before they are inserted.

    `recompute` has the last word. But the plan seldom changes with a batch, and a row that is right
    from the start is not written a second time, with all its indexes.
    """
    shipment_ids = sorted({row["shipment_id"] for row in rows if row["shipment_id"]})
    if not shipment_ids:
        return
    cr.execute(
        """
        SELECT shipment_id, id, key, sequence, kind, aliases
          FROM milepost_stop WHERE shipment_id = ANY (%s) AND in_plan
         ORDER BY shipment_id, sequence, key
        """,
        [shipment_ids],
    )
    stops, ids = defaultdict(list), {}
    for shipment_id, id_, key, sequence, kind, aliases in cr.fetchall():
        stops[shipment_id].append(Stop(key, sequence, kind, set(aliases or ())))
        ids[shipment_id, key] = id_
    finders = {shipment_id: StopFinder(own) for shipment_id, own in stops.items()}
    for row in rows:
        finder = finders.get(row["shipment_id"])
        if finder:
            conditions = tuple(row["conditions"] or ())
            milestone = Evidence(0, row["key"], None, None, row["stop_ref"], row["code"], conditions)
            stop = finder.find(milestone)
            row["stop_id"] = ids[row["shipment_id"], stop.key] if stop else None
