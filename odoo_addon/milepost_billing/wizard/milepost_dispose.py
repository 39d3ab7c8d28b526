from odoo import api, fields, models
from odoo.addons.milepost.undone import undone
from odoo.exceptions import UserError

from ..billing.quantities import DISPOSITIONS


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
    allowed = fields.Char(
        default=lambda self: ",".join(name for name, _label in self._fields["disposition"].selection),
        readonly=True, help="The decisions that settle this hold.",
    )  # fmt: skip
    outcome = fields.Text(string="What It Bills", compute="_compute_outcome")
    note = fields.Char(help="Who agreed. For an excess: who at the customer accepted it.")

    @api.model
    def _open(self, hold):
        allowed = DISPOSITIONS[hold.reason.upper()]
        return {
            "type": "ir.actions.act_window", "name": self.env._("Decide on Quantities"),
            "res_model": self._name, "views": [(False, "form")], "target": "new",
            "context": {
                "default_shipment_id": hold.shipment_id.id, "default_explanation": hold.explanation_shown,
                "default_allowed": ",".join(allowed), "default_disposition": allowed[0],
            },
        }  # fmt: skip

    @api.depends("shipment_id", "allowed")
    def _compute_outcome(self):
        """What each of the decisions bills, tried and taken back."""
        labels = dict(self._fields["disposition"]._description_selection(self.env))
        for wizard in self:
            shipment = wizard.shipment_id
            lines = []
            for disposition in filter(None, (wizard.allowed or "").split(",")):
                amount = wizard._tried(disposition)
                if amount is not None:
                    money = shipment.currency_id.format(amount)
                    lines.append(
                        self.env._("%(decision)s: %(money)s", decision=labels[disposition], money=money)
                    )
            wizard.outcome = "\n".join(lines)

    def _tried(self, disposition):
        """What is billable of the shipment after the decision; None where it cannot be taken."""
        with undone(self.env):
            try:
                # The note that an excess needs is asked for when it is decided.
                self.env["milepost.billable"].dispose(self.shipment_id.id, disposition, note="?")
                self.shipment_id.sudo()._decide_now()
                return self.shipment_id.billable_amount
            except UserError:
                return None

    def action_dispose(self):
        self.ensure_one()
        if not self.shipment_id:
            raise UserError(self.env._("Choose the shipment."))
        self.env["milepost.billable"].dispose(self.shipment_id.id, self.disposition, note=self.note or None)
        self.shipment_id.action_validate_billing()
        return {"type": "ir.actions.act_window_close"}
