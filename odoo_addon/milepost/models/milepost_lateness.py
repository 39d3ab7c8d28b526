from odoo import api, fields, models


class MilepostLateness(models.AbstractModel):
    """How late something is, by what was planned and what the facts say."""

    _name = "milepost.lateness"
    _description = "Lateness"
    _inherit = ["milepost.derived"]

    lateness_minutes = fields.Integer(
        string="Minutes Late", readonly=True, copy=False, aggregator="avg", derived="facts"
    )
    lateness_hours = fields.Float(
        string="Late By", compute="_compute_lateness_hours",
        help="Hours after it was due; negative when early.",
    )  # fmt: skip

    @api.depends("lateness_minutes")
    def _compute_lateness_hours(self):
        for record in self:
            record.lateness_hours = record.lateness_minutes / 60
