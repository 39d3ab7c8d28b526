from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..billing import claims

OPEN_STATES = ("draft", "filed", "acknowledged")
# What a person says of a claim when he opens it; its steps are taken by actions.
OPENING = frozenset({
    "shipment_id", "user_id", "kind", "regime", "contract_file_days", "delivered_on", "amount", "late_reason",
    "company_id",
})  # fmt: skip
# Once it was filed, a claim is for what was filed; only its answer is written.
AFTER_FILING = frozenset({"user_id", "settled_amount"})


class MilepostClaim(models.Model):
    """Money asked of a carrier for goods that were lost, damaged or late, with the clocks that run."""

    _name = "milepost.claim"
    _description = "Freight Claim"
    _check_company_auto = True
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _mail_post_access = "read"
    _order = "file_by, id"

    name = fields.Char(readonly=True, copy=False, default="/")
    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, ondelete="restrict", index=True, check_company=True
    )
    proposal_id = fields.Many2one(
        "milepost.proposal", readonly=True, index="btree_not_null", check_company=True
    )
    company_id = fields.Many2one(related="shipment_id.company_id", store=True)
    currency_id = fields.Many2one(related="shipment_id.currency_id")
    carrier_partner_id = fields.Many2one(related="shipment_id.carrier_partner_id", store=True)
    user_id = fields.Many2one("res.users", string="Responsible", default=lambda self: self.env.user)
    kind = fields.Selection(
        [
            ("loss", "Loss"),
            ("damage", "Apparent Damage"),
            ("hidden_damage", "Hidden Damage"),
            ("delay", "Delay"),
        ],
        required=True,
        default="loss",
        tracking=True,
    )
    regime = fields.Selection(
        [("contract", "Contract"), ("carmack", "US Carmack"), ("cmr", "CMR")],
        required=True,
        default="contract",
        tracking=True,
        help="The contract's days come first; the law fills what it does not say.",
    )
    contract_file_days = fields.Integer(help="Days after the delivery in which the contract lets us claim.")
    delivered_on = fields.Date(compute="_compute_delivered_on", store=True, readonly=False, precompute=True)
    amount = fields.Monetary(required=True, tracking=True)
    settled_amount = fields.Monetary(
        copy=False, tracking=True, help="What the carrier grants, the claimed amount at most."
    )
    lost_amount = fields.Monetary(
        compute="_compute_lost_amount", help="Of a settled or declined claim what the carrier did not grant."
    )
    move_id = fields.Many2one(
        "account.move", string="Credit", readonly=True, copy=False, ondelete="restrict",
        help="What the carrier owes by the settlement: offset against its bills where the contract says so.", check_company=True,
    )  # fmt: skip
    state = fields.Selection(
        [
            ("draft", "To File"),
            ("filed", "Filed"),
            ("acknowledged", "Acknowledged"),
            ("settled", "Settled"),
            ("declined", "Declined"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    filed_on = fields.Date(readonly=True, copy=False)
    late_reason = fields.Char(copy=False, tracking=True, help="Why it is filed after its last day.")
    is_filed_late = fields.Boolean(compute="_compute_is_filed_late", store=True)
    notice_by = fields.Date(compute="_compute_clocks", store=True)
    file_by = fields.Date(compute="_compute_clocks", store=True)
    acknowledge_by = fields.Date(compute="_compute_clocks", store=True)
    decide_by = fields.Date(compute="_compute_clocks", store=True)
    is_too_late = fields.Boolean(compute="_compute_is_too_late", search="_search_is_too_late")

    _amount_positive = models.Constraint("CHECK (amount >= 0)", "A claim's amount is not negative.")
    _settled_bounded = models.Constraint(
        "CHECK (COALESCE(settled_amount, 0) BETWEEN 0 AND amount)",
        "A carrier grants between nothing and what was claimed.",
    )
    _proposal_unique = models.UniqueIndex(
        "(proposal_id) WHERE proposal_id IS NOT NULL", "This difference is claimed already."
    )

    @api.depends("shipment_id.delivered_at", "shipment_id.supply_date")
    def _compute_delivered_on(self):
        for claim in self:
            shipment = claim.shipment_id
            delivered = shipment.delivered_at or shipment.arrived_delivery_at
            claim.delivered_on = (
                claim.delivered_on or shipment.supply_date or (delivered.date() if delivered else False)
            )

    @api.depends("regime", "kind", "delivered_on", "filed_on", "contract_file_days")
    def _compute_clocks(self):
        for claim in self:
            clocks = claims.Clocks()
            if claim.delivered_on:
                clocks = claims.clocks(
                    claim.regime,
                    claim.kind,
                    claim.delivered_on,
                    claim.filed_on or None,
                    claim.contract_file_days or None,
                )
            claim.notice_by = clocks.notice_by
            claim.file_by = clocks.file_by
            claim.acknowledge_by = clocks.acknowledge_by
            claim.decide_by = clocks.decide_by

    @api.depends("state", "amount", "settled_amount")
    def _compute_lost_amount(self):
        for claim in self:
            answered = claim.state in ("settled", "declined")
            claim.lost_amount = claim.amount - claim.settled_amount if answered else 0

    @api.depends("filed_on", "file_by")
    def _compute_is_filed_late(self):
        for claim in self:
            claim.is_filed_late = bool(claim.filed_on and claim.file_by and claim.filed_on > claim.file_by)

    @api.depends("state", "file_by")
    def _compute_is_too_late(self):
        today = fields.Date.context_today(self)
        for claim in self:
            claim.is_too_late = claim.state == "draft" and bool(claim.file_by) and claim.file_by < today

    def _search_is_too_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wanted = (operator == "in") == (True in value)
        late = [("state", "=", "draft"), ("file_by", "<", fields.Date.context_today(self))]
        return late if wanted else ["!", "&", *late]

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and self._own_names(vals) - OPENING:
                raise AccessError(self.env._("A claim changes its state by its actions only."))
            if vals.get("name", "/") == "/":
                vals["name"] = self.env["ir.sequence"].next_by_code("milepost.claim") or "/"
        created = super().create(vals_list)
        created.shipment_id._billing_changed()
        return created

    def write(self, vals):
        if not self.env.su:
            self._check_writing(self._own_names(vals))
        result = super().write(vals)
        if {"state", "amount", "shipment_id"} & set(vals):
            self.shipment_id._billing_changed()
        return result

    def _own_names(self, vals):
        """The fields of the claim itself among them: notes and activities are everybody's."""
        return {
            name for name in vals if name in self._fields and not name.startswith(("message", "activity"))
        }

    def _check_writing(self, names):
        """What was filed and what was settled is history."""
        if names - OPENING - AFTER_FILING:
            raise AccessError(self.env._("A claim changes its state by its actions only."))
        for claim in self:
            if claim.state == "draft":
                continue
            if names - AFTER_FILING:
                raise UserError(self.env._("%s was filed: what it says stays as it is.", claim.name))
            if "settled_amount" in names and claim.state not in OPEN_STATES:
                raise UserError(self.env._("%s is closed: what was settled stays as it is.", claim.name))

    @api.model
    def _from_proposal(self, proposal):
        """The claim that a difference of quantities asks for."""
        kind = "damage" if proposal.reason.lower() == "damage" else "loss"
        return self.create(
            {
                "shipment_id": proposal.shipment_id.id,
                "proposal_id": proposal.id,
                "kind": kind,
                "amount": proposal.amount,
            }
        )

    def action_file(self):
        """File it; after its last day only with a word on why."""
        for claim in self.filtered("is_too_late"):
            if not claim.late_reason:
                raise UserError(self.env._(
                    "%(claim)s had to be filed by %(day)s: say in it why it is filed late.",
                    claim=claim.name, day=claim.file_by,
                ))  # fmt: skip
        self._step(("draft",), {"state": "filed", "filed_on": fields.Date.context_today(self)})

    def action_acknowledge(self):
        self._step(("filed",), {"state": "acknowledged"})

    def action_settle(self):
        for claim in self:
            if not claim.settled_amount:
                raise UserError(self.env._("Say in %s what the carrier grants.", claim.name))
            if not 0 < claim.settled_amount <= claim.amount:
                raise ValidationError(self.env._("A carrier grants between nothing and what was claimed."))
        self._step(("filed", "acknowledged"), {"state": "settled"})
        for claim in self.sudo():
            claim._book()

    def action_decline(self):
        self._step(("filed", "acknowledged"), {"state": "declined"})

    def _book(self):
        """A credit of the carrier for what he grants; offset against its open bills where the contract says so."""
        self.ensure_one()
        company, shipment = self.company_id, self.shipment_id
        account = company.milepost_freight_account_id
        self.move_id = self.env["account.move"].with_company(company).create({
            "move_type": "in_refund",
            "company_id": company.id,
            "partner_id": self.carrier_partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": fields.Date.context_today(self),
            "ref": self.name,
            "invoice_origin": shipment.name,
            "milepost_shipment_ids": [fields.Command.link(shipment.id)],
            "invoice_line_ids": [fields.Command.create({
                "product_id": self.env["milepost.billing.policy"]._charge_product(company).id,
                "name": self.env._("Claim %(claim)s, %(shipment)s", claim=self.name, shipment=shipment.name),
                "quantity": 1,
                "price_unit": self.settled_amount,
                "tax_ids": False,
                **({"account_id": account.id} if account else {}),
            })],
        })  # fmt: skip
        self.move_id._post(soft=False)
        self._offset_settled()

    def _offset_settled(self):
        """Set off what carriers granted and the contract allows to keep from their bills."""
        for claim in self.filtered(lambda one: one.move_id.payment_state in ("not_paid", "partial")):
            if claim.shipment_id._billing_policy().claim_offsets:
                claim._offset()

    def _offset(self):
        """Set the credit off against what the carrier is owed for the shipment."""
        bills = self.shipment_id.carrier_invoice_ids.bill_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "in_invoice"
        )
        lines = (bills | self.move_id).line_ids.filtered(
            lambda line: line.account_id.account_type == "liability_payable" and not line.reconciled
        )
        if len(lines.account_id) == 1 and len(lines.move_id) > 1:
            lines.reconcile()

    def _step(self, before, values):
        self.check_access("write")
        if not self.env["milepost.hold"]._finance_role():
            raise AccessError(self.env._("Your role may not decide on claims."))
        for claim in self:
            if claim.state not in before:
                raise UserError(self.env._("%s cannot take this step now.", claim.name))
        self.sudo().write(values)

    def action_view_shipment(self):
        return self.shipment_id._action_view("milepost.shipment", self.shipment_id, self.env._("Shipment"))
