from odoo import api, fields, models
from odoo.addons.milepost.arguments import record_of
from odoo.addons.milepost.ingestion.tables import utc
from odoo.exceptions import AccessError, UserError

from .. import codes

# Bills that still ask for money.
LIVE_STATES = ("received", "held", "partial", "payable")
# Written by the validation; people act by actions.
DECIDED_STATES = [
    ("received", "Received"),
    ("held", "Held"),
    ("partial", "Partly Payable"),
    ("payable", "Payable"),
    ("superseded", "Replaced"),
    ("rejected", "Rejected"),
]


class MilepostCarrierInvoice(models.Model):
    """A carrier's bill as it was received, and what was decided of it.

    What it says is a fact and never changes. Its match, its verdicts and its holds follow from the
    facts at each validation.
    """

    _name = "milepost.carrier.invoice"
    _description = "Carrier Bill"
    _check_company_auto = True
    _inherit = [
        "milepost.fact",
        "mail.thread",
        "mail.activity.mixin",
        "milepost.carrier.invoice.dispute",
        "milepost.carrier.invoice.booking",
    ]
    _mail_post_access = "read"
    _order = "bill_date desc, id desc"
    _rec_name = "number"
    _fact_kind = "carrier_invoice"
    _fact_moment = "COALESCE(delivered_at, ship_date::timestamp)"
    # A bill was matched by more than its names, and may be booked: people move it.
    _fact_follows_names = False

    number = fields.Char(required=True, readonly=True, index="trigram", fact=True)
    pro = fields.Char(string="PRO Number", readonly=True, fact=True)
    pro_base = fields.Char(
        readonly=True, help="PRO number normalised: no separators, leading zeros or lower case."
    )
    number_base = fields.Char(
        readonly=True, help="Bill number normalised: no separators, leading zeros or lower case."
    )
    corrects_base = fields.Char(
        readonly=True, help="Number of the bill that it corrects, normalised likewise."
    )
    document = fields.Selection(
        [("invoice", "Invoice"), ("credit_note", "Credit Note")],
        required=True,
        readonly=True,
        fact=True,
    )
    correction = fields.Selection(
        [
            ("original", "Original"),
            ("correction", "Correction"),
            ("cancelled", "Cancellation"),
            ("rebill", "Rebill"),
            ("balance_due", "Balance Due"),
            ("adjustment", "Adjustment"),
        ],
        required=True,
        readonly=True,
        fact=True,
    )
    corrects = fields.Char(readonly=True, fact=True)
    carrier_scac = fields.Char(string="SCAC", readonly=True, fact=True)
    carrier_name = fields.Char(readonly=True, fact=True)
    carrier_partner_id = fields.Many2one(
        "res.partner", string="Carrier", readonly=True, index="btree_not_null", check_company=True
    )
    bill_date = fields.Date(required=True, readonly=True, fact=True)
    due_date = fields.Date(readonly=True, fact=True)
    ship_date = fields.Date(readonly=True, fact=True)
    delivered_at = fields.Datetime(readonly=True, fact=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, fact=True)
    total = fields.Monetary(required=True, readonly=True, fact=True)
    lines = fields.Json(readonly=True, help="The lines as the carrier wrote them.", fact=True)
    line_ids = fields.One2many("milepost.carrier.invoice.line", "invoice_id", readonly=True)
    state = fields.Selection(
        DECIDED_STATES, default="received", required=True, readonly=True, index=True, fact=True
    )
    is_dirty = fields.Boolean(readonly=True, help="The next validation looks at it.", fact=True)

    matched_how = fields.Selection(
        [
            ("identifier", "Identifier"),
            ("pro", "Carrier and PRO"),
            ("reference", "Shipment Reference"),
            ("bol", "Bill of Lading and Date"),
            ("person", "Person"),
            ("none", "Not Matched"),
        ],
        readonly=True,
    )
    matched_by_id = fields.Many2one("res.users", readonly=True)
    duplicate_of_id = fields.Many2one("milepost.carrier.invoice", readonly=True, check_company=True)
    duplicate_kind = fields.Char(readonly=True)
    replaced_by_id = fields.Many2one(
        "milepost.carrier.invoice", readonly=True, index="btree_not_null", check_company=True
    )
    replaces_ids = fields.One2many("milepost.carrier.invoice", "replaced_by_id", readonly=True)

    contract_currency_id = fields.Many2one("res.currency", readonly=True)
    net_amount = fields.Monetary(readonly=True)
    tax_amount = fields.Monetary(readonly=True)
    compared_amount = fields.Monetary(
        currency_field="contract_currency_id", readonly=True,
        help="The net amount in the contract's currency, at the contract's date.",
    )  # fmt: skip
    exchange_difference = fields.Monetary(currency_field="contract_currency_id", readonly=True)
    expected_amount = fields.Monetary(currency_field="contract_currency_id", readonly=True)
    approved_amount = fields.Monetary(currency_field="contract_currency_id", readonly=True)
    disputed_amount = fields.Monetary(currency_field="contract_currency_id", readonly=True)
    dispute_booked_amount = fields.Monetary(
        readonly=True, help="Stands on the account of disputed freight, in the bill's currency."
    )
    credited_amount = fields.Monetary(
        currency_field="contract_currency_id", readonly=True,
        help="What later credits of the carrier took back of the disputed part.",
    )  # fmt: skip
    verdicts = fields.Json(readonly=True, help="Per charge type: expected, invoiced, what may be paid.")
    to_book_amount = fields.Monetary(
        currency_field="contract_currency_id", readonly=True, help="Approved and not booked yet."
    )
    approved_by_type = fields.Json(readonly=True)
    hold_ids = fields.One2many("milepost.hold", "carrier_invoice_id", readonly=True)
    bill_ids = fields.One2many("account.move", "milepost_carrier_invoice_id", readonly=True)
    taken_back_ids = fields.Many2many(
        "account.move", "milepost_carrier_invoice_taken_back", "invoice_id", "move_id", readonly=True,
        help="Bills that were reversed because another one replaced or cancelled this.", check_company=True,
    )  # fmt: skip
    first_decided_at = fields.Datetime(readonly=True)
    ever_held = fields.Boolean(readonly=True)

    _fact_unique = models.UniqueIndex(
        "(connection_id, key, shipment_id) NULLS NOT DISTINCT", "This fact is stored already."
    )
    _shipment_index = models.Index("(shipment_id)")
    _waiting_index = models.Index("USING gin (identifiers jsonb_path_ops) WHERE shipment_id IS NULL")
    _dirty_index = models.Index("(id) WHERE is_dirty")
    _pro_index = models.Index("(company_id, pro_base)")
    _number_index = models.Index("(company_id, number_base)")
    _corrects_index = models.Index("(company_id, corrects_base) WHERE corrects_base IS NOT NULL")

    @api.model
    def _prepare_fact_row(self, fact, context):
        delivered = fact.get("delivered")
        pros = [i["value"] for i in fact["identifiers"] if i["type"] == "pro"]
        return {
            **super()._prepare_fact_row(fact, context),
            **{
                name: fact.get(name)
                for name in (
                    "number", "document", "correction", "corrects", "carrier_scac", "carrier_name",
                    "bill_date", "due_date", "ship_date", "total", "lines",
                )
            },
            "pro": pros[0] if pros else fact["number"],
            "delivered_at": utc(delivered["at"]) if delivered else None,
            "currency_id": context.currencies[fact["currency"]],
            "state": "received",
            "is_dirty": True,
        }  # fmt: skip

    @api.model
    def _codes_in(self, fact):
        for line in fact["lines"]:
            yield from codes.codes_in_charge(line)
        if fact.get("carrier_scac"):
            yield "carrier", fact["carrier_scac"], fact.get("carrier_name")

    @property
    def _is_credit(self):
        return self.document == "credit_note" or self.total < 0

    def _holds_on_it(self):
        """The bill's own holds, and those that people put on every carrier's bill of its shipment."""
        self.ensure_one()
        shared = self.shipment_id.hold_ids.filtered(
            lambda hold: hold.side == "ap" and not hold.carrier_invoice_id
        )
        return self.hold_ids | shared

    def _billing_changed(self):
        """Have the next validation look at the invoices and at their shipments."""
        if self:
            self.sudo().with_context(tracking_disable=True).write({"is_dirty": True})
            self.shipment_id._billing_changed()
            self.env["milepost.billing"]._wake()

    def assign_shipment(self, shipment_id):
        """A person's answer to NO_MATCH and AMBIGUOUS."""
        if not self.env["milepost.hold"]._finance_role():
            raise AccessError(self.env._("Your role may not match carrier bills."))
        shipment = record_of(self.env, "milepost.shipment", shipment_id)
        shipment.check_access("read")
        self.check_access("read")
        for invoice in self:
            if invoice.company_id != shipment.company_id:
                raise UserError(self.env._("The shipment belongs to another company."))
            invoice.sudo().write(
                {
                    "shipment_id": shipment.id,
                    "matched_how": "person",
                    "matched_by_id": self.env.uid,
                }
            )
            self.env["milepost.retraction"].sudo()._follow(invoice.sudo())
        self._billing_changed()
        return True

    def action_reject(self):
        """The carrier is not paid for this bill at all."""
        if not self.env["milepost.hold"]._finance_role():
            raise AccessError(self.env._("Your role may not reject carrier bills."))
        for invoice in self.sudo():
            if invoice.bill_ids.filtered(lambda move: move.state == "posted"):
                raise UserError(self.env._("%s is booked already: reverse its bill instead.", invoice.number))
            invoice.state = "rejected"
            invoice.message_post(body=self.env._("Rejected by %s.", self.env.user.name))
        self._billing_changed()
        return True

    def action_validate_billing(self):
        """Decide again now, for the button on the form."""
        self.check_access("read")
        invoices = self.sudo()
        invoices.shipment_id._claim_for_invoice()
        self.env["milepost.payable"].sudo()._match_unmatched(invoices.filtered(lambda i: not i.shipment_id))
        self.env["milepost.billing"].sudo()._validate(invoices.shipment_id)
        self.env["milepost.payable"].sudo()._judge_unmatched(invoices.filtered(lambda i: not i.shipment_id))
        return True

    def action_view_bills(self):
        shipments = self.env["milepost.shipment"]
        return shipments._action_view("account.move", self.bill_ids, self.env._("Carrier Bills"))

    def action_evidence(self):
        """Download what proves or contests the bill."""
        return self.env["milepost.evidence"]._download(self)
