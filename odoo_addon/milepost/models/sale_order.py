from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    milepost_shipment_ids = fields.Many2many("milepost.shipment", string="Shipments", copy=False)
    milepost_shipment_count = fields.Integer(compute="_compute_milepost_shipment_count")

    @api.depends("milepost_shipment_ids")
    def _compute_milepost_shipment_count(self):
        for order in self:
            order.milepost_shipment_count = len(order.milepost_shipment_ids)

    def action_view_milepost_shipments(self):
        self.ensure_one()
        return self.milepost_shipment_ids._action_view(
            "milepost.shipment", self.milepost_shipment_ids, self.env._("Shipments")
        )
