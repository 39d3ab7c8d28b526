"""Quantities in other units of their kind, and what a row of a proof counts in ours."""

from ..billing.decimals import decimal
from ..billing.money import ONE, rounded


def in_unit(quantity, unit, other):
    """A quantity in another unit of its kind, not rounded: Odoo's `uom.uom._compute_quantity`, in decimals."""
    return quantity if unit == other else quantity * decimal(unit.factor) / decimal(other.factor)


def digits_of(env):
    """The digits that Odoo keeps of a quantity in stock or on a document, whatever its unit."""
    return env["decimal.precision"].precision_get("Product Unit")


def in_document(quantity, unit, other):
    """The same with the digits of a document's quantity: what is beyond them would be open for ever."""
    return rounded(in_unit(quantity, unit, other), digits_of(other.env))


def told(row, unit):
    """How many of a unit one of those is that a row of a proof counts.

    Who names no unit means ours, by which it was told of the goods.

    :return: None when that is not known: nobody said what the partner's unit means, or it is of
        another kind, as kilograms are of pieces
    """
    if not row.unit and not row.uom_id:
        return ONE
    known = row.uom_id and row.uom_id._has_common_reference(unit)
    return in_unit(ONE, row.uom_id, unit) if known else None
