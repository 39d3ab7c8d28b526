from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    milepost_is_waiting = fields.Boolean(
        string="Waiting for Proof", compute="_compute_milepost_waiting", store=True,
        help="Something of it would be billed by now and waits until its delivery is proven.",
    )  # fmt: skip
    milepost_waiting_since = fields.Datetime(
        string="Waiting Since", compute="_compute_milepost_waiting", store=True
    )
    milepost_waiting_why = fields.Text(
        string="What Is Waited For", compute="_compute_milepost_waiting_why", compute_sudo=True
    )

    @api.depends("order_line.milepost_waiting_qty", "order_line.milepost_waiting_since")
    def _compute_milepost_waiting(self):
        for order in self:
            waiting = order.order_line.filtered("milepost_waiting_qty")
            order.milepost_is_waiting = bool(waiting)
            since = [line.milepost_waiting_since for line in waiting if line.milepost_waiting_since]
            order.milepost_waiting_since = min(since, default=False)

    @api.depends("milepost_is_waiting", "milepost_shipment_ids.hold_ids.state")
    def _compute_milepost_waiting_why(self):
        """Each shipment with its holds and who may release them, or with where and whose it is; or that
        there is none yet."""
        for order in self:
            reasons = []
            for shipment in order.milepost_shipment_ids if order.milepost_is_waiting else ():
                holds = shipment.hold_ids._blocking()
                reasons += [hold._milepost_waited_for() for hold in holds]
                if not holds and shipment.billing_state == "waiting":
                    label = dict(shipment._fields["state"]._description_selection(self.env))[shipment.state]
                    carrier = shipment.carrier_name or shipment.carrier_id.name
                    reasons.append(f"• {shipment.name}: {label}" + (f" ({carrier})" if carrier else ""))
            if order.milepost_is_waiting and not reasons:
                reasons = [self.env._("• There is no shipment that could be proven.")]
            order.milepost_waiting_why = "\n".join(reasons) or False
