"""What was decided of one shipment, and the billables that follow from it."""

from dataclasses import dataclass

from ..billing import quantities
from ..billing.decimals import decimal
from ..billing.errors import RateGap
from ..billing.money import ZERO, rounded
from . import exchange, goods as goods_of


@dataclass
class Decision:
    """`items` and `lines` are the goods by key; `dispositions` {(goods key, reason): disposition}."""

    policy: object
    proof: object
    items: dict
    lines: dict
    dispositions: dict
    charges: object
    sheet: object
    holds: list
    delivered: bool

    def proposals(self, shipment):
        """{(goods key, reason, kind): (quantity, amount)} that people are asked to make."""
        found = {}
        freight = self._freight(shipment)
        for key, line in self.lines.items():
            for one in quantities.differences(line):
                for kind in one.proposals:
                    amount = one.amount
                    if kind == "claim":
                        amount = quantities.claim_amount(line, freight, one.quantity)
                    found[key, one.reason, kind] = (one.quantity, amount)
        return found

    def _freight(self, shipment):
        """The expected linehaul in the currency in which the goods are sold, at the pickup's rate.

        Without an exchange rate the claim is for the goods alone: a guess would be asked of the carrier.
        """
        amount, currency = self.sheet.expected.get("linehaul", ZERO), self.sheet.currency
        own = shipment.currency_id
        if not amount or currency == own:
            return amount
        day = (shipment.picked_up_at or shipment.create_date).date()
        try:
            units = exchange.units(shipment.env, currency, own, shipment.company_id, day)
        except RateGap:
            return ZERO
        return rounded(amount / units, own.decimal_places)

    def billables(self, shipment):
        """Values of the shipment's billables."""
        rows = []
        for key, item in self.items.items():
            rows += self._goods(key, item, shipment.currency_id)
        rows += self._services(shipment)
        for row in self.charges.rows:
            rows.append(
                {
                    "key": f"charge:{row.charge_type}",
                    "kind": "charge",
                    "charge_type": row.charge_type,
                    "description": row.charge_type,
                    "billable_qty": 1.0,
                    "price_unit": float(row.amount),
                    "amount": float(row.amount),
                    "cost_amount": float(row.cost),
                    "rate_id": row.rate or False,
                    "basis": row.basis or False,
                }
            )
        return rows

    def _goods(self, key, item, own):
        """Goods are billed in the currency of their order, beside it in the shipment's `own`."""
        line = self.lines.get(key)
        decided = {reason: one for (own, reason), one in self.dispositions.items() if own == key}
        if self.policy.mode == "shadow" or line is None:
            total = item.shipped
        else:
            total = goods_of.billable_quantity(line, self.policy, decided)
        parts = goods_of.spread(total, item.by_line)
        rows = []
        last = max(item.by_line, key=lambda one: one.id or 0)
        for sale_line, quantity in parts.items():
            unit = sale_line.product_uom_id or item.unit
            ratio = decimal(item.unit._compute_quantity(1.0, unit, round=False)) if unit != item.unit else 1
            price = goods_of.price_of(sale_line)
            currency = sale_line.currency_id or own
            values = {
                "currency_id": currency.id,
                "key": f"goods:{key}:{sale_line.id or 0}",
                "kind": "goods",
                "goods_key": key,
                "sale_line_id": sale_line.id or False,
                "product_id": item.product.id,
                "description": item.product.display_name,
                "price_unit": float(price),
                "shipped_qty": float(item.by_line[sale_line] * ratio),
                "billable_qty": float(quantity * ratio),
                "amount": float(rounded(quantity * ratio * price, currency.decimal_places)),
            }
            for name in ("accepted", "damaged", "short", "refused", "over"):
                known = line is not None and sale_line == last
                values[f"{name}_qty"] = float(getattr(line, name)) if known else 0.0
            rows.append(values)
        if decided.get("DAMAGE") == "allowance" and line is not None:
            percent = decimal(self.policy.damage_allowance_percent)
            currency = max(item.by_line, key=lambda one: one.id or 0).currency_id or own
            allowance = quantities.damage_allowance(line, percent, currency.decimal_places)
            rows.append(
                {
                    "currency_id": currency.id,
                    "key": f"allowance:{key}",
                    "kind": "allowance",
                    "goods_key": key,
                    "product_id": item.product.id,
                    "description": item.product.display_name,
                    "billable_qty": 1.0,
                    "price_unit": float(-allowance),
                    "amount": float(-allowance),
                }
            )
        return rows

    @staticmethod
    def _services(shipment):
        """Transport as a product: sold by the order, delivered when the shipment is proven."""
        rows = []
        for order in shipment.sale_order_ids:
            bearers = order.milepost_shipment_ids.filtered(lambda one: one.state not in goods_of.DEAD)
            if shipment not in bearers:
                continue
            for line in order.order_line.filtered("milepost_is_transport"):
                share = decimal(line.product_uom_qty) / len(bearers)
                if share != share.to_integral_value():
                    # What cannot be divided is billed with the last of the shipments.
                    last = max(bearers, key=lambda one: one.id)
                    share = decimal(line.product_uom_qty) if shipment == last else ZERO
                if not share:
                    continue
                price = goods_of.price_of(line)
                rows.append(
                    {
                        "currency_id": line.currency_id.id,
                        "key": f"service:{line.id}",
                        "kind": "service",
                        "sale_line_id": line.id,
                        "product_id": line.product_id.id,
                        "description": line.name,
                        "price_unit": float(price),
                        "shipped_qty": float(share),
                        "billable_qty": float(share),
                        "amount": float(rounded(share * price, line.currency_id.decimal_places)),
                    }
                )
        return rows
