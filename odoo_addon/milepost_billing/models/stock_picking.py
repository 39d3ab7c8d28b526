from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def write(self, vals):
        with self.env["milepost.ledger"]._links_kept(self, ["milepost_shipment_ids"], vals):
            return super().write(vals)
