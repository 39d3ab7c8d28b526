from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _milepost_is_managed(self):
        """Whether what the line bills waits for proof, whether a shipment exists yet or not.

        Transport products do always. Goods do when one of their deliveries travels by our order
        (`stock.move._milepost_is_transport`), or will once the last step is planned: their first step
        is not a delivery. What does not travel is Odoo's alone.
        """
        self.ensure_one()
        if self.product_id.milepost_transport:
            return True
        # Not filtered: those of many lines are read together, and what travels is asked first.
        moves = [move for move in self.move_ids if move.state != "cancel"]
        if any(move._milepost_is_transport() and move._milepost_is_delivery() for move in moves):
            return True
        leaves = (move.picking_type_id.code == "outgoing" or move._milepost_is_delivery() for move in moves)
        if any(leaves):
            return False
        finals = [move for move in moves if move.location_final_id]
        coming = [move for move in finals if move.location_final_id._is_outgoing()]
        if not coming:
            return False
        connection = self.env["milepost.connection"]._of(self.company_id, self.order_id.carrier_id)
        wish = self.order_id.carrier_id.milepost_transport or (
            coming[0].warehouse_id.out_type_id.milepost_transport or "default"
        )
        return wish != "never" and connection.auto_transport_order
