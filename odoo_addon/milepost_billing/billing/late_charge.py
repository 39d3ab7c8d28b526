"""Charges after the invoice: a further document, or a small loss that is written down."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .money import HUNDRED, ZERO, rounded


@dataclass(frozen=True)
class Rule:
    """`pass_through`: the customer pays what it costs plus `markup_percent`."""

    pass_through: bool = True
    markup_percent: Decimal = ZERO
    threshold: Decimal = Decimal(25)
    window_days: int | None = 180


@dataclass(frozen=True)
class Outcome:
    """`kind`: debit_note, credit_note, leak, margin, hold, none. `amount` is that of the document."""

    kind: str
    amount: Decimal = ZERO
    leak: Decimal = ZERO
    margin: Decimal = ZERO
    hold: str | None = None


def late_charge(
    cost: Decimal,
    rule: Rule,
    billed_on: date,
    today: date,
    digits: int = 2,
) -> Outcome:
    """What a cost that came (or went) after the customer's invoice leads to.

    A posted move is never reset. Up: a debit note; down and pass-through: a credit note; a fixed
    price keeps the difference as margin (negative when it costs). Below the threshold nothing is
    billed and the leak is recorded. After the window the carrier's bill is held.

    :param cost: the change of cost, negative for a credit
    :param billed_on: the day that the window counts from
    """
    cost = rounded(cost, digits)
    if cost == ZERO:
        return Outcome("none")
    if cost > ZERO and rule.window_days is not None and (today - billed_on).days > rule.window_days:
        return Outcome("hold", hold="WINDOW_EXPIRED")
    if not rule.pass_through:
        return Outcome("margin", margin=-cost)
    amount = rounded(cost * (HUNDRED + rule.markup_percent) / HUNDRED, digits)
    if abs(amount) < rule.threshold:
        return Outcome("leak", leak=cost)
    if amount > ZERO:
        return Outcome("debit_note", amount)
    return Outcome("credit_note", -amount)
