from odoo import api, fields, models
from odoo.exceptions import UserError


class MilepostDispose(models.TransientModel):
    """Decides what is billed of goods that came short, damaged, refused or in excess."""

    _name = "milepost.dispose"
    _description = "Decide on Quantities"

    shipment_id = fields.Many2one("milepost.shipment", required=True, readonly=True)
    explanation = fields.Char(readonly=True)
    disposition = fields.Selection(
        [
            ("bill_accepted", "Bill What Was Accepted"),
            ("bill_shipped", "Bill What Was Shipped"),
            ("bill_good", "Bill What Is Undamaged"),
            ("allowance", "Give the Damage Allowance"),
            ("bill_over", "Bill the Excess"),
        ],
        default="bill_accepted",
        required=True,
    )
    note = fields.Char(help="Who agreed. For an excess: who at the customer accepted it.")

    @api.model
    def _open(self, hold):
        return {
            "type": "ir.actions.act_window", "name": self.env._("Decide on Quantities"),
            "res_model": self._name, "views": [(False, "form")], "target": "new",
            "context": {
                "default_shipment_id": hold.shipment_id.id, "default_explanation": hold.explanation_shown,
            },
        }  # fmt: skip

    def action_dispose(self):
        self.ensure_one()
        if not self.shipment_id:
            raise UserError(self.env._("Choose the shipment."))
        self.env["milepost.billable"].dispose(self.shipment_id.id, self.disposition, note=self.note or None)
        self.shipment_id.action_validate_billing()
        return {"type": "ir.actions.act_window_close"}
