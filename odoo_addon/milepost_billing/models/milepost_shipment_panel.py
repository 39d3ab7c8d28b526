from odoo import models


class MilepostShipment(models.Model):
    """What billing adds to the actions beside the control tower."""

    _inherit = "milepost.shipment"

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
