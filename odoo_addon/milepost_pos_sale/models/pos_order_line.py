from odoo import api, models
from odoo.exceptions import UserError

#: By these a line of the till settles more, or less, of a sales order.
SETTLING = {"qty", "sale_order_line_id", "sale_order_origin_id", "product_id", "order_id"}


class PosOrderLine(models.Model):
    """A line of the till settles no more of a sales order than what may be billed of it.

    Odoo's invoices of the till name no line of the sales order, so that `milepost.ledger` does not see
    them; Odoo counts them by `sale_order_line_id`, and so does this.
    """

    _inherit = "pos.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._milepost_bill()
        return lines

    def write(self, vals):
        if not SETTLING & set(vals):
            return super().write(vals)
        settled = {
            line: (line.sale_order_line_id, line.qty) for line in self.sudo() if line._milepost_is_history()
        }
        result = super().write(vals)
        for line, before in settled.items():
            if before != (line.sale_order_line_id, line.qty):
                raise UserError(self.env._(
                    "%s is paid: what its lines settle stays as it is. Refund it.", line.order_id.name
                ))  # fmt: skip
        self._milepost_bill()
        return result

    def _milepost_is_history(self):
        """Whether it bills what waits for proof, as a posted line does: taken off, that would be billed again."""
        return bool(self.order_id._milepost_is_paid() and self.sale_order_line_id._milepost_gates())

    def _milepost_bill(self):
        """Refuse what settles more than may be billed, and count what was paid as billed.

        :raises UserError: which the till shows; it leaves the order open, as whenever Odoo refuses one
        """
        lines = self.sudo().filtered(lambda line: line.sale_order_origin_id or line.sale_order_line_id)
        if not lines or not self.env["milepost.ledger"]._is_used():
            return
        paid = lines.filtered(lambda line: line.order_id._milepost_is_paid())
        shipments = paid.sale_order_line_id.milepost_billable_ids.shipment_id
        # As when an invoice is posted: nobody else bills them meanwhile, and no decision is stale.
        self.env["milepost.billing"].sudo()._validate(shipments._take_for_posting())
        for order, own in lines.filtered(lambda line: line.qty > 0).grouped("order_id").items():
            if order.state != "cancel":
                own._milepost_check_paid_ahead()
                for sold in own.sale_order_line_id:
                    sold._milepost_check_till(order)
        shipments._recount_money()

    def _milepost_check_paid_ahead(self):
        """A down payment, and what is paid now and shipped later, follow the policy of the sales order."""
        for line in self:
            sold = line.sale_order_origin_id or line.sale_order_line_id.order_id
            down = line.product_id == line.order_id.config_id.down_payment_product_id
            if (down or line.order_id.shipping_date) and sold._milepost_refuses_down_payment():
                raise UserError(self.env._(
                    "%s: the policy has no payment before the first proof of delivery.", sold.name
                ))  # fmt: skip
