"""Where the time from delivery to the posted invoice went; the parts sum to the whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median

#: What each step of the waterfall waits for, in order.
PARTS = (
    "carrier_reporting",
    "bridge",
    "pod_wait",
    "charge_wait",
    "review_wait",
    "posting_wait",
)


@dataclass(frozen=True)
class Instants:
    """When each step ended (aware UTC); None when it was not needed or not reached."""

    delivered: datetime
    received: datetime | None = None
    applied: datetime | None = None
    pod_validated: datetime | None = None
    charges_final: datetime | None = None
    ready: datetime | None = None
    posted: datetime | None = None


def waterfall(instants: Instants, until: datetime) -> dict[str, int]:
    """Seconds per part. Steps that overlap are counted once, for the one that ended first.

    :param until: for a shipment that is not posted, the time of looking
    """
    end = min(instants.posted or until, until)
    marks = (
        instants.received,
        instants.applied,
        instants.pod_validated,
        instants.charges_final,
        instants.ready,
        end,
    )
    parts, reached = {}, instants.delivered
    for name, mark in zip(PARTS, marks, strict=True):
        upto = min(max(mark, reached), max(end, reached)) if mark else reached
        # Whole seconds since the delivery, so that the parts sum to the whole to the second.
        parts[name] = _seconds(instants.delivered, upto) - _seconds(instants.delivered, reached)
        reached = upto
    return parts


def _seconds(start, end):
    return int((end - start).total_seconds())


@dataclass(frozen=True)
class Lag:
    """Delivery → readiness. Open ones are shown by their age and never dropped."""

    n: int
    median_hours: Decimal | None
    p90_hours: Decimal | None
    open: int
    open_ages_hours: tuple[Decimal, ...]


def readiness_lag(
    pairs: Iterable[tuple[datetime, datetime | None]],
    now: datetime,
) -> Lag:
    """Statistics over (delivered, ready) pairs."""
    done, ages = [], []
    for delivered, ready in pairs:
        (done if ready else ages).append(_hours(delivered, ready or now))
    done.sort()
    middle = Decimal(median(done)) if done else None
    p90 = done[max(0, -(-len(done) * 9 // 10) - 1)] if done else None
    return Lag(len(done), middle, p90, len(ages), tuple(sorted(ages, reverse=True)))


def _hours(start, end):
    return (Decimal(int((end - start).total_seconds())) / 3600).quantize(Decimal("0.01"))
