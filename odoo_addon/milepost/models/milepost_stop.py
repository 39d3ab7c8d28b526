from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from .. import codes


class MilepostStop(models.Model):
    """Where the truck stops: what was planned, what is expected, what happened. Derived."""

    _name = "milepost.stop"
    _description = "Shipment Stop"
    _order = "shipment_id, sequence, id"

    shipment_id = fields.Many2one("milepost.shipment", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="shipment_id.company_id", store=True)
    key = fields.Char(required=True, readonly=True)
    is_base = fields.Boolean(readonly=True, help="The shipment was created with this stop.")
    base = fields.Json(readonly=True, help="The stop as the shipment was created with it.")
    in_plan = fields.Boolean(
        default=True, readonly=True, help="Not set once a partner's plan replaced the stop."
    )
    aliases = fields.Json(readonly=True)
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(codes.STOP_KINDS, required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    name = fields.Char(readonly=True)
    street = fields.Char(readonly=True)
    postal_code = fields.Char(readonly=True)
    city = fields.Char(readonly=True)
    country_code = fields.Char(readonly=True)
    latitude = fields.Float(digits=(10, 6), readonly=True)
    longitude = fields.Float(digits=(10, 6), readonly=True)
    zone = fields.Char(string="Time Zone", readonly=True)
    planned_arrival = fields.Datetime(readonly=True)
    planned_departure = fields.Datetime(readonly=True)
    window_start = fields.Datetime(readonly=True)
    window_end = fields.Datetime(readonly=True)
    estimated_arrival = fields.Datetime(string="ETA", readonly=True)
    arrived_at = fields.Datetime(string="Arrived", readonly=True)
    departed_at = fields.Datetime(string="Departed", readonly=True)
    completed_at = fields.Datetime(string="Completed", readonly=True)
    outcome = fields.Selection(
        [
            ("loaded", "Loaded"),
            ("picked_up", "Picked Up"),
            ("delivered", "Delivered"),
            ("partially_delivered", "Partially Delivered"),
            ("refused", "Refused"),
        ],
        readonly=True,
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
    )
    lateness_minutes = fields.Integer(string="Minutes Late", readonly=True, aggregator="avg")
    lateness_hours = fields.Float(
        string="Late By",
        compute="_compute_lateness_hours",
        help="Hours after it was due; negative when early.",
    )
    due_at = fields.Datetime(string="Due", readonly=True, help="Until when the truck is expected.")
    arrived_milestone_id = fields.Many2one("milepost.milestone", readonly=True)
    departed_milestone_id = fields.Many2one("milepost.milestone", readonly=True)
    estimated_milestone_id = fields.Many2one("milepost.milestone", readonly=True)
    completed_milestone_id = fields.Many2one("milepost.milestone", readonly=True)

    unload_started_at = fields.Datetime(
        string="Unloading Started", readonly=True, help="Entered by a person, with evidence."
    )
    excluded_minutes = fields.Integer(
        readonly=True, help="Minutes at the stop that the carrier lost itself; they are not detention."
    )
    times_by_id = fields.Many2one("res.users", string="Times Entered By", readonly=True)

    _key_unique = models.UniqueIndex("(shipment_id, key)", "The shipment has a stop of that key already.")

    @api.depends("lateness_minutes")
    def _compute_lateness_hours(self):
        for stop in self:
            stop.lateness_hours = stop.lateness_minutes / 60

    @api.depends("name", "city", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for stop in self:
            stop.display_name = stop.name or stop.city or kinds.get(stop.kind, "")

    def enter_times(self, unload_started_at=None, excluded_minutes=None):
        """What only people know of a stop. Who enters it cannot release what follows from it.

        :param unload_started_at: datetime in UTC
        :param excluded_minutes: minutes that are not detention
        """
        user = self.env.user
        self.check_access("read")
        if user.has_group("milepost.group_bridge") or not (
            user.has_group("milepost.group_dispatcher") or user.has_group("milepost.group_billing_analyst")
        ):
            raise AccessError(self.env._("Your role may not enter times."))
        values = {"times_by_id": self.env.uid}
        if unload_started_at is not None:
            values["unload_started_at"] = unload_started_at
        if excluded_minutes is not None:
            if excluded_minutes < 0:
                raise ValidationError(self.env._("Minutes cannot be negative."))
            values["excluded_minutes"] = excluded_minutes
        self.sudo().write(values)
        self.sudo().shipment_id._billing_changed()
        return True
