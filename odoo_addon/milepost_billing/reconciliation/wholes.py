"""Billables of what is sold as a whole and moved in parts, such as kits.

The parts of one order line may travel on several shipments. A whole is billed with the shipment that
completes it; what is invoiced is counted first, so that a later proof changes no invoice.
"""

from dataclasses import dataclass, field
from datetime import datetime

from ..billing import kits
from ..billing.decimals import decimal
from ..billing.money import ZERO, rounded
from ..billing.quantities import SMALLEST
from . import goods
from .units import in_document, in_unit


@dataclass
class Carrier:
    """What one shipment carries of one order line's parts: {product: quantity in its unit}."""

    shipment: object
    released: bool
    policy: object
    shipped: dict = field(default_factory=dict)
    billable: dict = field(default_factory=dict)

    def take(self, product, shipped, billable):
        self.shipped[product] = self.shipped.get(product, ZERO) + decimal(shipped)
        self.billable[product] = self.billable.get(product, ZERO) + decimal(billable)


def add(plan, decisions, released, frozen):
    """Add to the billables of shipments the wholes that they complete.

    :param plan: {shipment: values of its billables}, which are added to
    :param decisions: {shipment: Decision}
    :param released: {shipment: whether its parts count for others}
    :param frozen: those of the shipments whose goods stay as they are stored
    :return: {other shipment: values of its billables} of those that complete more or less than is stored
    """
    env = frozen.env
    shipments = frozen.union(*plan)
    planned = [(one, row) for one in shipments - frozen for row in plan[one] if row.get("part_of_id")]
    ids = {row["part_of_id"] for _shipment, row in planned}
    lines = shipments.billable_ids.part_of_id | env["sale.order.line"].browse(sorted(ids))
    changed = {}
    if not lines:
        return changed
    stored = env["milepost.billable"].search([
        ("part_of_id", "in", lines.ids), ("shipment_id", "not in", (shipments - frozen).ids),
    ])  # fmt: skip
    for line in lines.sudo():
        carriers = {}
        for shipment, row in planned:
            if row["part_of_id"] == line.id:
                new = Carrier(shipment, released[shipment], decisions[shipment].policy)
                one = carriers.setdefault(shipment, new)
                product = env["product.product"].browse(row["product_id"])
                one.take(product, row["shipped_qty"], row["billable_qty"])
        for row in stored.filtered(lambda row, own=line: row.part_of_id == own):
            policy = row.shipment_id._billing_policy()
            one = carriers.setdefault(row.shipment_id, Carrier(row.shipment_id, row.released, policy))
            one.take(row.product_id, row.shipped_qty, row.billable_qty)
        for shipment, values in _rows(line, carriers.values()).items():
            if shipment in shipments - frozen:
                plan[shipment].append(values)
            elif shipment not in shipments and _differs(shipment, values):
                changed.setdefault(shipment, []).append(values)
    return changed


def _rows(line, carriers):
    """{shipment: values of the billable that bills the wholes it completes}."""
    parts, base = line._milepost_parts(), line._milepost_free_parts()
    turn = sorted(carriers, key=lambda one: (one.shipment.posted_at or datetime.max, one.shipment.id))
    shipped = kits.shares([(one.shipment, one.shipped, True) for one in turn], parts, base)
    by_policy = {}
    for fractions in {one.policy._counts_fractions() for one in turn}:
        carried = [(one.shipment, one.billable, one.released) for one in turn]
        by_policy[fractions] = kits.shares(carried, parts, base, fractions)
    return {
        one.shipment: _values(
            line,
            one.shipment,
            shipped[one.shipment],
            by_policy[one.policy._counts_fractions()][one.shipment],
        )
        for one in turn
    }


def _values(line, shipment, shipped, billable):
    """Values of a billable, in the order line's unit and currency."""
    price, unit = goods.billed_prices(shipment).get(line, goods.price_of(line)), line.product_id.uom_id
    quantity = in_document(billable, unit, line.product_uom_id)
    return {
        "currency_id": line.currency_id.id,
        "key": f"whole:{line.id}",
        "kind": "goods",
        "sale_line_id": line.id,
        "product_id": line.product_id.id,
        "description": line.product_id.display_name,
        "price_unit": float(price),
        "shipped_qty": float(in_unit(shipped, unit, line.product_uom_id)),
        "billable_qty": float(quantity),
        "amount": float(rounded(quantity * price, line.currency_id.decimal_places)),
    }


def _differs(shipment, values):
    row = shipment.billable_ids.filtered(lambda one: one.key == values["key"])
    return abs(decimal(row.billable_qty) - decimal(values["billable_qty"])) > SMALLEST
