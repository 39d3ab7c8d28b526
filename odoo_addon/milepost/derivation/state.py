"""The state of a shipment: how far the transport has come, by what happened, never by plans."""

from .progress import OUTCOMES

# The furthest of these that happened. Disorder does not matter: a late message about the pickup
# does not bring a delivered shipment back on the road.
PHASE = {
    # A partner receives changes and cancellations as well, long after the carrier took the load.
    "tendered": 0,
    "booked": 1, "tender_accepted": 1, "assigned": 1, "appointment_set": 1,
    "arrived_pickup": 2, "loaded": 2,
    "picked_up": 3, "in_transit": 3, "arrived_terminal": 3, "departed_terminal": 3,
    "customs_hold": 3, "customs_released": 3, "available": 3, "out_for_delivery": 3,
    "delivery_attempted": 3,
    "arrived_delivery": 4,
    "delivered": 4, "partially_delivered": 4, "refused": 4,
}  # fmt: skip
# The transport is over: what is told of earlier steps afterwards is history.
FINAL_STATES = frozenset({"delivered", "partially_delivered", "refused", "returned"})
# No transport comes of it, unless a later word says so.
CALLED_OFF = frozenset({"declined", "cancelled"})
NAMES = ("waiting", "booked", "at_pickup", "in_transit", "at_delivery")


def shipment_state(said, stops):
    """Return the state.

    :param said: [(milestone, its code for the whole transport)] of the actual ones that count
    :param stops: with the outcomes that they gave
    """
    outcome = _outcome(stops)
    last = {}
    for milestone, code in said:
        last[code] = max(milestone.at, last.get(code, milestone.at))
    if "returned" in last and last["returned"] >= max(last.get(c, last["returned"]) for c in OUTCOMES):
        return "returned"
    if outcome:
        return outcome
    phase = max((PHASE.get(code, 0) for code in last), default=0)
    if "cancelled" in last and not _is_aboard(last):
        return "cancelled"
    if "tender_declined" in last and phase < 2 and not _accepted_after(last):
        return "cancelled" if _is_reservation_cancelled(said, last) else "declined"
    # Deliveries of which one is still open: the truck is on its way to it.
    if phase == 4 and any(s.outcome for s in stops if s.kind == "delivery"):
        waiting = [s for s in stops if s.kind == "delivery" and not s.outcome and s.arrived_at]
        return "at_delivery" if waiting else "in_transit"
    return NAMES[phase]


def last_step(said, state):
    """Return the (milestone, code) that says how far the transport has come; None when nothing happened.

    The latest by the clock, of those that do not lie behind what was reached: a carrier may assign
    a driver in its system hours after the delivery. Of a transport that is over its outcome counts.
    """
    coded = [one for one in said if one[1]]
    if state in FINAL_STATES:
        coded = [one for one in coded if one[1] in FINAL_STATES] or coded
    else:
        reached = min(3, max((PHASE.get(code, 0) for _milestone, code in coded), default=0))
        coded = [one for one in coded if PHASE.get(one[1], reached) >= reached]
        if state in CALLED_OFF:
            # Its papers are received like those of an order, and later than the word that ended it.
            coded = [one for one in coded if one[1] != "tendered"] or coded
    return max(coded, key=lambda one: (one[0].at, one[0].key), default=None)


def _is_aboard(codes):
    """The goods left with the vehicle. That the vehicle is on its way is told to all it drives for."""
    return any(PHASE.get(code, 0) >= 3 and code != "in_transit" for code in codes)


def _accepted_after(last):
    """A tender that was declined can be accepted later by the same or another carrier."""
    accepted = [last[code] for code in ("tender_accepted", "booked") if code in last]
    return bool(accepted) and max(accepted) >= last["tender_declined"]


def _is_reservation_cancelled(said, last):
    """990 B104 D cancels a reservation; carriers send it for a decline, too, while the tender is open."""
    declined = [milestone for milestone, code in said if code == "tender_declined"]
    word = max(declined, key=lambda m: (m.at, m.key))
    return bool({"tender_accepted", "booked"} & set(last)) and word.raw_code == "990/D"


def _outcome(stops):
    """delivered, partially_delivered or refused once every delivery has an outcome."""
    deliveries = [s for s in stops if s.kind == "delivery"]
    outcomes = {s.outcome for s in deliveries}
    if not deliveries or None in outcomes:
        return None
    return outcomes.pop() if len(outcomes) == 1 else "partially_delivered"
