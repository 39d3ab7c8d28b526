from datetime import date

from odoo import api, fields, models

from ..billing import cutoff, kits
from ..billing.decimals import decimal
from ..billing.money import ZERO
from ..reconciliation import goods
from ..reconciliation.instants import aware


class SaleOrderLine(models.Model):
    """What Odoo's *Accrued Revenue* counts as delivered by a day of lines that wait for proof."""

    _inherit = "sale.order.line"

    @api.depends("milepost_released_qty")
    @api.depends_context("accrual_entry_date")
    def _compute_qty_delivered_at_date(self):
        super()._compute_qty_delivered_at_date()
        day = fields.Date.to_date(self.env.context.get("accrual_entry_date"))
        for line in self._milepost_accruing() if day else ():
            line.qty_delivered_at_date = line._milepost_earned_qty(day)

    @api.depends("discount", "tax_ids")
    def _compute_amount_to_invoice_at_date(self):
        """What travels is accrued at what its invoice will say: after discount and without tax."""
        super()._compute_amount_to_invoice_at_date()
        for line in self._milepost_accruing() if self.env.context.get("accrual_entry_date") else ():
            quantity = decimal(line.qty_delivered_at_date) - decimal(line.qty_invoiced_at_date)
            line.amount_to_invoice_at_date = float(quantity * goods.price_of(line))

    def _milepost_accruing(self):
        """Those of the lines that are billed by their own proofs."""
        gates = self._milepost_gates()
        return self.filtered(lambda line: gates.get(line.id) == "proof")

    def _milepost_earned_qty(self, day):
        """How much of the line was the buyer's by the end of a day, in its unit.

        By what is known now: a proof that came later of a delivery before counts (IAS 10, paragraph 9).
        What came back by the day, and is to be credited, is taken off.
        """
        self.ensure_one()
        line = self.sudo()
        policies = line.order_id._milepost_policies()[line.order_id]
        if any(policy.accrued_revenue == "proven" for policy in policies):
            back = line._milepost_of_proven(line._milepost_back_by(day))
            return max(line._milepost_proven_by(day) - line._milepost_without(back), 0.0)
        if line.milepost_is_transport:
            return line._milepost_rows_by(
                day, "shipped_qty", lambda row: row.shipment_id._milepost_pickup_day()
            )
        back = line._milepost_without(line._milepost_back_by(day))
        return max(line._milepost_counted(line._milepost_left_by(day)) - back, 0.0)

    def _milepost_proven_by(self, day):
        """What was delivered by a day and is proven, with what needs no proof of ours and left by it."""
        free = {
            move: quantity
            for move, quantity in self._milepost_left_by(day).items()
            if not move._milepost_is_transport()
        }
        parts = self._milepost_parts()
        if not parts:
            rows = self._milepost_rows_by(
                day, "billable_qty", lambda row: row.shipment_id._milepost_earned_day(self.order_id)
            )
            return rows + (0.0 if self.milepost_is_transport else self._milepost_counted(free))
        available = self._milepost_available(free)
        for row in self.env["milepost.billable"].search([("part_of_id", "=", self.id)]):
            earned = row.shipment_id._milepost_earned_day(self.order_id)
            if earned and earned <= day:
                available[row.product_id] = available.get(row.product_id, ZERO) + decimal(row.billable_qty)
        return self.product_id.uom_id._compute_quantity(
            float(kits.wholes(available, parts)), self.product_uom_id
        )

    def _milepost_rows_by(self, day, name, day_of):
        """The sum of a quantity of the line's billables whose day has come."""
        days = {row: day_of(row) for row in self.milepost_billable_ids}
        return sum(row[name] for row, own in days.items() if own and own <= day)

    def _milepost_left_by(self, day):
        """{stock.move to the customer: quantity} of what left by the end of a day, as Odoo dates it."""
        moves = self._milepost_deliveries().items()
        return {
            move: quantity for move, quantity in moves
            if move.state == "done" and fields.Date.context_today(self, move.date) <= day
        }  # fmt: skip

    def _milepost_back_by(self, day):
        """{return: quantity} of what came back by the end of a day."""
        back = {**self._milepost_back(), **self._milepost_back(ours=False)}.items()
        return {
            move: quantity for move, quantity in back if fields.Date.context_today(self, move.date) <= day
        }


class MilepostShipment(models.Model):
    _inherit = "milepost.shipment"

    def _milepost_earned_day(self, order):
        """The day, where the site is, on which control of an order's goods passed; None until it is proven."""
        self.ensure_one()
        if self._billing_policy()._is_earned_at_pickup(order) and self.picked_up_at:
            return self._milepost_pickup_day()
        rows = self.billable_ids.filtered(lambda row: order in row._sold_by() and row.goods_key)
        return (rows._supplied_on() or self.supply_date) if self.pod_validated_at else None

    def _milepost_pickup_day(self) -> date | None:
        """The day of the pickup where the goods were picked up."""
        self.ensure_one()
        stop = self.stop_ids.filtered(lambda one: one.kind == "pickup" and one.in_plan)[:1]
        zone = stop.zone or self.origin_id._milepost_zone() or "UTC"
        return cutoff.supply_date(aware(self.picked_up_at), zone) if self.picked_up_at else None
