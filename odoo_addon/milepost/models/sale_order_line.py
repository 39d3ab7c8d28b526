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
        moves = self.move_ids.filtered(lambda move: move.state != "cancel")
        deliveries = moves.filtered(lambda move: move._milepost_is_delivery())
        coming = moves.filtered(lambda move: move.location_final_id and move.location_final_id._is_outgoing())
        if deliveries or not coming:
            return any(move._milepost_is_transport() for move in deliveries)
        connection = self.env["milepost.connection"]._of(self.company_id, self.order_id.carrier_id)
        wish = self.order_id.carrier_id.milepost_transport or (
            coming.warehouse_id.out_type_id[:1].milepost_transport or "default"
        )
        return wish != "never" and connection.auto_transport_order
