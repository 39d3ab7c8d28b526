from odoo import models


class StockMove(models.Model):
    """What comes back from a customer is billed no more."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """What came back is not to be invoiced: what is open of its order lines is counted anew."""
        back = self.sudo().filtered("origin_returned_move_id").sale_line_id
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        back.milepost_billable_ids.shipment_id._billing_changed()
        return moves

    def _milepost_is_return(self):
        """Whether it came back from a customer, to us or to the vendor, and is to be credited, as Odoo counts
        (`sale.order.line._get_outgoing_incoming_moves`)."""
        self.ensure_one()
        return (
            self.state == "done"
            and self.to_refund
            and bool(self.origin_returned_move_id)
            and self.location_id._is_outgoing()
            and self.location_dest_usage in ("internal", "supplier")
        )

    def _milepost_came_from(self):
        """The shipments that brought what these moves bring back."""
        return self.origin_returned_move_id.milepost_line_ids.shipment_id
