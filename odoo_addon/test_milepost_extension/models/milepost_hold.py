from odoo import fields, models


class MilepostHold(models.Model):
    """A reason to hold, its rule stands in milepost.billing; and what clears it."""

    _inherit = "milepost.hold"

    reason = fields.Selection(
        selection_add=[("pallets_open", "Pallets Not Given Back")], ondelete={"pallets_open": "set default"}
    )
