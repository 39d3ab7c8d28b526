"""Clocks of claims against a carrier. The contract's deadline comes first; a regime is a default."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .errors import BillingError


@dataclass(frozen=True)
class Clocks:
    """Days until which we must act (`notice_by`, `file_by`) and the carrier must answer."""

    notice_by: date | None = None
    file_by: date | None = None
    acknowledge_by: date | None = None
    decide_by: date | None = None


def clocks(
    regime: str,
    kind: str,
    delivered_on: date,
    filed_on: date | None = None,
    contract_file_days: int | None = None,
    holidays: Iterable[date] = (),
) -> Clocks:
    """The deadlines of a claim.

    :param regime: `carmack` (49 USC 14706, 49 CFR 370), `cmr` (articles 30 and 32) or `contract`
    :param kind: `loss`, `damage` (apparent), `hidden_damage` or `delay`
    """
    if regime == "carmack":
        file_by = add_months(delivered_on, 9)
    elif regime == "cmr":
        file_by = add_months(delivered_on, 12)
    elif regime == "contract":
        file_by = None
    else:
        raise BillingError(f'unknown claims regime "{regime}"')
    notice_by = _cmr_notice(kind, delivered_on, set(holidays)) if regime == "cmr" else None
    if contract_file_days is not None:
        # A contract cannot take the nine months of Carmack away.
        agreed = delivered_on + timedelta(days=contract_file_days)
        file_by = max(agreed, file_by) if regime == "carmack" else agreed
    acknowledge_by = decide_by = None
    if regime == "carmack" and filed_on:
        acknowledge_by = filed_on + timedelta(days=30)
        decide_by = filed_on + timedelta(days=120)
    return Clocks(notice_by, file_by, acknowledge_by, decide_by)


def _cmr_notice(kind, delivered_on, holidays):
    if kind == "delay":
        return delivered_on + timedelta(days=21)
    if kind != "hidden_damage":
        return delivered_on
    day, left = delivered_on, 7
    while left:
        day += timedelta(days=1)
        if day.weekday() != 6 and day not in holidays:
            left -= 1
    return day


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last one of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
