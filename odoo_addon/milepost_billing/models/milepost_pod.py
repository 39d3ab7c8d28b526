from odoo import api, fields, models


class MilepostPod(models.Model):
    """Proofs are checked by the billing policy; its validation decides which of them count."""

    _inherit = "milepost.pod"

    fault_said = fields.Json(readonly=True, copy=False)
    fault_shown = fields.Char(string="Why It Does Not Count", compute="_compute_fault_shown")

    @api.depends("fault_said", "fault")
    @api.depends_context("lang")
    def _compute_fault_shown(self):
        for pod in self:
            pod.fault_shown = self.env["milepost.words"]._words(pod.fault_said, pod.fault)

    def _is_accepted(self, policy):
        """Whether the proof needs no person's yes, or has it. Another addon may want a yes of its own."""
        self.ensure_one()
        return policy.pod_auto_validate or self.review == "validated"

    @api.model
    def _prepare_waiting(self):
        return {**super()._prepare_waiting(), "fault_said": False}

    def _review_changed(self):
        self.shipment_id._facts_changed()

    @api.model
    def _reviewer_groups(self):
        return [*super()._reviewer_groups(), "milepost_billing.group_billing_analyst"]
