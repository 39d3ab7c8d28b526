from odoo import api, fields, models
from odoo.exceptions import AccessError

# By these a contact becomes another company's.
WHOSE = frozenset({"parent_id", "is_company"})


class ResPartner(models.Model):
    """Who wrote an address that signatures are asked at, and who else looked at it."""

    _inherit = "res.partner"

    milepost_email_user_ids = fields.Many2many(
        "res.users", "milepost_partner_email_user", "partner_id", "user_id", copy=False, readonly=True,
        string="Email Written By", groups="milepost.group_viewer",
    )  # fmt: skip
    milepost_email_confirmed_by_id = fields.Many2one(
        "res.users", string="Email Confirmed By", copy=False, readonly=True, groups="milepost.group_viewer",
        help="Somebody who did not write the address knows that it is the customer's: signatures that are "
        "asked at it need nobody's yes.",
    )  # fmt: skip

    milepost_notices = fields.Selection(
        [("all", "Each step of a shipment"), ("few", "Delays, problems and deliveries"), ("none", "None")],
        string="Notices of Shipments", default="all", required=True, copy=False,
    )  # fmt: skip

    milepost_proof_with_invoice = fields.Boolean(
        string="Proof With the Invoice", copy=False,
        help="The mail with an invoice carries the proofs of delivery that it rests on.",
    )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered("email")._milepost_email_written()
        return partners

    def write(self, vals):
        changed = self.filtered(lambda one: one.email != vals["email"]) if "email" in vals else self.browse()
        companies = {one: one.commercial_partner_id for one in self} if WHOSE & set(vals) else {}
        result = super().write(vals)
        for partner, company in companies.items():
            if partner.commercial_partner_id != company:
                # An address becomes a customer's by writing whose contact it is, too.
                below = self.sudo().with_context(active_test=False).search([("id", "child_of", partner.id)])
                changed |= below.filtered("email").sudo(False)
        changed._milepost_email_written()
        return result

    def _milepost_email_written(self):
        """Remember the user, by whatever rights he worked; a customer who keeps his own is none of ours."""
        user = self.env.user
        if self and user._is_internal() and not user._is_superuser():
            self.sudo().write({
                "milepost_email_user_ids": [fields.Command.link(user.id)],
                "milepost_email_confirmed_by_id": False,
            })  # fmt: skip

    def action_milepost_confirm_email(self):
        """Say that the address is the customer's; nobody says so of one that he wrote."""
        self.ensure_one()
        if not self.env.user.has_group("milepost_billing.group_billing_analyst"):
            raise AccessError(self.env._("Billing analysts confirm addresses."))
        if self.env.user in self.sudo().milepost_email_user_ids:
            raise AccessError(self.env._("You wrote this address: somebody else confirms it."))
        self.sudo().milepost_email_confirmed_by_id = self.env.user
