from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _milepost_leaves(self):
        """A drop-shipment leaves the vendor's site instead of ours."""
        return super()._milepost_leaves() or self.picking_type_id.code == "dropship"

    def _milepost_ends(self):
        """From the vendor to the customer, or back."""
        if not self.is_dropship and not self._milepost_is_dropship_return():
            return super()._milepost_ends()
        purchase = self.move_ids.purchase_line_id.order_id or (
            self.move_ids.origin_returned_move_id.purchase_line_id.order_id
        )
        customer = purchase.dest_address_id or self.sale_id.partner_shipping_id or self.partner_id
        ends = (purchase.partner_id[:1] or self.partner_id, customer[:1])
        return ends[::-1] if self._milepost_is_dropship_return() else ends

    def _milepost_is_dropship_return(self):
        return self.location_id.usage == "customer" and self.location_dest_id.usage == "supplier"
