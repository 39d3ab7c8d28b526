from odoo import models


class StockPackage(models.Model):
    _inherit = "stock.package"

    def write(self, vals):
        result = super().write(vals)
        if {"name", "shipping_weight", "package_type_id"} & set(vals):
            packed = self.env["stock.move.line"].sudo().search([("result_package_id", "in", self.ids)])
            self.env["milepost.outbox"]._watch_transfers(packed.picking_id)
        return result
