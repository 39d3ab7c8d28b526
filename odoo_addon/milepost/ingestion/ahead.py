"""What says to have happened after it was received: nobody reports tomorrow.

A clock that runs wrong, a zone that nobody named, day and month exchanged: what becomes of such a fact
nobody knows, so it is stored, shown and not believed until it is corrected.
"""

from datetime import datetime, timedelta

#: So far clocks of partners may differ from ours. The bridge tells of a day, which points to its mapping.
TOLERANCE_MINUTES = 15


def clock_tolerance(env):
    """How far ahead of its receipt a fact may lie, by `milepost.clock_tolerance_minutes` where it is set."""
    told = env["ir.config_parameter"].sudo().get_param("milepost.clock_tolerance_minutes")
    return timedelta(minutes=int(told or TOLERANCE_MINUTES))


def is_ahead(occurred, received, tolerance):
    """Whether an instant of the contract lies beyond the tolerance after its receipt.

    A mere date stands for its whole day, which begins at that instant.

    :param occurred: {"at", ...} of the contract
    :param received: when the bridge received the message, as text of the contract
    """
    return _moment(occurred["at"]) > _moment(received) + tolerance


def _moment(text):
    return datetime.fromisoformat(text)
