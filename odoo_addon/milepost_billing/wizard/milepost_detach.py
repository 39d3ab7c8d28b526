from odoo import fields, models
from odoo.exceptions import UserError


class MilepostDetach(models.TransientModel):
    """Which transfers and orders leave a shipment, and why."""

    _name = "milepost.detach"
    _description = "Detach from a Shipment"

    shipment_id = fields.Many2one("milepost.shipment", required=True, readonly=True, ondelete="cascade")
    picking_ids = fields.Many2many(
        "stock.picking", string="Transfers", domain="[('milepost_shipment_ids', 'in', shipment_id)]"
    )
    sale_order_ids = fields.Many2many(
        "sale.order", string="Sales Orders", domain="[('milepost_shipment_ids', 'in', shipment_id)]"
    )
    reason = fields.Char(required=True)

    def action_detach(self):
        """Take what was chosen off the shipment; what may be billed is decided anew."""
        self.ensure_one()
        if not self.picking_ids and not self.sale_order_ids:
            raise UserError(self.env._("Choose what is detached."))
        for records in (self.picking_ids, self.sale_order_ids):
            if records:
                self.shipment_id.action_detach(records._name, records.ids, self.reason)
        return {"type": "ir.actions.act_window_close"}
