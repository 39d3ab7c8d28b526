from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..billing import holds

AR_REASONS = [
    ("pod_missing", "POD Missing"),
    ("pod_invalid", "POD Invalid"),
    ("pod_revoked", "POD Revoked"),
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
    ("not_adding_up", "Does Not Add Up"),
    ("duplicate", "Duplicate"),
    ("dup_suspect", "Duplicate Suspected"),
    ("charge_variance", "Charge Variance"),
    ("unexpected_charge", "Unexpected Charge"),
    ("det_evidence", "Detention Without Evidence"),
    ("tax_mismatch", "Tax Mismatch"),
    ("currency", "Currency"),
    ("window_expired", "Billed Too Late"),
    ("claim_open", "Claim Open"),
    ("bank_changed", "Bank Account Changed"),
]
RELEASE_CODES = [
    ("evidence", "Evidence Seen"),
    ("customer_agreed", "Customer Agreed"),
    ("contract", "Covered by the Contract"),
    ("commercial", "Commercial Decision"),
    ("error", "Wrongly Held"),
]
OPEN_STATES = tuple(sorted(holds.OPEN_STATES))
# What a person may say of a hold; everything else follows from the facts or from the actions.
WRITABLE = frozenset({"release_code", "release_reason", "explanation", "amount", "user_id"})
VERDICT_FIELDS = frozenset({
    "state", "released_by_id", "approved_by_ids", "closed_at", "opened_at", "fingerprint", "severity",
    "reason", "side", "subject", "is_manual", "shadow", "audit_head", "audit_count", "policy_id",
    "touched_by_ids", "percent", "shipment_id", "company_id", "carrier_invoice_id", "remedy",
})  # fmt: skip


class MilepostHold(models.Model):
    """Money that waits: why, since when, and who let it go.

    The rules open and clear holds as the facts change; people release soft ones within their
    authority. Each step stands in the audit.
    """

    _name = "milepost.hold"
    _description = "Invoice Hold"
    _inherit = [
        "mail.thread", "mail.activity.mixin",
        "milepost.hold.release", "milepost.hold.fix", "milepost.hold.board",
    ]  # fmt: skip
    _order = "opened_at desc, id desc"

    shipment_id = fields.Many2one("milepost.shipment", ondelete="restrict", index=True)
    carrier_invoice_id = fields.Many2one(
        "milepost.carrier.invoice", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(related="shipment_id.partner_id", store=True, string="Customer")
    policy_id = fields.Many2one("milepost.billing.policy", readonly=True)
    side = fields.Selection([("ar", "Customer Invoice"), ("ap", "Carrier Bill")], default="ar", required=True)
    reason = fields.Selection(AR_REASONS + AP_REASONS, default="manual", required=True, index=True)
    subject = fields.Char(default="", readonly=True, help="Which stop, line or charge is meant.")
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
        group_expand=True,
    )
    is_open = fields.Boolean(compute="_compute_is_open", store=True)
    is_blocking = fields.Boolean(compute="_compute_is_open", store=True)
    is_manual = fields.Boolean(default=True, readonly=True, help="Opened by a person.")
    shadow = fields.Boolean(readonly=True, help="Decided in shadow mode: it blocks nothing.")
    user_id = fields.Many2one("res.users", string="Responsible")
    amount = fields.Monetary(aggregator="sum")
    percent = fields.Float(string="Variance (%)", digits=(16, 3), readonly=True, aggregator=None)
    has_percent = fields.Boolean(readonly=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    explanation = fields.Char(help="What is wrong.")
    remedy = fields.Char(readonly=True, string="What Clears It")
    fingerprint = fields.Char(readonly=True, copy=False, help="Hash of the facts it was decided on.")
    opened_at = fields.Datetime(default=fields.Datetime.now, readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    expires_on = fields.Date(help="A hold that a person opened ends by itself after this day.")
    age_hours = fields.Float(compute="_compute_age_hours", aggregator=None)
    release_code = fields.Selection(RELEASE_CODES, copy=False)
    release_reason = fields.Char(copy=False, tracking=True)
    released_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_by_ids = fields.Many2many(
        "res.users", "milepost_hold_approval", "hold_id", "user_id", readonly=True, copy=False,
        help="Agreed to the release; above a limit a second person must agree.",
    )  # fmt: skip
    touched_by_ids = fields.Many2many(
        "res.users", "milepost_hold_touched", "hold_id", "user_id", readonly=True, copy=False,
        help="Created or edited what the hold is about, and so cannot release it.",
    )  # fmt: skip
    audit_ids = fields.One2many("milepost.hold.audit", "hold_id", readonly=True)
    audit_head = fields.Char(readonly=True, copy=False)
    audit_count = fields.Integer(readonly=True, copy=False)

    _amount_positive = models.Constraint("CHECK (amount >= 0)", "A hold's amount is not negative.")
    # One hold per side, reason and subject of one shipment (or unmatched carrier invoice).
    _decided_unique = models.UniqueIndex(
        "(COALESCE(shipment_id, 0), COALESCE(carrier_invoice_id, 0), side, reason, subject)"
        " WHERE NOT is_manual",
        "This hold exists already.",
    )
    _open_index = models.Index("(company_id, side, reason) WHERE is_open")

    @api.depends("state", "severity", "shadow")
    def _compute_is_open(self):
        for hold in self:
            hold.is_open = hold.state in OPEN_STATES
            hold.is_blocking = not hold.shadow and holds.blocks(hold.state, hold.severity)

    @api.depends("opened_at", "closed_at")
    def _compute_age_hours(self):
        now = fields.Datetime.now()
        for hold in self:
            end = hold.closed_at or now
            hold.age_hours = (end - hold.opened_at).total_seconds() / 3600 if hold.opened_at else 0

    @api.depends("reason", "shipment_id.name", "carrier_invoice_id.number")
    def _compute_display_name(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for hold in self:
            what = hold.shipment_id.name or hold.carrier_invoice_id.number or ""
            hold.display_name = f"{what}: {labels.get(hold.reason, '')}"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                self._refuse_verdict_fields(vals)
            if vals.get("shipment_id") and not vals.get("company_id"):
                shipment = self.env["milepost.shipment"].browse(vals["shipment_id"])
                vals["company_id"] = shipment.company_id.id
        created = super().create(vals_list)
        manual = created.filtered("is_manual")
        for hold in manual.sudo():
            hold.touched_by_ids = hold.create_uid
        created._audit("opened")
        manual.shipment_id._billing_changed()
        return created

    def write(self, vals):
        if not self.env.su:
            if set(vals) & VERDICT_FIELDS:
                raise AccessError(self.env._("A hold changes its state by its actions only."))
            own = {
                name for name in vals if name in self._fields and not name.startswith(("message", "activity"))
            }
            if own - WRITABLE - {"expires_on"}:
                raise AccessError(self.env._("Of a hold only its review can be written."))
            if "amount" in vals and any(not hold.is_manual for hold in self):
                raise AccessError(self.env._("The amount of this hold follows from the facts."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _never_delete(self):
        raise UserError(self.env._("A hold is kept for ever: it is part of the audit."))

    def _refuse_verdict_fields(self, vals):
        """State and who released are written by the actions, which check the authority."""
        refused = {"state", "released_by_id", "approved_by_ids", "closed_at", "opened_at", "fingerprint"}
        refused |= {"is_manual", "shadow", "audit_head", "touched_by_ids", "carrier_invoice_id"}
        if refused & set(vals):
            raise AccessError(self.env._("A hold changes its state by its actions only."))
        reason = vals.get("reason", "manual")
        if reason.upper() not in holds.MANUAL_REASONS:
            raise AccessError(self.env._("“%s” is decided by the rules, not by people.", reason))

    def _blocking(self):
        """The holds that keep a customer's invoice from being made and posted."""
        return self.filtered(lambda hold: hold.is_blocking and hold.side == "ar")

    def _explain(self):
        """One line per hold, for the message of a refusal."""
        return "\n".join(f"• {hold.display_name}: {hold.explanation or ''}".rstrip(": ") for hold in self)

    @api.model
    def _expire(self):
        """Close what people opened until a day that is over; called by the cron."""
        due = self.search(
            [
                ("is_open", "=", True),
                ("expires_on", "<", fields.Date.context_today(self)),
            ]
        )
        due.write({"state": "expired", "closed_at": fields.Datetime.now()})
        due._audit("expired")
        due.shipment_id._billing_changed()

    def _audit(self, event, **data):
        self.env["milepost.hold.audit"].sudo()._append({hold: (event, data) for hold in self})
        self._notify_boards()
