"""Accrued freight: what carriers have earned and not yet billed, and how a bill uses it up."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .errors import BillingError
from .money import ZERO, rounded


@dataclass(frozen=True)
class Progress:
    """How far a shipment is at the cut-off."""

    picked_up: bool = False
    delivered: bool = False
    transit_days_done: int = 0
    transit_days: int = 0


def earned(expected: Decimal, point: str, progress: Progress, digits: int = 2) -> Decimal:
    """What has been earned: all at `pickup` or `delivery`, or by `transit` days."""
    if point == "pickup":
        return expected if progress.picked_up or progress.delivered else ZERO
    if point == "delivery":
        return expected if progress.delivered else ZERO
    if point != "transit":
        raise BillingError(f'unknown accrual point "{point}"')
    if progress.delivered:
        return expected
    if not progress.picked_up or progress.transit_days <= 0:
        return ZERO
    done = min(max(progress.transit_days_done, 0), progress.transit_days)
    return rounded(expected * done / progress.transit_days, digits)


def kept(stood: Decimal, before: Decimal, after: Decimal, digits: int = 2) -> Decimal:
    """What of an accrual stays when a carrier's bill comes.

    :param stood: what was accrued
    :param before: the cost that no bill named before this one
    :param after: the same with this bill; a bill over everything leaves nothing
    """
    return rounded(stood * after / before, digits) if before else ZERO


def is_overdue(accrued_on: date, today: date, review_days: int) -> bool:
    """No bill for so long that a person must look; nothing is released by itself."""
    return (today - accrued_on).days > review_days
