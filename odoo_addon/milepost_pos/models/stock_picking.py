from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _milepost_leaves(self):
        """Goods over the counter are in the customer's hands; what ships later has another type."""
        counters = self.picking_type_id.warehouse_id.pos_type_id
        return super()._milepost_leaves() and self.picking_type_id not in counters
