from decimal import Decimal

from odoo import api, models
from odoo.addons.milepost_billing.billing.holds import Decided


class MilepostBilling(models.AbstractModel):
    """The rule of the reason."""

    _inherit = "milepost.billing"

    @api.model
    def _further_holds(self, shipment, decision):
        found = super()._further_holds(shipment, decision)
        missing = shipment._pallets_missing(decision.proof)
        if missing <= 0 or decision.proof.coverage.missing:
            return found
        return [*found, Decided(
            "ar", "PALLETS_OPEN", "pallets", "soft",
            Decimal(missing) * Decimal(str(shipment.pallet_price)),
            self.env._("%(count)s pallets were not given back", count=missing),
            remedy=self.env._("get the pallets back, or bill them"),
            facts=(missing,),
        )]  # fmt: skip
