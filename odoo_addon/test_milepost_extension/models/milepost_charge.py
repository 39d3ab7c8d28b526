from odoo import fields, models


class MilepostCharge(models.Model):
    """A charge type of one's own: rates, limits, bills and code maps offer it."""

    _inherit = "milepost.charge"

    charge_type = fields.Selection(
        selection_add=[("pallet_exchange", "Pallet Exchange")], ondelete={"pallet_exchange": "set misc"}
    )
