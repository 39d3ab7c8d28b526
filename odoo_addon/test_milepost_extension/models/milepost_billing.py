from decimal import Decimal

from odoo import api, models
from odoo.addons.milepost_billing.billing.holds import Decided
from odoo.addons.milepost_billing.billing.sentences import add_sentences, say


def _lt(text):
    """Mark a text for translation; who shows it translates it."""
    return text


add_sentences("test_milepost_extension", {
    "pallets_missing": _lt("%(count)s pallets were not given back"),
    "get_pallets": _lt("get the pallets back, or bill them"),
})  # fmt: skip


class MilepostBilling(models.AbstractModel):
    """The rule of the reason, and its words."""

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
            say("test_milepost_extension.pallets_missing", count=missing),
            remedy=say("test_milepost_extension.get_pallets"),
            basis=(missing,),
        )]  # fmt: skip
