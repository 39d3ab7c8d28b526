from odoo import api, models


class StockMove(models.Model):
    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves.picking_id._watch_milepost_orders()
        return moves

    def write(self, vals):
        before = self.picking_id if "picking_id" in vals else self.env["stock.picking"]
        result = super().write(vals)
        told = {"product_id", "product_uom_qty", "product_uom", "date", "date_deadline", "picking_id"}
        if told & set(vals) or vals.get("state") == "cancel":
            (self.picking_id | before)._watch_milepost_orders()
        return result

    def unlink(self):
        pickings = self.picking_id
        result = super().unlink()
        pickings.exists()._watch_milepost_orders()
        return result
