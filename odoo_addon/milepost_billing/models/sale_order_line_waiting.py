from odoo import api, fields, models

from .milepost_ledger import SMALLEST


class SaleOrderLine(models.Model):
    """What Odoo would have billed by now, and what keeps it waiting."""

    _inherit = "sale.order.line"

    milepost_waiting_qty = fields.Float(
        string="Waiting for Proof", compute="_compute_milepost_waiting", store=True, digits="Product Unit",
        help="Odoo would bill it by now; it is billed once its delivery is proven and nothing is held.",
    )  # fmt: skip
    milepost_waiting_since = fields.Datetime(
        compute="_compute_milepost_waiting", store=True, help="Since the goods left, or were ordered."
    )

    @api.depends(
        "qty_to_invoice", "qty_invoiced", "qty_delivered", "product_uom_qty", "state", "milepost_managed_qty",
        "milepost_released_qty", "order_id.milepost_handed_back_at",
    )  # fmt: skip
    def _compute_milepost_waiting(self):
        gates = self._milepost_gates()
        for line in self:
            waiting = 0.0
            if (
                line.id in gates
                and line.state == "sale"
                and not (line.is_downpayment and line._milepost_follows())
            ):
                waiting = line._milepost_wanted_qty() - line.qty_invoiced - max(line.qty_to_invoice, 0.0)
                waiting -= max(line._milepost_credited_qty(), line._milepost_lost_qty(proven=False))
                waiting -= line._milepost_declined_qty()
            line.milepost_waiting_qty = waiting if waiting > SMALLEST else 0.0
            line.milepost_waiting_since = waiting > SMALLEST and line._milepost_wanted_since()

    @api.depends("milepost_waiting_qty")
    def _compute_invoice_status(self):
        """Odoo calls a line invoiced that has left and has nothing to be invoiced: it waits for proof."""
        super()._compute_invoice_status()
        for line in self:
            if line.invoice_status == "invoiced" and line.milepost_waiting_qty:
                line.invoice_status = "no"

    def _milepost_wanted_qty(self):
        """How much would be billed by now if nobody asked for proof."""
        if self.milepost_is_transport or self._milepost_follows():
            return self.product_uom_qty
        if self._milepost_is_of_parts():
            return self.milepost_managed_qty + self._milepost_unmanaged_qty()
        return max(self._milepost_base_qty(), self.milepost_managed_qty)

    def _milepost_declined_qty(self):
        """What was proven and is not billed by decision: it came short, or was refused. Nothing waits for it."""
        rows = self.sudo().milepost_billable_ids.filtered("released")
        declined = sum(max(row.shipped_qty - row.billable_qty, 0.0) for row in rows)
        # Parts that make up no whole yet are declined by nobody.
        return declined if declined and not self._milepost_is_of_parts() else 0.0

    def _milepost_waits_for_more(self, gates):
        """Whether something of it that travels is not proven yet; where nobody asks for proof all is so."""
        if self.id not in gates:
            return True
        decided = self.milepost_released_qty + self._milepost_declined_qty()
        return self.milepost_managed_qty - decided > SMALLEST

    def _milepost_wanted_since(self):
        left = self.sudo().move_ids.filtered(
            lambda move: move.state == "done" and move._milepost_is_delivery()
        )
        return min(left.mapped("date"), default=False) or self.order_id.date_order
