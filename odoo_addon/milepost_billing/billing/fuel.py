"""Fuel surcharge: by formula, bracket or percentage, as the contract says; frozen at pickup."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .errors import BillingError, RateGap
from .money import HUNDRED, rounded
from .sentences import say


@dataclass(frozen=True)
class Price:
    """A published fuel price that counts from `effective_from` (aware) until the next one."""

    effective_from: datetime
    price: Decimal


@dataclass(frozen=True)
class Bracket:
    """From `low` up to the next bracket's `low` the surcharge per unit of distance (or percent).

    `high` is the last price that the published table names; of the last bracket it is the end.
    """

    low: Decimal
    high: Decimal
    value: Decimal


@dataclass(frozen=True)
class Formula:
    """(price − base) ÷ divisor, per unit of distance."""

    base: Decimal
    divisor: Decimal


@dataclass(frozen=True)
class Surcharge:
    """`value` per unit (or percent), the money, and the price that it was frozen at."""

    amount: Decimal
    value: Decimal
    price: Decimal


def price_at(prices: Iterable[Price], pickup: datetime, max_age_days: int = 10) -> Price:
    """The price in force at pickup. A pickup on the eve of a new price uses the old one.

    :raises RateGap: no price yet, or the last one is older than `max_age_days` (a week missed)
    """
    past = [one for one in prices if one.effective_from <= pickup]
    if not past:
        raise RateGap(say("no_fuel_price_yet", time=f"{pickup:%Y-%m-%d %H:%M}"))
    latest = max(past, key=lambda one: one.effective_from)
    if (pickup - latest.effective_from).days >= max_age_days:
        raise RateGap(say("fuel_price_old", day=pickup.date(), last=latest.effective_from.date()))
    return latest


def per_distance(price: Decimal, table: Formula | list[Bracket], digits: int = 2) -> Decimal:
    """The surcharge per unit of distance for a fuel price.

    :param digits: of the currency, see `_steps`
    :raises RateGap: the price lies in no bracket
    """
    if isinstance(table, Formula):
        if table.divisor <= 0:
            raise BillingError("the divisor of a fuel formula must be above zero")
        return max((price - table.base) / table.divisor, Decimal(0))
    ordered = sorted(table, key=lambda one: one.low)
    below = [one for one in ordered if one.low <= price]
    if not below or (price > below[-1].high and not _joins(below[-1], ordered, digits)):
        raise RateGap(say("fuel_price_in_no_bracket", price=price))
    if [one for one in below[:-1] if one.high > below[-1].low and price <= one.high]:
        raise RateGap(say("fuel_price_in_several", price=price))
    return below[-1].value


#: In which most tables name the end of a range before the next one's beginning: 3.949, then 3.95.
USUAL_STEP = Decimal("0.001")


def _steps(table, digits):
    """What may lie between the end of a range and the next one's beginning.

    Published tables name the last price of a range: one step of the finest price that the table names, of
    the currency's smallest unit at most. A table in whole cents says 1.59, then 1.60.
    """
    written = [-end.normalize().as_tuple().exponent for one in table for end in (one.low, one.high)]
    return Decimal(0), USUAL_STEP, Decimal(1).scaleb(-max(digits, *written))


def _joins(bracket, ordered, digits):
    following = [one for one in ordered if one.low > bracket.low]
    return bool(following) and _joined(bracket, following[0], _steps(ordered, digits))


def _joined(one, following, steps):
    return following.low - one.high in steps


def gaps(brackets: list[Bracket], digits: int = 2) -> list[tuple]:
    """Holes and overlaps between neighbouring brackets, as (high, next low); a checked table has none."""
    ordered = sorted(brackets, key=lambda one: one.low)
    pairs = zip(ordered, ordered[1:], strict=False)
    return [(a.high, b.low) for a, b in pairs if not _joined(a, b, _steps(ordered, digits))]


def surcharge(
    price: Price,
    table: Formula | list[Bracket],
    distance: Decimal,
    digits: int = 2,
) -> Surcharge:
    """Fuel by distance."""
    value = per_distance(price.price, table, digits)
    return Surcharge(rounded(value * distance, digits), value, price.price)


def percentage(linehaul: Decimal, percent: Decimal, digits: int = 2) -> Decimal:
    """Fuel as percent of linehaul (24.6 % of 1,850.00 = 455.10)."""
    return rounded(linehaul * percent / HUNDRED, digits)
