from odoo import api, fields, models


class MilepostStopNotice(models.TransientModel):
    """Who was told that a truck waits, when, and how."""

    _name = "milepost.stop.notice"
    _description = "Record a Detention Notice"

    stop_id = fields.Many2one("milepost.stop", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Notified", required=True)
    channel = fields.Selection(
        lambda self: self._channels(), required=True, default="email", string="Channel"
    )
    told_at = fields.Datetime(string="Notified At", required=True, default=lambda self: fields.Datetime.now())
    note = fields.Char()

    @api.model
    def _channels(self):
        return self.env["milepost.detention.notice"]._fields["channel"]._description_selection(self.env)

    def action_note(self):
        """Write the notice down; it stays as it is."""
        self.ensure_one()
        self.env["milepost.detention.notice"].tell(
            self.stop_id.id, self.partner_id.id, self.channel, self.told_at, self.note
        )
        return {"type": "ir.actions.act_window_close"}
