import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .. import codes
from ..ingestion import identifiers, letting_go, recompute
from ..selections import milestone_codes

# What the stops that a shipment begins with are made of, and what its transport order says.
BASE_STOP_FIELDS = frozenset({
    "ready_at", "due_at", "origin_id", "destination_id", "partner_id", "picking_ids",
})  # fmt: skip
ORDER_FIELDS = BASE_STOP_FIELDS | {"carrier_id", "note", "sale_order_ids"}
# What partners call a shipment by.
IDENTITIES = frozenset({"uid", "consignment_uid", "name", "company_id", "lasting_names"})


class MilepostShipment(models.Model):
    """Goods on their way. What is known of them is derived from what partners said."""

    _name = "milepost.shipment"
    _description = "Shipment"
    _inherit = [
        "mail.thread", "mail.activity.mixin", "milepost.lateness", "milepost.position",
        "milepost.shipment.attention", "milepost.shipment.issues", "milepost.shipment.goods", "milepost.shipment.stops",
        "milepost.shipment.order", "milepost.shipment.board", "milepost.shipment.proof",
        "milepost.shipment.advice", "milepost.shipment.silence", "milepost.shipment.track",
        "milepost.shipment.actions",
    ]  # fmt: skip
    _order = "id desc"
    _rec_names_search = ("name", "identifier_ids.value", "sale_order_ids.name")
    _check_company_auto = True
    # Whoever works with a shipment may note something on it and plan what is to be done.
    _mail_post_access = "read"

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
    partner_id = fields.Many2one("res.partner", string="Customer", index="btree_not_null", check_company=True)
    carrier_id = fields.Many2one("delivery.carrier", string="Shipping Method", check_company=True)
    origin_id = fields.Many2one("res.partner", string="From", index="btree_not_null", check_company=True)
    destination_id = fields.Many2one("res.partner", string="To", index="btree_not_null", check_company=True)
    ready_at = fields.Datetime(string="Goods Ready", help="From when the goods can be picked up.")
    due_at = fields.Datetime(string="Deliver Until", help="Until when the customer expects them.")
    note = fields.Text(string="Instructions")
    properties = fields.Properties(definition="connection_id.shipment_properties_definition", copy=True)

    # Searched by number also by who reads no orders: it finds shipments only.
    sale_order_ids = fields.Many2many(
        "sale.order", string="Sales Orders", copy=False, check_company=True, bypass_search_access=True
    )
    picking_ids = fields.Many2many(
        "stock.picking", "milepost_shipment_picking", "shipment_id", "picking_id",
        string="Transfers", copy=False, check_company=True,
    )  # fmt: skip
    stop_ids = fields.One2many("milepost.stop", "shipment_id")
    milestone_ids = fields.One2many("milepost.milestone", "shipment_id")
    itinerary_ids = fields.One2many("milepost.itinerary", "shipment_id")
    parcel_ids = fields.One2many("milepost.parcel", "shipment_id", string="Parcels")
    pod_ids = fields.One2many("milepost.pod", "shipment_id", string="Proofs of Delivery")
    outbox_ids = fields.One2many("milepost.outbox", "shipment_id")
    lasting_names = fields.Json(
        readonly=True, copy=False,
        help="Names that a partner's answer or a person gave: they stay when the warehouse takes its number back.",
    )  # fmt: skip
    identifier_ids = fields.Many2many(
        "milepost.identifier", "milepost_identifier_shipment", "shipment_id", "identifier_id",
        copy=False, check_company=True,
    )  # fmt: skip

    state = fields.Selection(
        codes.SHIPMENT_STATES, default="waiting", required=True, readonly=True, index=True,
        tracking=True, group_expand=True, copy=False,
        derived="facts",
    )  # fmt: skip
    current_milestone = fields.Selection(milestone_codes, readonly=True, copy=False, derived="facts")
    current_milestone_at = fields.Datetime(readonly=True, copy=False, derived="facts")
    eta = fields.Datetime(string="ETA", readonly=True, copy=False, derived="facts")
    planned_pickup_at = fields.Datetime(string="Planned Pickup", readonly=True, copy=False, derived="facts")
    planned_delivery_at = fields.Datetime(
        string="Planned Delivery", readonly=True, copy=False, derived="facts"
    )
    picked_up_at = fields.Datetime(string="Picked Up", readonly=True, copy=False, derived="facts")
    arrived_delivery_at = fields.Datetime(string="Arrived", readonly=True, copy=False, derived="facts")
    delivered_at = fields.Datetime(string="Delivered", readonly=True, copy=False, index=True, derived="facts")
    last_heard_at = fields.Datetime(string="Last Heard", readonly=True, copy=False, derived="facts")
    is_late = fields.Boolean(string="Late", readonly=True, copy=False, derived="facts")
    punctuality = fields.Selection(
        [("on_time", "On Time"), ("late", "Late")], readonly=True, copy=False,
        help="Judged by the actual arrival, otherwise by the latest ETA. Empty if neither is known.",
        derived="facts",
    )  # fmt: skip
    exception_code = fields.Selection(
        codes.EXCEPTIONS, string="Exception", readonly=True, copy=False, derived="facts"
    )
    exception_reason = fields.Selection(codes.REASONS, readonly=True, copy=False, derived="facts")
    exception_since = fields.Datetime(readonly=True, copy=False, derived="facts")
    is_damaged = fields.Boolean(string="Damaged", readonly=True, copy=False, derived="facts")
    is_lost = fields.Boolean(string="Lost", readonly=True, copy=False, derived="facts")
    has_pod = fields.Boolean(string="POD", readonly=True, copy=False, derived="facts")
    pod_count = fields.Integer(string="PODs", readonly=True, copy=False, derived="facts")
    attempt_count = fields.Integer(string="Failed Attempts", readonly=True, copy=False, derived="facts")
    stop_count = fields.Integer(string="Stops", readonly=True, copy=False, derived="facts")
    stop_done_count = fields.Integer(string="Stops Done", readonly=True, copy=False, derived="facts")
    progress = fields.Integer(readonly=True, copy=False, aggregator="avg", derived="facts")
    unmapped_count = fields.Integer(string="Unmapped Codes", readonly=True, copy=False, derived="facts")
    is_ahead = fields.Boolean(
        string="Told Ahead", readonly=True, copy=False, derived="facts",
        help="A partner told a step that lies after the receipt of its message: it is not believed.",
    )  # fmt: skip
    fact_count = fields.Integer(string="Facts", readonly=True, copy=False, derived="facts")
    carrier_name = fields.Char(string="Carrier", readonly=True, copy=False, derived="facts")
    carrier_scac = fields.Char(string="SCAC", readonly=True, copy=False, derived="facts")
    position_at = fields.Datetime(readonly=True, copy=False, derived="facts")
    rev = fields.Integer(
        readonly=True, copy=False, default=0, aggregator=None,
        help="Rises with every batch that touches the shipment, so that two batches collide.",
        derived="exchange",
    )  # fmt: skip

    sale_order_count = fields.Integer(compute="_compute_document_counts", compute_sudo=True)
    picking_count = fields.Integer(compute="_compute_document_counts", compute_sudo=True)

    _uid_unique = models.UniqueIndex("(uid)", "This order UUID is taken.")
    _name_unique = models.UniqueIndex("(company_id, name)", "This shipment number is taken.")
    # What is open is little beside what was ever delivered: the board must not grow slow with it.
    _open_index = models.Index(f"(planned_delivery_at, id) WHERE state NOT IN {codes.CLOSED_STATES}")

    @api.depends("sale_order_ids", "picking_ids")
    def _compute_document_counts(self):
        for shipment in self:
            shipment.sale_order_count = len(shipment.sale_order_ids)
            shipment.picking_count = len(shipment.picking_ids)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            if vals.get("name", "/") == "/":
                sequence = self.env["ir.sequence"].with_company(company)
                vals["name"] = sequence.next_by_code("milepost.shipment") or "/"
        shipments = super().create(vals_list)
        shipments.sudo()._create_base_stops()
        shipments.sudo()._declare_own_identifiers()
        numbered = shipments.sudo().filtered(lambda one: any(one.picking_ids.mapped("carrier_tracking_ref")))
        self.env["milepost.parcel"].sudo()._follow(numbered)
        return shipments

    @api.model
    def _check_company_domain(self, companies):
        """Shipments of the companies and of their branches: a branch travels on its company's connection."""
        ids = companies if isinstance(companies, str) else models.to_record_ids(companies)
        return [("company_id", "child_of", ids)] if ids else [("company_id", "=", False)]

    def write(self, vals):
        if not self.env.su and IDENTITIES & set(vals):
            raise AccessError(self.env._("Partners know a shipment by its name and numbers: they stay."))
        result = super().write(vals)
        if BASE_STOP_FIELDS & set(vals):
            self.sudo()._refresh_base_stops()
        if "picking_ids" in vals:
            self.env["milepost.parcel"].sudo()._follow(self.sudo())
        if ORDER_FIELDS & set(vals):
            self.env["milepost.outbox"]._watch_orders(self)
        return result

    def _declare_own_identifiers(self):
        """Partners may name a shipment by what our order told them, even before they answered it."""
        for shipment in self:
            shipment._declare(shipment.connection_id, shipment._own_names())

    def _own_names(self):
        """The (type, value) that a shipment is known under before any partner named it."""
        self.ensure_one()
        names = {("shipment", self.name)}
        if self.connection_id:
            own = (self.uid, self.consignment_uid, *self.stop_ids.mapped("key"))
            names |= {("entity", value) for value in own}
        references = self.sale_order_ids.filtered("client_order_ref")
        names |= {("customer_ref", order.client_order_ref) for order in references}
        return names | {("delivery_order", picking.name) for picking in self.picking_ids}

    def _lasting_names(self):
        """What a partner's answer or a person gave: whatever the warehouse writes, they stay.

        :return: set of (type, value, id of the connection that speaks so)
        """
        return {tuple(name) for name in self.lasting_names or ()}

    def _declare(self, connection, names, lasting=False):
        """Give the shipment further names; facts that waited for one of them are applied.

        :param lasting: a partner's answer or a person gives them
        """
        self.ensure_one()
        if lasting:
            given = {(type_, value, connection.id) for type_, value in identifiers.canonical(names)}
            self.lasting_names = sorted(self._lasting_names() | given)
        self.env.flush_all()
        # A branch's shipment is named in the messages of its company's connection.
        company = connection.company_id or self.company_id
        touched = identifiers.declare(self.env, company.id, connection.id, {self.id: set(names)})
        self.browse(touched)._derive()

    def _let_go(self, connection, names):
        """Take names from the shipment, and with them what was told of it under these alone."""
        self.ensure_one()
        self.env.flush_all()
        touched = self.browse(sorted(letting_go.let_go(self.env, self, connection, names)))
        touched._derive()
        borne = {(one.type, one.value) for one in self.identifier_ids}
        if touched:
            numbers = ", ".join(sorted(value for _type, value in identifiers.canonical(names) - borne))
            self._message_log(body=self.env._("What was told of %s alone is said of it no more.", numbers))
        # It lasts as long as it really did now: what could not be meant because of the wrong end is.
        company = connection.company_id or self.company_id
        self.browse(identifiers.adopt(self.env, company.id, connection.id, self.id, borne))._derive()
        (touched | self)._facts_changed()

    def _choose(self, connection, names):
        """Let names that others bear, too, mean this shipment; the facts that waited for it are applied."""
        self.ensure_one()
        self.env.flush_all()
        company = connection.company_id or self.company_id
        touched = identifiers.choose(self.env, company.id, connection.id, self.id, set(names))
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

    def _prepare_trace(self):
        """What one who follows a message is told of the shipment; other addons add documents."""
        self.ensure_one()
        return {"name": self.name, "id": self.id, "state": self.state, "documents": []}

    def _facts_changed(self):
        """Hook: people changed what is known of the shipments, or what they belong to."""

    def _facts_stored(self, facts):
        """Hook: the exchange stored facts (of the contract) for the shipments and derived them."""

    @api.model
    def _derived_values(self, values, _shipment_id, _derived, _stored):
        """Hook: what the derivation writes of one shipment, by the names of `_derived_columns`.

        :param values: what the core derived
        :param _derived: derivation.Derived
        :param _stored: recompute.StoredFacts of the batch
        """
        return values

    def action_view_sale_orders(self):
        return self._action_view("sale.order", self.sale_order_ids, self.env._("Sales Orders"))

    def action_view_pickings(self):
        return self._action_view("stock.picking", self.picking_ids, self.env._("Transfers"))

    def action_view_pods(self):
        return self._action_view("milepost.pod", self.pod_ids, self.env._("Proofs of Delivery"))

    def _action_view(self, model, records, name):
        action = {"type": "ir.actions.act_window", "res_model": model, "name": name}
        if len(records) == 1:
            return {**action, "view_mode": "form", "res_id": records.id}
        return {**action, "view_mode": "list,form", "domain": [("id", "in", records.ids)]}
