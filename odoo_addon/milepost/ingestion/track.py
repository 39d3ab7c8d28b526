"""Positions of trucks: facts like milestones, but a track of their own, of which the latest counts.

A truck that reports each minute has ten thousand of them by the end of a trip. What is known of a
shipment follows from its steps and from the latest position, so only those are read when one fact
more arrives: the cost does not grow with the track. Earlier positions stay stored as they were told;
which of them a newer version, a withdrawal or a word for the same second replaces is settled when
that arrives.
"""


def position(alias=None):
    """SQL: whether a milestone is a mere position. `derivation.Milestone.is_position` says the same."""
    of = f"{alias}." if alias else ""
    return (
        f"{of}code = 'in_transit' AND {of}classifier = 'actual' AND {of}latitude IS NOT NULL"
        f" AND {of}longitude IS NOT NULL AND {of}conditions IS NULL AND {of}reason IS NULL"
        f" AND {of}stop_ref IS NULL"
    )


def step(alias=None):
    """SQL: whether a milestone is a step of the transport, or told beside one."""
    return f"({position(alias)}) IS NOT TRUE"


#: For the predicates of indexes.
POSITION = position()
STEP = step()

#: All milestones of some shipments; those that `bounded` leaves out change nothing of the result.
WHOLE = "SELECT {columns} FROM milepost_milestone m WHERE m.shipment_id = ANY (%(ids)s)"


def bounded(columns):
    """SQL that reads of some shipments (`ids`) all steps, the latest position, and each position whose
    standing the new facts (`fresh`) may change.

    These are the new positions, those that a retraction names and those that share event or second
    with a step; with them the standing versions of their events (all, where one may be withdrawn), and
    whatever was told for the same second as one of these.
    """
    return f"""
        {_meant()}
        SELECT {columns} FROM milepost_milestone m
         WHERE m.shipment_id = ANY (%(ids)s) AND {step("m")}
         UNION ALL
        SELECT {columns} FROM meant JOIN milepost_milestone m USING (id)
         UNION ALL
        SELECT {columns} FROM unnest(%(ids)s::int[]) one(id) CROSS JOIN LATERAL (
            SELECT * FROM milepost_milestone m
             WHERE m.shipment_id = one.id AND {position("m")} AND m.superseded IS NOT TRUE
               AND m.retracted IS NOT TRUE AND m.is_ahead IS NOT TRUE AND m.id NOT IN (SELECT id FROM meant)
             ORDER BY m.occurred_at DESC, m.key DESC LIMIT 1
        ) m
    """


def _meant():
    """SQL: the expressions up to `meant`, the positions whose standing the new facts may change."""
    at = position("v")
    event = (
        "v.shipment_id = m.shipment_id AND v.source_event = m.source_event"
        " AND v.connection_id = m.connection_id"
    )
    return f"""
        WITH steps AS MATERIALIZED (
            SELECT m.id, m.shipment_id, m.connection_id, m.code, m.occurred_at, m.source_event
              FROM milepost_milestone m WHERE m.shipment_id = ANY (%(ids)s) AND {step("m")}
        ), targets AS MATERIALIZED (
            SELECT v.id FROM milepost_retraction m JOIN milepost_milestone v
                ON v.shipment_id = m.shipment_id AND v.source_event = m.target_event
               AND v.connection_id = m.connection_id AND {at}
             WHERE m.shipment_id = ANY (%(ids)s)
             UNION
            SELECT v.id FROM milepost_retraction m JOIN milepost_milestone v
                ON v.connection_id = m.connection_id AND v.key = m.target_key
               AND v.shipment_id = m.shipment_id AND {at}
             WHERE m.shipment_id = ANY (%(ids)s)
        ), seeds AS MATERIALIZED (
            SELECT v.id FROM milepost_milestone v WHERE v.id = ANY (%(fresh)s) AND {at}
             UNION SELECT id FROM targets
             UNION SELECT v.id FROM steps m JOIN milepost_milestone v ON {event} AND {at}
             UNION SELECT v.id FROM steps m JOIN milepost_milestone v
                ON v.shipment_id = m.shipment_id AND v.occurred_at = m.occurred_at AND {at}
             WHERE m.code = 'in_transit'
        ), versions AS MATERIALIZED (
            SELECT id FROM seeds
             UNION
            SELECT v.id FROM seeds JOIN milepost_milestone m USING (id) JOIN milepost_milestone v
                ON {event} AND {at} AND v.superseded IS NOT TRUE
             UNION
            SELECT v.id FROM targets JOIN milepost_milestone m USING (id) JOIN milepost_milestone v
                ON {event} AND {at}
        ), seconds AS MATERIALIZED (
            SELECT v.id FROM versions JOIN milepost_milestone m USING (id) JOIN milepost_milestone v
                ON v.shipment_id = m.shipment_id AND v.occurred_at = m.occurred_at AND {at}
        ), meant AS MATERIALIZED (
            SELECT id FROM versions
             UNION SELECT id FROM seconds
             UNION
            SELECT v.id FROM seconds JOIN milepost_milestone m USING (id) JOIN milepost_milestone v
                ON {event} AND {at}
             WHERE m.id NOT IN (SELECT id FROM versions)
        )
    """


def heard():
    """SQL: when each shipment (`ids`) was last heard by a milestone, whatever the length of its track."""
    return f"""
        SELECT m.shipment_id, m.received_at FROM milepost_milestone m
         WHERE m.shipment_id = ANY (%(ids)s) AND {step("m")}
         UNION ALL
        SELECT one.id, (SELECT max(m.received_at) FROM milepost_milestone m
                         WHERE m.shipment_id = one.id AND {position("m")})
          FROM unnest(%(ids)s::int[]) one(id)
    """
