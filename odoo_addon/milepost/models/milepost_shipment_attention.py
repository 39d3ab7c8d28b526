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
