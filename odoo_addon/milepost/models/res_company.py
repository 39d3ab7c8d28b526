from odoo import models


class ResCompany(models.Model):
    """Its bus channel tells the boards which shipments changed."""

    _name = "res.company"
    _inherit = ["res.company", "bus.listener.mixin"]
