from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .. import codes


class MilepostShipmentAttention(models.AbstractModel):
    """Which shipments need somebody's attention, by the clock of now."""

    _name = "milepost.shipment.attention"
    _description = "Shipment That Needs Attention"

    is_open = fields.Boolean(compute="_compute_is_open", search="_search_is_open")
    is_silent = fields.Boolean(compute="_compute_is_silent", search="_search_is_silent")
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")

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

    @api.depends("state", "planned_delivery_at", "arrived_delivery_at", "connection_id.late_grace_minutes")
    def _compute_is_overdue(self):
        """Past its time by more than what counts as on time with its connection."""
        now = fields.Datetime.now()
        for shipment in self:
            shipment.is_overdue = bool(
                shipment.state not in codes.CLOSED_STATES
                and not shipment.arrived_delivery_at
                and shipment.planned_delivery_at
                and shipment.planned_delivery_at < now - shipment._late_grace()
            )

    def _late_grace(self):
        """How long after its time something still counts as on time."""
        self.ensure_one()
        connection = self.connection_id.sudo()
        return timedelta(minutes=connection.late_grace_minutes if connection else codes.LATE_GRACE_MINUTES)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        waits = Domain([("state", "not in", codes.CLOSED_STATES), ("arrived_delivery_at", "=", False)])
        overdue = waits & self._beyond_grace(
            lambda minutes: Domain("planned_delivery_at", "<", now - timedelta(minutes=minutes))
        )
        return Domain.OR([overdue if wanted else ~overdue for wanted in value])

    @api.model
    def _beyond_grace(self, beyond, connection="connection_id"):
        """What is later than counts as on time with its connection.

        :param beyond: function from minutes to the domain of what is later than that
        :param connection: path to the connection
        """
        by_grace = self.env["milepost.connection"].sudo().search([]).grouped("late_grace_minutes")
        usual = codes.LATE_GRACE_MINUTES
        least = min([*by_grace, usual])
        # One bound for all of them keeps the index of what is open in use.
        late = beyond(least)
        for minutes, connections in by_grace.items():
            if minutes > least:
                late &= Domain(connection, "not in", connections.ids) | beyond(minutes)
        if usual > least:
            late &= Domain(connection, "!=", False) | beyond(usual)
        return late
