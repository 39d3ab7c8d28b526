from odoo import api, models

from ..codes import CLOSED_STATES
from .milepost_shipment_order import ORDER_KINDS


class MilepostOutboxOrder(models.AbstractModel):
    """Transport orders in the outbox: queued once, and after that they follow their shipment.

    Whatever touches an ordered shipment only asks for a look; the look comes once, at the end of the
    transaction, and compares what the order would say now with what was told last.
    """

    _name = "milepost.outbox.order"
    _description = "Transport Orders in the Outbox"
    _inherit = ["milepost.transport.order"]

    @api.model
    def _queue_transport_order(self, shipment):
        """Queue the shipment's order once; the partner knows it by the shipment's UUID."""
        existing = self.search([("shipment_id", "=", shipment.id), ("kind", "=", "transport_order")])
        if existing or not shipment.connection_id or shipment.connection_id.tracks_only:
            return existing
        payload = self._prepare_transport_order(shipment)
        shipment._declare_packages(payload)
        return self.create(
            {
                "kind": "transport_order",
                "connection_id": shipment.connection_id.id,
                "shipment_id": shipment.id,
                "idempotency_key": shipment.uid,
                "payload": payload,
            }
        )

    @api.model
    def _watch_orders(self, shipments):
        """Look at the orders of these shipments at the end of the transaction."""
        if shipments:
            self._watched()["milepost.orders"].update(shipments.ids)

    @api.model
    def _watch_transfers(self, pickings):
        """Look at these transfers, and the orders of their shipments, at the end of the transaction."""
        if pickings and self.env["milepost.connection"]._is_any():
            self._watched()["milepost.transfers"].update(pickings.ids)

    @api.model
    def _watched(self):
        """What this transaction has touched, by kind; the end of the transaction looks at it."""
        data = self.env.cr.precommit.data
        if "milepost.orders" not in data:
            data["milepost.orders"], data["milepost.transfers"] = set(), set()
            self.env.cr.precommit.add(self.sudo()._tell_orders)
        return data

    @api.model
    def _told_now(self, shipment):
        """The order says how things are at this moment: only what is touched later is looked at again."""
        watched = self._watched()
        watched["milepost.orders"].discard(shipment.id)
        watched["milepost.transfers"].difference_update(shipment.picking_ids.ids)

    def _tell_orders(self):
        data = self.env.cr.precommit.data
        numbers, transfers = data.pop("milepost.orders", set()), data.pop("milepost.transfers", set())
        pickings = self.env["stock.picking"].sudo().browse(sorted(transfers)).exists()
        pickings._milepost_follow()
        pickings._milepost_raise()
        shipments = self.env["milepost.shipment"].sudo().browse(sorted(numbers)).exists()
        self._follow(shipments | pickings.milepost_shipment_ids)
        pickings.filtered("milepost_shipment_ids")._milepost_ship_anew()
        self.env.flush_all()

    @api.model
    def _follow(self, shipments):
        """Tell the partners what became of the orders of these shipments, if it is not what they know."""
        for shipment in shipments.sorted("id"):
            shipment._let_others_go()
            told = shipment._live_orders()
            if shipment._is_never_ordered():
                self._order_late(shipment)
            if not told or told[-1:].kind == "order_cancellation":
                continue
            if shipment._is_turned_down() and self._pass_on(shipment):
                continue
            if shipment._is_superfluous():
                self._cancel_order(shipment)
                shipment._moving_pickings()._milepost_ship_anew()
                shipment._remember_carrier()
            elif not shipment._may_change():
                continue
            elif connection := shipment._new_connection():
                self._hand_over(shipment, connection)
            elif told[:1].state != "rejected" and shipment._has_ends():
                # An order that was refused is sent again by hand, as it is then.
                shipment._follow_pickings()
                self._change_order(shipment, told)

    @api.model
    def _hand_over(self, shipment, connection):
        """Another partner moves the goods: called off with the one, then ordered with the other.

        The new order waits until the old one is known to be off: goods that the first partner does not
        let go must not be fetched twice.
        """
        quantities = {line.move_id: line.quantity for line in shipment.line_ids if line.quantity}
        pickings = shipment.picking_ids.filtered(lambda picking: picking.state != "cancel")
        self._cancel_order(shipment)
        cancellation = shipment._live_orders()[-1:].filtered(lambda item: item.kind == "order_cancellation")
        other = shipment._from_pickings(pickings, connection, quantities if shipment.is_partial else None)
        # What another provider carries he orders himself.
        if connection.auto_transport_order and not other._is_others():
            self._queue_transport_order(other).after_id = cancellation

    def _order_late(self, shipment):
        """The transfers of a shipment that nobody ordered, another provider's before, have a method of ours."""
        pickings = shipment._moving_pickings()
        if not pickings or not shipment._may_change() or not shipment._is_carrier_new(pickings):
            return
        if connection := shipment._new_connection():
            shipment.connection_id = connection
            shipment._declare_own_identifiers()
        shipment._follow_pickings()
        wanted = all(one._milepost_demand() == "order" and one._milepost_manager() for one in pickings)
        if wanted and shipment._has_ends() and not shipment._is_others():
            self._queue_transport_order(shipment)
            self._wait_for_release(shipment)

    @api.model
    def _wait_for_release(self, shipment):
        """Keep an order back until the partner who had the goods before is known to let them go."""
        before = (shipment.picking_ids.milepost_shipment_ids - shipment)._live_cancellations()
        orders = shipment.outbox_ids.filtered(
            lambda item: item.kind == "transport_order" and item.state == "queued"
        )
        if before and orders:
            orders.after_id = before[-1:]

    def _pass_on(self, shipment):
        """The next shipping method of the routing guide takes what a partner refused or declined.

        :return: whether there is one
        """
        pickings = shipment.picking_ids.filtered(lambda picking: picking.state not in ("cancel", "done"))
        following = pickings and pickings._milepost_route_on()
        if not following:
            return False
        shipment._message_log(body=self.env._("Routing guide: %s is asked next.", following.name))
        self._hand_over(shipment, pickings[0]._milepost_connection())
        return True

    def _change_order(self, shipment, told):
        payload, last = self._prepare_transport_order(shipment), told[-1:]
        shipment._declare_packages(payload)
        if _is_same(payload, last.payload):
            return
        if last.state == "queued" and not last.attempts:
            # Nobody has it yet: it is put right itself, and no stale paper leaves.
            last.payload = payload
            before = told[-2:-1]
            if before.state == "accepted" and _is_same(payload, before.payload):
                last.write({"state": "cancelled", "reason": self.env._("It was changed back.")})
            return
        if last.state == "queued" and last.kind == "order_change":
            last.write({"state": "cancelled", "reason": self.env._("A later change took its place.")})
        self._queue_order("order_change", shipment, payload)

    def _cancel_order(self, shipment):
        """Withdraw what was not sent; tell the partner of the rest that it is off."""
        told = shipment._live_orders()
        if not told or shipment.state in CLOSED_STATES:
            return
        if told[:1].state == "rejected":
            # The partner has no order that could be cancelled.
            shipment._note_cancellation("order_withdrawn", told[:1])
            return
        waiting = told.filtered(lambda item: item.state == "queued")
        is_unknown = told[:1] in waiting and not told[:1].attempts
        sent = (told - waiting)[-1:] or told[:1]
        waiting.write({"state": "cancelled", "reason": self.env._("The transport was cancelled.")})
        if is_unknown:
            shipment._note_cancellation("order_withdrawn", told[:1])
        else:
            self._queue_order("order_cancellation", shipment, sent.payload)
        shipment._share_again()

    def _queue_order(self, kind, shipment, payload):
        # Two transactions that saw the same order must collide: the second looks anew.
        self.env.cr.execute("UPDATE milepost_shipment SET rev = rev + 1 WHERE id = %s", [shipment.id])
        number = self.search_count([("shipment_id", "=", shipment.id), ("kind", "in", ORDER_KINDS)])
        return self.create(
            {
                "kind": kind,
                "connection_id": shipment.connection_id.id,
                "shipment_id": shipment.id,
                "idempotency_key": f"{shipment.uid}-{number + 1}",
                "payload": payload,
            }
        )

    def _settle_order(self):
        """What follows from the partner's answer."""
        shipment = self.shipment_id
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        if self.state == "rejected":
            if self.kind == "transport_order":
                # The partner has no order that could be changed or cancelled.
                later = shipment._live_orders().filtered(lambda item: item.state == "queued")
                later.write({"state": "cancelled", "reason": self.env._("The order was refused.")})
            shipment._message_log(
                body=self.env._("%(kind)s refused: %(reason)s", kind=kind, reason=self.reason or "–")
            )
            self._keep_goods()
            self._watch_orders(shipment)
        elif self.kind == "order_cancellation":
            shipment._note_cancellation("order_cancelled", self)
        elif self.kind == "order_change":
            shipment._message_log(body=self.env._("The partner took the changed order."))

    def _keep_goods(self):
        """A partner that does not let go of the goods keeps them; the order that waited for it is off."""
        for waiting in self.search([("after_id", "in", self.ids), ("state", "=", "queued")]):
            self._cancel_order(waiting.shipment_id)
        self.shipment_id._share_again()


def _is_same(order, other):
    """Whether two orders say the same. A stop's number counts by its place among the others alone:
    an order that was told with other numbers, such as before an upgrade, is no other order."""
    return _renumbered(order) == _renumbered(other)


def _renumbered(order):
    stops = sorted(order["stops"], key=lambda stop: stop["sequence"])
    return {**order, "stops": [{**stop, "sequence": number} for number, stop in enumerate(stops, 1)]}
