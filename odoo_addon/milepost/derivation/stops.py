"""The stops of a shipment, and which of them a milestone means."""

from datetime import datetime

from .facts import Stop
from .legs import is_same_place, joined_stops

PICKUP_CODES = {"arrived_pickup", "loaded", "picked_up"}
DELIVERY_CODES = {
    "eta_updated",
    "out_for_delivery",
    "delivery_attempted",
    "arrived_delivery",
    "delivered",
    "partially_delivered",
    "refused",
}


def merged_stops(base, itineraries):
    """The plan as last told by all its trips, laid over the stops that the shipment was created with.

    A stop of the plan takes the key of the stop it stands for, so that its record stays the same
    one when the partner renames or renumbers it.
    """
    if not itineraries:
        return sorted((_copy(stop) for stop in base), key=_position)
    planned = joined_stops(itineraries, _stops_of)
    free = list(base)
    for stop in planned:
        twin = next((b for b in free if {b.key, *b.aliases} & {stop.key, *stop.aliases}), None)
        if twin:
            free.remove(twin)
            _adopt(stop, twin)
    _adopt_by_place(planned, base, free)
    for kind, which in (("pickup", 0), ("delivery", -1)):
        told = [s for s in planned if s.kind == kind]
        meant = [b for b in free if b.kind == kind]
        if told and meant and told[which].key not in {b.key for b in base}:
            free.remove(meant[which])
            _adopt(told[which], meant[which])
    kinds = {stop.kind for stop in planned}
    kept = [_copy(b) for b in free if b.kind not in kinds]
    return sorted(_unique(planned + kept), key=_position)


def _adopt_by_place(planned, base, free):
    """Of several stops of a kind the partner may drive another order: each is known by its place.

    A place that is visited again is the stop at its last visit, as with a single stop.
    """
    keys = {stop.key for stop in base}
    for stop in reversed(planned):
        meant = [b for b in free if b.kind == stop.kind]
        if stop.key in keys or len([b for b in base if b.kind == stop.kind]) < 2:
            continue
        twin = next((b for b in meant if is_same_place(stop.place, b.place)), None)
        if twin:
            free.remove(twin)
            _adopt(stop, twin)


def _position(stop):
    # A pickup that the plan does not tell comes first, a delivery last, whatever its number.
    return stop.sequence, stop.key


def _copy(stop):
    copy = Stop(stop.key, stop.sequence, stop.kind, set(stop.aliases), dict(stop.place))
    copy.planned_arrival, copy.planned_departure = stop.planned_arrival, stop.planned_departure
    copy.window_start, copy.window_end = stop.window_start, stop.window_end
    return copy


def _stops_of(itinerary):
    return sorted((_planned(entry) for entry in itinerary.stops), key=_position)


def _planned(entry):
    stop = Stop(entry["id"], entry["sequence"], entry["kind"], set(entry.get("aliases", ())))
    stop.place = entry.get("place", {})
    for name in ("planned_arrival", "planned_departure", "window_start", "window_end"):
        if name in entry:
            setattr(stop, name, instant(entry[name]["at"]))
    return stop


def _adopt(stop, twin):
    stop.aliases |= {stop.key, *twin.aliases}
    stop.key = twin.key
    stop.place = {**twin.place, **stop.place}
    for name in ("planned_arrival", "planned_departure", "window_start", "window_end"):
        if getattr(stop, name) is None:
            setattr(stop, name, getattr(twin, name))


def _unique(stops):
    """A partner that tells one id twice gets one stop."""
    return {stop.key: stop for stop in stops}.values()


# What a code says where goods only change vehicles.
AT_TERMINAL = {
    "arrived_pickup": "arrived_terminal", "arrived_delivery": "arrived_terminal",
    "delivered": "arrived_terminal", "partially_delivered": "arrived_terminal",
    "loaded": "departed_terminal", "picked_up": "departed_terminal",
}  # fmt: skip


def code_at(milestone, stop):
    """What the milestone says of the whole transport: at a change of vehicles nothing is delivered."""
    if stop and stop.kind == "terminal":
        return AT_TERMINAL.get(milestone.code, milestone.code)
    return milestone.code


def instant(text):
    """A contract instant as naive UTC."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


class StopFinder:
    """Finds the stop that a milestone means: by id, sequence number, kind, else by its code."""

    def __init__(self, stops):
        self.by_id = {name: stop for stop in stops for name in {stop.key, *stop.aliases}}
        self.by_sequence = {stop.sequence: stop for stop in reversed(stops) if stop.is_numbered}
        self.by_kind = {}
        for stop in stops:
            self.by_kind.setdefault(stop.kind, []).append(stop)

    def find(self, milestone):
        """Return the stop, or None for what concerns the whole transport."""
        ref = milestone.stop_ref or {}
        stop = self.by_id.get(ref.get("id")) or self.by_sequence.get(ref.get("sequence"))
        if stop:
            return stop
        kind = ref.get("kind") or self._kind_of(milestone)
        stops = self.by_kind.get(kind)
        if not stops:
            return None
        return stops[-1] if kind == "delivery" else stops[0]

    @staticmethod
    def _kind_of(milestone):
        if milestone.code in PICKUP_CODES:
            return "pickup"
        if milestone.code in DELIVERY_CODES or "departed_delivery" in milestone.conditions:
            return "delivery"
        return None

    def concerns_all(self, milestone):
        """An outcome without a stop is told of the whole shipment: of every delivery."""
        ref = milestone.stop_ref or {}
        if ref.get("kind") == "delivery" and "id" not in ref and "sequence" not in ref:
            return False
        return not ref and milestone.code in ("delivered", "refused")

    @property
    def deliveries(self):
        return self.by_kind.get("delivery", [])
