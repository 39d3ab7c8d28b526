"""A transport order that was sent follows its shipment: changed, or cancelled, in order and once.

Whatever touches an ordered shipment only asks for a look; the look comes once, at the end of the
transaction, and compares what the order would say now with what was told last.
"""

import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..codes import CLOSED_STATES
from ..ingestion.ingest import ingest

ORDER_KINDS = ("transport_order", "order_change", "order_cancellation")
# Afterwards the papers travel with the goods: what is changed then is for the next shipment.
CHANGEABLE_STATES = ("waiting", "booked", "at_pickup")

ORDER_STATES = [
    ("queued", "Waiting to Be Sent"),
    ("sent", "Sent"),
    ("rejected", "Refused"),
    ("change_queued", "Change Waiting"),
    ("change_sent", "Change Sent"),
    ("change_rejected", "Change Refused"),
    ("cancellation_queued", "Cancellation Waiting"),
    ("cancellation_sent", "Cancelled"),
    ("cancellation_rejected", "Cancellation Refused"),
    ("withdrawn", "Withdrawn Unsent"),
]
PREFIX = {"transport_order": "", "order_change": "change_", "order_cancellation": "cancellation_"}
SETTLED = {"queued": "queued", "claimed": "queued", "accepted": "sent", "rejected": "rejected"}


class MilepostOutbox(models.Model):
    _inherit = "milepost.outbox"

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

    def _acknowledge(self, acknowledgement):
        was_open = self.state == "claimed"
        status = super()._acknowledge(acknowledgement)
        if was_open and self.kind in ORDER_KINDS and self.state in ("accepted", "rejected"):
            self._settle_order()
        return status

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

    def action_send_again(self):
        """A change or a cancellation after the refused one has overtaken it."""
        for item in self.filtered(lambda item: item.kind in ORDER_KINDS and item.state == "rejected"):
            if item.shipment_id._live_orders()[-1:] != item:
                raise UserError(
                    self.env._(
                        "%(shipment)s: something later was sent; this one must not follow it.",
                        shipment=item.shipment_id.name,
                    )
                )
        return super().action_send_again()


class MilepostShipment(models.Model):
    _inherit = "milepost.shipment"

    order_state = fields.Selection(
        ORDER_STATES, string="Transport Order", compute="_compute_order_state", store=True, copy=False,
        help="How far the partner knows of the order as it is now.",
    )  # fmt: skip
    can_cancel_order = fields.Boolean(compute="_compute_can_cancel_order")
    transfer_terms = fields.Json(
        readonly=True, copy=False,
        help="Times and places of the transfers when they were last looked at.",
    )  # fmt: skip

    @api.depends("outbox_ids.state", "outbox_ids.kind")
    def _compute_order_state(self):
        for shipment in self:
            orders = shipment.outbox_ids.filtered(lambda item: item.kind in ORDER_KINDS)
            last = shipment._live_orders()[-1:]
            if last:
                shipment.order_state = PREFIX[last.kind] + SETTLED[last.state]
            else:
                shipment.order_state = "withdrawn" if orders else False

    @api.depends("order_state", "state")
    def _compute_can_cancel_order(self):
        for shipment in self:
            order_state = shipment.order_state or "withdrawn"
            over = order_state == "withdrawn" or order_state == "rejected"
            shipment.can_cancel_order = (
                not over
                and not order_state.startswith("cancellation_")
                and shipment.state in CHANGEABLE_STATES
            )

    def write(self, vals):
        result = super().write(vals)
        if {"ready_at", "due_at", "origin_id", "destination_id", "partner_id"} & set(vals):
            self.sudo()._refresh_base_stops()
        if set(vals) & {
            "ready_at", "due_at", "origin_id", "destination_id", "partner_id", "carrier_id", "note",
            "picking_ids", "sale_order_ids",
        }:  # fmt: skip
            self.env["milepost.outbox"]._watch_orders(self)
        return result

    def action_cancel_transport(self):
        """The dispatcher's word that the goods are not to be moved."""
        self.check_access("write")
        for shipment in self.sudo():
            if not shipment.can_cancel_order:
                raise UserError(
                    self.env._(
                        "%(shipment)s: nothing is ordered that could still be cancelled.",
                        shipment=shipment.name,
                    )
                )
            self.env["milepost.outbox"].sudo()._cancel_order(shipment)

    def _live_orders(self):
        """The order, its changes and its cancellation that count, the oldest first."""
        return self.outbox_ids.filtered(
            lambda item: item.kind in ORDER_KINDS and item.state != "cancelled"
        ).sorted("id")

    def _is_order_changeable(self):
        if self.state not in CHANGEABLE_STATES:
            return False
        return not self.picking_ids or any(p.state not in ("done", "cancel") for p in self.picking_ids)

    def _follow_pickings(self):
        """Times and places that changed on the transfers change on the shipment.

        Only those: what a dispatcher set on the shipment stays until the transfer moves.
        """
        pickings = self.picking_ids.filtered(lambda picking: picking.state != "cancel")
        if not pickings:
            return
        now = self._terms_of(pickings)
        before = self.transfer_terms or self._terms_json(now)
        terms = self._terms_json(now)
        changed = {name: now[name] for name in now if before.get(name) != terms[name]}
        if changed or self.transfer_terms != terms:
            self.write({**changed, "transfer_terms": terms})

    @api.model
    def _terms_json(self, terms):
        return {
            name: fields.Datetime.to_string(value) if name in ("ready_at", "due_at") and value else value
            for name, value in terms.items()
        }

    def _refresh_base_stops(self):
        """The stops that the shipment began with follow its ends; the partner's plan lies over them."""
        for shipment in self:
            ends = {end["kind"]: end for end in shipment._base_ends()}
            for stop in shipment.stop_ids.filtered("is_base"):
                stop.write({"base": ends[stop.kind]["base"], "partner_id": ends[stop.kind]["partner_id"]})
        self._derive()

    def _note_cancellation(self, raw_code, item):
        """What ended by our own word is a fact like any other, so that the state follows from facts."""
        now = self.env["milepost.outbox"]._utc(fields.Datetime.now())
        content = f"{raw_code}/{item.id}"
        message = {
            "id": f"outbox-{item.id}", "sha256": hashlib.sha256(content.encode()).hexdigest(),
            "received_at": now, "mapping": "outbox@1", "channel": "replay",
        }  # fmt: skip
        fact = {
            "kind": "milestone",
            "key": hashlib.sha256(f"{self.uid}/{content}".encode()).hexdigest(),
            "message": message["id"],
            "identifiers": [{"type": "shipment", "value": self.name}],
            "applies_to": "one",
            "recorded_at": now,
            "code": "cancelled",
            "classifier": "actual",
            "occurred": {"at": now, "precision": "second"},
            "raw_code": raw_code,
        }
        batch = {"messages": [message], "facts": [fact]}
        ingest(self.env, self.connection_id, batch, is_partner=False)


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def write(self, vals):
        result = super().write(vals)
        if {"partner_id", "carrier_id", "scheduled_date", "date_deadline", "sale_id"} & set(vals):
            self._watch_milepost_orders()
        return result

    def _watch_milepost_orders(self):
        self.env["milepost.outbox"]._watch_orders(self.sudo().milepost_shipment_ids)


class StockMove(models.Model):
    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves.picking_id._watch_milepost_orders()
        return moves

    def write(self, vals):
        before = self.picking_id if "picking_id" in vals else self.env["stock.picking"]
        result = super().write(vals)
        told = {"product_id", "product_uom_qty", "product_uom", "date", "date_deadline", "picking_id"}
        if told & set(vals) or vals.get("state") == "cancel":
            (self.picking_id | before)._watch_milepost_orders()
        return result

    def unlink(self):
        pickings = self.picking_id
        result = super().unlink()
        pickings.exists()._watch_milepost_orders()
        return result


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        result = super().write(vals)
        if "client_order_ref" in vals:
            self.env["milepost.outbox"]._watch_orders(self.sudo().milepost_shipment_ids)
        return result


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if {"name", "street", "zip", "city", "country_id", "tz", "phone", "email"} & set(vals):
            self._watch_milepost_orders()
        return result

    def _watch_milepost_orders(self):
        """An address that an order named and that is corrected before the pickup is told."""
        shipments = self.env["milepost.shipment"].sudo().search([
            ("state", "in", CHANGEABLE_STATES), ("order_state", "!=", False),
            "|", ("destination_id", "in", self.ids), ("origin_id", "in", self.ids),
        ])  # fmt: skip
        if shipments:
            shipments._refresh_base_stops()
            self.env["milepost.outbox"]._watch_orders(shipments)
