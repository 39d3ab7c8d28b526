from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

AR_REASONS = [
    ("pod_missing", "POD Missing"),
    ("pod_invalid", "POD Invalid"),
    ("qty_short", "Quantity Short"),
    ("qty_over", "Quantity Over"),
    ("qty_refused", "Quantity Refused"),
    ("damage", "Damage"),
    ("charge_pending", "Charge Pending"),
    ("rate_missing", "Rate Missing"),
    ("ref_missing", "Customer Reference Missing"),
    ("customer_dispute", "Customer Dispute"),
    ("credit", "Credit"),
    ("manual", "Manual"),
]
AP_REASONS = [
    ("no_match", "No Match"),
    ("ambiguous", "Ambiguous"),
    ("duplicate", "Duplicate"),
    ("dup_suspect", "Duplicate Suspected"),
    ("charge_variance", "Charge Variance"),
    ("unexpected_charge", "Unexpected Charge"),
    ("det_evidence", "Detention Without Evidence"),
    ("tax_mismatch", "Tax Mismatch"),
    ("currency", "Currency"),
    ("claim_open", "Claim Open"),
    ("bank_changed", "Bank Account Changed"),
]
OPEN_STATES = ("open", "in_review")


class MilepostHold(models.Model):
    """Money that waits: why, since when, and who let it go."""

    _name = "milepost.hold"
    _description = "Invoice Hold"
    _inherit = ["mail.thread"]
    _order = "opened_at desc, id desc"

    shipment_id = fields.Many2one("milepost.shipment", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="shipment_id.company_id", store=True)
    side = fields.Selection(
        [("ar", "Customer Invoice"), ("ap", "Carrier Bill")], default="ar", required=True
    )
    reason = fields.Selection(AR_REASONS + AP_REASONS, default="manual", required=True)
    severity = fields.Selection(
        [("hard", "Hard"), ("soft", "Soft"), ("warn", "Warning")],
        default="soft",
        required=True,
        help="Hard: only the facts clear it. Soft: a person may release it. Warning: blocks nothing.",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("in_review", "In Review"),
            ("auto_cleared", "Cleared"),
            ("released", "Released"),
            ("rejected", "Rejected"),
            ("expired", "Expired"),
        ],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
    )
    is_open = fields.Boolean(compute="_compute_is_open", store=True)
    amount = fields.Monetary()
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    explanation = fields.Char(help="What is wrong, and what would clear it.")
    fingerprint = fields.Char(readonly=True, copy=False, help="Hash of the facts it was decided on.")
    opened_at = fields.Datetime(default=fields.Datetime.now, readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    release_reason = fields.Char(copy=False, tracking=True)
    released_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _amount_positive = models.Constraint("CHECK (amount >= 0)", "A hold's amount is not negative.")

    @api.depends("state")
    def _compute_is_open(self):
        for hold in self:
            hold.is_open = hold.state in OPEN_STATES

    @api.depends("reason", "shipment_id.name")
    def _compute_display_name(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for hold in self:
            hold.display_name = f"{hold.shipment_id.name}: {labels.get(hold.reason, '')}"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                self._refuse_verdict_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_verdict_fields(vals)
        return super().write(vals)

    def _refuse_verdict_fields(self, vals):
        """State and who released are written by the actions, which check the authority."""
        if {"state", "released_by_id", "closed_at", "opened_at", "fingerprint"} & set(vals):
            raise AccessError(self.env._("A hold changes its state by its actions only."))

    def action_review(self):
        self.check_access("write")
        self.filtered(lambda hold: hold.state == "open").sudo().write({"state": "in_review"})

    def action_release(self):
        """Let the money go. Finance only, with a reason, and never one's own hold."""
        self.check_access("write")
        if not self.env.user.has_group("milepost.group_finance_manager"):
            raise AccessError(self.env._("Only a finance manager or controller may release a hold."))
        for hold in self:
            hold._check_release()
        self.sudo().write({
            "state": "released",
            "closed_at": fields.Datetime.now(),
            "released_by_id": self.env.uid,
        })

    def _check_release(self):
        if not self.is_open:
            raise UserError(self.env._("The hold %(hold)s is closed already.", hold=self.display_name))
        if self.severity == "hard":
            raise UserError(
                self.env._("The hold %(hold)s is hard: only the facts clear it.", hold=self.display_name)
            )
        if not self.release_reason:
            raise ValidationError(self.env._("Say in the hold why it is released."))
        if self.create_uid == self.env.user and not self.env.user._is_superuser():
            raise AccessError(self.env._("Nobody releases a hold of their own: ask a colleague."))

    def _blocking(self):
        """The holds that keep a customer's invoice from being posted."""
        return self.filtered(lambda h: h.is_open and h.side == "ar" and h.severity != "warn")
