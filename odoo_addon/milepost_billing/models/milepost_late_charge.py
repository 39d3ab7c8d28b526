from odoo import api, fields, models

from ..billing import late_charge
from ..billing.decimals import decimal
from ..selections import charge_types


class MilepostLateCharge(models.Model):
    """What became of a cost that changed after the customer's invoice: a document, a leak, margin."""

    _name = "milepost.late.charge"
    _description = "Late Charge"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "charge_type"

    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="shipment_id.company_id", store=True)
    currency_id = fields.Many2one(related="shipment_id.currency_id")
    charge_type = fields.Selection(charge_types, readonly=True)
    kind = fields.Selection(
        [
            ("debit_note", "Debit Note"),
            ("credit_note", "Credit Note"),
            ("leak", "Absorbed"),
            ("margin", "Margin"),
        ],
        required=True,
        readonly=True,
    )
    cost = fields.Monetary(
        readonly=True, help="The change of the cost.", groups="milepost_billing.group_cost_viewer"
    )
    amount = fields.Monetary(readonly=True, help="Of the document, of the leak, or of the margin.")
    move_id = fields.Many2one("account.move", readonly=True, ondelete="set null", check_company=True)

    @api.model
    def _note_margins(self, shipments, decisions):
        """At a fixed price a changed cost changes the margin; it is written down once."""
        creates = []
        for shipment in shipments.filtered("posted_at"):
            decision = decisions[shipment]
            passed = decision.policy._pass_through_types()
            fixed = {
                charge_type: str(amount)
                for charge_type, amount in decision.settled.approved.items()
                if charge_type not in passed
            }
            before = shipment.settled_cost
            if before is None or before is False:
                shipment.settled_cost = fixed
                continue
            if fixed == before:
                continue
            told, now = ({key: decimal(one) for key, one in costs.items()} for costs in (before, fixed))
            for charge_type, change in late_charge.margin_changes(told, now).items():
                creates.append({
                    "shipment_id": shipment.id, "charge_type": charge_type, "kind": "margin",
                    "cost": float(change), "amount": float(-change),
                })  # fmt: skip
            shipment.settled_cost = fixed
        if creates:
            self.create(creates)
