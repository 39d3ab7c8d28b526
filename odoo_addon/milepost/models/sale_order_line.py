from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "milepost.managed"]

    milepost_is_transport = fields.Boolean(
        string="Sold as Transport", compute="_compute_milepost_is_transport", store=True, precompute=True,
        help="As the product was when it was ordered.",
    )  # fmt: skip

    @api.depends("product_id", "state")
    def _compute_milepost_is_transport(self):
        """Decided when the order is confirmed: not `product_id.milepost_transport`, which may change
        under way and must not change what was ordered."""
        for line in self:
            if not line._milepost_has_left():
                line.milepost_is_transport = line.product_id.milepost_transport

    def _milepost_has_left(self):
        """Whether something of the line has moved: then it stays what it was ordered as."""
        return any(move.state == "done" for move in self.sudo().move_ids)

    def _milepost_is_managed(self):
        """Whether what the line bills waits for proof, whether a shipment exists yet or not.

        Transport products do always. Goods do when one of their deliveries travels by our order
        (`stock.move._milepost_is_transport`), or will once the last step is planned: their first step
        is not a delivery. What does not travel is Odoo's alone.
        """
        self.ensure_one()
        if self.order_id.sudo().milepost_handed_back_at:
            return False
        if self.milepost_is_transport:
            return True
        # Not filtered: those of many lines are read together, and what travels is asked first.
        moves = [move for move in self.move_ids if move.state != "cancel"]
        if any(move._milepost_is_transport() and move._milepost_is_delivery() for move in moves):
            return True
        # What goes where it is to end is the last step: told without reading the operation.
        ends = (
            move.location_final_id == move.location_dest_id and not move.origin_returned_move_id
            for move in moves
        )  # fmt: skip
        leaves = (move.picking_type_id.code == "outgoing" or move._milepost_is_delivery() for move in moves)
        if any(ends) or any(leaves):
            return False
        finals = [move for move in moves if move.location_final_id]
        coming = [move for move in finals if move.location_final_id._is_outgoing()]
        if not coming:
            return False
        order = self.order_id.sudo()
        connection = self.env["milepost.connection"]._of(self.company_id, order.carrier_id)
        warehouse = coming[0].warehouse_id or order.warehouse_id
        operation = warehouse.out_type_id
        wish = order.carrier_id.milepost_transport or operation.milepost_transport or "default"
        return (
            wish != "never"
            and connection.auto_transport_order
            and connection._manages(
                order.company_id, warehouse, operation, order.carrier_id, order.partner_id
            )
        )
