"""One plan out of the plans of several trips: pre-carriage, main carriage, on-carriage.

The latest plan is the base. A plan of another trip joins where it leads on (its last place is where
the other begins), or where it tells nothing but the same stops, by other ids. A plan that does
neither was given up: its trip was replaced, and nobody says so.
"""

from .survivors import rank, voice

NEAR_DEGREES = 0.002


def joined_stops(plans, stops_of):
    """Return the stops of all trips that belong together, in the order of the journey.

    :param plans: surviving itineraries with stops
    :param stops_of: function from an itinerary to its stops in their order
    """
    voices = _voices(plans)
    legs = [stops_of(voices[0])]
    waiting = [stops_of(plan) for plan in voices[1:]]
    while joined := [leg for leg in waiting if _join(legs, leg)]:
        waiting = [leg for leg in waiting if leg not in joined]
    return legs[0] if len(legs) == 1 else _numbered(legs)


def _voices(plans):
    """The latest word of each trip, the latest trip first; plans that name no event are one voice."""
    latest = {}
    for plan in sorted(plans, key=rank):
        latest[voice(plan)] = plan
    return sorted(latest.values(), key=rank, reverse=True)


def _join(legs, leg):
    """Add the leg before, behind or into the journey; say whether it has a place there."""
    if all(any(is_same_stop(stop, known) for other in legs for known in other) for stop in leg):
        for stop in leg:
            known = next(k for other in legs for k in other if is_same_stop(stop, k))
            known.aliases |= {stop.key, *stop.aliases} - {known.key}
        return True
    if leads_on(leg, legs[0]):
        _change_vehicle(leg[-1], legs[0].pop(0))
        legs.insert(0, leg)
        return True
    if leads_on(legs[-1], leg):
        _change_vehicle(legs[-1][-1], leg[0])
        legs.append(leg[1:])
        return True
    return False


def leads_on(first, second):
    """The first trip ends where the second begins."""
    return (
        first[-1].kind in ("delivery", "terminal")
        and second[0].kind in ("pickup", "terminal")
        and len(second) > 1
        and is_same_place(first[-1].place, second[0].place)
    )


def _change_vehicle(arrival, departure):
    """What one trip unloads and the next loads is neither delivered nor picked up: it changes vehicles."""
    arrival.kind = "terminal"
    arrival.aliases |= {departure.key, *departure.aliases}
    arrival.planned_departure = departure.planned_departure or arrival.planned_departure


def _numbered(legs):
    """Our own numbers, which rise over all legs."""
    stops = [stop for leg in legs for stop in leg]
    for position, stop in enumerate(stops, 1):
        stop.sequence, stop.is_numbered = position, False
    return stops


def is_same_stop(one, other):
    """By an id that both have, or the same thing to be done at the same place."""
    if {one.key, *one.aliases} & {other.key, *other.aliases}:
        return True
    return one.kind == other.kind and is_same_place(one.place, other.place)


def is_same_place(one, other):
    """By UN/LOCODE, by where it lies, by address; two places of which little is told are not the same."""
    if one.get("unlocode") and other.get("unlocode"):
        return one["unlocode"] == other["unlocode"]
    lies = [(p.get("latitude"), p.get("longitude")) for p in (one, other)]
    if all(None not in at for at in lies):
        return all(abs(a - b) <= NEAR_DEGREES for a, b in zip(*lies, strict=True))
    for names in (("postal_code", "street"), ("city", "street"), ("name", "city")):
        told = [tuple((p.get(name) or "").strip().casefold() for name in names) for p in (one, other)]
        if all(all(values) for values in told):
            return told[0] == told[1]
    return False
