import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain

from .. import codes
from ..ingestion import identifiers, recompute

# Written by the derivation alone. A person who corrects a shipment would be corrected by the next
# fact; what is wrong must be said by a fact.
DERIVED_FIELDS = frozenset({
    "state", "current_milestone", "current_milestone_at", "eta", "planned_pickup_at",
    "planned_delivery_at", "picked_up_at", "arrived_delivery_at", "delivered_at", "last_heard_at",
    "lateness_minutes", "is_late", "punctuality", "exception_code", "exception_reason", "exception_since",
    "is_damaged", "is_lost", "has_pod", "pod_count", "attempt_count", "stop_count",
    "stop_done_count", "progress", "unmapped_count", "fact_count", "carrier_name", "carrier_scac",
    "latitude", "longitude", "position_at", "rev", "order_state", "transfer_terms",
})  # fmt: skip


class MilepostShipment(models.Model):
    """Goods on their way. What is known of them is derived from what partners said."""

    _name = "milepost.shipment"
    _description = "Shipment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True, copy=False, default="/", index="trigram")
    active = fields.Boolean(default=True)
    uid = fields.Char(
        string="Order UUID", required=True, readonly=True, copy=False,
        default=lambda self: str(uuid.uuid4()),
    )  # fmt: skip
    consignment_uid = fields.Char(
        string="Consignment UUID", required=True, readonly=True, copy=False,
        default=lambda self: str(uuid.uuid4()),
    )  # fmt: skip
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    connection_id = fields.Many2one("milepost.connection", check_company=True, index="btree_not_null")
    partner_id = fields.Many2one("res.partner", string="Customer", index="btree_not_null")
    carrier_id = fields.Many2one("delivery.carrier", string="Shipping Method")
    origin_id = fields.Many2one("res.partner", string="From", index="btree_not_null")
    destination_id = fields.Many2one("res.partner", string="To", index="btree_not_null")
    ready_at = fields.Datetime(string="Goods Ready", help="From when the goods can be picked up.")
    due_at = fields.Datetime(string="Deliver Until", help="Until when the customer expects them.")
    note = fields.Text(string="Instructions")

    sale_order_ids = fields.Many2many("sale.order", string="Sales Orders", copy=False)
    picking_ids = fields.Many2many(
        "stock.picking", "milepost_shipment_picking", "shipment_id", "picking_id",
        string="Transfers", copy=False,
    )  # fmt: skip
    invoice_ids = fields.Many2many(
        "account.move", "milepost_shipment_move", "shipment_id", "move_id",
        string="Invoices", copy=False,
    )  # fmt: skip
    stop_ids = fields.One2many("milepost.stop", "shipment_id")
    milestone_ids = fields.One2many("milepost.milestone", "shipment_id")
    itinerary_ids = fields.One2many("milepost.itinerary", "shipment_id")
    pod_ids = fields.One2many("milepost.pod", "shipment_id")
    charge_ids = fields.One2many("milepost.charge", "shipment_id")
    hold_ids = fields.One2many("milepost.hold", "shipment_id")
    outbox_ids = fields.One2many("milepost.outbox", "shipment_id")
    identifier_ids = fields.Many2many(
        "milepost.identifier", "milepost_identifier_shipment", "shipment_id", "identifier_id",
        copy=False,
    )  # fmt: skip

    state = fields.Selection(
        codes.SHIPMENT_STATES, default="waiting", required=True, readonly=True, index=True,
        tracking=True, group_expand=True, copy=False,
    )  # fmt: skip
    current_milestone = fields.Selection(codes.MILESTONE_CODES, readonly=True, copy=False)
    current_milestone_at = fields.Datetime(readonly=True, copy=False)
    eta = fields.Datetime(string="ETA", readonly=True, copy=False)
    planned_pickup_at = fields.Datetime(string="Planned Pickup", readonly=True, copy=False)
    planned_delivery_at = fields.Datetime(string="Planned Delivery", readonly=True, copy=False)
    picked_up_at = fields.Datetime(string="Picked Up", readonly=True, copy=False)
    arrived_delivery_at = fields.Datetime(string="Arrived", readonly=True, copy=False)
    delivered_at = fields.Datetime(string="Delivered", readonly=True, copy=False, index=True)
    last_heard_at = fields.Datetime(string="Last Heard", readonly=True, copy=False)
    lateness_minutes = fields.Integer(string="Minutes Late", readonly=True, copy=False, aggregator="avg")
    is_late = fields.Boolean(string="Late", readonly=True, copy=False)
    punctuality = fields.Selection(
        [("on_time", "On Time"), ("late", "Late")], readonly=True, copy=False,
        help="Of what was reached, or is expected by the last estimate. Empty: nobody knows.",
    )  # fmt: skip
    exception_code = fields.Selection(codes.EXCEPTIONS, string="Exception", readonly=True, copy=False)
    exception_reason = fields.Selection(codes.REASONS, readonly=True, copy=False)
    exception_since = fields.Datetime(readonly=True, copy=False)
    is_damaged = fields.Boolean(string="Damaged", readonly=True, copy=False)
    is_lost = fields.Boolean(string="Lost", readonly=True, copy=False)
    has_pod = fields.Boolean(string="POD", readonly=True, copy=False)
    pod_count = fields.Integer(string="PODs", readonly=True, copy=False)
    attempt_count = fields.Integer(string="Failed Attempts", readonly=True, copy=False)
    stop_count = fields.Integer(string="Stops", readonly=True, copy=False)
    stop_done_count = fields.Integer(string="Stops Done", readonly=True, copy=False)
    progress = fields.Integer(readonly=True, copy=False, aggregator="avg")
    unmapped_count = fields.Integer(string="Unmapped Codes", readonly=True, copy=False)
    fact_count = fields.Integer(string="Facts", readonly=True, copy=False)
    carrier_name = fields.Char(string="Carrier", readonly=True, copy=False)
    carrier_scac = fields.Char(string="SCAC", readonly=True, copy=False)
    latitude = fields.Float(digits=(10, 6), readonly=True, copy=False)
    longitude = fields.Float(digits=(10, 6), readonly=True, copy=False)
    position_at = fields.Datetime(readonly=True, copy=False)
    rev = fields.Integer(
        readonly=True, copy=False, default=0, aggregator=None,
        help="Rises with every batch that touches the shipment, so that two batches collide.",
    )  # fmt: skip

    is_open = fields.Boolean(compute="_compute_is_open", search="_search_is_open")
    is_silent = fields.Boolean(compute="_compute_is_silent", search="_search_is_silent")
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")
    lateness_hours = fields.Float(
        string="Late By", compute="_compute_lateness_hours",
        help="Hours after it was due; negative when early.",
    )  # fmt: skip
    can_order = fields.Boolean(compute="_compute_can_order")
    open_hold_count = fields.Integer(compute="_compute_open_hold_count")
    sale_order_count = fields.Integer(compute="_compute_document_counts", compute_sudo=True)
    picking_count = fields.Integer(compute="_compute_document_counts", compute_sudo=True)
    invoice_count = fields.Integer(compute="_compute_document_counts", compute_sudo=True)

    _uid_unique = models.UniqueIndex("(uid)", "This order UUID is taken.")
    _name_unique = models.UniqueIndex("(company_id, name)", "This shipment number is taken.")

    @api.depends("state")
    def _compute_is_open(self):
        for shipment in self:
            shipment.is_open = shipment.state not in codes.CLOSED_STATES

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = [Domain("state", "not in" if wanted else "in", codes.CLOSED_STATES) for wanted in value]
        return Domain.OR(domains)

    @api.depends("state", "last_heard_at", "connection_id.silent_after_hours")
    def _compute_is_silent(self):
        now = fields.Datetime.now()
        for shipment in self:
            hours = shipment.connection_id.silent_after_hours
            heard = shipment.last_heard_at or shipment.create_date
            shipment.is_silent = bool(
                shipment.state not in codes.CLOSED_STATES
                and hours
                and heard
                and heard < now - timedelta(hours=hours)
            )

    def _search_is_silent(self, operator, value):
        if operator != "in":
            return NotImplemented
        silent = Domain.FALSE
        connections = self.env["milepost.connection"].sudo().search([])
        for hours, group in connections.grouped("silent_after_hours").items():
            limit = fields.Datetime.now() - timedelta(hours=hours)
            heard = Domain("last_heard_at", "<", limit) | (
                Domain("last_heard_at", "=", False) & Domain("create_date", "<", limit)
            )
            silent |= Domain("connection_id", "in", group.ids) & heard
        silent &= Domain("state", "not in", codes.CLOSED_STATES)
        return Domain.OR([silent if wanted else ~silent for wanted in value])

    @api.depends("state", "planned_delivery_at", "arrived_delivery_at")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for shipment in self:
            shipment.is_overdue = bool(
                shipment.state not in codes.CLOSED_STATES
                and not shipment.arrived_delivery_at
                and shipment.planned_delivery_at
                and shipment.planned_delivery_at < now
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = Domain(
            [
                ("state", "not in", codes.CLOSED_STATES),
                ("arrived_delivery_at", "=", False),
                ("planned_delivery_at", "<", fields.Datetime.now()),
            ]
        )
        return Domain.OR([overdue if wanted else ~overdue for wanted in value])

    @api.depends("lateness_minutes")
    def _compute_lateness_hours(self):
        for shipment in self:
            shipment.lateness_hours = shipment.lateness_minutes / 60

    @api.depends("connection_id", "outbox_ids", "state")
    def _compute_can_order(self):
        for shipment in self:
            shipment.can_order = bool(
                shipment.connection_id and shipment.state == "waiting" and not shipment.outbox_ids
            )

    @api.depends("hold_ids.state")
    def _compute_open_hold_count(self):
        for shipment in self:
            shipment.open_hold_count = len(shipment.hold_ids.filtered("is_open"))

    @api.depends("sale_order_ids", "picking_ids", "invoice_ids")
    def _compute_document_counts(self):
        for shipment in self:
            shipment.sale_order_count = len(shipment.sale_order_ids)
            shipment.picking_count = len(shipment.picking_ids)
            shipment.invoice_count = len(shipment.invoice_ids)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            if vals.get("name", "/") == "/":
                sequence = self.env["ir.sequence"].with_company(company)
                vals["name"] = sequence.next_by_code("milepost.shipment") or "/"
            if not self.env.su and DERIVED_FIELDS & set(vals):
                raise AccessError(self._derived_fields_message())
        shipments = super().create(vals_list)
        shipments.sudo()._create_base_stops()
        shipments.sudo()._declare_own_identifiers()
        return shipments

    def write(self, vals):
        if not self.env.su and DERIVED_FIELDS & set(vals):
            raise AccessError(self._derived_fields_message())
        return super().write(vals)

    def _derived_fields_message(self):
        return self.env._(
            "What is known of a shipment follows from the facts that partners send; "
            "it cannot be written by hand."
        )

    def _create_base_stops(self):
        """Every shipment starts with a pickup and a delivery; the partner's plan refines them."""
        vals_list = []
        for shipment in self:
            for end in shipment._base_ends():
                key = str(uuid.uuid4())
                vals_list.append({**end, "shipment_id": shipment.id, "key": key, "is_base": True})
        self.env["milepost.stop"].create(vals_list)
        for shipment in self:
            shipment.write(
                {
                    "planned_pickup_at": shipment.ready_at,
                    "planned_delivery_at": shipment.due_at,
                    "stop_count": 2,
                }
            )

    def _base_ends(self):
        """Pickup and delivery as the shipment itself names them: values of milepost.stop."""
        origin = self.origin_id or self.company_id.partner_id
        destination = self.destination_id or self.partner_id
        vals_list = []
        for sequence, kind, partner, until in (
            (1, "pickup", origin, self.ready_at),
            (9999, "delivery", destination, self.due_at),
        ):
            place = {
                "name": partner.display_name, "street": partner.street,
                "postal_code": partner.zip, "city": partner.city,
                "country": partner.country_id.code, "zone": partner.tz,
            }  # fmt: skip
            base = {
                "sequence": sequence,
                "kind": kind,
                "place": {name: value for name, value in place.items() if value},
                "window_end": fields.Datetime.to_string(until) if until else None,
            }
            vals_list.append({
                "base": base, "sequence": sequence, "kind": kind, "partner_id": partner.id,
                "name": partner.display_name, "street": partner.street,
                "postal_code": partner.zip, "city": partner.city,
                "country_code": partner.country_id.code, "zone": partner.tz,
                "window_end": until, "due_at": until,
            })  # fmt: skip
        return vals_list

    def _declare_own_identifiers(self):
        """Partners may name a shipment by what our order told them, even before they answered it."""
        for shipment in self:
            names = [("shipment", shipment.name)]
            if shipment.connection_id:
                own = (shipment.uid, shipment.consignment_uid, *shipment.stop_ids.mapped("key"))
                names += [("entity", value) for value in own]
            references = shipment.sale_order_ids.filtered("client_order_ref")
            names += [("customer_ref", order.client_order_ref) for order in references]
            names += [("delivery_order", picking.name) for picking in shipment.picking_ids]
            shipment._declare(shipment.connection_id, names)

    def _declare(self, connection, names):
        """Give the shipment further names; facts that waited for one of them are applied."""
        self.ensure_one()
        self.env.flush_all()
        touched = identifiers.declare(self.env, self.company_id.id, connection.id, {self.id: set(names)})
        self.browse(touched)._derive()

    def _choose(self, connection, names):
        """Let names that others bear, too, mean this shipment; the facts that waited for it are applied."""
        self.ensure_one()
        self.env.flush_all()
        touched = identifiers.choose(self.env, self.company_id.id, connection.id, self.id, set(names))
        self.browse(touched)._derive()

    def _derive(self):
        """Derive the shipments again from all their facts."""
        if self:
            self.env.flush_all()
            recompute.recompute(self.env, sorted(self.ids))

    def _notify_boards(self):
        """Tell the open boards, per company, which shipments changed; they read them themselves."""
        for company, shipments in self.grouped("company_id").items():
            company._bus_send("milepost.shipment/changed", {"ids": shipments.ids})

    @api.model
    def _from_pickings(self, pickings, connection):
        """Make one shipment of transfers that go together."""
        first = pickings[0]
        orders = pickings.sale_id
        terms = self._terms_of(pickings)
        return self.create(
            {
                **terms,
                "transfer_terms": self._terms_json(terms),
                "company_id": first.company_id.id,
                "connection_id": connection.id,
                "partner_id": (orders[:1].partner_id or first.partner_id.commercial_partner_id).id,
                "picking_ids": [Command.set(pickings.ids)],
                "sale_order_ids": [Command.set(orders.ids)],
            }
        )

    @api.model
    def _terms_of(self, pickings):
        """When and where transfers that go together are moved, and how."""
        first = pickings[0]
        return {
            "carrier_id": first.carrier_id.id,
            "origin_id": (first.picking_type_id.warehouse_id.partner_id or first.company_id.partner_id).id,
            "destination_id": first.partner_id.id,
            "ready_at": min(pickings.mapped("scheduled_date"), default=False),
            "due_at": max((d for d in pickings.mapped("date_deadline") if d), default=False)
            or max(
                (p.scheduled_date + timedelta(days=1) for p in pickings if p.scheduled_date),
                default=False,
            ),
        }

    def action_order_transport(self):
        """Queue the transport order; a shipment that has one that is under way gets no second."""
        self.check_access("write")
        for shipment in self:
            self.env["milepost.outbox"].sudo()._queue_transport_order(shipment.sudo())

    def action_view_sale_orders(self):
        return self._action_view("sale.order", self.sale_order_ids, self.env._("Sales Orders"))

    def action_view_pickings(self):
        return self._action_view("stock.picking", self.picking_ids, self.env._("Transfers"))

    def action_view_invoices(self):
        return self._action_view("account.move", self.invoice_ids, self.env._("Invoices"))

    def action_view_milestones(self):
        return {
            **self._action_view("milepost.milestone", self.milestone_ids[:0], self.env._("Milestones")),
            "view_mode": "list,kanban,form,graph,pivot",
            "domain": [("shipment_id", "in", self.ids)],
        }

    def action_view_pods(self):
        return self._action_view("milepost.pod", self.pod_ids, self.env._("Proofs of Delivery"))

    def action_view_holds(self):
        return {
            **self._action_view("milepost.hold", self.hold_ids, self.env._("Invoice Holds")),
            "context": {"search_default_open": 1},
        }

    def _action_view(self, model, records, name):
        action = {"type": "ir.actions.act_window", "res_model": model, "name": name}
        if len(records) == 1:
            return {**action, "view_mode": "form", "res_id": records.id}
        return {**action, "view_mode": "list,form", "domain": [("id", "in", records.ids)]}
