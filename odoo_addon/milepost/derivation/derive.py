"""derive(): the shipment's record from its facts."""

from .exceptions import open_exception
from .parcels import joined
from .progress import OUTCOMES, STEPS, apply_progress
from .state import FINAL_STATES, last_step, shipment_state
from .stops import StopFinder, code_at, merged_stops
from .survivors import rank, surviving

PROGRESS = {
    "waiting": 0,
    "declined": 0,
    "cancelled": 0,
    "booked": 10,
    "at_pickup": 25,
    "in_transit": 50,
    "at_delivery": 85,
}


class Derived:
    """The result: `values` for the shipment, its `stops`, and what became of each milestone.

    `ahead` are the milestones that say to have happened after their receipt and leave open what became
    of the shipment.
    """

    __slots__ = ("values", "stops", "stop_of", "superseded", "retracted", "ahead")


def derive(base_stops, milestones, itineraries, retractions, parcels=()):
    """Derive a shipment's record.

    :param base_stops: list of Stop, as the shipment was created
    :param milestones: list of Milestone, codes already mapped
    :param itineraries: list of Itinerary
    :param retractions: list of Retraction
    :param parcels: tracking numbers of its parcels, where it has several
    :return: Derived
    """
    counting, withdrawn, outdated = surviving(milestones, retractions)
    plans, withdrawn_plans, outdated_plans = surviving(itineraries, retractions)
    # A plan without stops only gives the shipment further names; it must not wipe out a real one.
    plans = [plan for plan in plans if plan.stops]
    stops = merged_stops(base_stops, plans)
    finder = StopFinder(stops)
    stop_of = {m.id: finder.find(m) for m in milestones}
    winners, ahead = _winners(counting, stop_of)
    whole = joined(winners, parcels)
    ahead = [
        m for m in ahead if not any(_settles(end, m, stop_of, finder) for end in _ends(winners, whole, m))
    ]
    apply_progress(whole, stop_of, finder)

    result = Derived()
    result.stops = stops
    result.stop_of = {id_: stop.key for id_, stop in stop_of.items() if stop}
    result.retracted = withdrawn
    result.superseded = outdated | {m.id for m in counting} - {m.id for m in (*winners, *ahead)}
    result.values = _values(counting, whole, stops, stop_of, plans, milestones)
    result.ahead = {m.id for m in ahead if m.code in DECISIVE}
    result.values["is_ahead"] = bool(result.ahead)
    return result


def _winners(milestones, stop_of):
    """Of all facts for one slot (stop, code, classifier, parcel) the latest word counts.

    What may happen repeatedly is told apart by when it happened. Of two connections the word of the
    one that takes precedence counts, however late the other speaks. What is ahead of its receipt is not
    believed: the latest of the others stands, and this one until a later word corrects it.

    :return: (the milestones that count by time, those that are ahead and not corrected)
    """
    slots, ahead = {}, {}
    for milestone in milestones:
        stop = stop_of[milestone.id]
        again = milestone.at if milestone.code in REPEATABLE or not milestone.code else None
        slot = (stop.key if stop else None, milestone.code, milestone.classifier, again, milestone.parcels)
        if not milestone.code:
            slot = (*slot, milestone.conditions, milestone.key if not milestone.conditions else None)
        told = ahead if milestone.is_ahead else slots
        known = told.get(slot)
        if known is None or _weight(milestone) > _weight(known):
            told[slot] = milestone
    standing = [m for slot, m in ahead.items() if slot not in slots or _weight(m) > _weight(slots[slot])]
    return sorted(slots.values(), key=lambda m: (m.at, m.key)), standing


def _weight(milestone):
    return -milestone.precedence, rank(milestone)


def _ends(winners, whole, ahead):
    """The outcomes that may settle what was told ahead: of one parcel no joined word of all of them."""
    told = winners if ahead.parcels else (*winners, *whole)
    return [m for m in told if m.code in OUTCOMES and m.classifier == "actual"]


def _settles(end, ahead, stop_of, finder):
    """Whether how a stop ended is a later word about what was told ahead of that stop.

    Whoever says it, an arrival of tomorrow would hold what is delivered for ever; and so would a pickup
    of goods that have arrived. What became of the goods by the word of one who takes precedence, no other
    settles.
    """
    if ahead.code in OUTCOMES and end.precedence > ahead.precedence:
        return False
    if end.parcels and not (ahead.parcels and set(ahead.parcels) <= set(end.parcels)):
        return False
    stop = stop_of[ahead.id]
    is_there = stop is stop_of[end.id] or stop is None or stop.kind == "pickup"
    if not is_there and not (stop.kind == "delivery" and finder.concerns_all(end)):
        return False
    return end.said_at > ahead.said_at


# These happen several times on one trip; a second one does not correct the first.
REPEATABLE = frozenset({
    "in_transit", "arrived_terminal", "departed_terminal", "delivery_attempted", "delayed",
    "customs_hold", "customs_released", "assigned",
})  # fmt: skip
#: Told ahead, these leave open what became of a shipment; a terminal on the way leaves nothing open.
DECISIVE = STEPS - REPEATABLE


def _values(counting, winners, stops, stop_of, plans, milestones):
    actual = [m for m in winners if m.classifier == "actual"]
    deliveries = [s for s in stops if s.kind == "delivery"]
    pickups = [s for s in stops if s.kind == "pickup"]
    first, last = (pickups or [None])[0], (deliveries or [None])[-1]
    said = [(m, code_at(m, stop_of[m.id])) for m in actual]
    state = shipment_state(said, stops)
    trouble = open_exception(actual, stop_of, deliveries)
    current = last_step(said, state)
    position = max(
        (m for m in actual if m.latitude is not None and m.longitude is not None),
        key=lambda m: (m.at, m.key),
        default=None,
    )
    arrived = last.reached_at if last else None
    done_at = [s.completed_at for s in deliveries if s.completed_at]
    attempts = {(s.key, m.at) for m in actual if (s := stop_of[m.id]) and m.code == "delivery_attempted"}
    finished = state in FINAL_STATES
    lateness = last.lateness_minutes if last else None
    plan = max(plans, key=rank, default=None)
    conditions = {c for m in actual for c in m.conditions}
    return {
        "state": state,
        "current_milestone": current[1] if current else None,
        "current_milestone_at": current[0].at if current else None,
        "eta": last.estimated_arrival if last and not arrived and not finished else None,
        "planned_pickup_at": first.due if first else None,
        "planned_delivery_at": last.due if last else None,
        "picked_up_at": first.departed_at if first else None,
        "arrived_delivery_at": arrived,
        "delivered_at": max(done_at) if done_at and finished else None,
        "lateness_minutes": lateness,
        "exception_code": trouble.code if trouble else None,
        "exception_reason": trouble.reason if trouble else None,
        "exception_since": trouble.at if trouble else None,
        "is_damaged": "damaged" in conditions,
        "is_lost": "lost" in conditions,
        "attempt_count": len(attempts),
        "stop_count": len(stops),
        "stop_done_count": sum(s.state == "done" for s in stops),
        "progress": 100 if finished else PROGRESS[state],
        "unmapped_count": sum(not m.code and not m.conditions for m in counting),
        "fact_count": sum(not m.is_position for m in milestones),
        "carrier_name": plan.carrier_name if plan else None,
        "carrier_scac": plan.carrier_scac if plan else None,
        "latitude": position.latitude if position else None,
        "longitude": position.longitude if position else None,
        "position_at": position.at if position else None,
    }
