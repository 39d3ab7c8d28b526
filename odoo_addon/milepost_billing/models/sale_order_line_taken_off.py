from odoo import models

from .milepost_ledger import SMALLEST


class SaleOrderLine(models.Model):
    """A line that is taken off in parts: by fractions of its quantity, to the cent in the end."""

    _inherit = "sale.order.line"

    def _milepost_now_qty(self):
        """How much of the line an invoice of now bills (`_prepare_invoice_lines_vals_list`)."""
        left = self.qty_to_invoice
        if left <= 0 or not self._milepost_is_by_shipment():
            return left
        rows = min(sum(self._milepost_rows().mapped("open_qty")), left)
        # What its shipments account for asks nothing about the rest of the line.
        return rows + (min(left - rows, self._milepost_rest()) if left - rows > SMALLEST else 0.0)

    def _milepost_coming_qty(self):
        """How much of the line can still be billed, now or later: what may be, what waits, what is to leave.

        Not what was ordered: of that something may have come short, gone back or never leave.
        """
        quantity = max(self.qty_to_invoice, 0.0) + self.milepost_waiting_qty
        if self.milepost_is_by_order or self.milepost_is_transport or self._milepost_follows():
            return quantity
        if self.product_id.type != "consu":
            return max(self.product_uom_qty - self.qty_invoiced, quantity)
        open_moves = self.sudo().move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move._milepost_is_delivery()
        )
        return quantity + self._milepost_counted({move: move.product_uom_qty for move in open_moves})

    def _milepost_in_parts(self, vals):
        """The values of its invoice line where only a part of it is taken off, or was before.

        Odoo takes a down payment off as a whole, whatever of it was taken off already.
        """
        quantity = self.qty_to_invoice
        part = self.env.context.get("milepost_parts", {}).get(self.id)
        if part is None and (not self.is_downpayment or quantity in (0, -1)):
            return vals
        # Tax that was computed for the whole is no part's.
        vals = {**vals, "quantity": quantity if part is None else -part if quantity < 0 else part}
        vals["extra_tax_data"] = None
        if self.is_downpayment and quantity:
            vals["price_unit"] = self._milepost_rest_amount() / quantity
        return vals

    def _milepost_rest_amount(self):
        """What invoices have not taken off a down payment yet, as they rounded it; negative."""
        taken = sum(
            one.currency_id.round(one.price_unit * one.quantity) * one.move_id.direction_sign
            for one in self._get_invoice_lines().filtered(lambda one: one.parent_state != "cancel")
        )
        return self.currency_id.round(taken)
