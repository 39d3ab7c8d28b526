from odoo import fields, models


class MilepostShipment(models.Model):
    """What a person says of the load carriers, and what one of them is worth."""

    _inherit = "milepost.shipment"

    pallet_count = fields.Integer()
    pallet_price = fields.Float(default=15.0)

    def _pallets_missing(self, proof):
        """How many the proofs that count do not give back."""
        return self.pallet_count - sum(pod.pallets_back for pod in proof.valid)
