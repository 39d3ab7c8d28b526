"""The border between a database's floats and the rules' decimals."""

from decimal import Decimal

from .money import ZERO


def decimal(value: float | int | str | Decimal | None) -> Decimal:
    """The decimal that a float was read as: 44.4 is 44.4, not its binary neighbour."""
    return Decimal(repr(value) if isinstance(value, float) else str(value or 0))


def optional(value: float | None) -> Decimal | None:
    """The same, where 0 means that nothing was entered."""
    number = decimal(value)
    return None if number == ZERO else number
