"""What says to have happened after it was received: nobody reports tomorrow.

A clock that runs wrong, a zone that nobody named, day and month exchanged: what becomes of such a fact
nobody knows, so it is stored, shown and not believed until it is corrected.
"""

from datetime import datetime, timedelta

from .tables import by_model

#: So far clocks of partners may differ from ours. The bridge tells of a day, which points to its mapping.
TOLERANCE_MINUTES = 15


def clock_tolerance(env):
    """How far ahead of its receipt a fact may lie, by `milepost.clock_tolerance_minutes` where it is set.

    What is no number of minutes sets nothing: no fact would be stored any more.
    """
    told = env["ir.config_parameter"].sudo().get_param("milepost.clock_tolerance_minutes") or ""
    return timedelta(minutes=int(told) if told.isdecimal() else TOLERANCE_MINUTES)


def is_ahead(occurred, received, tolerance):
    """Whether an instant of the contract lies beyond the tolerance after its receipt.

    A mere date stands for its whole day, which begins at that instant.

    :param occurred: {"at", ...} of the contract
    :param received: when the bridge received the message, as text of the contract
    """
    return _moment(occurred["at"]) > _moment(received) + tolerance


def tell_again(context, duplicates):
    """A fact that came again counts from when it was first said, whichever message came first.

    Carriers replay histories under a new message time: else which of the two messages arrives first would
    decide whether the fact or a correction of it is the later word.

    :return: the shipments of facts whose time was set back, or that are believed now
    """
    touched = _believe(context, duplicates)
    for model, facts in by_model(context.env, duplicates).items():
        context.env.cr.execute(
            f"""
            UPDATE {model._table} fact SET said_at = told.said_at
              FROM unnest(%s::varchar[], %s::timestamp[]) told(key, said_at)
             WHERE fact.connection_id = %s AND fact.key = told.key AND fact.said_at > told.said_at
            RETURNING fact.shipment_id
            """,
            [
                [fact["key"] for fact in facts],
                [model._said_at(fact, context) for fact in facts],
                context.connection_id,
            ],
        )
        touched |= {shipment_id for (shipment_id,) in context.env.cr.fetchall() if shipment_id}
    return touched


def _believe(context, duplicates):
    """What is told again once it lies behind its receipt is believed from then on.

    :param duplicates: facts that are stored already, as they came again
    :return: the shipments of those that were not believed before
    """
    touched = set()
    for model, facts in by_model(context.env, duplicates).items():
        keys = (
            [fact["key"] for fact in facts if not model._lies_ahead(fact, context)]
            if "is_ahead" in model._fields
            else ()
        )
        if not keys:
            continue
        context.env.cr.execute(
            f"""
            UPDATE {model._table} SET is_ahead = FALSE
             WHERE connection_id = %s AND key = ANY (%s) AND is_ahead
            RETURNING shipment_id
            """,
            [context.connection_id, keys],
        )
        touched |= {shipment_id for (shipment_id,) in context.env.cr.fetchall() if shipment_id}
    return touched


def _moment(text):
    return datetime.fromisoformat(text)
