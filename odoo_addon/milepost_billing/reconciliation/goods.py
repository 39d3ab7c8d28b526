"""Shipped against proven, per goods; and what of it each sales order line is billed."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from odoo.addons.milepost.codes import DEAD_STATES

from ..billing import quantities
from ..billing.decimals import decimal
from ..billing.errors import BillingError
from ..billing.money import ONE, ZERO
from ..billing.pod_check import Fault
from ..billing.sentences import say
from . import portions
from .units import digits_of, in_unit, told


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
    #: Of lines that sell a whole of which these goods are a part: what one whole needs, in `unit`, and
    #: the part's share of its price.
    parts: dict = field(default_factory=dict)
    #: Names that packages and lots give them (SSCC, package, lot or serial number), each with what is in
    #: it (see `portions.named`).
    names: dict = field(default_factory=dict)
    #: Prices that documents keep (see `billed_prices`).
    billed: dict = field(default_factory=dict)

    def price_lost(self, quantity, lost=None, after=ZERO):
        """Price of one unit of what is not billed: of the order lines that `spread` gives nothing of it.

        At the mean of its lines a hold would name another sum than what the invoice is less.

        :param after: what else is not billed and was taken off before
        """
        left = self.shipped - after
        before, kept = spread(left, self.by_line, lost), spread(left - quantity, self.by_line, lost)
        prices = {line: self.price(line) if line else ZERO for line in self.by_line}
        if quantity <= ZERO:
            return prices[max(self.by_line, key=lambda one: one.id or 0)]
        return sum((price * (before[line] - kept[line]) for line, price in prices.items()), ZERO) / quantity

    def price(self, line):
        """Price of one unit on an order line, of a part its share of the whole's."""
        billed = self.billed.get(line)
        if line not in self.parts:
            return price_of(line, self.unit, billed)
        need, share = self.parts[line]
        return price_of(line, line.product_id.uom_id, billed) * share / need

    def label(self):
        """Of a part, what it is and of what; else nothing."""
        wholes = ", ".join(line.product_id.display_name for line in self.parts)
        return f"{self.product.display_name} ({wholes})" if wholes else ""


def billed_prices(shipment):
    """{order line: price at which documents bill it of the shipment}, where the order says another by now.

    What is invoiced keeps its price, and what is proven or credited of it later takes the same.
    """
    rows = shipment.sudo().billable_ids.filtered(lambda row: row.sale_line_id and row._keeps_price())
    return {row.sale_line_id: decimal(row.price_unit) for row in rows}


def price_of(line, unit=None, billed=None):
    """Price of one unit of an order line after discount and without tax.

    :param billed: the price of one of the line's unit that documents keep
    """
    if not line:
        return ZERO
    if billed is not None:
        price = billed
    elif line.product_uom_qty and any(line.tax_ids.mapped("price_include")):
        price = decimal(line.price_subtotal) / decimal(line.product_uom_qty)
    else:
        price = decimal(line.price_unit) * (100 - decimal(line.discount)) / 100
    if unit and unit != line.product_uom_id:
        price = price * decimal(unit._compute_quantity(1.0, line.product_uom_id, round=False))
    return price


def items_of(shipment):
    """{goods key: Item} of what the shipment carries to customers."""
    items, parts, billed = {}, {}, billed_prices(shipment)
    for line in shipment.line_ids if shipment.state not in DEAD_STATES else ():
        move = line.move_id
        if move.state == "cancel" or not line.quantity or not move._milepost_is_delivery():
            continue
        key = line._goods_key()
        item = items.setdefault(
            key, Item(key, move.product_id, move.product_uom, line._stop(), billed=billed)
        )
        quantity, sold = decimal(line.quantity), move.sale_line_id
        item.shipped += quantity
        item.by_line[sold] = item.by_line.get(sold, ZERO) + quantity
        if sold and sold not in parts:
            parts[sold] = _parts_of(sold)
        if part := parts.get(sold, {}).get(item.product):
            item.parts[sold] = in_unit(part[0], item.product.uom_id, item.unit), part[1]
        for name, packed in portions.named(move, quantity).items():
            item.names.setdefault(name, {}).update(packed)
    return items


def _parts_of(line):
    """{product: (what one of the line's product needs of it, in its unit; share of the price)}.

    The price of a whole is that of its parts in the ratio of their own prices (IFRS 15, paragraph 76),
    in equal shares where none has one.
    """
    parts = line._milepost_parts()
    worth = {product: part.need * decimal(product.list_price) for product, part in parts.items()}
    total = sum(worth.values(), ZERO)
    return {
        product: (part.need, worth[product] / total if total else ONE / len(parts))
        for product, part in parts.items()
    }


def meant(items, row):
    """{Item: (unit, how many of the Item's units one of that is)} of what a row of a proof counts.

    At a stop those are meant that are unloaded there. A row may name a whole by its own name: then it
    counts wholes and means all their parts that are here. Empty when it is not clear what the row means.
    """
    if row.goods in items:
        return {items[row.goods]: (items[row.goods].unit, ONE)}
    here = at_stop(items.values(), row.pod_id)
    if row.goods:
        named = [item for item in here if row.goods in {*item.names, *own_names(item.product)}]
        if not named:
            return {
                item: (line.product_id.uom_id, item.parts[line][0])
                for item in here
                for line in whole_named(item, row)
            }
        here = named
    return {here[0]: (here[0].unit, ONE)} if len(here) == 1 else {}


def whole_named(item, row):
    """The order lines that sell what a row names and of which the item is a part."""
    return [line for line in item.parts if row.goods and row.goods in own_names(line.product_id)]


def own_names(product):
    return product.default_code, product.barcode, product.display_name


def at_stop(items, pod):
    """Of some Items those that the proof may be about: in a truck with several drops those of its stop,
    and those whose own stop the partner has in no plan: he unloads them at one of the others."""
    items = list(items)
    place = pod.assigned_stop_id or pod.stop_id
    if place not in {item.stop for item in items}:
        return items
    return [item for item in items if item.stop == place or not item.stop.in_plan]


def faults_of(items, pods):
    """{pod id: Fault of its quantities}."""
    found = {}
    for pod in pods if items else ():
        for row in pod.line_ids:
            if fault := _fault(items, row):
                found[pod.id] = fault
    return found


def _fault(items, row):
    """What keeps a row of a proof from counting: goods or a unit that nobody knows, less than nothing."""
    counted, quantity = meant(items, row), quantities.plain(decimal(row.quantity))
    goods = row.goods if counted and row.goods not in items else ""
    goods = (
        goods or row.description or next((item.product.display_name for item in counted), row.goods or "?")
    )
    if not counted:
        return Fault("quantities", say("goods_unknown", goods=goods))
    if row.quantity < 0:
        return Fault("quantities", say("quantity_negative", quantity=quantity, goods=goods))
    other = [unit for unit, _need in counted.values() if told(row, unit) is None]
    if other and row.uom_id:
        text = say("unit_of_another_kind", quantity=quantity, unit=row.unit, goods=goods, own=other[0].name)
        return Fault("unit", text)
    return (
        Fault("unit", say("unit_unknown", quantity=quantity, unit=row.unit, goods=goods)) if other else None
    )


def reconcile(items, pods, turned_away=False):
    """{goods key: billing.quantities.Line}.

    :param pods: the valid proofs, one per stop
    :raises BillingError: the proofs' quantities do not add up
    """
    lines = {}
    for key, item in items.items():
        own, digits = _rows(items, item, pods), digits_of(item.unit.env)
        rows = [(row.outcome, quantity) for row, quantity in own]
        if turned_away and not rows:
            rows = [("refused", item.shipped)]
        elif not rows and _is_left_out(items, item, pods):
            rows = [("accepted", ZERO)]
        try:
            line = portions.reconcile(item, own, digits)
            line = line or quantities.reconcile(key, item.shipped, rows, digits=digits)
            gone, lost = line.short + line.refused, lost_by_line(items, item, pods)
            # What is damaged is billed, or left out as the next after what is not there.
            prices = item.price_lost(gone, lost), item.price_lost(line.damaged, lost, after=gone)
            lines[key] = replace(line, label=item.label(), unit_price=prices[0], damaged_price=prices[1])
        except BillingError as error:
            raise BillingError(say("said_of", name=item.product.display_name, what=error.said)) from error
    return lines


def _rows(items, item, pods):
    """[(row, quantity)] of what some proofs say of an Item."""
    own = [pod for pod in pods if item in at_stop(items.values(), pod)]
    # A proof without rows is clean: then what the others call accepted is not the whole.
    clean = any(not pod.line_ids for pod in own)
    rows = []
    for row in (row for pod in own for row in pod.line_ids):
        unit, need = meant(items, row).get(item, (None, ZERO))
        if need and not (clean and row.outcome == "accepted"):
            rows.append((row, decimal(row.quantity) * told(row, unit) * need))
    return rows


def _is_left_out(items, item, pods):
    """Whether the proofs of its stop count what arrived, and not these goods: they did not arrive.

    A proof that only tells of exceptions, or counts nothing, says that the rest is well.
    """
    own = [pod for pod in pods if item in at_stop(items.values(), pod)]
    return bool(own) and all(
        any(row.outcome == "accepted" and meant(items, row) for row in pod.line_ids) for pod in own
    )


def lost_by_line(items, item, pods):
    """{order line: what of its parts is not accepted} by proofs that name its whole."""
    rows = _rows(items, item, pods) if len(item.by_line) > 1 and item.parts else ()
    lost, digits = {}, digits_of(item.unit.env)
    for line, shipped in item.by_line.items() if rows else ():
        own = [(row.outcome, quantity) for row, quantity in rows if line in whole_named(item, row)]
        lost[line] = shipped - quantities.reconcile(item.key, shipped, own, digits=digits).accepted
    return lost


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


def spread(total, by_line, lost=None):
    """Give a quantity to order lines, in order, each up to what was shipped for it; the last takes the rest.

    :param lost: {line: what is known not to be its own}; it gets that only when no other can
    """
    parts, left = dict.fromkeys(by_line, ZERO), total
    lines = sorted(by_line, key=lambda one: one.id or 0)
    for kept in (lost or {}, {}):
        for line in lines:
            part = min(by_line[line] - kept.get(line, ZERO) - parts[line], max(left, ZERO))
            parts[line] += max(part, ZERO)
            left -= max(part, ZERO)
    parts[lines[-1]] += left
    return parts
