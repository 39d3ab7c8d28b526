from odoo import models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def action_milepost_ship_together(self):
        """Make one shipment of the selected transfers; each address is a stop."""
        self._check_may_ship()
        pickings = self.sudo()
        if others := pickings._milepost_others():
            raise UserError(others._milepost_others_text())
        connections = self.env["milepost.connection"]
        for picking in pickings:
            connections |= picking._milepost_connection()
        if len(connections) != 1:
            raise UserError(self.env._("The transfers must belong to one transport connection."))
        shipment = pickings._milepost_join(connections)
        shipment.action_order_transport()
        return shipment._action_view("milepost.shipment", shipment, self.env._("Shipment"))

    def _milepost_join(self, connection):
        """Have these transfers go on one truck; shipments that they have already become one.

        Those that are ordered are called off, but for the first: it grows. What was picked up stays.
        """
        carrying = self.milepost_shipment_ids.filtered(lambda one: one._is_carrying()).sorted("id")
        first, others = carrying[:1], carrying[1:]
        if first and not others and self <= first.picking_ids and first._live_orders():
            raise UserError(self.env._("These transfers go together and are ordered already."))
        if gone := carrying.filtered(lambda one: not one._may_change()):
            raise UserError(self.env._("%s is on its way already.", gone[0].name))
        if not first:
            return self.env["milepost.shipment"]._from_pickings(self, connection)
        others._give_up(self)
        first._take(self)
        return first

    def action_milepost_order_transport(self):
        """Order the transport of the selected transfers, each by itself unless they go together already.

        Of goods of which some are on their trucks the rest goes on one of its own. What another provider
        carries is left to him.
        """
        self._check_may_ship()
        others = self.sudo()._milepost_others()
        pickings = self.sudo() - others
        if not pickings:
            raise UserError(others._milepost_others_text())
        for picking in pickings:
            carried = picking._milepost_carrying()
            left = picking._milepost_left()
            if left or not carried:
                connection = picking._milepost_connection()
                self.env["milepost.shipment"].sudo()._from_pickings(picking, connection, carried and left)
        shipments = pickings.milepost_shipment_ids
        shipments.action_order_transport()
        shown = shipments._action_view("milepost.shipment", shipments, self.env._("Shipments"))
        if not others:
            return shown
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {
                "type": "warning", "sticky": True, "message": others._milepost_others_text(), "next": shown,
            },
        }  # fmt: skip

    def _milepost_others(self):
        """The transfers that another provider carries, who orders them himself."""
        return self.filtered(lambda one: one.carrier_id._milepost_is_others())

    def _milepost_others_text(self):
        return self.env._(
            "%(transfers)s: the provider of %(method)s orders this himself. For a transport of ours choose "
            "another shipping method.",
            transfers=", ".join(self.mapped("name")),
            method=", ".join(self.carrier_id.mapped("name")),
        )

    def _milepost_ship_anew(self):
        """Have carried what nobody carries any more because it goes by another shipping method."""
        for picking in self.filtered(lambda one: one.state not in ("draft", "done", "cancel")):
            last = picking.milepost_shipment_ids.sorted("id")[-1:]
            if picking._milepost_carrying() or (last and not last._is_carrier_new(picking)):
                continue
            picking._milepost_ship()
            for shipment in picking._milepost_carrying():
                self.env["milepost.outbox"].sudo()._wait_for_release(shipment)

    def _milepost_raise(self):
        """Have carried what was ordered after a truck had left: by one that waits still, else by another.

        Only what no truck was ever asked for: what is left because another was called off is people's.
        """
        for picking in self.filtered(lambda one: one.state != "done"):
            carrying = picking._milepost_carrying()
            if all(one._may_change() for one in carrying):
                continue
            behind = {}
            for move in picking.move_ids:
                if quantity := move._milepost_raised_qty():
                    waiting = move.milepost_line_ids.filtered(
                        lambda line: line.shipment_id._may_change() and line._carries()
                    )[:1]
                    if waiting:
                        waiting.planned_qty += quantity
                    else:
                        behind[move] = quantity
            if behind:
                picking._milepost_ship(behind)

    def _milepost_ship(self, quantities=None):
        """Make a shipment of the transfer, of all of it or of {move: quantity}, where it is wanted."""
        wish = self._milepost_demand()
        if wish and not self.carrier_id:
            self._milepost_route()
            # What the guide chose may be another provider's, who is followed.
            wish = self._milepost_demand()
        connection = wish and self._milepost_manager()
        if not connection or self._milepost_obstacle():
            return
        shipment = self.env["milepost.shipment"].sudo()._from_pickings(self, connection, quantities)
        if wish == "order":
            shipment.action_order_transport()
            self.env["milepost.outbox"]._told_now(shipment)

    def _milepost_left(self):
        """{move: quantity} that is to be moved and that no shipment carries."""
        return {move: rest for move in self.move_ids if (rest := move._milepost_left_qty())}

    def _milepost_carrying(self):
        """The shipments that are to move these goods, move them or did: not declined, not called off."""
        return self.milepost_shipment_ids.filtered(lambda shipment: shipment._is_carrying())

    def _check_may_ship(self):
        """Shipments are made as superuser, for what a transfer needs of orders and partners."""
        self.check_access("read")
        self.env["milepost.shipment"].check_access("create")
        for picking in self.sudo():
            if picking.state in ("draft", "cancel"):
                raise UserError(self.env._("Only confirmed transfers can be shipped."))
            if obstacle := picking._milepost_obstacle():
                raise UserError(f"{picking.name}: {obstacle}")

    def action_view_milepost_shipments(self):
        self.ensure_one()
        return self.milepost_shipment_ids._action_view(
            "milepost.shipment", self.milepost_shipment_ids, self.env._("Shipments")
        )
