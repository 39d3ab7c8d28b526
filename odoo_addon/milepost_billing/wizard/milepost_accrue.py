from datetime import timedelta

from odoo import fields, models


class MilepostAccrue(models.TransientModel):
    """Asks as of which day freight is accrued."""

    _name = "milepost.accrue"
    _description = "Accrue Freight"

    day = fields.Date(
        string="As of the End of", required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1) - timedelta(days=1),
        help="The last month's end by default; other days keep their balances.",
    )  # fmt: skip

    def action_accrue(self):
        self.ensure_one()
        return self.env["milepost.accrual"].accrue_now(self.day)
