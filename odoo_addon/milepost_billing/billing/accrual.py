"""Accrued freight: what carriers have earned and not yet billed, and how a bill uses it up."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .errors import BillingError
from .money import ZERO, rounded


@dataclass(frozen=True)
class Entry:
    """One item of a journal entry; the account is named by its role in the configuration."""

    account: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO


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


def accrue(target: Decimal, accrued: Decimal) -> list[Entry]:
    """The entry that brings the accrual from `accrued` to `target`; none when it is there."""
    delta = target - accrued
    if delta > ZERO:
        return [Entry("freight", debit=delta), Entry("accrued", credit=delta)]
    if delta < ZERO:
        return [Entry("accrued", debit=-delta), Entry("freight", credit=-delta)]
    return []


def bill(
    total: Decimal,
    approved: Decimal,
    accrued: Decimal,
    final: bool = True,
) -> tuple[list[Entry], Decimal]:
    """A carrier's bill of `total` of which `approved` is due, against an accrual.

    :return: the items (payable on the credit side) and what of the accrual stays open. The
        disputed part waits on its own account. A final bill releases the rest of the accrual.
    """
    disputed = total - approved
    used = min(accrued, approved) if accrued > ZERO else ZERO
    rest = accrued - used if final else ZERO
    items = []
    _put(items, "accrued", used + rest)
    _put(items, "freight", approved - used - rest)
    _put(items, "disputed", disputed)
    _put(items, "payable", -total)
    return items, accrued - used - rest


def resolve_dispute(amount: Decimal, won: bool) -> list[Entry]:
    """Won: the carrier's credit takes it back. Lost: it is freight of the month of resolution."""
    return [
        Entry("payable" if won else "freight", debit=amount),
        Entry("disputed", credit=amount),
    ]


def _put(items, account, amount):
    if amount > ZERO:
        items.append(Entry(account, debit=amount))
    elif amount < ZERO:
        items.append(Entry(account, credit=-amount))


def is_overdue(accrued_on: date, today: date, review_days: int) -> bool:
    """No bill for so long that a person must look; nothing is released by itself."""
    return (today - accrued_on).days > review_days
