"""Cut-offs: until when a shipment makes it into a billing run, in the customer's zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .errors import BillingError


@dataclass(frozen=True)
class CutOff:
    """`every`: immediate, day, week (on `weekday`, 0 = Monday) or month (on `month_day`)."""

    every: str = "immediate"
    at: time = time(18, 0)
    zone: str = "UTC"
    weekday: int = 4
    month_day: int = 31


def cycle_of(cutoff: CutOff, ready_at: datetime) -> datetime:
    """The cut-off that a shipment ready at that instant belongs to: inclusive, to the second."""
    if cutoff.every == "immediate":
        return ready_at.astimezone(UTC)
    zone = ZoneInfo(cutoff.zone)
    day = ready_at.astimezone(zone).date()
    for _step in range(64):
        if _is_day(cutoff, day):
            instant = datetime.combine(day, cutoff.at, zone).astimezone(UTC)
            if ready_at <= instant:
                return instant
        day += timedelta(days=1)
    raise BillingError(f"no cut-off was found after {ready_at}")


def _is_day(cutoff: CutOff, day: date) -> bool:
    if cutoff.every == "day":
        return True
    if cutoff.every == "week":
        return day.weekday() == cutoff.weekday
    if cutoff.every == "month":
        last_day = ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day
        return day.day == min(cutoff.month_day, last_day)
    raise BillingError(f'unknown cut-off "{cutoff.every}"')


def supply_date(delivered_at: datetime, zone: str) -> date:
    """The day of delivery where the site is: the invoice's supply date."""
    return delivered_at.astimezone(ZoneInfo(zone)).date()
