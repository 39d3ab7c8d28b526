from odoo import models


class SaleOrderLine(models.Model):
    """What the till settled of an order line is billed, as Odoo counts it.

    Goods that had not left were handed over there; the rest of what was settled had left before.
    """

    _inherit = "sale.order.line"

    def _milepost_till_lines(self, order=None):
        """What was paid of the line at the till.

        :param order: pos.order that counts, too, though it is not paid yet
        """
        self.ensure_one()
        return self.sudo().pos_order_line_ids.filtered(
            lambda line: line.order_id.state not in ("draft", "cancel") or line.order_id == order
        )

    def _milepost_till_qty(self, lines):
        """What lines of the till settle, in the unit of the order line; what they refund is taken off."""
        return sum(self._convert_qty(self, line.qty, "p2s") for line in lines)

    def _milepost_settled_qty(self):
        """All that was paid, refunded or not: neither is to be invoiced."""
        return self._milepost_till_qty(self._milepost_till_lines().filtered(lambda line: line.qty > 0))

    def _milepost_gone_qty(self):
        """What left by transport of ours and did not come back."""
        moves = self._milepost_deliveries().items()
        gone = {
            move: quantity for move, quantity in moves if move.state == "done" and self._milepost_counts(move)
        }
        return max(self._milepost_counted(gone) - self._milepost_returned_qty(), 0.0)

    def _milepost_handed_over_qty(self):
        """Goods that had not left; a service is no thing that could be handed over."""
        if self.product_id.type == "service":
            return 0.0
        return max(min(self._milepost_settled_qty(), self.product_uom_qty - self._milepost_gone_qty()), 0.0)

    def _milepost_loose_qty(self):
        return super()._milepost_loose_qty() + self._milepost_settled_qty()

    def _milepost_rest_amount(self):
        """What was paid ahead at the till is to be taken off, as what an invoice asked for is."""
        paid = sum(self.currency_id.round(line.price_unit * line.qty) for line in self._milepost_till_lines())
        return super()._milepost_rest_amount() - paid

    def _milepost_refunded_qty(self, travelled=True):
        refunds = -self._milepost_till_qty(self._milepost_till_lines().filtered(lambda line: line.qty < 0))
        return max(refunds - self._milepost_handed_over_qty(), 0.0) if travelled else refunds

    def _milepost_credited_qty(self):
        return super()._milepost_credited_qty() + self._milepost_refunded_qty(travelled=False)

    def _milepost_billed(self, counts):
        return super()._milepost_billed(counts) + self._milepost_till_qty(self._milepost_till_lines())

    def _milepost_base_qty(self):
        """Odoo counts all that the till settled as delivered there, what had left before once more."""
        base, settled = super()._milepost_base_qty(), self._milepost_settled_qty()
        return min(base, max(self.product_uom_qty, base - settled)) if settled else base

    def _milepost_unmanaged_qty(self):
        """What is handed over needs no proof. Kits are counted by the order's deliveries, so without it."""
        free, handed = super()._milepost_unmanaged_qty(), self._milepost_handed_over_qty()
        return free + handed if self._milepost_is_of_parts() else max(free, handed)
