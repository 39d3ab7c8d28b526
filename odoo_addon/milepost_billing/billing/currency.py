"""Charges in another currency: compared at the contract's rate, not at the invoice day's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .errors import BillingError, RateGap
from .money import ZERO, rounded


@dataclass(frozen=True)
class Rate:
    """Units of the billed currency for one unit of the contract's, from `day` on."""

    day: date
    units: Decimal


@dataclass(frozen=True)
class Comparison:
    """The billed amount in contract currency, and what the invoice day's rate makes of it."""

    at_contract: Decimal
    at_invoice: Decimal

    @property
    def exchange_difference(self) -> Decimal:
        """Goes to exchange difference; it is nobody's overcharge."""
        return self.at_invoice - self.at_contract


def rate_on(rates: Iterable[Rate], day: date) -> Decimal:
    """The rate in force on a day.

    :raises RateGap: there is none yet
    """
    past = [one for one in rates if one.day <= day]
    if not past:
        raise RateGap(f"no exchange rate is known for {day}")
    return max(past, key=lambda one: one.day).units


def convert(amount: Decimal, units: Decimal, digits: int = 2) -> Decimal:
    """Billed currency → contract currency."""
    if units <= ZERO:
        raise BillingError("an exchange rate must be above zero")
    return rounded(amount / units, digits)


def compare(
    billed: Decimal,
    rates: Iterable[Rate],
    contract_day: date,
    invoice_day: date,
    digits: int = 2,
) -> Comparison:
    """What to hold against the expected amount (`at_contract`), and the exchange difference."""
    rates = list(rates)
    return Comparison(
        convert(billed, rate_on(rates, contract_day), digits),
        convert(billed, rate_on(rates, invoice_day), digits),
    )
