from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..billing import claims

OPEN_STATES = ("draft", "filed", "acknowledged")


class MilepostClaim(models.Model):
    """Money asked of a carrier for goods that were lost, damaged or late, with the clocks that run."""

    _name = "milepost.claim"
    _description = "Freight Claim"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "file_by, id"

    name = fields.Char(readonly=True, copy=False, default="/")
    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, ondelete="restrict", index=True, check_company=True
    )
    proposal_id = fields.Many2one("milepost.proposal", readonly=True, index="btree_not_null")
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
    settled_amount = fields.Monetary(copy=False, tracking=True)
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
    notice_by = fields.Date(compute="_compute_clocks", store=True)
    file_by = fields.Date(compute="_compute_clocks", store=True)
    acknowledge_by = fields.Date(compute="_compute_clocks", store=True)
    decide_by = fields.Date(compute="_compute_clocks", store=True)
    is_too_late = fields.Boolean(compute="_compute_is_too_late", search="_search_is_too_late")

    _amount_positive = models.Constraint("CHECK (amount >= 0)", "A claim's amount is not negative.")
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
            if vals.get("name", "/") == "/":
                vals["name"] = self.env["ir.sequence"].next_by_code("milepost.claim") or "/"
        created = super().create(vals_list)
        created.shipment_id._billing_changed()
        return created

    def write(self, vals):
        if not self.env.su and {"state", "filed_on", "proposal_id"} & set(vals):
            raise AccessError(self.env._("A claim changes its state by its actions only."))
        result = super().write(vals)
        if {"state", "amount", "shipment_id"} & set(vals):
            self.shipment_id._billing_changed()
        return result

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
        self._step(("draft",), {"state": "filed", "filed_on": fields.Date.context_today(self)})

    def action_acknowledge(self):
        self._step(("filed",), {"state": "acknowledged"})

    def action_settle(self):
        for claim in self:
            if not claim.settled_amount:
                raise UserError(self.env._("Say in %s what the carrier paid.", claim.name))
        self._step(("filed", "acknowledged"), {"state": "settled"})

    def action_decline(self):
        self._step(("filed", "acknowledged"), {"state": "declined"})

    def _step(self, before, values):
        self.check_access("write")
        for claim in self:
            if claim.state not in before:
                raise UserError(self.env._("%s cannot take this step now.", claim.name))
        self.sudo().write(values)

    def action_view_shipment(self):
        return self.shipment_id._action_view("milepost.shipment", self.shipment_id, self.env._("Shipment"))
