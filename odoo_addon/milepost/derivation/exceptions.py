"""The trouble that a shipment is in, if any: the latest exception that nothing has settled."""

from dataclasses import dataclass
from datetime import datetime

# What an exception means when the sender gives no reason.
REASONS = {
    "delayed": "other",
    "delivery_attempted": "consignee_unavailable",
    "customs_hold": "customs_border",
    "refused": "refused",
    "partially_delivered": "shortage_overage",
    "returned": "other",
    "damaged": "damage",
    "lost": "other",
}


@dataclass(slots=True)
class Trouble:
    code: str
    reason: str
    at: datetime


def open_exception(actual, stop_of, deliveries):
    """Return the latest unsettled Trouble, or None."""
    released = max((m.at for m in actual if m.code == "customs_released"), default=None)
    open_ = []
    for milestone in actual:
        if milestone.code in REASONS and not _settled(milestone, stop_of, deliveries, released):
            open_.append((milestone.at, milestone.code, milestone))
        open_ += [
            (milestone.at, condition, milestone)
            for condition in ("damaged", "lost")
            if condition in milestone.conditions
            and not (condition == "lost" and _delivered_after(deliveries, milestone.at))
        ]
    if not open_:
        return None
    at, code, milestone = max(open_, key=lambda entry: (entry[0], entry[1], entry[2].key))
    return Trouble(code, milestone.reason or REASONS[code], at)


def _settled(milestone, stop_of, deliveries, released):
    stop = stop_of[milestone.id]
    meant = [stop] if stop and stop.kind == "delivery" else deliveries
    if milestone.code == "delayed":
        return bool(stop and stop.reached_at) or all(s.reached_at for s in deliveries)
    if milestone.code == "delivery_attempted":
        return _delivered_after(meant, milestone.at)
    if milestone.code == "customs_hold":
        return released is not None and released >= milestone.at
    if milestone.code in ("refused", "partially_delivered"):
        # A later outcome at the same stop replaces it.
        return all(s.outcome != milestone.code for s in meant)
    return False


def _delivered_after(deliveries, at):
    return bool(deliveries) and all(s.completed_at and s.completed_at >= at for s in deliveries)
