"""Shipped against proven, per goods; and what of it each sales order line is billed."""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo.addons.milepost.codes import DEAD_STATES

from ..billing import quantities
from ..billing.decimals import decimal
from ..billing.errors import BillingError
from ..billing.money import ZERO

DEAD = DEAD_STATES


@dataclass(eq=False)
class Item:
    """One kind of goods: its lines of sales orders with what was shipped for each."""

    key: str
    product: object
    unit: object
    #: Where they are unloaded (milepost.stop).
    stop: object
    shipped: Decimal = ZERO
    by_line: dict = field(default_factory=dict)
    #: Names that packages and lots give them: SSCC, package, lot or serial number.
    names: set = field(default_factory=set)

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
    """{goods key: Item} of what the shipment carries to customers."""
    items = {}
    for line in shipment.line_ids if shipment.state not in DEAD else ():
        move = line.move_id
        if move.state == "cancel" or not line.quantity or not move._milepost_is_delivery():
            continue
        key = line._goods_key()
        item = items.setdefault(key, Item(key, move.product_id, move.product_uom, line._stop()))
        quantity = decimal(line.quantity)
        item.shipped += quantity
        item.by_line[move.sale_line_id] = item.by_line.get(move.sale_line_id, ZERO) + quantity
        packed = move.move_line_ids
        item.names |= {*packed.result_package_id.mapped("name"), *packed.lot_id.mapped("name")}
    return items


def meant(items, row):
    """The Item that a row of a proof means, or None; at a stop those are meant that are unloaded there."""
    if row.goods in items:
        return items[row.goods]
    here = at_stop(items.values(), row.pod_id)
    if row.goods:
        here = [item for item in here if row.goods in {*item.names, *own_names(item.product)}]
    return here[0] if len(here) == 1 else None


def own_names(product):
    return product.default_code, product.barcode, product.display_name


def at_stop(items, pod):
    """Of some Items those that the proof may be about: in a truck with several drops those of its stop."""
    items = list(items)
    stops = {item.stop for item in items}
    place = pod.assigned_stop_id or pod.stop_id
    return [item for item in items if item.stop == place] if len(stops) > 1 and place in stops else items


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
    lines = {}
    for key, item in items.items():
        rows = []
        own = [pod for pod in pods if item in at_stop(items.values(), pod)]
        # A proof without rows is clean: then what the others call accepted is not the whole.
        clean = any(not pod.line_ids for pod in own)
        for pod in own:
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
