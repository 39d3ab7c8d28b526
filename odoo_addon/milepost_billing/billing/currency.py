"""Charges in another currency: compared at the contract's rate, not at the invoice day's."""

from collections.abc import Mapping
from decimal import Decimal

from .errors import BillingError
from .money import ZERO, rounded


def convert(amount: Decimal, units: Decimal, digits: int = 2) -> Decimal:
    """Billed currency → contract currency."""
    if units <= ZERO:
        raise BillingError("an exchange rate must be above zero")
    return rounded(amount / units, digits)


def compare(
    billed: Mapping[str, Decimal],
    at_contract: Decimal,
    at_invoice: Decimal,
    digits: int = 2,
) -> tuple[dict[str, Decimal], Decimal]:
    """(what to hold against the expected amounts, the exchange difference that is nobody's overcharge).

    :param billed: {charge type: amount} in the bill's currency
    :param at_contract: units of the bill's currency for one of the contract's, on the contract's day
    :param at_invoice: the same on the day of the bill
    """
    compared = {key: convert(amount, at_contract, digits) for key, amount in billed.items()}
    whole = convert(sum(billed.values(), ZERO), at_invoice, digits)
    return compared, whole - sum(compared.values(), ZERO)
