from odoo import models


class PosOrder(models.Model):
    """A payment at the till bills what its lines settle: it passes the same gate as a posted invoice."""

    _inherit = "pos.order"

    def write(self, vals):
        opened = self.filtered(lambda order: not order._milepost_is_paid())
        result = super().write(vals)
        if "state" in vals:
            opened.filtered(lambda order: order._milepost_is_paid()).lines._milepost_bill()
        return result

    def _milepost_is_paid(self):
        return self.state not in ("draft", "cancel")
