from odoo import models
from odoo.tools.float_utils import float_round


class SaleOrder(models.Model):
    """What a billing run takes off its invoices: down payments and discounts of the whole order.

    What is billed first is never a credit note. So they are taken off once an invoice can bear them, and
    in parts where none of those to come could.
    """

    _inherit = "sale.order"

    def _milepost_borne(self, lines, down):
        """Of `lines` to be billed now, `down` payments among them: what the invoice can bear.

        :return: the lines; their context says of what is taken off in part how much
        """
        worth = {line: self._milepost_worth(line) for line in lines - down if not line.display_type}
        if not worth:
            return lines.browse()
        # What is not paid yet is not taken off; what was given back since is asked for again.
        drafts = down.filtered(
            lambda line: line.qty_to_invoice < 0 and line.invoice_lines and line._get_downpayment_state()
        )
        lines, down = lines - drafts, down - drafts
        paid = {line: self._milepost_down(line) for line in down if not line.display_type}
        takes = {line: value for line, value in paid.items() if value >= 0}
        takes |= {line: -value for line, value in worth.items() if value < 0}
        left = sum(value for value in worth.values() if value > 0) - sum(min(one, 0) for one in paid.values())
        later = self._milepost_later_worth(takes, worth) if takes else 0.0
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        parts = {}
        for line, value in takes.items():
            # To the cent: a down payment of all that is left is no more than it.
            if line.currency_id.compare_amounts(value, left) > 0:
                quantity = abs(line.qty_to_invoice)
                part = float_round(quantity * left / value, precision_digits=digits, rounding_method="DOWN")
                can_wait = line.currency_id.compare_amounts(value, later) <= 0
                if can_wait or not part:
                    lines -= line
                    later -= value
                    continue
                parts[line.id] = part
                value *= part / quantity
            left -= value
        return lines.with_context(milepost_parts=parts)

    def _milepost_later_worth(self, takes, worth):
        """What invoices after this one will bill of the order, with tax: what is to come, as far as is known."""
        total = 0.0
        for line in self.order_line:
            if not line.display_type and line not in takes and not line.is_downpayment:
                quantity = line._milepost_coming_qty()
                total += max(self._milepost_value(line, quantity) - worth.get(line, 0.0), 0.0)
        return total

    @staticmethod
    def _milepost_down(line):
        """What a down payment still takes off, with its tax, by its documents: after a credit in part its
        line has neither a price nor a quantity that says so."""
        taxes = line.tax_ids.compute_all(
            -line._milepost_rest_amount(), currency=line.currency_id, quantity=1.0
        )
        return taxes["total_included"]

    def _milepost_worth(self, line):
        """What the invoice of now bills of a line, with tax."""
        return self._milepost_value(line, line._milepost_now_qty())

    @staticmethod
    def _milepost_value(line, quantity):
        if not line.product_uom_qty:
            return quantity * line.price_reduce_taxinc
        return line.price_total * quantity / line.product_uom_qty
