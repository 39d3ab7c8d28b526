"""What the milestones say of each stop."""

from .survivors import rank

ARRIVALS = {"arrived_pickup", "arrived_delivery", "arrived_terminal"}
DEPARTURES = {"picked_up", "departed_terminal"}
OUTCOMES = ("delivered", "partially_delivered", "refused")
# What says that a stop was reached, left or done with.
STEPS = ARRIVALS | DEPARTURES | {"loaded", *OUTCOMES}
# Estimates of these are estimates of the truck's arrival at the stop.
ARRIVAL_ESTIMATES = ARRIVALS | {"eta_updated", "delivered"}


def apply_progress(winners, stop_of, finder):
    """Write arrivals, departures, completions and estimates into the stops. `winners` by time."""
    estimates = {}
    for milestone in winners:
        stop = stop_of[milestone.id]
        if milestone.classifier == "actual":
            _apply_actual(milestone, stop, finder)
        elif stop and milestone.classifier == "estimated" and milestone.code in ARRIVAL_ESTIMATES:
            known = estimates.get(stop.key)
            if known is None or rank(milestone) > rank(known):
                estimates[stop.key] = milestone
                stop.estimated_arrival = milestone.at
                stop.estimated_milestone = milestone.id
    for stop in finder.by_id.values():
        # A forecast is of no use once the truck was there.
        if stop.reached_at:
            stop.estimated_arrival = None
            stop.estimated_milestone = None


def _apply_actual(milestone, stop, finder):
    code = milestone.code
    if code in OUTCOMES:
        meant = finder.deliveries if finder.concerns_all(milestone) else [stop] if stop else []
        for delivery in meant:
            _complete(delivery, milestone)
        return
    if stop is None:
        return
    if code in ARRIVALS:
        if not stop.arrived_at or milestone.at < stop.arrived_at:
            stop.arrived_at, stop.arrived_milestone = milestone.at, milestone.id
    elif code in DEPARTURES or "departed_delivery" in milestone.conditions:
        if not stop.departed_at or milestone.at > stop.departed_at:
            stop.departed_at, stop.departed_milestone = milestone.at, milestone.id
    if code in ("loaded", "picked_up") and stop.kind == "pickup":
        stop.outcome = "picked_up" if code == "picked_up" else stop.outcome or "loaded"
        if not stop.completed_at or milestone.at > stop.completed_at:
            stop.completed_at, stop.completed_milestone = milestone.at, milestone.id


def _complete(stop, milestone):
    """The last outcome counts: a refusal can be followed by a delivery."""
    if not stop.completed_at or milestone.at >= stop.completed_at:
        stop.outcome = milestone.code
        stop.completed_at, stop.completed_milestone = milestone.at, milestone.id
