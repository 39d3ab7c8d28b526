from odoo import models


class MilepostShipmentTrace(models.Model):
    """The documents that a shipment led to, for those who follow a message: names, no money."""

    _inherit = "milepost.shipment"

    def _prepare_trace(self):
        """Add its invoices and the carriers' bills."""
        bills = self.env["milepost.carrier.invoice"].sudo().search([("shipment_id", "=", self.id)])
        return {
            **super()._prepare_trace(),
            "documents": [
                {"model": one._name, "id": one.id, "name": one.display_name, "state": one.state}
                for records in (self.sudo().invoice_ids, bills)
                for one in records
            ],
        }
