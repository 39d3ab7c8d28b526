from odoo import models


class SaleOrderLine(models.Model):
    """What came back to us of what a line sold."""

    _inherit = "sale.order.line"

    def _milepost_back(self, ours=True):
        """{stock.move: quantity} of what came back by returns that are to be credited, as Odoo counts
        them (`_get_outgoing_incoming_moves`): to us, or of a drop-shipment to its vendor.

        :param ours: of goods that travelled with us, which came back after they were proven; else of
            the others, of which Odoo's delivered quantity is told already
        """
        self.ensure_one()
        return {
            move: move.quantity
            for move in self.sudo().move_ids
            if move.state == "done" and move.to_refund and move.origin_returned_move_id
            and move.location_id._is_outgoing() and move.location_dest_usage in ("internal", "supplier")
            and move.origin_returned_move_id._milepost_is_transport() == ours
        }  # fmt: skip

    def _milepost_returned_qty(self):
        return self._milepost_without(self._milepost_back())

    def _milepost_lost_qty(self):
        """What is taken off what was proven: what came back, but for what its proof says was refused."""
        return self._milepost_without(self._milepost_of_proven(self._milepost_back()))

    def _milepost_of_proven(self, back):
        """{return: quantity} of what was accepted first: what was refused is not billed anyway.

        :param back: {return: quantity in the move's unit}
        """
        self.ensure_one()
        if not back:
            return back
        refused, result = self._milepost_refused(), {}
        for move, quantity in sorted(back.items(), key=lambda item: item[0].id):
            unit, left = move.product_id.uom_id, move.product_uom._compute_quantity
            left = left(quantity, unit, round=False)
            for shipment in move.origin_returned_move_id.milepost_line_ids.shipment_id:
                taken = min(left, refused.get((shipment, move.product_id), 0.0))
                refused[shipment, move.product_id] = refused.get((shipment, move.product_id), 0.0) - taken
                left -= taken
            result[move] = unit._compute_quantity(left, move.product_uom, round=False)
        return result

    def _milepost_refused(self):
        """{(shipment, product): how much of the line is not billed because it was refused, in its unit}."""
        found = {}
        own = self.sudo().milepost_billable_ids
        parts = own.search([("part_of_id", "=", self.id)]) if self._milepost_parts() else own.browse()
        for row in (own | parts).filtered("released"):
            same = row.shipment_id.billable_ids.filtered(lambda one, key=row.goods_key: one.goods_key == key)
            refused = sum(same.mapped("refused_qty"))
            if refused:
                unit, product = row.sale_line_id.product_uom_id or row.product_id.uom_id, row.product_id
                lost = unit._compute_quantity(
                    max(row.shipped_qty - row.billable_qty, 0.0), product.uom_id, round=False
                )
                key = row.shipment_id, product
                told = same.shipment_id.line_ids.move_id.filtered(
                    lambda one, of=product: one.product_id == of
                )
                refused = told[:1].product_uom._compute_quantity(refused, product.uom_id, round=False)
                found[key] = found.get(key, 0.0) + min(lost, refused)
        return found

    def _milepost_without(self, back):
        """How much less of the line is with the customer for what came back, in its unit."""
        if not back or not self._milepost_parts():
            return self._milepost_counted(back)
        out = {
            move: quantity for move, quantity in self._milepost_deliveries().items() if move.state == "done"
        }
        left = {**out, **{move: -quantity for move, quantity in back.items()}}
        return self._milepost_counted(out) - self._milepost_counted(left)
