from odoo import fields, models
from odoo.addons.milepost import codes
from odoo.exceptions import UserError


class MilepostSupplyProofLine(models.TransientModel):
    """What became of one quantity, as the paper says."""

    _name = "milepost.supply.proof.line"
    _description = "Delivered Quantity on Paper"

    proof_id = fields.Many2one("milepost.supply.proof", required=True, ondelete="cascade")
    outcome = fields.Selection(codes.QUANTITY_OUTCOMES, required=True)
    quantity = fields.Float(digits=(16, 6), required=True)
    goods = fields.Char(help="The product's reference; empty where the shipment has one kind of goods.")

    def _quantity(self):
        self.ensure_one()
        if self.quantity < 0:
            raise UserError(self.env._("A quantity cannot be negative."))
        line = {"outcome": self.outcome, "quantity": f"{self.quantity:f}".rstrip("0").rstrip(".") or "0"}
        return {**line, "goods": self.goods} if self.goods else line
