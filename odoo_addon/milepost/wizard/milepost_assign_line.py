from odoo import fields, models
from odoo.exceptions import UserError

from ..ingestion import matching


class MilepostAssignLine(models.TransientModel):
    """A shipment that the fact may mean."""

    _name = "milepost.assign.line"
    _description = "Candidate Shipment"

    assign_id = fields.Many2one("milepost.assign", required=True, ondelete="cascade")
    shipment_id = fields.Many2one("milepost.shipment", required=True, readonly=True, ondelete="cascade")
    identifier_ids = fields.Many2many("milepost.identifier", string="Bears", readonly=True)
    state = fields.Selection(related="shipment_id.state")
    partner_id = fields.Many2one(related="shipment_id.partner_id")
    planned_delivery_at = fields.Datetime(related="shipment_id.planned_delivery_at")

    def action_choose(self):
        """One click: the strongest of the names that left it open means this shipment from now on."""
        self.ensure_one()
        shared = self.identifier_ids.filtered(lambda name: len(name.sudo().shipment_ids) > 1)
        strongest = min(shared.mapped("type"), key=matching.ORDER.__getitem__, default=None)
        deciding = shared.filtered(lambda name: name.type == strongest)
        if not deciding:
            raise UserError(
                self.env._(
                    "%(shipment)s: no other shipment has its identifiers any more.",
                    shipment=self.shipment_id.name,
                )
            )
        return self.assign_id._assign(self.shipment_id, deciding, deciding)
