from zoneinfo import available_timezones

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..billing import policy


class MilepostBillingPolicy(models.Model):
    """What must be proven before money moves. The most specific policy of a shipment counts.

    Without any policy the defaults of these fields apply: they are the careful ones.
    """

    _name = "milepost.billing.policy"
    _description = "Billing Policy"
    _check_company_domain = models.check_company_domain_parent_of
    _check_company_auto = True
    _inherit = ["mail.thread", "milepost.touched", "milepost.billing.policy.rules"]
    _mail_post_access = "read"
    _order = "sequence, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    mode = fields.Selection(
        [("enforce", "Enforce"), ("shadow", "Shadow: decide and record, block nothing")],
        default="enforce",
        required=True,
        tracking=True,
    )

    partner_ids = fields.Many2many(
        "res.partner", string="Customers", check_company=True,
        help="Empty: any. Counts for their addresses too.",
    )  # fmt: skip
    carrier_id = fields.Many2one("delivery.carrier", string="Shipping Method", check_company=True)
    service = fields.Char(help="Service level of the shipment; empty: any.")
    value_from = fields.Monetary(help="Least value of the shipment; 0: any.")
    value_to = fields.Monetary(help="Greatest value of the shipment; 0: any.")
    valid_from = fields.Date()
    valid_to = fields.Date()

    pod_gate = fields.Selection(
        [
            ("pod", "Validated Proof of Delivery"),
            ("pod_or_delivered", "Proof of Delivery, or the Status Delivered"),
        ],
        string="Proof",
        default="pod",
        required=True,
        tracking=True,
    )
    pod_auto_validate = fields.Boolean(
        string="Validate by Checks", default=True, help="Otherwise a person validates each proof."
    )
    pod_need_signer = fields.Boolean(string="Consignee's Name", default=True)
    pod_need_signature = fields.Boolean(string="Signature", default=True)
    pod_need_document = fields.Boolean(string="Document", default=True)
    pod_need_quantities = fields.Boolean(string="Quantities")
    pod_early_minutes = fields.Integer(string="Minutes Before Arrival", default=15)
    pod_future_minutes = fields.Integer(string="Minutes Into the Future", default=5)
    pod_radius_miles = fields.Float(string="Site Radius (mi)", default=1.0)
    pay_needs_pod = fields.Boolean(string="Pay Against Proof")
    reference_required = fields.Boolean(string="Customer Reference Required")
    quantity_policy = fields.Selection(
        [
            ("accepted", "What Was Accepted"),
            ("shipped", "What Was Shipped"),
            ("good", "What Was Accepted Undamaged"),
        ],
        default="accepted",
        required=True,
    )
    damage_allowance_percent = fields.Float(
        string="Damage Allowance (%)", help="Price reduction for damaged goods that are kept."
    )

    limit_ids = fields.One2many("milepost.billing.limit", "policy_id", string="Charge Types", copy=True)
    over_amount = fields.Monetary(string="Over (Amount)", tracking=True)
    over_percent = fields.Float(string="Over (%)", tracking=True)
    under_amount = fields.Monetary(string="Under (Amount)")
    under_percent = fields.Float(string="Under (%)", default=10.0)
    document_amount = fields.Monetary(string="Document (Amount)", tracking=True)
    document_percent = fields.Float(string="Document (%)", tracking=True)
    cumulative_amount = fields.Monetary(string="All Invoices (Amount)", tracking=True)
    cumulative_percent = fields.Float(string="All Invoices (%)", tracking=True)
    auto_approve_amount = fields.Monetary(
        string="Unexpected up to", help="A charge that nobody expected passes up to this amount."
    )
    tax_tolerance = fields.Monetary(default=0.05)
    claim_offsets = fields.Boolean(help="The contract allows to hold freight while a claim is open.")

    bill_told_charges = fields.Boolean(
        string="Bill the Partner's Sell Charges", default=True,
        help="Sell charges that the transport system names are invoiced beside the sales order.",
    )  # fmt: skip
    pass_through_basis = fields.Selection(
        [("actual", "What the Carrier Billed"), ("expected", "What the Contract Says")],
        default="actual",
        required=True,
    )
    pass_through_pending = fields.Selection(
        [("hold", "Hold the Shipment"), ("bill_rest", "Bill the Rest, a Debit Note Follows")],
        default="hold",
        required=True,
    )
    markup_percent = fields.Float(string="Markup (%)")
    rebill_threshold = fields.Monetary(default=25.0)
    late_window_days = fields.Integer(default=180)

    analyst_amount = fields.Monetary(default=250.0, tracking=True)
    analyst_percent = fields.Float(default=5.0, tracking=True)
    manager_amount = fields.Monetary(default=2500.0, tracking=True)
    four_eyes_amount = fields.Monetary(string="Two People Above", default=2500.0, tracking=True)

    consolidation = fields.Selection(
        [
            ("partner", "One Invoice per Customer"),
            ("order", "One Invoice per Sales Order"),
            ("shipment", "One Invoice per Shipment"),
        ],
        default="partner",
        required=True,
    )
    auto_post = fields.Boolean(string="Post Invoices", default=True)
    cutoff_every = fields.Selection(
        [
            ("immediate", "At Once"),
            ("day", "Every Day"),
            ("week", "Every Week"),
            ("month", "Every Month"),
        ],
        string="Cut-off",
        default="immediate",
        required=True,
    )
    cutoff_time = fields.Float(string="Time", default=18.0)
    cutoff_zone = fields.Char(string="Time Zone", help="Empty: the customer's, else the company's.")
    cutoff_weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        string="Weekday",
        default="4",
    )
    cutoff_month_day = fields.Integer(string="Day of the Month", default=31)

    accrual_point = fields.Selection(
        [("pickup", "Pickup"), ("delivery", "Delivery"), ("transit", "Share of the Transit")],
        default="delivery",
        required=True,
    )
    accrual_review_days = fields.Integer(default=60)

    _period = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)",
        "A policy ends on its first day or later.",
    )
    _percent_positive = models.Constraint(
        "CHECK (over_percent >= 0 AND document_percent >= 0 AND cumulative_percent >= 0 "
        "AND under_percent >= 0 AND analyst_percent >= 0)",
        "A limit cannot be negative.",
    )

    @api.constrains("cutoff_zone", "cutoff_time", "cutoff_month_day")
    def _check_cutoff(self):
        for record in self:
            if record.cutoff_zone and record.cutoff_zone not in available_timezones():
                raise ValidationError(self.env._("“%s” is not a time zone.", record.cutoff_zone))
            if not 0 <= record.cutoff_time < 24:
                raise ValidationError(self.env._("The cut-off must be a time of the day."))
            if not 1 <= record.cutoff_month_day <= 31:
                raise ValidationError(self.env._("The day of the month must be 1 to 31."))

    @api.model
    def _careful_default(self, company):
        """The policy where none was configured; it has no database row."""
        return self.new({"name": self.env._("Default"), "company_id": company.id})

    @api.model
    def _resolve(self, cases):
        """The policies of many shipments with one search.

        :param cases: {shipment id: (company, billing.policy.Case)}
        :return: {shipment id: policy record}
        """
        companies = {company for company, _case in cases.values()}
        domain = [("company_id", "parent_of", [company.id for company in companies])]
        found = self.sudo().search_fetch(domain).grouped("company_id")
        rules = {company: [one._conditions() for one in own] for company, own in found.items()}
        defaults = {company: self._careful_default(company) for company in companies}
        result = {}
        for key, (company, case) in cases.items():
            # A branch's own policy comes before those that it inherits.
            levels = (policy.resolve(rules.get(one, ()), case) for one in reversed(company.sudo().parent_ids))
            number = next(filter(None, levels), None)
            result[key] = self.browse(number) if number else defaults[company]
        return result

    def action_backtest(self):
        """Try a changed copy of the policy on past shipments."""
        self.ensure_one()
        test = self.env["milepost.backtest"]._propose(self)
        return {
            "type": "ir.actions.act_window", "res_model": test._name, "res_id": test.id,
            "view_mode": "form", "name": self.env._("Back-Test"),
        }  # fmt: skip
