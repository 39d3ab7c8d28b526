from odoo import api, fields, models

from ..billing import money_split
from ..billing.decimals import decimal
from ..billing.money import ZERO, rounded
from ..by_rule import Rule, is_writing

BUCKETS = ("billable", "invoiced", "held", "waiting", "absorbed")
BILLING_KINDS = ("proof_of_delivery", "charge", "carrier_invoice", "retraction")
BILLING_MILESTONES = ("delivered", "partially_delivered", "refused", "returned", "cancelled")
# What the decision about a shipment's money depends on, beside facts.
BILLING_INPUTS = frozenset({
    "picking_ids", "sale_order_ids", "partner_id", "carrier_id", "carrier_partner_id", "service",
    "distance", "transit_days", "customer_reference",
})  # fmt: skip


class MilepostShipment(models.Model):
    """The money of a shipment: its policy, what is billable, and what keeps it from being billed."""

    _inherit = "milepost.shipment"

    invoice_ids = fields.Many2many(
        "account.move", "milepost_shipment_move", "shipment_id", "move_id",
        string="Invoices", copy=False, check_company=True,
    )  # fmt: skip
    invoice_count = fields.Integer(compute="_compute_invoice_count", compute_sudo=True)
    charge_ids = fields.One2many("milepost.charge", "shipment_id")
    hold_ids = fields.One2many("milepost.hold", "shipment_id")
    open_hold_count = fields.Integer(compute="_compute_open_hold_count")
    claim_ids = fields.One2many("milepost.claim", "shipment_id")
    billing_rev = fields.Integer(readonly=True, copy=False, default=-1, aggregator=None, derived="billing")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", store=True, precompute=True)
    carrier_partner_id = fields.Many2one(
        "res.partner", string="Carrier Company", index="btree_not_null", check_company=True
    )
    service = fields.Char()
    distance = fields.Float(digits=(16, 2), help="In the unit of the carrier's contract.")
    transit_days = fields.Integer()
    customer_reference = fields.Char(copy=False)

    policy_id = fields.Many2one(
        "milepost.billing.policy", readonly=True, copy=False,
        help="The most specific billing policy. Empty: the built-in conservative one.",
        derived="billing", check_company=True,
    )  # fmt: skip
    policy_version_id = fields.Many2one(
        "milepost.policy.version", readonly=True, copy=False, groups="milepost_billing.group_billing_analyst",
        help="The rules as they were applied last; frozen with the posted invoice.",
        derived="billing", check_company=True,
    )  # fmt: skip
    billing_state = fields.Selection(
        [
            ("waiting", "Not Delivered"),
            ("held", "Held"),
            ("ready", "Ready to Bill"),
            ("invoiced", "Invoiced"),
            ("nothing", "Nothing to Bill"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        derived="billing",
    )
    billing_ready_at = fields.Datetime(
        string="Ready to Bill Since", readonly=True, copy=False, derived="billing"
    )
    billing_due_at = fields.Datetime(string="Billing Cut-off", readonly=True, copy=False, derived="billing")
    pod_validated_at = fields.Datetime(string="POD Validated", readonly=True, copy=False, derived="billing")
    charges_final_at = fields.Datetime(readonly=True, copy=False, derived="billing")
    posted_at = fields.Datetime(string="Invoice Posted", readonly=True, copy=False, derived="billing")
    ever_held = fields.Boolean(readonly=True, copy=False, derived="billing")
    supply_date = fields.Date(
        readonly=True, copy=False, help="Day of delivery where the site is.", derived="billing"
    )
    billing_value = fields.Monetary(string="Value", readonly=True, copy=False, derived="billing")
    billable_amount = fields.Monetary(string="Billable", readonly=True, copy=False, derived="billing")
    invoiced_amount = fields.Monetary(string="Invoiced", readonly=True, copy=False, derived="billing")
    held_amount = fields.Monetary(string="Held", readonly=True, copy=False, derived="billing")
    waiting_amount = fields.Monetary(string="To Invoice", readonly=True, copy=False, derived="billing")
    absorbed_amount = fields.Monetary(string="Absorbed", readonly=True, copy=False, derived="billing")
    other_amounts = fields.Json(
        readonly=True, copy=False, derived="billing",
        help="The same of goods that were sold in other currencies: {currency: {bucket: decimal text}}.",
    )  # fmt: skip
    other_amounts_text = fields.Char(string="In Other Currencies", compute="_compute_other_amounts_text")
    expected_cost = fields.Monetary(
        readonly=True, copy=False, currency_field="cost_currency_id", derived="billing",
        groups="milepost_billing.group_cost_viewer",
    )  # fmt: skip
    approved_cost = fields.Monetary(
        readonly=True, copy=False, currency_field="cost_currency_id", derived="billing",
        groups="milepost_billing.group_cost_viewer",
    )  # fmt: skip
    accrued_amount = fields.Monetary(
        readonly=True, copy=False, currency_field="cost_currency_id", derived="billing",
        groups="milepost_billing.group_cost_viewer",
    )  # fmt: skip
    cost_currency_id = fields.Many2one(related="company_id.currency_id", string="Cost Currency")
    billable_ids = fields.One2many("milepost.billable", "shipment_id", string="Billable Items", readonly=True)
    expected_charge_ids = fields.One2many("milepost.expected.charge", "shipment_id")
    carrier_invoice_ids = fields.One2many(
        "milepost.carrier.invoice", "shipment_id", readonly=True, string="Carrier Bills"
    )
    proposal_ids = fields.One2many("milepost.proposal", "shipment_id", readonly=True)
    late_charge_ids = fields.One2many("milepost.late.charge", "shipment_id", readonly=True)
    expected_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="The pickup for which the contract's amounts were frozen.",
        derived="billing",
    )
    expected_faults = fields.Json(
        readonly=True, copy=False, derived="billing", groups="milepost_billing.group_cost_viewer"
    )
    sell_expected_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="The pickup for which the customer's prices were frozen.",
        derived="billing",
    )
    sell_expected_faults = fields.Json(readonly=True, copy=False, derived="billing")
    settled_cost = fields.Json(
        readonly=True,
        copy=False,
        help="Costs per charge type at the invoice.",
        derived="billing",
        groups="milepost_billing.group_cost_viewer",
    )
    pod_coverage = fields.Float(
        string="POD Coverage (%)", readonly=True, copy=False, aggregator="avg", derived="billing"
    )
    payment_state = fields.Selection(
        [("none", "Not Invoiced"), ("open", "Open"), ("partial", "Partly Paid"), ("paid", "Paid")],
        compute="_compute_payment_state",
    )

    _billing_dirty = models.Index("(id) WHERE billing_rev <> rev")
    _billing_due = models.Index("(company_id, billing_due_at) WHERE billing_state = 'ready'")

    @api.depends("hold_ids.state")
    def _compute_open_hold_count(self):
        for shipment in self:
            shipment.open_hold_count = len(shipment.hold_ids.filtered("is_open"))

    @api.depends("other_amounts")
    def _compute_other_amounts_text(self):
        for shipment in self:
            told = []
            for currency, parts in (shipment.other_amounts or {}).items():
                names = {
                    name: self._fields[f"{name}_amount"]._description_string(self.env) for name in BUCKETS
                }
                amounts = [f"{names[name]} {parts[name]}" for name in BUCKETS if decimal(parts[name])]
                told.append(f"{currency}: {', '.join(amounts)}")
            shipment.other_amounts_text = "; ".join(told) or False

    @api.depends("invoice_ids")
    def _compute_invoice_count(self):
        for shipment in self:
            shipment.invoice_count = len(shipment.invoice_ids)

    @api.depends("sale_order_ids.currency_id", "company_id")
    def _compute_currency_id(self):
        for shipment in self:
            shipment.currency_id = shipment.sale_order_ids[:1].currency_id or shipment.company_id.currency_id

    @api.depends("invoice_ids.payment_state", "invoice_ids.state")
    def _compute_payment_state(self):
        words = {"invoiced": "open", "partly_paid": "partial", "paid": "paid"}
        for shipment in self:
            invoices = shipment.sudo().invoice_ids.filtered(
                lambda move: move.state == "posted" and move.move_type == "out_invoice"
            )
            told = self.env["milepost.outbox"].sudo()._paid_state(invoices)
            shipment.payment_state = words[told] if invoices else "none"

    def write(self, vals):
        others = self.env["milepost.billable"].sudo()._sharing(self.sudo(), vals)
        with self._bounds_kept(vals):
            result = super().write(vals)
        if BILLING_INPUTS & set(vals) and not is_writing(self.env, Rule.VALIDATING):
            (self | others)._billing_changed()
        return result

    @api.model
    def _derived_message(self, writer):
        own = self.env._("Billing fields are computed from the facts and cannot be edited.")
        return own if writer == "billing" else super()._derived_message(writer)

    @api.model
    def _board_fields(self):
        return [*super()._board_fields(), "open_hold_count", "at_stake_amount"]

    def _facts_changed(self):
        super()._facts_changed()
        self._billing_changed()

    def _facts_stored(self, facts):
        """Somebody waits for the decision on these; positions and estimates are looked at in their minute."""
        super()._facts_stored(facts)
        if any(fact["kind"] in BILLING_KINDS or fact.get("code") in BILLING_MILESTONES for fact in facts):
            self.env["milepost.billing"]._wake()

    def _buckets(self, released, currency=None):
        """The shipment's money of one currency by where it is; an error when some appeared or vanished.

        :param currency: the shipment's own by default
        """
        self.ensure_one()
        rows = self.billable_ids.filtered(lambda row: row.currency_id == (currency or self.currency_id))
        return money_split.buckets(
            sum((decimal(row.amount) for row in rows), ZERO),
            sum((decimal(row.invoiced_amount) for row in rows), ZERO),
            sum((decimal(row.absorbed_amount) for row in rows), ZERO),
            blocked=not released,
        )

    def _customers(self):
        """Whose goods it carries, its own customer first; [an empty partner] where nobody's are."""
        self.ensure_one()
        partners = self.partner_id | self.sale_order_ids.partner_id
        return list(partners) or [partners]

    def _bucket_values(self, released):
        """Where the shipment's money is, in its own currency and, apart from it, in others."""
        parts = self._buckets(released)
        others = (self.billable_ids.currency_id - self.currency_id).sorted("name")
        return {
            **{f"{name}_amount": float(getattr(parts, name)) for name in BUCKETS},
            "other_amounts": {
                one.name: {
                    name: str(rounded(getattr(self._buckets(released, one), name), one.decimal_places))
                    for name in BUCKETS
                }
                for one in others
            } or False,
        }  # fmt: skip

    def _is_to_document(self):
        """Whether a run could bill or credit something of what is open."""
        return any(row._is_to_document() for row in self.billable_ids.filtered("open_amount"))

    def _recount_money(self):
        """After a document was made, posted or cancelled; the next validation looks at the rest."""
        if not self:
            return
        rows = self.sudo().billable_ids
        rows._count_invoiced()
        rows.sale_line_id._milepost_release()
        for shipment in self.sudo().with_context(tracking_disable=True):
            released = bool(shipment.billable_ids) and all(shipment.billable_ids.mapped("released"))
            values = shipment._bucket_values(released)
            if released:
                if shipment._is_to_document():
                    values["billing_state"] = "ready"
                else:
                    invoiced = any(shipment.billable_ids.mapped("invoiced_amount"))
                    values["billing_state"] = "invoiced" if invoiced else "nothing"
                    values["billing_due_at"] = False
            values = {
                name: value for name, value in values.items() if (shipment[name] or False) != (value or False)
            }
            if values:
                shipment.write(values)
        self._billing_changed()

    def _billing_changed(self):
        """Have the next validation look at the shipments; facts do so by themselves (`rev`)."""
        if self:
            self.sudo().with_context(tracking_disable=True).write({"billing_rev": -1})
            self.env["milepost.billing"]._wake()

    def action_validate_billing(self):
        """Decide again now, for the button on the form."""
        self.check_access("read")
        # The cron may be deciding about them just now: who comes second is run again.
        self.sudo()._claim_for_invoice()
        self.env["milepost.billing"].sudo()._validate(self.sudo())

    def action_evidence(self):
        """Download what proves the shipment and its invoices."""
        return self.env["milepost.evidence"]._download(self)

    def action_view_invoices(self):
        return self._action_view("account.move", self.invoice_ids, self.env._("Invoices"))

    def action_view_holds(self):
        return {
            **self._action_view("milepost.hold", self.hold_ids, self.env._("Invoice Holds")),
            "context": {"search_default_open": 1},
        }

    def action_view_carrier_invoices(self):
        return self._action_view(
            "milepost.carrier.invoice", self.carrier_invoice_ids, self.env._("Carrier Bills")
        )
