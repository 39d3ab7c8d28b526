from odoo import models


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_stock_move_values(
        self, product_id, product_qty, product_uom, location_dest_id, name, origin, company_id, values
    ):
        result = super()._get_stock_move_values(
            product_id, product_qty, product_uom, location_dest_id, name, origin, company_id, values
        )
        if values.get("bom_line_id") and values.get("sale_line_id"):
            line = self.env["sale.order.line"].browse(values["sale_line_id"])
            result["milepost_recipe"] = line._milepost_needs_today()
        return result
