"""Detention: what waiting at a stop costs. Elapsed time is measured in UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from .errors import BillingError
from .money import ZERO, rounded
from .sentences import say

_ROUNDING = {"up": ROUND_CEILING, "down": ROUND_FLOOR, "nearest": ROUND_HALF_UP}


@dataclass(frozen=True)
class Terms:
    """The contract's table. `hourly_rate` and `cap` are money, the rest minutes.

    `late` says what a truck gets that came later than the appointment plus grace:
    `void` (nothing), `unload` (the clock starts with unloading) or `arrival`.
    """

    free_minutes: int = 120
    increment_minutes: int = 15
    minimum_minutes: int = 15
    rounding: str = "up"
    hourly_rate: Decimal = ZERO
    cap: Decimal | None = None
    grace_minutes: int = 15
    late: str = "void"


@dataclass(frozen=True)
class Visit:
    """The times of one stop, aware UTC. `excluded_minutes` were lost by the carrier itself."""

    arrival: datetime | None
    departure: datetime | None
    appointment: datetime | None = None
    unload_start: datetime | None = None
    excluded_minutes: int = 0


@dataclass(frozen=True)
class Detention:
    """What is owed. `hold` is DET_EVIDENCE when a time is missing: then there is no amount."""

    amount: Decimal | None
    chargeable_minutes: int = 0
    billed_minutes: int = 0
    hold: str | None = None
    text: str = ""


def detention(visit: Visit, terms: Terms, digits: int = 2) -> Detention:
    """minutes = departure − clock start − free − excluded; minimum, increment, rate, cap."""
    if visit.arrival is None or visit.departure is None:
        missing = "arrival" if visit.arrival is None else "departure"
        return Detention(None, hold="DET_EVIDENCE", text=say(f"{missing}_unreported"))
    start = clock_start(visit, terms)
    if start is None:
        if terms.late == "unload" and visit.unload_start is None:
            return Detention(None, hold="DET_EVIDENCE", text=say("unloading_unreported"))
        return Detention(ZERO, text=say("came_late"))
    elapsed = elapsed_minutes(start, visit.departure)
    if elapsed < 0:
        return Detention(None, hold="DET_EVIDENCE", text=say("departed_before_arrival"))
    return priced(elapsed - terms.free_minutes - visit.excluded_minutes, terms, digits)


def cumulative(visits: list[Visit], terms: Terms, digits: int = 2) -> Detention:
    """One free time for all stops together: minutes are added before the free time is taken."""
    total = 0
    for visit in visits:
        one = detention(visit, _without_free(terms), digits)
        if one.hold:
            return one
        total += one.chargeable_minutes
    return priced(total - terms.free_minutes, terms, digits)


def _without_free(terms):
    return Terms(
        free_minutes=0,
        increment_minutes=1,
        minimum_minutes=0,
        rounding=terms.rounding,
        hourly_rate=terms.hourly_rate,
        cap=None,
        grace_minutes=terms.grace_minutes,
        late=terms.late,
    )


def clock_start(visit: Visit, terms: Terms) -> datetime | None:
    """When the clock starts: on time or early at the later of arrival and appointment."""
    if visit.appointment is None:
        return visit.arrival
    grace = timedelta(minutes=terms.grace_minutes)
    if visit.arrival <= visit.appointment + grace:
        return max(visit.arrival, visit.appointment)
    return {"arrival": visit.arrival, "unload": visit.unload_start}.get(terms.late)


def priced(minutes: int, terms: Terms, digits: int = 2) -> Detention:
    """Chargeable minutes → money."""
    minutes = max(minutes, 0)
    if minutes == 0 or minutes < terms.minimum_minutes:
        return Detention(ZERO, minutes, 0, text=say("within_free_time", minutes=minutes))
    steps = (Decimal(minutes) / terms.increment_minutes).quantize(
        Decimal(1),
        rounding=_ROUNDING[terms.rounding],
    )
    billed = int(steps) * terms.increment_minutes
    amount = rounded(Decimal(billed) * terms.hourly_rate / 60, digits)
    text = say("detention_billed", minutes=billed, rate=terms.hourly_rate)
    if terms.cap is not None and amount > terms.cap:
        amount = terms.cap
        text = say("detention_capped", minutes=billed, rate=terms.hourly_rate, cap=terms.cap)
    return Detention(amount, minutes, billed, text=text)


def elapsed_minutes(start: datetime, end: datetime) -> int:
    """Whole minutes that passed, whatever clocks did in between.

    Both must be aware: Python subtracts two wall times of one zone without the change of
    daylight saving, so they are compared as instants.
    """
    if start.tzinfo is None or end.tzinfo is None:
        raise BillingError("an instant without a zone")
    return int((end.timestamp() - start.timestamp()) // 60)
