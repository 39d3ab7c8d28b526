from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    milepost_notices = fields.Boolean(
        string="Notices to Customers", help="Customers are told by mail what happens to their shipments."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    milepost_notices = fields.Boolean(related="company_id.milepost_notices", readonly=False)
