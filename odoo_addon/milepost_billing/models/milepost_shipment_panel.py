from odoo import api, fields, models


class MilepostShipment(models.Model):
    """What billing adds to the control tower: its money, and actions beside it."""

    _inherit = "milepost.shipment"

    at_stake_amount = fields.Monetary(
        string="At Stake", compute="_compute_at_stake_amount", store=True,
        help="What of the value is not invoiced yet.",
    )  # fmt: skip

    @api.depends("billing_value", "invoiced_amount", "absorbed_amount")
    def _compute_at_stake_amount(self):
        """What is sold and neither invoiced nor given up; a credit that waits puts nothing at stake."""
        for shipment in self:
            settled = shipment.invoiced_amount + shipment.absorbed_amount
            currency = shipment.currency_id or shipment.company_id.currency_id
            shipment.at_stake_amount = max(currency.round(shipment.billing_value - settled), 0.0)

    def _board_rows(self):
        rows = super()._board_rows()
        for shipment, row in zip(self, rows, strict=True):
            row["at_stake_currency_id"] = shipment.currency_id.id
        return rows

    def _panel_actions(self):
        actions = super()._panel_actions()
        user = self.env.user
        may = user.has_group("milepost.group_dispatcher") or user.has_group(
            "milepost_billing.group_billing_analyst"
        )
        if self.connection_id and may:
            actions.append({"key": "proof", "name": self.env._("Supply Proof"), "hotkey": "p"})
        return actions

    def _panel_proof(self):
        return self.env["milepost.supply.proof"]._open(self, self.env["milepost.stop"])
