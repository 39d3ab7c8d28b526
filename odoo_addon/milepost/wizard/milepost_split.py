from odoo import api, fields, models
from odoo.fields import Command


class MilepostSplit(models.TransientModel):
    """The dispatcher's word that a second truck takes a part of a shipment's goods."""

    _name = "milepost.split"
    _description = "Split a Shipment"

    shipment_id = fields.Many2one("milepost.shipment", required=True, readonly=True)
    line_ids = fields.One2many("milepost.split.line", "split_id", string="Goods")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        shipment = self.env["milepost.shipment"].browse(self.env.context.get("active_id"))
        lines = shipment.sudo().line_ids.filtered("quantity")
        return {
            **values,
            "shipment_id": shipment.id,
            "line_ids": [Command.create({"line_id": line.id}) for line in lines],
        }

    def action_split(self):
        """Make the second shipment of what was entered; it is ordered when the first one is."""
        self.shipment_id.check_access("write")
        quantities = {line.line_id.sudo().move_id: line.quantity for line in self.line_ids if line.quantity}
        other = self.shipment_id.sudo()._split(quantities) if quantities else self.shipment_id
        return self.shipment_id._action_view("milepost.shipment", other, self.env._("Shipment"))


class MilepostSplitLine(models.TransientModel):
    _name = "milepost.split.line"
    _description = "Goods for Another Shipment"

    split_id = fields.Many2one("milepost.split", required=True, ondelete="cascade")
    line_id = fields.Many2one("milepost.shipment.line", required=True)
    product_name = fields.Char(related="line_id.move_id.product_id.display_name", string="Product")
    carried = fields.Float(related="line_id.quantity", string="On This Truck")
    quantity = fields.Float(string="On the Other", digits="Product Unit")
