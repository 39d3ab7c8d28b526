from odoo import api, models

TOLD = {"result_package_id", "lot_id"}


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if any(vals.get(name) for vals in vals_list for name in TOLD):
            self.env["milepost.outbox"]._watch_transfers(lines.picking_id)
        lines._milepost_correct()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if TOLD & set(vals):
            self.env["milepost.outbox"]._watch_transfers(self.picking_id)
        if "quantity" in vals:
            self._milepost_correct()
        return result

    def _milepost_correct(self):
        """What left is corrected by its detailed operations: Odoo writes nothing on the move then."""
        self.env["milepost.outbox"]._watch_transfers(
            self.move_id.filtered(lambda move: move.state == "done").picking_id
        )
