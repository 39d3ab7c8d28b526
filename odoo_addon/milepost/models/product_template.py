from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    milepost_transport = fields.Boolean(
        string="Transport", help="Sold as transport: delivered when the order's shipments are proven."
    )
