from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# The facts that money follows from, and the milestones that stand for a delivery.
KINDS = [
    ("delivered", "Delivery"),
    ("proof_of_delivery", "Proof of Delivery"),
    ("charge", "Charge"),
    ("carrier_invoice", "Carrier Bill"),
]
DELIVERED = frozenset({"delivered", "partially_delivered", "refused", "returned"})
# What a rule says; another word needs another rule, so that what was in force stays to be seen.
SAID = frozenset({"connection_id", "kind", "partner_id", "allowed", "note"})


class MilepostPublisher(models.Model):
    """Who may publish which billing fact: of a connection, for all customers or for one.

    Without a rule a connection publishes everything, as without this table. A rule counts once
    somebody else approved it, and is never edited: another one takes its place, and both stay.
    """

    _name = "milepost.publisher"
    _description = "Authority to Publish"
    _check_company_auto = True
    _inherit = ["mail.thread", "milepost.touched"]
    _mail_post_access = "read"
    _order = "connection_id, kind, partner_id, id desc"
    _rec_name = "kind"

    connection_id = fields.Many2one(
        "milepost.connection", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    kind = fields.Selection(KINDS, required=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", ondelete="restrict", index="btree_not_null", check_company=True,
        help="Empty: all. Counts for the customer's addresses too.",
    )  # fmt: skip
    allowed = fields.Boolean(string="May Publish", default=False)
    note = fields.Char(string="Why")
    state = fields.Selection(
        [("draft", "To Approve"), ("approved", "In Force"), ("ended", "Ended")],
        default="draft", required=True, readonly=True, copy=False, tracking=True,
    )  # fmt: skip
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, tracking=True)
    approved_at = fields.Datetime(readonly=True, copy=False)
    ended_by_id = fields.Many2one("res.users", readonly=True, copy=False, tracking=True)
    ended_at = fields.Datetime(readonly=True, copy=False)

    _in_force_unique = models.UniqueIndex(
        "(connection_id, kind, COALESCE(partner_id, 0)) WHERE state = 'approved'",
        "Another rule for this connection, kind and customer is in force: end it first.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_said(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_said(vals)
        own = SAID & set(vals)
        if own and not self.env.su and any(rule.state != "draft" for rule in self):
            raise UserError(
                self.env._("A rule that was approved stays as it is: end it and make another one.")
            )
        return super().write(vals)

    def _check_said(self, vals):
        said = {name for name in vals if name in self._fields and not name.startswith("message")}
        if not self.env.su and said - SAID:
            raise AccessError(self.env._("A rule takes its steps by its actions only."))

    @api.ondelete(at_uninstall=False)
    def _keep_history(self):
        if self.filtered(lambda rule: rule.state != "draft"):
            raise UserError(self.env._("A rule that was in force is kept: end it instead."))

    def action_approve(self):
        """Put rules in force; nobody approves what he made or edited."""
        self._check_approver()
        for rule in self:
            if rule.state != "draft":
                raise UserError(self.env._("This rule was approved already."))
            if self.env.user in rule.sudo()._editors():
                raise AccessError(self.env._("Nobody approves a rule that he made or edited."))
            rule.sudo().write({
                "state": "approved", "approved_by_id": self.env.uid, "approved_at": fields.Datetime.now(),
            })  # fmt: skip

    def action_end(self):
        """Take rules out of force."""
        self._check_approver()
        self.filtered(lambda rule: rule.state == "approved").sudo().write({
            "state": "ended", "ended_by_id": self.env.uid, "ended_at": fields.Datetime.now(),
        })  # fmt: skip

    @api.model
    def _check_approver(self):
        if self.env["milepost.hold"]._finance_role() not in ("manager", "controller"):
            raise AccessError(self.env._("Your role may not decide who publishes."))

    # At the door

    @api.model
    def _kind_of(self, fact):
        """The kind of a fact of the contract that rules speak of; None for all others."""
        if fact["kind"] == "milestone":
            is_delivery = fact["classifier"] == "actual" and fact.get("code") in DELIVERED
            return "delivered" if is_delivery else None
        return fact["kind"] if fact["kind"] in dict(KINDS) else None

    @api.model
    def _refusals(self, connection_id, facts, shipments_of):
        """{key: why} of the facts that the connection may not publish.

        :param facts: {key: fact of the contract}
        :param shipments_of: {key: ids of the shipments that it is for}
        """
        rules = self.search([("connection_id", "=", connection_id), ("state", "=", "approved")])
        if not rules:
            return {}
        known = {(rule.kind, rule.partner_id.id): rule.allowed for rule in rules}
        by_customer = {rule.kind for rule in rules if rule.partner_id}
        names = dict(self._fields["kind"]._description_selection(self.env))
        found = {}
        for key, fact in facts.items():
            kind = self._kind_of(fact)
            ids = shipments_of.get(key) or ()
            partners = self.env["milepost.shipment"].browse(ids).mapped("partner_id.commercial_partner_id")
            if kind and not ids and kind in by_customer:
                # It would be taken later for a customer that the rules except.
                found[key] = self.env._(
                    "/kind %s: whose it may be depends on the customer, and it names no shipment yet",
                    names[kind],
                )
            elif kind and not all(known.get((kind, one), known.get((kind, False), True)) for one in
                                  partners.ids or [False]):  # fmt: skip
                found[key] = self.env._("/kind %s: this connection may not publish it", names[kind])
        return found
