from odoo import models


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Who may see shipments hears of their changes, in each of their companies."""
        channels = super()._build_bus_channel_list(list(channels))
        user = self.env.user
        if user._is_internal() and self.env["milepost.shipment"].has_access("read"):
            channels.extend(user.company_ids)
        return channels
