from odoo import api, models


class MilepostFact(models.AbstractModel):
    """Billing facts are published by who has the authority to."""

    _inherit = "milepost.fact"

    @api.model
    def _refused(self, connection_id, facts, shipments_of):
        return {
            **super()._refused(connection_id, facts, shipments_of),
            **self.env["milepost.publisher"].sudo()._refusals(connection_id, facts, shipments_of),
        }
