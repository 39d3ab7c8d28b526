from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..by_rule import Rule, is_writing
from ..selections import charge_types

# What a person says of a request; its approval, and what follows from a contract, is not his to write.
SAID = frozenset({
    "shipment_id", "side", "charge_type", "currency_id", "amount", "origin", "note", "attachment_ids",
})  # fmt: skip


class MilepostExpectedCharge(models.Model):
    """What a shipment should cost us, and what its customer is charged: by contract, by the time at
    its stops, or by an approved request.

    Contract amounts are frozen at pickup. Detention follows the stop times. A request counts once
    somebody else approved it.
    """

    _name = "milepost.expected.charge"
    _description = "Expected Charge"
    _check_company_auto = True
    _inherit = ["milepost.touched"]
    _order = "shipment_id, charge_type, id"

    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="shipment_id.company_id", store=True)
    side = fields.Selection(
        [("cost", "Cost"), ("sell", "Sell")], default="cost", required=True,
        help="Cost: what the carrier may bill. Sell: what the customer is billed.",
    )  # fmt: skip
    charge_type = fields.Selection(charge_types, required=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    amount = fields.Monetary(required=True)
    origin = fields.Selection(
        [("contract", "Contract"), ("detention", "Detention"), ("request", "Request")],
        default="request",
        required=True,
        readonly=True,
    )
    rate_id = fields.Many2one("milepost.rate", readonly=True, ondelete="restrict", check_company=True)
    stop_id = fields.Many2one("milepost.stop", readonly=True, ondelete="set null", check_company=True)
    notice_ids = fields.One2many(related="stop_id.notice_ids", string="Detention Notices")
    basis = fields.Char(readonly=True, help="How the amount came about.")
    basis_said = fields.Json(readonly=True)
    basis_shown = fields.Char(string="How It Came About", compute="_compute_basis_shown")
    note = fields.Char()
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")

    _amount_positive = models.Constraint(
        "CHECK (amount >= 0 OR charge_type = 'discount')", "Only a discount is negative."
    )
    _decided_index = models.Index("(shipment_id, origin)")

    @api.depends("basis_said", "basis")
    @api.depends_context("lang")
    def _compute_basis_shown(self):
        for one in self:
            one.basis_shown = self.env["milepost.words"]._words(one.basis_said, one.basis, one.currency_id)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            if any(vals.get("origin", "request") != "request" for vals in vals_list):
                raise AccessError(self.env._("Only requests are entered by people."))
            if any(set(vals) & set(self._fields) - SAID for vals in vals_list):
                raise AccessError(self.env._("A request is approved by its action."))
        charges = super().create(vals_list)
        if not is_writing(self.env, Rule.VALIDATING):
            charges.shipment_id._billing_changed()
        return charges

    def write(self, vals):
        if not self.env.su:
            if set(vals) & set(self._fields) - SAID or {"origin", "shipment_id"} & set(vals):
                raise AccessError(self.env._("A request is approved by its action."))
            if any(charge.origin != "request" for charge in self):
                raise AccessError(self.env._("This amount follows from the contract."))
            if {"side", "amount", "charge_type", "currency_id"} & set(vals):
                # Another amount needs another approval.
                self.sudo().write({"approved_by_id": False, "approved_at": False})
        result = super().write(vals)
        if not is_writing(self.env, Rule.VALIDATING):
            self.shipment_id._billing_changed()
        return result

    def action_approve(self):
        """Approve a request; nobody approves what he entered or edited."""
        if not self.env["milepost.hold"]._finance_role():
            raise AccessError(self.env._("Your role may not approve a charge."))
        for charge in self.filtered(lambda one: one.origin == "request" and not one.approved_by_id):
            if self.env.user in charge.create_uid | charge.sudo().touched_by_ids:
                raise AccessError(self.env._("Nobody approves a charge that he entered or edited."))
            charge.sudo().write(
                {
                    "approved_by_id": self.env.uid,
                    "approved_at": fields.Datetime.now(),
                }
            )

    def _counts(self, side):
        """Contract and detention amounts of a side, and the approved requests."""
        return self.filtered(lambda one: one.side == side and (one.origin != "request" or one.approved_by_id))
