from odoo import api, fields, models


class MilepostStopTimes(models.TransientModel):
    """What only people know of a stop, and what detention is computed by."""

    _name = "milepost.stop.times"
    _description = "Enter Times of a Stop"

    stop_id = fields.Many2one("milepost.stop", required=True, readonly=True, ondelete="cascade")
    unload_started_at = fields.Datetime(
        string="Unloading Started", compute="_compute_times", store=True, readonly=False
    )
    excluded_minutes = fields.Integer(
        compute="_compute_times", store=True, readonly=False,
        help="Minutes at the stop that the carrier lost itself: they are not detention.",
    )  # fmt: skip

    @api.depends("stop_id")
    def _compute_times(self):
        for entry in self:
            entry.unload_started_at = entry.stop_id.unload_started_at
            entry.excluded_minutes = entry.stop_id.excluded_minutes

    def action_enter(self):
        """Write the times down; the shipment is decided on anew."""
        self.ensure_one()
        self.stop_id.enter_times(self.unload_started_at or False, self.excluded_minutes)
        return {"type": "ir.actions.act_window_close"}
