from odoo import api, fields, models


class MilepostRelease(models.TransientModel):
    """Asks why holds are released, once for all of them."""

    _name = "milepost.release"
    _description = "Release Holds"

    hold_ids = fields.Many2many(
        "milepost.hold", string="Holds", readonly=True,
        default=lambda self: self.env.context.get("active_ids"),
    )  # fmt: skip
    release_code = fields.Selection(
        lambda self: self.env["milepost.hold"]._fields["release_code"]._description_selection(self.env),
        string="Why It Is Released", required=True,
    )  # fmt: skip
    release_reason = fields.Text(string="In Your Words, for the Audit", required=True)
    free_count = fields.Integer(string="Can Be Released", compute="_compute_outlook")
    skipped = fields.Text(string="Stay Held", compute="_compute_outlook")

    @api.depends("hold_ids")
    def _compute_outlook(self):
        for wizard in self:
            outlook = wizard.hold_ids.release_outlook()
            wizard.free_count = len(outlook["free"])
            wizard.skipped = self._skipped_text(outlook["skipped"])

    def action_release(self):
        """Release; what was skipped is told, and why."""
        self.ensure_one()
        result = self.hold_ids.release_alike(self.release_code, self.release_reason)
        closing = {"type": "ir.actions.act_window_close"}
        if not result["skipped"]:
            return closing
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {
                "title": self.env._("%s released", len(result["released"])),
                "message": self._skipped_text(result["skipped"]), "type": "warning", "sticky": True,
                "next": closing,
            },
        }  # fmt: skip

    @api.model
    def _skipped_text(self, skipped):
        return "\n".join(f"{one['name']}: {one['why']}" for one in skipped)
