from odoo import fields, models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    milepost_connection_id = fields.Many2one(
        "milepost.connection",
        string="Transport Connection",
        help="Who moves deliveries of this shipping method. Empty: the company's default connection.",
    )
