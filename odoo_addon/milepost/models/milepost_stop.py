from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .. import codes


class MilepostStop(models.Model):
    """Where the truck stops: what was planned, what is expected, what happened. Derived."""

    _name = "milepost.stop"
    _description = "Shipment Stop"
    _check_company_auto = True
    _inherit = ["milepost.lateness", "milepost.position"]
    _order = "shipment_id, sequence, id"

    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="shipment_id.company_id", store=True)
    key = fields.Char(required=True, readonly=True)
    is_base = fields.Boolean(readonly=True, help="The shipment was created with this stop.")
    base = fields.Json(readonly=True, help="The stop as the shipment was created with it.")
    in_plan = fields.Boolean(
        default=True,
        readonly=True,
        help="Not set once a partner's plan replaced the stop.",
        derived="facts",
    )
    aliases = fields.Json(readonly=True, derived="facts")
    sequence = fields.Integer(readonly=True, derived="facts")
    kind = fields.Selection(codes.STOP_KINDS, required=True, readonly=True, derived="facts")
    partner_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", check_company=True)
    name = fields.Char(readonly=True, derived="facts")
    street = fields.Char(readonly=True, derived="facts")
    postal_code = fields.Char(readonly=True, derived="facts")
    city = fields.Char(readonly=True, derived="facts")
    country_code = fields.Char(readonly=True, derived="facts")
    zone = fields.Char(string="Time Zone", readonly=True, derived="facts")
    planned_arrival = fields.Datetime(readonly=True, derived="facts")
    planned_departure = fields.Datetime(readonly=True, derived="facts")
    window_start = fields.Datetime(readonly=True, derived="facts")
    window_end = fields.Datetime(readonly=True, derived="facts")
    estimated_arrival = fields.Datetime(string="ETA", readonly=True, derived="facts")
    arrived_at = fields.Datetime(string="Arrived", readonly=True, derived="facts")
    departed_at = fields.Datetime(string="Departed", readonly=True, derived="facts")
    completed_at = fields.Datetime(string="Completed", readonly=True, derived="facts")
    outcome = fields.Selection(
        [
            ("loaded", "Loaded"),
            ("picked_up", "Picked Up"),
            ("delivered", "Delivered"),
            ("partially_delivered", "Partially Delivered"),
            ("refused", "Refused"),
        ],
        string="Result",
        readonly=True,
        derived="facts",
    )
    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("estimated", "Expected"),
            ("arrived", "Arrived"),
            ("done", "Done"),
        ],
        default="pending",
        required=True,
        readonly=True,
        derived="facts",
    )
    due_at = fields.Datetime(
        string="Due", readonly=True, help="Until when the truck is expected.", derived="facts"
    )
    is_late = fields.Boolean(
        compute="_compute_is_late", search="_search_is_late", help="Later than what counts as on time."
    )
    arrived_milestone_id = fields.Many2one(
        "milepost.milestone", readonly=True, derived="facts", check_company=True
    )
    departed_milestone_id = fields.Many2one(
        "milepost.milestone", readonly=True, derived="facts", check_company=True
    )
    estimated_milestone_id = fields.Many2one(
        "milepost.milestone", readonly=True, derived="facts", check_company=True
    )
    completed_milestone_id = fields.Many2one(
        "milepost.milestone", readonly=True, derived="facts", check_company=True
    )

    _key_unique = models.UniqueIndex("(shipment_id, key)", "The shipment has a stop of that key already.")

    @api.model
    def _check_company_domain(self, companies):
        return self.env["milepost.shipment"]._check_company_domain(companies)

    @api.depends("lateness_minutes", "shipment_id.connection_id.late_grace_minutes")
    def _compute_is_late(self):
        for stop in self:
            late = timedelta(minutes=stop.lateness_minutes)
            stop.is_late = late > stop.shipment_id._late_grace()

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self.env["milepost.shipment"]._beyond_grace(
            lambda minutes: Domain("lateness_minutes", ">", minutes), "shipment_id.connection_id"
        )
        return Domain.OR([late if wanted else ~late for wanted in value])

    @api.depends("name", "city", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for stop in self:
            stop.display_name = stop.name or stop.city or kinds.get(stop.kind, "")
