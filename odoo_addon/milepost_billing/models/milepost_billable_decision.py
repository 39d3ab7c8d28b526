from odoo import api, models

from ..billing import cutoff, quantities
from ..billing.decimals import decimal
from ..billing.money import rounded
from ..billing.sentences import packed
from ..reconciliation import goods, services
from ..reconciliation.instants import aware
from ..reconciliation.units import in_document, in_unit

OUTCOMES = ("accepted", "damaged", "short", "refused", "over")


class MilepostBillableDecision(models.AbstractModel):
    """The billables that follow from a decision. Each kind of row has a builder that addons extend."""

    _name = "milepost.billable.decision"
    _description = "Billables of a Decision"

    @api.model
    def _prepare_from_decision(self, shipment, decision):
        """Values of the shipment's billables; an addon adds rows of a kind of its own.

        A row is known again by its `key`, and gone when it is not among them any more.

        :param decision: reconciliation.decision.Decision
        :return: list of values; whose they are and whether they are released is added to them
        """
        rows = []
        for key, item in decision.items.items():
            rows += self._prepare_goods(shipment, decision, key, item)
            rows += self._prepare_allowance(shipment, decision, key, item)
        rows += [self._prepare_service(shipment, line, share) for line, share in self._services(shipment)]
        return rows + [self._prepare_charge(row) for row in decision.charges.rows]

    @api.model
    def _prepare_goods(self, shipment, decision, key, item):
        """One row for each order line of the goods: billed in the order's currency."""
        line = decision.lines.get(key)
        if decision.policy.mode == "shadow" or line is None:
            total = item.shipped
        else:
            total = goods.billable_quantity(line, decision.policy, decision.disposed(key))
        lost = goods.lost_by_line(decision.items, item, decision.proof.valid) if line is not None else None
        rows, last = [], _last_line(item)
        for sale_line, quantity in goods.spread(total, item.by_line, lost).items():
            prepare = self._prepare_part if sale_line in item.parts else self._prepare_goods_line
            known = line is not None and sale_line == last
            rows.append({
                "currency_id": (sale_line.currency_id or shipment.currency_id).id,
                "goods_key": key,
                "product_id": item.product.id,
                "description": item.label() or item.product.display_name,
                **{f"{name}_qty": float(getattr(line, name)) if known else 0.0 for name in OUTCOMES},
                **({} if shipment.posted_at else {"supply_date": self._supply_day(shipment, decision, item)}),
                **prepare(shipment, item, sale_line, quantity),
            })  # fmt: skip
        return rows

    @api.model
    def _supply_day(self, shipment, decision, item):
        """The day on which goods came to their own drop; to the last one where that is not told apart."""
        own = item.stop if item.stop.in_plan and item.stop.completed_at else None
        at = own.completed_at if own else shipment.delivered_at
        zone = own and own.zone or decision.proof.zone
        return cutoff.supply_date(aware(at), zone) if at else False

    @api.model
    def _prepare_goods_line(self, shipment, item, sale_line, quantity):
        """What of the goods its order line is billed, in the line's unit."""
        unit, currency = sale_line.product_uom_id or item.unit, sale_line.currency_id or shipment.currency_id
        price = goods.price_of(sale_line, billed=item.billed.get(sale_line))
        billed = in_document(quantity, item.unit, unit)
        return {
            "key": f"goods:{item.key}:{sale_line.id or 0}",
            "kind": "goods",
            "sale_line_id": sale_line.id or False,
            "price_unit": float(price),
            "shipped_qty": float(in_unit(item.by_line[sale_line], item.unit, unit)),
            "billable_qty": float(billed),
            "amount": float(rounded(billed * price, currency.decimal_places)),
        }

    @api.model
    def _prepare_part(self, _shipment, item, sale_line, quantity):
        """What is there for the whole that the order line sells: billed by that, not by itself."""
        unit = item.product.uom_id
        return {
            "key": f"part:{item.key}:{sale_line.id}",
            "kind": "part",
            "part_of_id": sale_line.id,
            "shipped_qty": float(in_unit(item.by_line[sale_line], item.unit, unit)),
            "billable_qty": float(in_unit(quantity, item.unit, unit)),
            "amount": 0.0,
        }

    @api.model
    def _prepare_allowance(self, shipment, decision, key, item):
        """The reduction for damaged goods that the customer keeps, where somebody decided on it."""
        line = decision.lines.get(key)
        if line is None or decision.disposed(key).get("DAMAGE") != "allowance":
            return []
        currency = _last_line(item).currency_id or shipment.currency_id
        percent = decimal(decision.policy.damage_allowance_percent)
        allowance = quantities.damage_allowance(line, percent, currency.decimal_places)
        return [{
            "currency_id": currency.id,
            "key": f"allowance:{key}",
            "kind": "allowance",
            "goods_key": key,
            "product_id": item.product.id,
            "description": item.product.display_name,
            "billable_qty": 1.0,
            "price_unit": float(-allowance),
            "amount": float(-allowance),
        }]  # fmt: skip

    @api.model
    def _services(self, shipment):
        """[(order line, its share)] of transport sold as a product: delivered when the shipment is proven."""
        shared = ((line, services.shares(line)) for line in services.lines_of(shipment.sale_order_ids))
        return [(line, found[shipment]) for line, found in shared if shipment in found]

    @api.model
    def _sharing(self, shipments, vals):
        """The shipments that bear sold transport with some that a write may take off their orders."""
        orders = shipments.sale_order_ids if "sale_order_ids" in vals else self.env["sale.order"]
        return services.bearers(orders) - shipments

    @api.model
    def _prepare_service(self, shipment, line, share):
        price = goods.billed_prices(shipment).get(line, goods.price_of(line))
        return {
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

    @api.model
    def _prepare_charge(self, row):
        """:param row: reconciliation.sell.SellRow"""
        return {
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
            "basis_said": packed(row.basis) if row.basis else False,
        }


def _last_line(item):
    """The order line that differences of the goods are told on."""
    return max(item.by_line, key=lambda one: one.id or 0)
