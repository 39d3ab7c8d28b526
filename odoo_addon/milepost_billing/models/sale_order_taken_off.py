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
        takes = {line: self._milepost_down(line) for line in down if not line.display_type}
        takes |= {line: -value for line, value in worth.items() if value < 0}
        left = sum(value for value in worth.values() if value > 0)
        later = self._milepost_later_worth(takes, worth) if takes else 0.0
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        parts = {}
        for line, value in takes.items():
            # To the cent: a down payment of all that is left is no more than it.
            if line.currency_id.compare_amounts(value, left) > 0:
                can_wait = line.currency_id.compare_amounts(value, later) <= 0
                quantity = abs(line.qty_to_invoice)
                part = float_round(quantity * left / value, precision_digits=digits, rounding_method="DOWN")
                if can_wait or not part:
                    lines -= line
                    continue
                parts[line.id] = part
                value *= part / quantity
            left -= value
        return lines.with_context(milepost_parts=parts)

    def _milepost_later_worth(self, takes, worth):
        """What invoices after this one will bill of the order, with tax."""
        total = 0.0
        for line in self.order_line:
            if line.display_type or line in takes or not line.product_uom_qty or line.is_downpayment:
                continue
            billed = line.price_total * line.qty_invoiced / line.product_uom_qty
            total += max(line.price_total - billed - worth.get(line, 0.0), 0.0)
        return total

    @staticmethod
    def _milepost_down(line):
        """What a down payment takes off, with its tax; its line has no quantity that a total could have."""
        taxes = line.tax_ids.compute_all(line.price_unit, currency=line.currency_id, quantity=1.0)
        return taxes["total_included"] * -line.qty_to_invoice

    @staticmethod
    def _milepost_worth(line):
        rows = line._milepost_rows()
        quantity = sum(rows.mapped("open_qty")) if line._milepost_is_by_shipment() else line.qty_to_invoice
        if not line.product_uom_qty:
            return quantity * line.price_reduce_taxinc
        return line.price_total * quantity / line.product_uom_qty
