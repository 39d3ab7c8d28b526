from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """What came back is not to be invoiced: what is open of its order lines is counted anew."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        back = moves.exists().sudo().filtered(lambda move: move.origin_returned_move_id and move.sale_line_id)
        back.sale_line_id.milepost_billable_ids.shipment_id._billing_changed()
        return moves
