from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    milepost_scac = fields.Char(
        string="SCAC", index="btree_not_null", help="Standard Carrier Alpha Code, of a carrier."
    )
