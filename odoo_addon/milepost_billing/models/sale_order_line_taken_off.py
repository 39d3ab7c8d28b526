from odoo import models


class SaleOrderLine(models.Model):
    """A line that is taken off in parts: by fractions of its quantity, to the cent in the end."""

    _inherit = "sale.order.line"

    def _milepost_in_parts(self, vals):
        """The values of its invoice line where only a part of it is taken off, or was before.

        Odoo takes a down payment off as a whole, whatever of it was taken off already.
        """
        quantity = -abs(self.qty_to_invoice) if self.is_downpayment else self.qty_to_invoice
        part = self.env.context.get("milepost_parts", {}).get(self.id)
        if part is None and (not self.is_downpayment or quantity in (0, -1)):
            return vals
        # Tax that was computed for the whole is no part's.
        vals = {**vals, "quantity": quantity if part is None else -part if quantity < 0 else part}
        vals["extra_tax_data"] = None
        if part is None and quantity:
            vals["price_unit"] = self._milepost_rest_amount() / quantity
        return vals

    def _milepost_rest_amount(self):
        """What invoices have not taken off a down payment yet, as they rounded it; negative."""
        taken = sum(
            one.currency_id.round(one.price_unit * one.quantity) * one.move_id.direction_sign
            for one in self._get_invoice_lines().filtered(lambda one: one.parent_state != "cancel")
        )
        return self.currency_id.round(taken)
