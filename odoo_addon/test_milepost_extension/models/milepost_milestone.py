from odoo import fields, models


class MilepostMilestone(models.Model):
    """A milestone of one's own: partners' codes are mapped to it like to any other."""

    _inherit = "milepost.milestone"

    code = fields.Selection(
        selection_add=[("pallets_collected", "Pallets Collected")],
        ondelete={"pallets_collected": "set null"},
    )
