from odoo import fields, models
from odoo.tools import SQL

from .. import codes


class MilepostPunctuality(models.Model):
    """One row for each shipment that has reached its end, with what a carrier is measured by."""

    _name = "milepost.punctuality"
    _description = "Punctuality"
    _auto = False
    _order = "delivered_at desc, id desc"
    _rec_name = "shipment_id"

    shipment_id = fields.Many2one("milepost.shipment", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    connection_id = fields.Many2one("milepost.connection", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    carrier_name = fields.Char(string="Carrier", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", string="Shipping Method", readonly=True)
    state = fields.Selection(codes.SHIPMENT_STATES, readonly=True)
    planned_delivery_at = fields.Datetime(string="Due", readonly=True)
    delivered_at = fields.Datetime(string="Delivered", readonly=True)
    punctuality = fields.Selection([("on_time", "On Time"), ("late", "Late")], readonly=True)
    exception_reason = fields.Selection(codes.REASONS, readonly=True)
    on_time_percent = fields.Float(string="On Time %", readonly=True, aggregator="avg", digits=(16, 1))
    hours_late = fields.Float(readonly=True, aggregator="avg", digits=(16, 2), help="Negative when early.")
    transit_hours = fields.Float(
        readonly=True, aggregator="avg", digits=(16, 1), help="From the pickup to the delivery."
    )
    attempt_count = fields.Integer(string="Failed Attempts", readonly=True)
    pod_percent = fields.Float(string="With Proof %", readonly=True, aggregator="avg", digits=(16, 1))

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT s.id, s.id AS shipment_id, s.company_id, s.connection_id, s.partner_id, s.carrier_name,
                   s.carrier_id, s.state, s.planned_delivery_at, s.delivered_at, s.punctuality,
                   s.exception_reason, s.attempt_count,
                   CASE s.punctuality WHEN 'on_time' THEN 100.0 WHEN 'late' THEN 0.0 END AS on_time_percent,
                   s.lateness_minutes / 60.0 AS hours_late,
                   EXTRACT(EPOCH FROM s.delivered_at - s.picked_up_at) / 3600 AS transit_hours,
                   CASE WHEN s.has_pod THEN 100.0 ELSE 0.0 END AS pod_percent
              FROM milepost_shipment s
             WHERE s.delivered_at IS NOT NULL
            """
        )

    def action_open(self):
        self.ensure_one()
        return self.shipment_id._action_view("milepost.shipment", self.shipment_id, self.env._("Shipment"))
