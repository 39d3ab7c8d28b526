from odoo import api, models


class MilepostRetraction(models.Model):
    """Bills without a shipment are withdrawn, too."""

    _inherit = "milepost.retraction"

    @api.model
    def _stored(self, connection_id, target_keys):
        super()._stored(connection_id, target_keys)
        # A retraction may be about an earlier one: then that one's bill is looked at.
        words = self.search([("connection_id", "=", connection_id), ("key", "in", target_keys)])
        while words:
            target_keys = [*target_keys, *words.mapped("target_key")]
            words = self.search([
                ("connection_id", "=", connection_id), ("key", "in", words.filtered("target_key").mapped("target_key")),
            ])  # fmt: skip
        bills = self.env["milepost.carrier.invoice"].search([
            ("connection_id", "=", connection_id), ("key", "in", target_keys), ("shipment_id", "=", False),
        ])  # fmt: skip
        if bills:
            bills.write({"is_dirty": True})
            self.env["milepost.billing"]._wake()
