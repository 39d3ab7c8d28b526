"""Shipped against proven, per goods; and what of it each sales order line is billed."""

import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from ..billing import quantities
from ..billing.decimals import decimal
from ..billing.errors import BillingError
from ..billing.money import ZERO

# Of two shipments that carry one transfer (a carrier declined, another took it) the last counts.
DEAD = ("cancelled", "declined")


@dataclass
class Item:
    """One kind of goods: its lines of sales orders with what was shipped for each."""

    key: str
    product: object
    unit: object
    shipped: Decimal = ZERO
    by_line: dict = field(default_factory=dict)

    @property
    def unit_price(self):
        """Price of one unit, without tax, over all its order lines."""
        value = sum((price_of(line, self.unit) * qty for line, qty in self.by_line.items() if line), ZERO)
        return value / self.shipped if self.shipped else ZERO


def price_of(line, unit=None):
    """Price of one unit of an order line after discount and without tax."""
    if not line:
        return ZERO
    if line.product_uom_qty and any(line.tax_ids.mapped("price_include")):
        price = decimal(line.price_subtotal) / decimal(line.product_uom_qty)
    else:
        price = decimal(line.price_unit) * (100 - decimal(line.discount)) / 100
    if unit and unit != line.product_uom_id:
        price = price * decimal(unit._compute_quantity(1.0, line.product_uom_id, round=False))
    return price


def items_of(shipment):
    """{goods key: Item} of what the shipment carries."""
    items = {}
    for picking in shipment.picking_ids:
        if shipment.state in DEAD or carrier_of(picking) != shipment:
            continue
        for move in picking.move_ids:
            if move.state == "cancel":
                continue
            name = f"{move.product_id.id}/{move.product_uom.id}"
            key = str(uuid.uuid5(uuid.UUID(shipment.uid), name))
            item = items.setdefault(key, Item(key, move.product_id, move.product_uom))
            quantity = decimal(move.quantity if move.state == "done" else move.product_uom_qty)
            item.shipped += quantity
            line = move.sale_line_id
            item.by_line[line] = item.by_line.get(line, ZERO) + quantity
    return items


def carrier_of(picking):
    """The shipment that carries a transfer."""
    alive = picking.milepost_shipment_ids.filtered(lambda one: one.state not in DEAD)
    return max(alive, key=lambda one: one.id) if alive else picking.milepost_shipment_ids.browse()


def meant(items, row):
    """The Item that a row of a proof means, or None."""
    if row.goods in items:
        return items[row.goods]
    if not row.goods:
        return next(iter(items.values())) if len(items) == 1 else None
    named = [
        item
        for item in items.values()
        if row.goods in (item.product.default_code, item.product.barcode, item.product.display_name)
    ]
    return named[0] if len(named) == 1 else None


def faults_of(items, pods):
    """{pod id: what is wrong with its quantities}; facts that name goods we did not send."""
    found = {}
    for pod in pods:
        for row in pod.line_ids:
            if items and meant(items, row) is None:
                found[pod.id] = (
                    f"it names goods that are not in the shipment: {row.goods or row.description or '?'}"
                )
            if row.quantity < 0:
                found[pod.id] = (
                    f"a negative quantity ({row.quantity:g}) of {row.goods or row.description or 'goods'}"
                )
    return found


def reconcile(items, pods, turned_away=False):
    """{goods key: billing.quantities.Line}.

    :param pods: the valid proofs, one per stop
    :raises BillingError: the proofs' quantities do not add up
    """
    # A proof without rows is clean: then what the others call accepted is not the whole.
    clean = any(not pod.line_ids for pod in pods)
    lines = {}
    for key, item in items.items():
        rows = []
        for pod in pods:
            for row in pod.line_ids:
                if meant(items, row) is item and not (clean and row.outcome == "accepted"):
                    rows.append((row.outcome, decimal(row.quantity)))
        if turned_away and not rows:
            rows = [("refused", item.shipped)]
        try:
            lines[key] = quantities.reconcile(key, item.shipped, rows, item.unit_price)
        except BillingError as error:
            raise BillingError(f"{item.product.display_name}: {error}") from error
    return lines


def settled(rows):
    """{(goods key, reason): (disposition, basis)} as stored in the shipment's billables."""
    found = {}
    for row in rows:
        for reason, (disposition, basis) in (row.dispositions or {}).items():
            found[row.goods_key, reason] = (disposition, basis)
    return found


def billable_quantity(line, policy, dispositions):
    """What is billed of one goods line, after people disposed of its differences.

    :param dispositions: {reason: disposition} that still hold
    """
    quantity = quantities.billable(line, policy.quantity_policy)
    if policy.quantity_policy != "shipped" and dispositions.get("QTY_SHORT") == "bill_shipped":
        quantity += line.short
    if dispositions.get("QTY_OVER") == "bill_over":
        quantity += line.over
    if policy.quantity_policy == "accepted" and dispositions.get("DAMAGE") == "bill_good":
        quantity -= line.damaged
    return quantity


def spread(total, by_line):
    """Give a quantity to order lines, in order, each up to what was shipped for it; the last takes the rest."""
    parts, left = {}, total
    lines = sorted(by_line, key=lambda one: one.id or 0)
    for line in lines:
        part = left if line == lines[-1] else min(by_line[line], max(left, ZERO))
        parts[line] = part
        left -= part
    return parts
