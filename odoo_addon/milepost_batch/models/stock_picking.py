from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def write(self, vals):
        result = super().write(vals)
        if "batch_id" in vals:
            self.env["milepost.outbox"]._watch_transfers(self)
        return result

    def _milepost_follow(self):
        """A confirmed batch that is one truck is one shipment, as far as nothing was picked up yet."""
        super()._milepost_follow()
        batches = self.sudo().batch_id.filtered(
            lambda one: one.milepost_one_truck and one.state == "in_progress"
        )
        for batch in batches:
            together = batch.picking_ids.filtered(lambda picking: picking._milepost_may_join())
            connections = self.env["milepost.connection"].union(
                *(one._milepost_connection() for one in together)
            )
            carrying = together.milepost_shipment_ids.filtered(lambda one: one._is_carrying())
            if len(connections) == 1 and (len(carrying) > 1 or not together <= carrying.picking_ids):
                together._milepost_join(connections).action_order_transport()

    def _milepost_may_join(self):
        """Whether the transfer is to travel and its goods were not picked up yet."""
        if self.state in ("draft", "done", "cancel") or self._milepost_demand() != "order":
            return False
        carrying = self.milepost_shipment_ids.filtered(lambda one: one._is_carrying())
        return bool(self._milepost_manager()) and (
            not self._milepost_obstacle() and all(one._may_change() for one in carrying)
        )
