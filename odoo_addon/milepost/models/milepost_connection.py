from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache
from odoo.tools.safe_eval import safe_eval

#: The source of connections to systems that are told events and say nothing (bridge/sources/consumer).
CONSUMER = "consumer"


class MilepostConnection(models.Model):
    """A partner system that the bridge talks to: a TMS, a carrier, an EDI gateway."""

    _name = "milepost.connection"
    _description = "Transport Connection"
    _check_company_auto = True
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _mail_post_access = "read"
    _order = "name, id"
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True)
    code = fields.Char(required=True, help="How the bridge names this connection.")
    source = fields.Char(required=True, help="The language it speaks, such as otm5.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Bridge User",
        help="Only this user may write for the connection. Empty: any bridge user of the company.",
    )
    is_default = fields.Boolean(
        string="Default", help="Takes the deliveries whose shipping method names no connection."
    )
    auto_transport_order = fields.Boolean(
        string="Order Transport on Confirmation",
        help="Confirming a delivery makes its shipment and sends the transport order.",
    )
    tracks_only = fields.Boolean(
        string="Follows Tracking Numbers Only",
        help="Its transports are booked elsewhere, such as with the label that the shipping method prints: no "
        "order goes out, and the tracking numbers of the transfers name the shipments.",
    )  # fmt: skip
    precedence = fields.Integer(
        default=10,
        help="Of two connections that tell the same step of a shipment, the one with the lower number counts.",
    )  # fmt: skip
    managed_from = fields.Datetime(
        help="Goods moved before it are Odoo's alone. Set when the connection begins to order by itself.",
    )
    pilot = fields.Boolean(
        help="Only what is named here is managed. Of each kind that is named one must match; what was "
        "decided stays so when the pilot grows.",
    )  # fmt: skip
    pilot_warehouse_ids = fields.Many2many("stock.warehouse", string="Pilot Warehouses")
    pilot_carrier_ids = fields.Many2many("delivery.carrier", string="Pilot Shipping Methods")
    pilot_partner_ids = fields.Many2many(
        "res.partner", string="Pilot Customers", help="Counts for their addresses and contacts, too."
    )
    silent_after_hours = fields.Float(
        default=4.0, help="An open shipment of which nothing was heard for so long is silent."
    )
    late_grace_minutes = fields.Integer(default=15, help="A shipment is late when it is later than this.")
    shipment_properties_definition = fields.PropertiesDefinition(
        "Shipment Properties", help="Fields of one's own on the shipments of this connection."
    )
    last_heard_at = fields.Datetime(readonly=True)
    paused_at = fields.Datetime(readonly=True)
    paused_reason = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("never_heard", "Never Heard"),
            ("ok", "Connected"),
            ("silent", "Silent"),
            ("paused", "Paused"),
        ],
        compute="_compute_state",
    )
    unmatched_count = fields.Integer(compute="_compute_counts")
    unmapped_count = fields.Integer(compute="_compute_counts")
    shipment_count = fields.Integer(compute="_compute_counts")
    difference_count = fields.Integer(compute="_compute_counts")

    _code_unique = models.UniqueIndex(
        "(company_id, code)", "This company has a connection with that code already."
    )
    _default_unique = models.UniqueIndex(
        "(company_id) WHERE is_default AND active",
        "This company has a default connection already.",
    )
    _grace_positive = models.Constraint(
        "CHECK (late_grace_minutes >= 0 AND silent_after_hours > 0)",
        "Hours of silence must be positive and minutes of grace not negative.",
    )

    @api.depends("last_heard_at", "paused_at", "silent_after_hours", "source")
    def _compute_state(self):
        now = fields.Datetime.now()
        for connection in self:
            if connection.paused_at:
                connection.state = "paused"
            elif connection.source == CONSUMER:
                # Who is only told things never says anything.
                connection.state = "ok"
            elif not connection.last_heard_at:
                connection.state = "never_heard"
            else:
                limit = now - timedelta(hours=connection.silent_after_hours)
                connection.state = "ok" if connection.last_heard_at >= limit else "silent"

    def _compute_counts(self):
        for field, model, domain in (
            ("unmatched_count", "milepost.milestone", [("shipment_id", "=", False)]),
            ("unmapped_count", "milepost.code.map", [("is_mapped", "=", False)]),
            ("shipment_count", "milepost.shipment", []),
            ("difference_count", "milepost.outbox", [("difference", "!=", False)]),
        ):
            groups = self.env[model]._read_group(
                [("connection_id", "in", self.ids), *domain], ["connection_id"], ["__count"]
            )
            counts = {connection.id: count for connection, count in groups}
            for connection in self:
                connection[field] = counts.get(connection.id, 0)

    @api.constrains("source", "is_default", "auto_transport_order")
    def _check_consumer_moves_nothing(self):
        for connection in self:
            if connection.source == CONSUMER and (connection.is_default or connection.auto_transport_order):
                raise ValidationError(self.env._(
                    "%s is a consumer of events: it takes no transport orders.", connection.name
                ))  # fmt: skip

    @api.constrains("user_id")
    def _check_user_is_bridge(self):
        for connection in self:
            user = connection.user_id
            if user and not user.has_group("milepost.group_bridge"):
                raise ValidationError(self.env._("%(user)s is not in the group Bridge.", user=user.name))

    @api.constrains("pilot", "pilot_warehouse_ids", "pilot_carrier_ids", "pilot_partner_ids", "company_id")
    def _check_pilot(self):
        for connection in self:
            chosen = connection._pilot_choices()
            if connection.pilot and not any(chosen):
                raise ValidationError(self.env._(
                    "Name at least one warehouse, shipping method or customer of the pilot of %s.",
                    connection.name,
                ))  # fmt: skip
            for record in (*chosen[0], *chosen[1], *chosen[2]):
                if record.company_id and connection.company_id not in record.company_id.sudo().parent_ids:
                    raise ValidationError(self.env._(
                        "%(record)s is neither %(company)s's nor of one of its branches.",
                        record=record.display_name, company=connection.company_id.name,
                    ))  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("auto_transport_order"):
                vals.setdefault("managed_from", fields.Datetime.now())
        made = super().create(vals_list)
        self.env.registry.clear_cache()
        return made

    def write(self, vals):
        if vals.get("auto_transport_order") and "managed_from" not in vals:
            self.filtered(lambda one: not one.managed_from).managed_from = fields.Datetime.now()
        self._note_outages(vals)
        done = super().write(vals)
        # After it: the write's own checks would fill the cache with what was.
        if {"is_default", "active", "company_id", "source"} & set(vals):
            self.env.registry.clear_cache()
        return done

    def unlink(self):
        done = super().unlink()
        self.env.registry.clear_cache()
        return done

    @api.model
    @ormcache()
    def _is_any(self):
        """Whether anybody uses Milepost here; without a connection nothing is looked at."""
        return bool(self.sudo().with_context(active_test=False).search_count([], limit=1))

    def _pilot_choices(self):
        return self.pilot_warehouse_ids, self.pilot_carrier_ids, self.pilot_partner_ids

    def _covers(self, warehouse, carrier, customer):
        """Whether the pilot, if the connection is one, is about these goods."""
        if not self.pilot:
            return True
        warehouses, carriers, customers = self._pilot_choices()
        commercial = customers.commercial_partner_id
        pairs = (warehouses, warehouse), (carriers, carrier), (commercial, customer.commercial_partner_id)
        return all(not chosen or one in chosen for chosen, one in pairs)

    def _managed_since(self, company, warehouse, operation, customer):
        """The instant from which such goods are managed: the latest of those that are set.

        Each level can only put it off: nobody pulls goods in before all the others agree. A branch
        heeds what its company says of a customer.
        """
        customer = customer.sudo().commercial_partner_id
        instants = [self.managed_from, warehouse.milepost_managed_from, operation.milepost_managed_from]
        instants += [customer.with_company(one).milepost_managed_from for one in company.sudo().parent_ids]
        return max(filter(None, instants), default=False)

    def _manages(self, company, warehouse, operation, carrier, customer):
        """Whether goods that move, or an order that is confirmed, at this moment are managed.

        Whether a connection that is there orders by itself is asked by who makes shipments.

        :param warehouse: stock.warehouse that they leave, may be empty
        :param operation: stock.picking.type, may be empty
        :param carrier: the shipping method, may be empty
        :param customer: who gets them
        """
        own = self.sudo()
        if not own or not own._covers(warehouse, carrier, customer):
            return False
        since = own._managed_since(company, warehouse.sudo(), operation.sudo(), customer)
        return not since or fields.Datetime.now() >= since

    @api.model
    def _for_delivery(self, picking):
        """Return the connection that moves a transfer, or none: the carrier's, else the default."""
        return self._of(picking.company_id, picking.sudo().carrier_id)

    @api.model
    def _of(self, company, carrier):
        """The shipping method's connection, else the company's default or that of the nearest above it.

        A branch works with what its company has; a company never with another's.
        """
        above = company.sudo().parent_ids
        named = carrier.sudo().milepost_connection_id
        if named and named.company_id in above:
            return named.sudo()
        return self.sudo().browse(self._default_id(company.id))

    @api.model
    @ormcache("company_id")
    def _is_any_of(self, company_id):
        """Whether a company has a connection that moves goods, of its own or of a company above it."""
        above = self.env["res.company"].sudo().browse(company_id).parent_ids
        movers = [("company_id", "in", above.ids), ("source", "!=", CONSUMER)]
        return bool(self.sudo().search_count(movers, limit=1))

    @api.model
    @ormcache("company_id")
    def _default_id(self, company_id):
        above = self.env["res.company"].sudo().browse(company_id).parent_ids
        defaults = self.sudo().search([("company_id", "in", above.ids), ("is_default", "=", True)])
        nearest = defaults.sorted(lambda one: len(one.company_id.parent_ids), reverse=True)
        return nearest[:1].id

    def action_view_shipments(self):
        return self._action_view("milepost.action_milepost_shipment")

    def action_view_unmatched(self):
        return self._action_view("milepost.action_milepost_milestone_unmatched")

    def action_view_unmapped(self):
        return self._action_view("milepost.action_milepost_unmapped_code")

    def action_view_differences(self):
        action = self._action_view("milepost.action_milepost_outbox")
        differs = Domain("connection_id", "in", self.ids) & Domain("difference", "!=", False)
        return {**action, "domain": list(differs)}

    def _action_view(self, xml_id):
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        domain = Domain("connection_id", "in", self.ids)
        if action.get("domain"):
            domain &= Domain(safe_eval(action["domain"]))
        return {**action, "domain": list(domain), "context": {}}

    def action_resume(self):
        """The operator's word that the cause of the pause is gone."""
        self.check_access("write")
        self.sudo().write({"paused_at": False, "paused_reason": False})
