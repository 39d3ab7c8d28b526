"""Transport that an order sells as a product: each of its shipments bears a share.

What documents bill of it stays where it is billed; only the rest is shared among the other shipments
that are alive. So one that is made, called off or detached bills nothing twice and credits nothing, and
the same facts end the same whatever is decided again.
"""

from datetime import datetime

from odoo.addons.milepost.codes import DEAD_STATES

from ..billing.decimals import decimal
from ..billing.money import ZERO
from ..billing.quantities import SMALLEST


def lines_of(orders):
    """The lines of some orders that sell transport."""
    return orders.order_line.filtered("milepost_is_transport")


def shares(line):
    """{shipment: what it bears of an order line that sells transport}."""
    ordered = decimal(line.product_uom_qty)
    alive = _alive(line.order_id)
    billed = {row.shipment_id: _billed(row) for row in _rows(line)}
    found, left = {}, ordered
    for shipment in alive.sorted(lambda one: (one.posted_at or datetime.max, one.id)):
        if own := min(billed.get(shipment, ZERO), max(left, ZERO)):
            found[shipment] = own
            left -= own
    free = alive.filtered(lambda one: one not in found) or alive
    if not free or abs(left) < SMALLEST:
        return found
    share, last = left / len(free), max(free, key=lambda one: one.id)
    if share != share.to_integral_value():
        # What cannot be divided is billed with the last of the shipments.
        free, share = last, left
    for shipment in free:
        found[shipment] = found.get(shipment, ZERO) + share
    return found


def bearers(orders):
    """The shipments of those of some orders that sell transport."""
    return _alive(lines_of(orders).order_id)


def moved(shipments):
    """[(other shipment, order line, its share)] where the decision about some shipments gave it another."""
    orders = shipments.sale_order_ids | shipments.billable_ids.filtered(_is_service).sale_line_id.order_id
    found = []
    for line in lines_of(orders):
        now, stored = shares(line), {row.shipment_id: row for row in _rows(line)}
        for one in now | stored:
            share, row = now.get(one, ZERO), stored.get(one)
            before = decimal(row.billable_qty) if row else ZERO
            if one not in shipments and abs(share - before) > SMALLEST and not one._is_handed_back():
                found.append((one, line, share))
    return found


def _alive(orders):
    return orders.milepost_shipment_ids.filtered(lambda one: one.state not in DEAD_STATES)


def _rows(line):
    return line.sudo().milepost_billable_ids.filtered(_is_service)


def _is_service(row):
    return row.kind == "service"


def _billed(row):
    """What documents bill of a row; what a person credited is not to be billed by another."""
    live = row.move_line_ids.filtered(
        lambda line: line.parent_state != "cancel" and not line.move_id._milepost_is_persons_credit()
    )
    return max(sum((decimal(line._milepost_quantity()) for line in live), ZERO), ZERO)
