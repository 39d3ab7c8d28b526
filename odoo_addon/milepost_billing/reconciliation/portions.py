"""Lots and packages: what a proof says of one counts for what is in it, not for all of its goods."""

from dataclasses import replace

from ..billing import quantities
from ..billing.decimals import decimal
from ..billing.errors import BillingError
from ..billing.money import ZERO, rounded
from ..billing.sentences import say
from .units import in_unit

#: Digits in which portions are compared: a lot of 5 pieces is no whole hundredth of a dozen.
EXACT = 9


def named(move, carried):
    """{name of a lot or package: {id of a stock.move.line: its quantity in the move's unit}}.

    Of a move that goes on several trucks nobody knows which of its lots are on this one: then without
    quantities.
    """
    found, unit = {}, move.product_uom
    packed = {line: in_unit(decimal(line.quantity), line.product_uom_id, unit) for line in move.move_line_ids}
    whole = unit.compare(float(sum(packed.values(), ZERO)), float(carried)) == 0
    for line, quantity in packed.items():
        for name in filter(None, (line.result_package_id.name, line.lot_id.name)):
            found.setdefault(name, {})[line.id] = quantity if whole else None
    return found


def reconcile(item, rows, digits):
    """The Line of an Item whose rows all name a lot or package; None where that cannot be told apart.

    :param rows: [(row, quantity in the Item's unit)]
    :raises BillingError: the rows of one do not add up to what is in it
    """
    by_name = {}
    for row, quantity in rows:
        by_name.setdefault(row.goods if row.goods in item.names else "", []).append((row.outcome, quantity))
    lines = [one for name in by_name for one in item.names.get(name, {}).items()]
    known = all(quantity is not None for _line, quantity in lines)
    if not by_name or "" in by_name or not known or len(lines) > len(dict(lines)):
        return None
    found = [_one(name, own, item) for name, own in by_name.items()]
    rest = rounded(item.shipped - sum((one.shipped for one in found), ZERO), digits)
    if rest < ZERO:
        return None
    if rest:
        # Who counts what arrived and leaves a lot out has not got it.
        counted = any(outcome == "accepted" for own in by_name.values() for outcome, _quantity in own)
        unsaid = [("short", rest)] if counted else []
        found.append(quantities.reconcile(item.key, rest, unsaid, digits=digits))
    return quantities.together(item.key, found, digits=digits)


def _one(name, rows, item):
    shipped = rounded(sum(item.names[name].values(), ZERO), EXACT)
    try:
        return replace(quantities.reconcile(item.key, shipped, rows, digits=EXACT), name=name)
    except BillingError as error:
        raise BillingError(say("said_of", name=name, what=error.said)) from error
