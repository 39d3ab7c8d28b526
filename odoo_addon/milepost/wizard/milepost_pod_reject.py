from odoo import fields, models


class MilepostPodReject(models.TransientModel):
    """Why proofs of delivery are rejected."""

    _name = "milepost.pod.reject"
    _description = "Reject Proofs of Delivery"

    pod_ids = fields.Many2many(
        "milepost.pod", string="Proofs", required=True, default=lambda self: self._chosen_proofs()
    )
    reason = fields.Char(required=True)

    def _chosen_proofs(self):
        """The proofs that were selected in a list, or the one whose form is open."""
        if self.env.context.get("active_model") != "milepost.pod":
            return self.env["milepost.pod"]
        return self.env["milepost.pod"].browse(self.env.context.get("active_ids"))

    def action_reject(self):
        """Reject the proofs."""
        self.pod_ids.action_reject(self.reason)
        return {"type": "ir.actions.act_window_close"}
