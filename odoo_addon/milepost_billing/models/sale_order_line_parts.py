from odoo import models

from ..billing import kits
from ..billing.decimals import decimal
from ..billing.money import ZERO


class SaleOrderLine(models.Model):
    """Lines that sell a whole and move its parts are counted in wholes (see `billing.kits`)."""

    _inherit = "sale.order.line"

    def _milepost_parts(self):
        """Hook: what one of the line's product is made of, where its parts move in its place.

        :return: {product: billing.kits.Part in the product's unit}; empty when what moves is what is sold
        """
        self.ensure_one()
        return {}

    def _milepost_counted(self, quantities):
        """How much of the line moved goods make up, in its unit.

        :param quantities: {stock.move: quantity in the move's unit}
        """
        parts = self._milepost_parts()
        if not parts:
            return sum(
                move.product_uom._compute_quantity(quantity, self.product_uom_id)
                for move, quantity in quantities.items()
            )
        whole = kits.wholes(self._milepost_available(quantities), parts)
        return self.product_id.uom_id._compute_quantity(float(whole), self.product_uom_id)

    def _milepost_available(self, quantities):
        """{product: quantity in its unit} of moved goods."""
        found = {}
        for move, quantity in quantities.items():
            product = move.product_id
            own = move.product_uom._compute_quantity(quantity, product.uom_id, round=False)
            found[product] = found.get(product, ZERO) + decimal(own)
        return found

    def _milepost_deliveries(self):
        """{stock.move to the customer: quantity} of what left; sold as ordered, of what is to leave, too."""
        self.ensure_one()
        by_order = self.milepost_is_by_order
        return {
            move: move._milepost_quantity()
            for move in self.sudo().move_ids
            if (move.state == "done" or (by_order and move.state != "cancel"))
            and move._milepost_is_delivery()
        }

    def _milepost_free_moves(self):
        """{stock.move: quantity} of those deliveries that need no transport of ours."""
        moves = self._milepost_deliveries().items()
        return {move: quantity for move, quantity in moves if not self._milepost_counts(move)}

    def _milepost_free_parts(self):
        """{product: quantity in its unit} of parts that need no transport of ours: there once they left."""
        return self._milepost_available(self._milepost_free_moves())

    def _milepost_moved_qty(self):
        """How much of the goods leaves by transport of ours, in the line's unit, shipment or not."""
        moves, free = self._milepost_deliveries(), self._milepost_free_moves()
        if self._milepost_parts():
            moved = self._milepost_counted(moves) - self._milepost_counted(free)
        else:
            moved = self._milepost_counted({move: moves[move] for move in moves if move not in free})
        if self.milepost_is_by_order and self.product_id.type == "consu" and self._milepost_is_moved():
            # Goods without a transfer, or whose transfer forgot the order, are proven by nothing.
            return max(moved, self.product_uom_qty - self._milepost_counted(free))
        return moved

    def _milepost_is_of_parts(self):
        """Whether it is billed by the parts that left."""
        return not self.milepost_is_by_order and bool(self._milepost_parts())

    def _milepost_unmanaged_wholes(self):
        """Wholes of parts that need no transport of ours; not by what a recipe says that changed since."""
        free = self._milepost_counted(self._milepost_free_moves())
        return free - self._milepost_without(self._milepost_back(ours=False))
