"""Of what a milestone is told, where a shipment has several parcels, and by whom."""

from collections import defaultdict


def read(cr, milestones):
    """Write parcels and precedence into the milestones; return {shipment: its parcels' numbers}.

    :param milestones: {shipment: [Milestone]}
    """
    _read_precedence(cr, milestones)
    return _read_parcels(cr, milestones)


def _read_precedence(cr, milestones):
    """Who counts more where two tell the same step; most shipments have one who tells."""
    connections = {m.connection for told in milestones.values() for m in told}
    if len(connections) < 2:  # noqa: PLR2004
        return
    cr.execute("SELECT id, precedence FROM milepost_connection WHERE id = ANY (%s)", [list(connections)])
    precedence = dict(cr.fetchall())
    for told in milestones.values():
        for milestone in told:
            milestone.precedence = precedence.get(milestone.connection) or 0


def _read_parcels(cr, milestones):
    numbers = defaultdict(set)
    if not any(milestones.values()):
        return {}
    cr.execute(
        "SELECT shipment_id, number FROM milepost_parcel WHERE shipment_id = ANY (%s)", [list(milestones)]
    )
    for shipment_id, number in cr.fetchall():
        numbers[shipment_id].add(number)
    several = {id_: known for id_, known in numbers.items() if len(known) > 1}
    if not several:
        return {}
    known = {m.id: m for id_ in several for m in milestones[id_]}
    cr.execute(
        """
        SELECT m.id, m.shipment_id, array_agg(one->>'value' ORDER BY one->>'value')
          FROM milepost_milestone m CROSS JOIN jsonb_array_elements(m.identifiers) one
         WHERE m.id = ANY (%s) AND one->>'type' = 'tracking'
         GROUP BY m.id
        """,
        [list(known)],
    )
    for id_, shipment_id, values in cr.fetchall():
        known[id_].parcels = tuple(one for one in values if one in several[shipment_id])
    return several
