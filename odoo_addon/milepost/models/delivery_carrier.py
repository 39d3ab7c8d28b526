from odoo import fields, models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    milepost_connection_id = fields.Many2one(
        "milepost.connection",
        string="Transport Connection",
        help="Who moves deliveries of this shipping method. Empty: the company's default connection.",
    )
    milepost_transport = fields.Selection(
        [("always", "Always"), ("never", "Never")],
        string="Needs Transport",
        help="Whether transfers of this shipping method are shipments: always, also receipts whose freight "
        "we pay; never, such as what customers fetch. Empty: as the operation type says.",
    )
