from odoo import fields, models


class MilepostPodStop(models.TransientModel):
    """Which delivery a proof is for that names none."""

    _name = "milepost.pod.stop"
    _description = "Assign a Proof to a Stop"

    pod_id = fields.Many2one("milepost.pod", string="Proof", required=True, readonly=True)
    shipment_id = fields.Many2one(related="pod_id.shipment_id")
    stop_id = fields.Many2one(
        "milepost.stop", string="Delivery Stop", required=True,
        domain="[('shipment_id', '=', shipment_id), ('kind', '=', 'delivery'), ('in_plan', '=', True)]",
    )  # fmt: skip

    def action_assign(self):
        """Assign the proof to the chosen stop."""
        self.ensure_one()
        self.pod_id.assign_stop(self.stop_id.id)
        return {"type": "ir.actions.act_window_close"}
