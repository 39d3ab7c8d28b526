from odoo import api, fields, models


class MilepostBillable(models.Model):
    """A kind of thing to bill: the pallets that stay with the consignee."""

    _inherit = "milepost.billable"

    kind = fields.Selection(selection_add=[("pallets", "Pallets")], ondelete={"pallets": "cascade"})

    @api.model
    def _prepare_from_decision(self, shipment, decision):
        rows = super()._prepare_from_decision(shipment, decision)
        missing = shipment._pallets_missing(decision.proof)
        if missing > 0 and not decision.proof.coverage.missing:
            rows.append({
                "key": "pallets", "kind": "pallets", "description": self.env._("Pallets kept"),
                "product_id": decision.policy._charge_product(shipment.company_id).id,
                "billable_qty": 1.0, "price_unit": missing * shipment.pallet_price,
                "amount": missing * shipment.pallet_price,
            })  # fmt: skip
        return rows
