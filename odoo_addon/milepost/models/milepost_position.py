from odoo import fields, models


class MilepostPosition(models.AbstractModel):
    """Where something is, as the facts say."""

    _name = "milepost.position"
    _description = "Position"
    _inherit = ["milepost.derived"]

    latitude = fields.Float(digits=(10, 6), readonly=True, copy=False, derived="facts")
    longitude = fields.Float(digits=(10, 6), readonly=True, copy=False, derived="facts")
