from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..billing import holds
from ..billing.decimals import decimal

AR_REASONS = [
    ("pod_missing", "POD Missing"),
    ("pod_invalid", "POD Invalid"),
    ("pod_revoked", "POD Revoked"),
    ("proof_due", "Billed Without Proof"),
    ("fact_ahead", "Told Ahead of Time"),
    ("qty_short", "Quantity Short"),
    ("qty_over", "Quantity Over"),
    ("qty_refused", "Quantity Refused"),
    ("damage", "Damage"),
    ("charge_pending", "Charge Pending"),
    ("rate_missing", "Rate Missing"),
    ("ref_missing", "Customer Reference Missing"),
    ("order_cancelled", "Order Cancelled After Delivery"),
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
# Of a hold that he opened himself a person may say this, until it is closed or somebody agreed to its release.
OWN = frozenset({"explanation", "amount", "expires_on"})
# Why it may go: said by whoever releases it, until somebody agreed.
GIVEN = frozenset({"release_code", "release_reason"})
# What a person says when he opens one; the rest follows from the facts or from the actions.
OPENING = OWN | {"shipment_id", "company_id", "side", "reason", "severity", "currency_id", "user_id"}


class MilepostHold(models.Model):
    """Money that waits: why, since when, and who let it go.

    The rules open and clear holds as the facts change; people release soft ones within their
    authority. Each step stands in the audit.
    """

    _name = "milepost.hold"
    _description = "Invoice Hold"
    _check_company_auto = True
    _inherit = [
        "mail.thread", "mail.activity.mixin", "milepost.hold.decision", "milepost.hold.words",
        "milepost.hold.people", "milepost.hold.release", "milepost.hold.fix", "milepost.hold.board",
    ]  # fmt: skip
    _mail_post_access = "read"
    _order = "opened_at desc, id desc"

    shipment_id = fields.Many2one("milepost.shipment", ondelete="restrict", index=True, check_company=True)
    carrier_invoice_id = fields.Many2one(
        "milepost.carrier.invoice",
        string="Carrier Bill",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(related="shipment_id.partner_id", store=True, string="Customer")
    policy_id = fields.Many2one("milepost.billing.policy", readonly=True, check_company=True)
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
    explanation = fields.Char(help="What is wrong, as it was decided.")
    remedy = fields.Char(readonly=True)
    fingerprint = fields.Char(readonly=True, copy=False, help="Hash of the facts it was decided on.")
    opened_at = fields.Datetime(default=fields.Datetime.now, readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    outlasted = fields.Boolean(
        readonly=True, copy=False, help="Was open still when its document was invoiced or paid."
    )
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
            # Carrier bills are for who may see costs; by their number everybody calls them.
            what = hold.shipment_id.name or hold.sudo().carrier_invoice_id.number or ""
            hold.display_name = f"{what}: {labels.get(hold.reason, '')}"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                self._check_opening(vals)
            if vals.get("shipment_id") and not vals.get("company_id"):
                shipment = self.env["milepost.shipment"].browse(vals["shipment_id"])
                vals["company_id"] = shipment.company_id.id
        created = super().create(vals_list)
        manual = created.filtered("is_manual")
        for hold in manual.sudo():
            hold.write({
                "touched_by_ids": [(4, hold.create_uid.id)],
                # The authority to release it is that of the shipment's policy, not of one that is named.
                "policy_id": hold.shipment_id.policy_id.id or hold.policy_id.id,
            })  # fmt: skip
        created._audit("opened")
        manual.shipment_id._billing_changed()
        return created

    def write(self, vals):
        if not self.env.su:
            self._check_writing(self._own_names(vals))
        return super().write(vals)

    def _own_names(self, vals):
        """The fields of the hold itself among them: notes and activities are everybody's."""
        return {
            name for name in vals if name in self._fields and not name.startswith(("message", "activity"))
        }

    def _check_writing(self, names):
        """What was decided is written by nobody; a person edits the hold that he opened, while it is open."""
        if names - OWN - GIVEN - {"user_id"}:
            raise AccessError(self.env._("A hold changes its state by its actions only."))
        for hold in self:
            undecided = hold.is_open and not hold.sudo().approved_by_ids
            if names & GIVEN and not undecided:
                raise AccessError(self.env._("The reason that was given for a decision stays as it is."))
            if names & OWN and not hold.is_manual:
                raise AccessError(
                    self.env._(
                        "The text and amount of this hold are computed from the facts and cannot be edited."
                    )
                )
            if names & OWN and not (undecided and hold.create_uid == self.env.user):
                raise AccessError(
                    self.env._("Only who opened a hold edits it, and only before it is decided.")
                )

    @api.ondelete(at_uninstall=False)
    def _never_delete(self):
        raise UserError(self.env._("Holds cannot be deleted: they belong to the audit trail."))

    def _check_opening(self, vals):
        """People open holds of their own reasons, with what is theirs to say."""
        if self._own_names(vals) - OPENING:
            raise AccessError(self.env._("A hold changes its state by its actions only."))
        reason = vals.get("reason", "manual")
        if reason.upper() not in holds.MANUAL_REASONS:
            raise AccessError(self.env._("“%s” is decided by the rules, not by people.", reason))
        if vals.get("severity") == "hard":
            raise AccessError(
                self.env._("A hold that a person opens can be released: choose soft or warning.")
            )

    def _clear(self, now):
        """The facts call for these no more; whether people had acted before is remembered with it.

        Instants alone would not tell: an invoice and the proof that comes after it may have one second.
        """
        for late, holds_ in self.grouped(lambda hold: hold._is_document_done()).items():
            holds_.write({"state": "auto_cleared", "closed_at": now, "outlasted": late})
        self._audit("auto_cleared")

    def _is_document_done(self):
        """Whether what the hold keeps back was invoiced or booked."""
        self.ensure_one()
        if self.side == "ap":
            return "posted" in self.carrier_invoice_id.bill_ids.mapped("state")
        return bool(self.shipment_id.posted_at)

    def _existing(self):
        """The hold as the rules see a stored one."""
        return holds.Existing(
            self.id, self.side, self.reason.upper(), self.subject or "", self.state,
            self.fingerprint or "", decimal(self.amount), self.is_manual,
            self.currency_id.decimal_places,
        )  # fmt: skip

    def _blocking(self):
        """The holds that keep a customer's invoice from being made and posted."""
        return self.filtered(lambda hold: hold.is_blocking and hold.side == "ar")

    @api.model
    def _expire(self):
        """Close what people opened until a day that is over; called by the cron."""
        due = self.search(
            [
                ("is_open", "=", True),
                ("is_manual", "=", True),
                ("expires_on", "<", fields.Date.context_today(self)),
            ]
        )
        due.write({"state": "expired", "closed_at": fields.Datetime.now()})
        due._audit("expired")
        due.shipment_id._billing_changed()

    def _audit(self, event, **data):
        self.env["milepost.hold.audit"].sudo()._append({hold: (event, data) for hold in self})
        # A dispute that opens or ends after the invoice is an outcome like a payment.
        disputed = self.filtered(lambda hold: hold.reason == "customer_dispute")
        self.env["milepost.outbox"]._tell_outcomes_later(disputed.shipment_id)
        self._notify_boards()
