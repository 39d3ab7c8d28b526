import uuid

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..contract import instant_text
from .milepost_connection import CONSUMER


class MilepostSubscription(models.Model):
    """What a consumer is told: a system of a customer or partner, of which shipments, with which rights.

    Where he is reached and the key of the signatures are the bridge's, under the connection's code.
    Rights that change count at once: what was not sent yet is told anew, or no more.
    """

    _name = "milepost.subscription"
    _description = "Event Subscription"
    _inherit = ["mail.thread"]
    _check_company_auto = True
    # Shipments of branches are told, too.
    _check_company_domain = models.check_company_domain_parent_of
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True, tracking=True)
    connection_id = fields.Many2one(
        "milepost.connection", string="Consumer", required=True, ondelete="restrict", index=True,
        check_company=True, domain=f"[('source', '=', '{CONSUMER}')]", tracking=True,
        help="The connection by which the bridge reaches him; its source is “consumer”.",
    )  # fmt: skip
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    scope = fields.Selection(
        [
            ("customer", "A Customer's Shipments"),
            ("connection", "Shipments of a Connection"),
            ("company", "All Shipments of the Company"),
        ],
        string="Shipments", required=True, tracking=True,
        help="Of the company and its branches. A customer is all of his addresses and contacts.",
    )  # fmt: skip
    partner_id = fields.Many2one(
        "res.partner", string="Customer", ondelete="restrict", index="btree_not_null", tracking=True,
        check_company=True,
    )  # fmt: skip
    mover_id = fields.Many2one(
        "milepost.connection", string="Moved By", ondelete="restrict", index="btree_not_null",
        check_company=True, domain=f"[('source', '!=', '{CONSUMER}')]", tracking=True,
    )  # fmt: skip
    tells_state = fields.Boolean(string="Transport State", default=True, tracking=True)
    rights_changed_at = fields.Datetime(
        readonly=True, copy=False, help="Events from before it are not sent again."
    )
    # Of a time it would have to be the very instant, and transactions that run beside would not fit in.
    rights_changed_after = fields.Integer(
        string="Last Event Under Other Rights", readonly=True, copy=False, help="Its number in the outbox."
    )
    event_ids = fields.One2many("milepost.outbox", "subscription_id", readonly=True)
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")
    rejected_count = fields.Integer(string="Rejected", compute="_compute_counts")
    paused_reason = fields.Char(string="Why It Waits", related="connection_id.paused_reason")

    @api.depends("event_ids.state")
    def _compute_counts(self):
        groups = self.env["milepost.outbox"]._read_group(
            [("subscription_id", "in", self.ids)], ["subscription_id", "state"], ["__count"]
        )
        counts = {(subscription.id, state): count for subscription, state, count in groups}
        for one in self:
            one.waiting_count = counts.get((one.id, "queued"), 0) + counts.get((one.id, "claimed"), 0)
            one.rejected_count = counts.get((one.id, "rejected"), 0)

    @api.constrains("connection_id", "scope", "partner_id", "mover_id")
    def _check_scope(self):
        for one in self:
            if one.connection_id.source != CONSUMER:
                raise ValidationError(self.env._(
                    "%(connection)s speaks %(language)s. A consumer's connection has the source “consumer”.",
                    connection=one.connection_id.name, language=one.connection_id.source,
                ))  # fmt: skip
            if one.scope == "customer" and not one.partner_id:
                raise ValidationError(self.env._("Name the customer of the subscription %s.", one.name))
            if one.scope == "connection" and not one.mover_id:
                raise ValidationError(self.env._(
                    "Name the connection whose shipments the subscription %s is about.", one.name
                ))  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        made = super().create(vals_list)
        self.env.registry.clear_cache()
        return made

    def write(self, vals):
        narrowed = self._rights() & set(vals)
        waiting = self.env["milepost.outbox"].sudo()
        if narrowed:
            last = self.env["milepost.outbox"]._last_number()
            vals = {**vals, "rights_changed_at": fields.Datetime.now(), "rights_changed_after": last}
            waiting = waiting.search(
                [("subscription_id", "in", self.ids), ("state", "in", ("queued", "claimed"))]
            )
            waiting.state = "cancelled"
        done = super().write(vals)
        if narrowed:
            self.env.registry.clear_cache()
            waiting._tell_events(waiting.shipment_id)
        return done

    def unlink(self):
        done = super().unlink()
        self.env.registry.clear_cache()
        return done

    @api.model
    def _rights(self):
        """Fields that say what a consumer may hear; other addons add theirs."""
        told = {name for name in self._fields if name.startswith("tells_")}
        return {"active", "connection_id", "company_id", "scope", "partner_id", "mover_id"} | told

    @api.model
    @ormcache()
    def _is_any(self):
        """Whether anybody is told anything; else no change costs a look."""
        return bool(self.sudo().search_count([], limit=1))

    def _kinds(self):
        """The kinds of events that are wanted, in the order in which they happen."""
        self.ensure_one()
        return ["state"] if self.tells_state else []

    def _shipment_domain(self):
        """The shipments that the consumer may hear of; what a customer sees in the portal, no more."""
        self.ensure_one()
        domain = Domain("company_id", "child_of", self.company_id.ids)
        if self.scope == "customer":
            own = Domain("partner_id", "child_of", self.partner_id.commercial_partner_id.ids)
            return domain & own & Domain("direction", "in", ("delivery", "return"))
        if self.scope == "connection":
            return domain & Domain("connection_id", "=", self.mover_id.id)
        return domain

    def _is_own(self, partner):
        """Whether the consumer may hear of this partner's documents."""
        theirs = partner.commercial_partner_id
        return self.scope != "customer" or theirs == self.partner_id.commercial_partner_id

    def _standing(self, _kind, shipment):
        """What there is to tell of a kind: (mark, part of the event); other addons add kinds.

        An event is told when the mark is another than that of the one before. An empty mark is where
        every shipment begins.
        """
        mark = "" if shipment.state == "waiting" else shipment.state
        return mark, {"transport": self._prepare_transport(shipment)}

    @api.model
    def _prepare_transport(self, shipment):
        values = {
            "state": shipment.state,
            "milestone": shipment.current_milestone,
            "milestone_at": instant_text(shipment.current_milestone_at),
            "planned_pickup_at": instant_text(shipment.planned_pickup_at),
            "planned_delivery_at": instant_text(shipment.planned_delivery_at),
            "eta": instant_text(shipment.eta),
            "picked_up_at": instant_text(shipment.picked_up_at),
            "delivered_at": instant_text(shipment.delivered_at),
            "exception": shipment.exception_code,
            "exception_reason": shipment.exception_reason,
            "carrier": shipment.carrier_name,
        }
        return {name: value for name, value in values.items() if value}

    def _prepare_event(self, kind, shipment, part):
        """An event in the contract's words (event in exchange.schema.json)."""
        self.ensure_one()
        orders = shipment.sale_order_ids.filtered(lambda order: self._is_own(order.partner_id))
        pickings = shipment.picking_ids.filtered(lambda one: self._is_own(one.partner_id))
        return {
            "id": str(uuid.uuid4()),
            "type": f"shipment.{kind}",
            "at": instant_text(fields.Datetime.now()),
            "shipment": {
                "number": shipment.name,
                "id": shipment.uid,
                "sales_orders": orders.mapped("name")[:50],
                "transfers": pickings.mapped("name")[:50],
                "customer_references": [ref for ref in orders.mapped("client_order_ref") if ref][:50],
            },
            **part,
        }

    def action_view_events(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("milepost.action_milepost_event")
        domain = Domain("kind", "=", "event") & Domain("subscription_id", "in", self.ids)
        return {**action, "domain": list(domain), "context": {}}
