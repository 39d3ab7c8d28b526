from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _milepost_refuses_down_payment(self):
        """Whether the policy has no down payment yet: as for one on an invoice, none before the first proof."""
        goods = self.order_line._milepost_goods()
        if not goods._milepost_gates() or any(line.milepost_released_qty > 0 for line in goods):
            return False
        policies = self._milepost_policies()[self]
        return any(one.mode != "shadow" and one.down_payments == "proof" for one in policies)
