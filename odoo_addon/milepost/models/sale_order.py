from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    milepost_shipment_ids = fields.Many2many(
        "milepost.shipment", string="Shipments", copy=False, groups="milepost.group_viewer"
    )
    milepost_shipment_count = fields.Integer(
        compute="_compute_milepost_shipment_count", groups="milepost.group_viewer"
    )

    @api.depends("milepost_shipment_ids")
    def _compute_milepost_shipment_count(self):
        for order in self:
            order.milepost_shipment_count = len(order.milepost_shipment_ids)

    def write(self, vals):
        result = super().write(vals)
        if "client_order_ref" in vals:
            self.env["milepost.outbox"]._watch_orders(self.sudo().milepost_shipment_ids)
        return result

    def action_view_milepost_shipments(self):
        self.ensure_one()
        return self.milepost_shipment_ids._action_view(
            "milepost.shipment", self.milepost_shipment_ids, self.env._("Shipments")
        )
