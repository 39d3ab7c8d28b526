from odoo import api, fields, models
from odoo.exceptions import AccessError

# Written by the validation and the billing run alone.
BILLING_FIELDS = frozenset({
    "billing_rev", "policy_id", "billing_state", "billing_ready_at", "billing_due_at",
    "pod_validated_at", "charges_final_at", "ever_held", "supply_date", "billing_value",
    "billable_amount", "invoiced_amount", "held_amount", "waiting_amount", "absorbed_amount",
    "expected_cost", "approved_cost", "posted_at", "accrued_amount",
})  # fmt: skip


class MilepostShipment(models.Model):
    """The money of a shipment: its policy, what is billable, and what keeps it from being billed."""

    _inherit = "milepost.shipment"

    billing_rev = fields.Integer(readonly=True, copy=False, default=-1, aggregator=None)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, precompute=True
    )
    carrier_partner_id = fields.Many2one("res.partner", string="Carrier Company", index="btree_not_null")
    service = fields.Char()
    distance = fields.Float(digits=(16, 2), help="In the unit of the carrier's contract.")
    transit_days = fields.Integer()
    customer_reference = fields.Char(copy=False)

    policy_id = fields.Many2one(
        "milepost.billing.policy", readonly=True, copy=False,
        help="The most specific billing policy; empty: the careful defaults.",
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
    )
    billing_ready_at = fields.Datetime(string="Ready to Bill Since", readonly=True, copy=False)
    billing_due_at = fields.Datetime(string="Billing Cut-off", readonly=True, copy=False)
    pod_validated_at = fields.Datetime(string="POD Validated", readonly=True, copy=False)
    charges_final_at = fields.Datetime(readonly=True, copy=False)
    posted_at = fields.Datetime(string="Invoice Posted", readonly=True, copy=False)
    ever_held = fields.Boolean(readonly=True, copy=False)
    supply_date = fields.Date(readonly=True, copy=False, help="Day of delivery where the site is.")
    billing_value = fields.Monetary(string="Value", readonly=True, copy=False)
    billable_amount = fields.Monetary(string="Billable", readonly=True, copy=False)
    invoiced_amount = fields.Monetary(string="Invoiced", readonly=True, copy=False)
    held_amount = fields.Monetary(string="Held", readonly=True, copy=False)
    waiting_amount = fields.Monetary(string="To Invoice", readonly=True, copy=False)
    absorbed_amount = fields.Monetary(string="Absorbed", readonly=True, copy=False)
    expected_cost = fields.Monetary(readonly=True, copy=False, currency_field="cost_currency_id")
    approved_cost = fields.Monetary(readonly=True, copy=False, currency_field="cost_currency_id")
    accrued_amount = fields.Monetary(readonly=True, copy=False, currency_field="cost_currency_id")
    cost_currency_id = fields.Many2one(related="company_id.currency_id")
    billable_ids = fields.One2many("milepost.billable", "shipment_id", readonly=True)
    expected_charge_ids = fields.One2many("milepost.expected.charge", "shipment_id")
    carrier_invoice_ids = fields.One2many("milepost.carrier.invoice", "shipment_id", readonly=True)
    claim_ids = fields.One2many("milepost.claim", "shipment_id")
    payment_state = fields.Selection(
        [("none", "Not Invoiced"), ("open", "Open"), ("partial", "Partly Paid"), ("paid", "Paid")],
        compute="_compute_payment_state",
    )

    _billing_dirty = models.Index("(id) WHERE billing_rev <> rev")
    _billing_due = models.Index("(company_id, billing_due_at) WHERE billing_state = 'ready'")

    @api.depends("sale_order_ids.currency_id", "company_id")
    def _compute_currency_id(self):
        for shipment in self:
            shipment.currency_id = (
                shipment.sale_order_ids[:1].currency_id or shipment.company_id.currency_id
            )

    @api.depends("invoice_ids.payment_state", "invoice_ids.state")
    def _compute_payment_state(self):
        for shipment in self:
            states = set(
                shipment.sudo()
                .invoice_ids.filtered(lambda m: m.state == "posted" and m.move_type == "out_invoice")
                .mapped("payment_state")
            )
            if not states:
                shipment.payment_state = "none"
            elif states <= {"paid", "in_payment", "reversed"}:
                shipment.payment_state = "paid"
            else:
                shipment.payment_state = "open" if states == {"not_paid"} else "partial"

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_billing_fields({name for vals in vals_list for name in vals})
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_billing_fields(set(vals))
        result = super().write(vals)
        inputs = {
            "picking_ids", "sale_order_ids", "partner_id", "carrier_id", "carrier_partner_id",
            "service", "distance", "transit_days", "customer_reference",
        }  # fmt: skip
        if inputs & set(vals):
            self._billing_changed()
        return result

    def _refuse_billing_fields(self, names):
        if not self.env.su and BILLING_FIELDS & names:
            raise AccessError(self.env._("What is billed of a shipment follows from its facts."))

    def _billing_changed(self):
        """Have the next validation look at the shipments; facts do so by themselves (`rev`)."""
        if self:
            self.sudo().with_context(tracking_disable=True).write({"billing_rev": -1})
            self.env.ref("milepost.cron_billing_validation").sudo()._trigger()

    def action_validate_billing(self):
        """Decide again now, for the button on the form."""
        self.check_access("read")
        self.env["milepost.billing"].sudo()._validate(self.sudo())

    def action_view_holds(self):
        return self._action_view("milepost.hold", self.hold_ids, self.env._("Holds"))

    def action_view_carrier_invoices(self):
        return self._action_view(
            "milepost.carrier.invoice", self.carrier_invoice_ids, self.env._("Carrier Invoices")
        )
