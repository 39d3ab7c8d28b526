from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .milepost_issue_follow import TRANSPORT


class MilepostIssue(models.Model):
    """Work that somebody has to do: what is wrong, whose it is, by when, and what became of it.

    Rules and facts open and close issues (`_follow`), people report them (`_report`); people own,
    acknowledge, snooze, close. What an issue was acknowledged on is its `fingerprint`: when that
    changes, it is open again. An addon adds a kind to `kind` and opens issues of it with a `subject`
    of its own.
    """

    _name = "milepost.issue"
    _description = "Issue"
    _inherit = ["mail.thread", "mail.activity.mixin", "milepost.issue.work", "milepost.issue.follow"]
    _check_company_auto = True
    _order = "due_at, id"
    _mail_post_access = "read"

    shipment_id = fields.Many2one(
        "milepost.shipment", readonly=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    kind = fields.Selection(
        [
            ("exception", "Exception"),
            ("refused", "Order Refused"),
            ("differs", "Order Differs"),
            ("late", "Late"),
            ("unanswered", "Order Unanswered"),
            ("silent", "Silent"),
            ("report", "Reported Problem"),
        ],
        required=True,
        readonly=True,
    )
    subject = fields.Char(
        default=TRANSPORT, required=True, readonly=True, help="What of the shipment is meant."
    )
    reason = fields.Char(readonly=True, help="The code of what is wrong, where there is one.")
    summary = fields.Char(readonly=True, help="What is wrong, as a person reported it.")
    what = fields.Char(string="What Is Wrong", compute="_compute_what")
    next_step = fields.Char(compute="_compute_what")
    fingerprint = fields.Char(readonly=True, copy=False)
    is_manual = fields.Boolean(readonly=True, help="A person reported it: the facts do not close it.")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("acknowledged", "Acknowledged"),
            ("snoozed", "Snoozed"),
            ("closed", "Closed"),
        ],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Owner", readonly=True, copy=False, tracking=True, index=True
    )
    opened_at = fields.Datetime(default=fields.Datetime.now, required=True, readonly=True, copy=False)
    due_at = fields.Datetime(readonly=True, copy=False, help="By when somebody must have dealt with it.")
    is_due = fields.Boolean(compute="_compute_is_due", search="_search_is_due")
    acknowledged_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    acknowledged_at = fields.Datetime(readonly=True, copy=False)
    snoozed_until = fields.Datetime(
        readonly=True, copy=False, help="Empty while it sleeps until the next event."
    )
    snoozed_rev = fields.Integer(
        readonly=True, copy=False, help="The shipment's revision when it fell asleep."
    )
    escalated_at = fields.Datetime(readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False, help="Empty: the facts closed it.")
    partner_id = fields.Many2one(related="shipment_id.partner_id", string="Customer")
    reported_by_id = fields.Many2one(
        "res.partner", readonly=True, help="Who reported it.", check_company=True
    )

    _open_unique = models.UniqueIndex(
        "(COALESCE(shipment_id, 0), kind, subject) WHERE is_manual IS NOT TRUE AND state <> 'closed'"
        " AND subject <> 'transport'",
        "This issue is open already.",
    )
    _transport_unique = models.UniqueIndex(
        "(shipment_id) WHERE subject = 'transport' AND state <> 'closed'",
        "The shipment has an open issue already.",
    )
    _open_index = models.Index("(company_id, state, due_at) WHERE state <> 'closed'")

    @api.depends("kind", "reason", "summary", "shipment_id")
    @api.depends_context("lang")
    def _compute_what(self):
        silence = self.filtered(lambda issue: issue.kind == "silent").shipment_id._silence()
        for issue in self:
            issue.what = issue._what_text()
            why = silence.get(issue.shipment_id) if issue.kind == "silent" else None
            if why:
                issue.what = f"{issue.what}: {why['what']}"
            issue.next_step = why["step"] if why else issue._next_text()

    def _what_text(self):
        """What is wrong, in the reader's language."""
        self.ensure_one()
        if self.summary:
            return self.summary
        fields_ = self.env["milepost.shipment"]._fields
        if self.kind == "exception":
            codes = dict(fields_["exception_code"]._description_selection(self.env))
            return codes.get(self.reason, self.reason or "")
        if self.kind == "differs":
            order = self.shipment_id._differing_order()
            said = order.difference_said if order.difference == self.reason else False
            differences = dict(order._fields["difference"]._description_selection(self.env))
            return ": ".join(filter(None, (differences.get(self.reason), said)))
        if self.kind in ("unanswered", "refused"):
            return {
                "receipt": self.env._("No receipt of the order"),
                "answer": self.env._("No answer to the order"),
                "status": self.env._("No news since the order"),
                "rejected": self.env._("The partner refused the order"),
                "declined": self.env._("The carrier declined the load"),
                "change_rejected": self.env._("The partner refused the change of the order"),
                "cancellation_rejected": self.env._("The partner refused the cancellation"),
            }.get(self.reason, self.reason or "")
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def _next_text(self):
        """What to do about it next."""
        self.ensure_one()
        if self.kind == "late" and not (self.shipment_id.order_state or self.shipment_id.last_heard_at):
            return self.env._("Order the transport, or connect the shipment: nobody was told of it")
        if self.kind == "differs":
            return self.shipment_id._differing_order().repair_label or ""
        return {
            "delayed": self.env._("Ask the carrier for a new time, and tell the customer"),
            "delivery_attempted": self.env._("Agree a new delivery time with the consignee"),
            "customs_hold": self.env._("Send the customs broker what is missing"),
            "refused": self.env._("Ask the customer why, and decide where the goods go"),
            "partially_delivered": self.env._("Find out what is missing"),
            "returned": self.env._("Receive the goods, and agree with the customer what follows"),
            "damaged": self.env._("Get photos and a proof with remarks"),
            "lost": self.env._("Start a search with the carrier"),
            "late": self.env._("Ask the carrier for an ETA, and tell the customer"),
            "silent": self.env._("Ask the carrier where the goods are"),
            "receipt": self.env._("Ask the partner whether the order arrived, and send it again"),
            "answer": self.env._("Ask the carrier whether it takes the load"),
            "status": self.env._("Ask the carrier whether the goods were picked up"),
            "declined": self.env._("Choose another shipping method on the transfer, and order the transport"),
            "rejected": self.env._("Read the reason on the order, mend it, and send it again"),
            "change_rejected": self.env._("The order before it stands: agree the change with the partner"),
            "cancellation_rejected": self.env._("Call the partner: the goods may be fetched all the same"),
            "report": self.env._("Answer whoever reported it"),
        }.get(self.reason if self.kind in ("exception", "unanswered", "refused") else self.kind, "")

    @api.depends("what", "shipment_id.name")
    def _compute_display_name(self):
        for issue in self:
            issue.display_name = ": ".join(filter(None, (issue.shipment_id.name, issue.what)))

    @api.depends("due_at", "state")
    def _compute_is_due(self):
        now = fields.Datetime.now()
        for issue in self:
            issue.is_due = bool(issue.state != "closed" and issue.due_at and issue.due_at < now)

    def _search_is_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        due = Domain("state", "!=", "closed") & Domain("due_at", "<", fields.Datetime.now())
        return Domain.OR([due if wanted else ~due for wanted in value])

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._("Issues are opened by what happens, or reported; not created by hand.")
            )
        return super().create(vals_list)

    def write(self, vals):
        own = {name for name in vals if name in self._fields and not name.startswith(("message", "activity"))}
        if own and not self.env.su:
            raise AccessError(self.env._("An issue changes by its actions only."))
        return super().write(vals)
