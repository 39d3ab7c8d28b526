from odoo import api, models


class MilepostPod(models.Model):
    """Proofs are checked by the billing policy; its validation decides which of them count."""

    _inherit = "milepost.pod"

    def _review_changed(self):
        self.shipment_id._facts_changed()

    @api.model
    def _reviewer_groups(self):
        return [*super()._reviewer_groups(), "milepost_billing.group_billing_analyst"]
