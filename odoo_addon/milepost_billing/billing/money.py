"""Rounding and shares: the only place where money is rounded."""

from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)


def rounded(amount: Decimal, digits: int = 2) -> Decimal:
    """Round half away from zero to the currency's `digits`, as Odoo's currencies do."""
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def percent_of(part: Decimal, whole: Decimal) -> Decimal | None:
    """`part` as percent of `whole` with three places; None when there is no whole to compare."""
    if whole == ZERO:
        return None
    return (part * HUNDRED / whole).quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)


def share(total: Decimal, part: Decimal, whole: Decimal, digits: int = 2) -> Decimal:
    """The pro rata part of `total`; nothing when the whole is nothing."""
    return ZERO if whole == ZERO else rounded(total * part / whole, digits)
