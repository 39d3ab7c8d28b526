"""Charges after the invoice: a further document, a small loss that is written down, or margin."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .money import HUNDRED, ZERO, rounded


@dataclass(frozen=True)
class Rule:
    """The customer pays what it costs plus `markup_percent`; below `threshold` nothing is billed."""

    markup_percent: Decimal = ZERO
    threshold: Decimal = Decimal(25)


@dataclass(frozen=True)
class Outcome:
    """`kind`: debit_note, credit_note, leak, none. `amount` is that of the document."""

    kind: str
    amount: Decimal = ZERO
    leak: Decimal = ZERO


def late_charge(cost: Decimal, rule: Rule, digits: int = 2) -> Outcome:
    """What a passed-on cost that came (or went) after the customer's invoice leads to.

    A posted move is never reset. Up: a debit note; down: a credit note. Below the threshold nothing
    is billed and the leak is recorded.

    :param cost: the change of cost, negative for a credit
    """
    cost = rounded(cost, digits)
    if cost == ZERO:
        return Outcome("none")
    amount = rounded(cost * (HUNDRED + rule.markup_percent) / HUNDRED, digits)
    if abs(amount) < rule.threshold:
        return Outcome("leak", leak=cost)
    if amount > ZERO:
        return Outcome("debit_note", amount)
    return Outcome("credit_note", -amount)


def still_given_up(leak: Decimal, difference: Decimal) -> Decimal:
    """What of a leak still stands once the charge changed again: it is no payment.

    A charge that goes back below what was given up credits no more than documents bill. What was not
    credited to the customer because it was little is credited with the next change.

    :param difference: the charge less what documents bill of it
    """
    if leak > ZERO:
        return max(min(leak, difference), ZERO)
    return leak if leak == difference else ZERO


def without_credited(open_: Decimal, credited: Decimal) -> Decimal:
    """What is still to be invoiced: what a person credited is given up, not billed again."""
    return open_ - min(open_, credited) if open_ > ZERO and credited > ZERO else open_


def days_late(since: date | None, billed_on: date, window_days: int) -> int:
    """Days from what the agreed window counts from to the bill, where it is over; 0 within it.

    :param since: the first bill, or the delivery; without either nothing is late
    :param window_days: 0 where no window was agreed
    """
    if not window_days or since is None:
        return 0
    days = (billed_on - since).days
    return days if days > window_days else 0


def margin_changes(before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """{charge type: change of cost} of costs that were settled before: at a fixed price they are margin.

    The first bill of a charge settles it; only what comes after that is late.
    """
    changes = {key: after.get(key, ZERO) - amount for key, amount in sorted(before.items())}
    return {key: change for key, change in changes.items() if change != ZERO}
