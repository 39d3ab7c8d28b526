from odoo import api, models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if any(vals.get("result_package_id") or vals.get("lot_id") for vals in vals_list):
            self.env["milepost.outbox"]._watch_transfers(lines.picking_id)
        return lines

    def write(self, vals):
        result = super().write(vals)
        if {"result_package_id", "lot_id"} & set(vals):
            self.env["milepost.outbox"]._watch_transfers(self.picking_id)
        return result
