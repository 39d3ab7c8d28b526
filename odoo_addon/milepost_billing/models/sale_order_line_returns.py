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
            if move._milepost_is_return()
            and move.origin_returned_move_id._milepost_is_transport() == ours
        }  # fmt: skip

    def _milepost_returned_qty(self):
        return self._milepost_without(self._milepost_back())

    def _milepost_lost_qty(self, proven=True):
        """How much of the line is taken off what was proven (`_milepost_lost`), in its unit."""
        return self._milepost_without(self._milepost_lost(proven))

    def _milepost_lost(self, proven=True):
        """{return: quantity} of what is taken off what was proven: what came back, but for what its proof
        says was refused.

        :param proven: only of shipments that are proven; of the others nothing is billed anyway
        """
        back = self._milepost_of_proven(self._milepost_back())
        if proven and back:
            rows = self._milepost_rows_of_goods().filtered("released")
            back = {
                move: quantity for move, quantity in back.items()
                if move._milepost_came_from() & rows.shipment_id
            }  # fmt: skip
        return back

    def _milepost_rows_of_goods(self):
        """The billables of the line, or of the parts of its wholes."""
        rows = self.sudo().milepost_billable_ids
        return (rows | rows.search([("part_of_id", "=", self.id)])) if self._milepost_parts() else rows

    def _milepost_refunded_qty(self, travelled=True):
        """Hook: what of it was given back elsewhere than by a credit note.

        :param travelled: of goods alone that left by transport of ours
        """
        return 0.0

    def _milepost_lost_of(self, lost, shipment):
        """How much less of the line a shipment's returns leave with the customer, in its unit."""
        return self._milepost_without(
            {move: quantity for move, quantity in lost.items() if shipment in move._milepost_came_from()}
        )

    def _milepost_of_proven(self, back):
        """{return: quantity} of what was accepted first: what was refused is not billed anyway.

        Refused is told of the goods of a shipment, whichever order's they were, so all their returns
        count against it, the first one first.

        :param back: {return: quantity in the move's unit}
        """
        self.ensure_one()
        result = dict(back)
        goods = {(one, move.product_id) for move in back for one in move._milepost_came_from()}
        for shipment, product in goods:
            refused, unit = shipment._milepost_refused_qty(product), product.uom_id
            for move in shipment._milepost_returns(product) if refused else ():
                quantity = move.product_uom._compute_quantity(move.quantity, unit, round=False)
                taken = min(refused, quantity)
                refused -= taken
                if move in result:
                    result[move] -= unit._compute_quantity(taken, move.product_uom, round=False)
        return result

    def _milepost_without(self, back):
        """How much less of the line is with the customer for what came back, in its unit."""
        if not back or not self._milepost_parts():
            return self._milepost_counted(back)
        out = {
            move: quantity for move, quantity in self._milepost_deliveries().items() if move.state == "done"
        }
        left = {**out, **{move: -quantity for move, quantity in back.items()}}
        return self._milepost_counted(out) - self._milepost_counted(left)
