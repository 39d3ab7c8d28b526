"""The facts that a shipment's record is derived from.

Each knows the connection that told it: keys and events are names that each connection gives for itself.
"""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Milestone:
    """One row of milepost.milestone. Instants are naive UTC, as Odoo keeps them."""

    id: int
    key: str
    code: str | None
    classifier: str
    at: datetime
    # When the sender said it (its version, else the message's time): the latest word counts.
    said_at: datetime
    source_event: str | None = None
    stop_ref: dict | None = None
    conditions: tuple = ()
    reason: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    raw_code: str | None = None
    connection: int | None = None
    # It says to have happened after it was received: nobody knows that, so it is not believed.
    is_ahead: bool | None = False
    # Of several parcels those that it is about; of the whole shipment when empty.
    parcels: tuple = ()
    # Of two connections that tell one step the lower one counts.
    precedence: int = 0

    @property
    def is_position(self):
        """It says where the truck was and nothing else: a point of its track, no step of the transport."""
        return (
            self.code == "in_transit"
            and self.classifier == "actual"
            and self.latitude is not None
            and self.longitude is not None
            and not (self.conditions or self.reason or self.stop_ref)
        )


@dataclass(slots=True)
class Itinerary:
    id: int
    key: str
    said_at: datetime
    stops: list
    source_event: str | None = None
    carrier_name: str | None = None
    carrier_scac: str | None = None
    connection: int | None = None

    @property
    def at(self):
        """A plan happens when it is told."""
        return self.said_at


@dataclass(slots=True)
class Evidence:
    """A proof of delivery or a charge, as far as its standing and its place go."""

    id: int
    key: str
    said_at: datetime
    source_event: str | None = None
    stop_ref: dict | None = None
    code: str | None = None
    conditions: tuple = ()
    connection: int | None = None

    @property
    def at(self):
        """Versions of one proof are about one event: the later word counts."""
        return self.said_at


@dataclass(slots=True)
class Retraction:
    """Withdraws one fact by its key, which may be another retraction, or all versions of an event."""

    target_key: str | None = None
    target_event: str | None = None
    key: str | None = None
    connection: int | None = None


@dataclass(slots=True)
class Stop:
    """A stop: what was planned for it, and what the facts say became of it."""

    key: str
    sequence: int
    kind: str
    aliases: set = field(default_factory=set)
    place: dict = field(default_factory=dict)
    # The partner means it by its number; with several trips each has a first and a second stop.
    is_numbered: bool = True
    planned_arrival: datetime | None = None
    planned_departure: datetime | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    # derived
    estimated_arrival: datetime | None = None
    arrived_at: datetime | None = None
    departed_at: datetime | None = None
    completed_at: datetime | None = None
    outcome: str | None = None
    arrived_milestone: int | None = None
    departed_milestone: int | None = None
    estimated_milestone: int | None = None
    completed_milestone: int | None = None

    @property
    def due(self):
        """Until when the truck is expected."""
        return self.window_end or self.planned_arrival

    @property
    def reached_at(self):
        """When the truck was there; a completion proves an arrival that nobody reported."""
        times = [at for at in (self.arrived_at, self.completed_at) if at]
        return min(times) if times else None

    @property
    def state(self):
        if self.outcome:
            return "done"
        if self.departed_at:
            return "done"
        if self.arrived_at:
            return "arrived"
        return "estimated" if self.estimated_arrival else "pending"

    @property
    def lateness_minutes(self):
        """Minutes late, negative when early, 0 within the window; None when unknown.

        Late is after the end of the window, early is before it begins. Where no beginning is told, early is
        before the planned arrival: who comes at 10 for "10, until 17" is not 7 hours early.
        """
        arrival = self.reached_at or self.estimated_arrival
        if not arrival or not self.due:
            return None
        since = min(self.window_start or self.planned_arrival or self.due, self.due)
        bound = min(max(arrival, since), self.due)
        return int((arrival - bound).total_seconds() // 60)
