from odoo import fields, models


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    milepost_one_truck = fields.Boolean(
        string="A Batch Is One Truck", help="Batches of this type are one shipment unless they say otherwise."
    )
