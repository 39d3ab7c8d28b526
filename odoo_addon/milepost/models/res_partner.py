from odoo import fields, models

from .milepost_shipment_order import CHANGEABLE_STATES


class ResPartner(models.Model):
    _inherit = "res.partner"

    milepost_scac = fields.Char(
        string="SCAC", index="btree_not_null", help="Standard Carrier Alpha Code, of a carrier."
    )

    def write(self, vals):
        result = super().write(vals)
        if {"name", "street", "zip", "city", "country_id", "tz", "phone", "email"} & set(vals):
            self._watch_milepost_orders()
        return result

    def _watch_milepost_orders(self):
        """An address that an order named and that is corrected before the pickup is told."""
        shipments = self.env["milepost.shipment"].sudo().search([
            ("state", "in", CHANGEABLE_STATES), ("order_state", "!=", False),
            "|", ("destination_id", "in", self.ids), ("origin_id", "in", self.ids),
        ])  # fmt: skip
        if shipments:
            shipments._refresh_base_stops()
            self.env["milepost.outbox"]._watch_orders(shipments)
