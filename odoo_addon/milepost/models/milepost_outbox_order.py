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
        if existing or not shipment.connection_id:
            return existing
        return self.create(
            {
                "kind": "transport_order",
                "connection_id": shipment.connection_id.id,
                "shipment_id": shipment.id,
                "idempotency_key": shipment.uid,
                "payload": self._prepare_transport_order(shipment),
            }
        )

    @api.model
    def _watch_orders(self, shipments):
        """Look at the orders of these shipments at the end of the transaction."""
        if not shipments:
            return
        data = self.env.cr.precommit.data
        if "milepost.orders" not in data:
            data["milepost.orders"] = set()
            self.env.cr.precommit.add(self.sudo()._tell_orders)
        data["milepost.orders"].update(shipments.ids)

    def _tell_orders(self):
        numbers = self.env.cr.precommit.data.pop("milepost.orders", set())
        shipments = self.env["milepost.shipment"].sudo().browse(sorted(numbers)).exists()
        for shipment in shipments.filtered("outbox_ids"):
            told = shipment._live_orders()
            if not told or told[-1:].kind == "order_cancellation" or told[:1].state == "rejected":
                # Nothing is ordered, or no more; an order that was refused is sent again by hand,
                # as it is then.
                continue
            if shipment.picking_ids and all(p.state == "cancel" for p in shipment.picking_ids):
                self._cancel_order(shipment)
            elif shipment._is_order_changeable():
                shipment._follow_pickings()
                self._change_order(shipment, told)
        self.env.flush_all()

    def _change_order(self, shipment, told):
        payload, last = self._prepare_transport_order(shipment), told[-1:]
        if payload == last.payload:
            return
        if last.state == "queued" and not last.attempts:
            # Nobody has it yet: it is put right itself, and no stale paper leaves.
            last.payload = payload
            before = told[-2:-1]
            if before.state == "accepted" and before.payload == payload:
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
        waiting = told.filtered(lambda item: item.state == "queued")
        is_unknown = told[:1] in waiting and not told[:1].attempts
        sent = (told - waiting)[-1:] or told[:1]
        waiting.write({"state": "cancelled", "reason": self.env._("The transport was cancelled.")})
        if is_unknown:
            shipment._note_cancellation("order_withdrawn", told[:1])
        else:
            self._queue_order("order_cancellation", shipment, sent.payload)

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
        elif self.kind == "order_cancellation":
            shipment._note_cancellation("order_cancelled", self)
        elif self.kind == "order_change":
            shipment._message_log(body=self.env._("The partner took the changed order."))
