from odoo import api, models
from odoo.addons.milepost.models.milepost_bundle import Part


class MilepostBundle(models.AbstractModel):
    """Policies, rates and fuel prices travel, too. Who may publish is approved in each database anew."""

    _inherit = "milepost.bundle"

    @api.model
    def _parts(self):
        """Add what billing is decided by. A policy that is new here is tried before it blocks."""
        contract = (
            "side", "carrier_partner_id", "customer_id", "carrier_id", "origin_zip", "destination_zip",
            "charge_type", "valid_from", "valid_to",
        )  # fmt: skip
        connection, *others = super()._parts()
        return [
            connection._replace(said=(*connection.said, "wants_outcomes")),
            *others,
            Part(
                "milepost.billing.policy", ("name",), kept=("mode",),
                rows={"limit_ids": ("charge_type",)}, first={"mode": "shadow"},
            ),
            Part("milepost.fuel.price", ("fuel_index", "effective_from")),
            Part("milepost.rate", contract, rows={"bracket_ids": ("low",)}),
        ]  # fmt: skip
