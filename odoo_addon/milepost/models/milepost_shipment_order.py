import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..codes import CHANGEABLE_STATES
from ..contract import fact_key, instant_text
from ..ingestion.ingest import ingest

ORDER_KINDS = ("transport_order", "order_change", "order_cancellation")

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


class MilepostShipmentOrder(models.AbstractModel):
    """What of a shipment is about its transport order.

    A transport order that was sent follows its shipment: changed, or cancelled, in order and once.
    """

    _name = "milepost.shipment.order"
    _description = "Transport Order of a Shipment"
    _inherit = ["milepost.derived"]

    order_state = fields.Selection(
        ORDER_STATES, string="Transport Order", compute="_compute_order_state", store=True, copy=False,
        help="Whether the partner has the current version of the order.",
        derived="orders",
    )  # fmt: skip
    order_difference = fields.Selection(
        lambda self: self.env["milepost.outbox"]._fields["difference"]._description_selection(self.env),
        string="Order Differs", compute="_compute_order_difference",
        help="How the partner shows the order otherwise than it stands here, by the last comparison.",
    )  # fmt: skip
    can_order = fields.Boolean(compute="_compute_can_order")
    can_cancel_order = fields.Boolean(compute="_compute_can_cancel_order")
    transfer_terms = fields.Json(
        readonly=True, copy=False,
        help="Times and places of the transfers when they were last looked at.",
        derived="orders",
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

    @api.depends("outbox_ids.difference")
    def _compute_order_difference(self):
        for shipment in self:
            shipment.order_difference = shipment._differing_order().difference

    def _differing_order(self):
        """The order, change or cancellation that the partner shows otherwise; or none."""
        return self.outbox_ids.filtered("difference").sorted("id")[-1:]

    @api.depends("connection_id", "outbox_ids.kind", "state", "picking_ids.carrier_id")
    def _compute_can_order(self):
        for shipment in self:
            ordered = shipment.outbox_ids.filtered(lambda item: item.kind != "event")
            orders = shipment.connection_id and not shipment.connection_id.sudo().tracks_only
            may = orders and shipment.state == "waiting" and not ordered
            shipment.can_order = bool(may and not shipment.sudo()._is_others())

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

    def action_order_transport(self):
        """Queue the transport order; a shipment that has one that is under way gets no second."""
        self.check_access("write")
        for shipment in self:
            if not shipment.sudo()._has_ends():
                raise UserError(self.env._(
                    "%(shipment)s: say from where and to where the goods go, then order the transport.",
                    shipment=shipment.name,
                ))  # fmt: skip
            if shipment.sudo()._is_others():
                raise UserError(shipment.sudo().picking_ids._milepost_others_text())
            shipment.sudo()._let_others_go()
            self.env["milepost.outbox"].sudo()._queue_transport_order(shipment.sudo())

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

    def _live_cancellations(self):
        """Cancellations that the partners did not answer yet, the oldest first."""
        return self.outbox_ids.filtered(
            lambda item: item.kind == "order_cancellation" and item.state in ("queued", "claimed")
        ).sorted("id")

    def _is_never_ordered(self):
        """Whether no order was ever made of the shipment."""
        return not any(item.kind in ORDER_KINDS for item in self.outbox_ids)

    def _moving_pickings(self):
        """The transfers of the shipment that are still to leave."""
        return self.picking_ids.filtered(lambda picking: picking.state not in ("cancel", "done"))

    def _is_others(self):
        """Whether another provider orders all that is left to be moved."""
        pickings = self._moving_pickings()
        return bool(pickings) and pickings == pickings._milepost_others()

    def _let_others_go(self):
        """Of a truck for several transfers those leave that another provider carries now, who is followed."""
        pickings = self._moving_pickings() if self._may_change() else self.picking_ids.browse()
        others = pickings._milepost_others()
        if others and others != pickings:
            self._give_up(others)
            others._milepost_ship_anew()

    def _remember_carrier(self):
        """By which method the transfers go that were called off: by the next one they go anew."""
        if pickings := self._moving_pickings():
            self.transfer_terms = {**(self.transfer_terms or {}), "carrier_id": pickings[0].carrier_id.id}

    def _has_ends(self):
        """Whether it is known where the goods are fetched and where they go."""
        return bool(
            (self.origin_id or self.company_id.partner_id) and (self.destination_id or self.partner_id)
        )

    def _is_superfluous(self):
        """Whether nothing is left to be moved: no transfer lives, or none that is to travel."""
        pickings = self.picking_ids
        if not pickings:
            return self.direction == "service" and all(o.state == "cancel" for o in self.sale_order_ids)
        alive = pickings.filtered(lambda picking: picking.state != "cancel")
        called_off = (
            self._may_change()
            and alive
            and self._is_carrier_new(alive)
            and not any(
                picking._milepost_demand() and not picking.carrier_id._milepost_is_others()
                for picking in alive
            )
        )
        return not alive or bool(called_off)

    def _is_carrier_new(self, pickings):
        """Whether the transfers have another shipping method than when they were last looked at."""
        return (
            bool(self.transfer_terms) and self.transfer_terms.get("carrier_id") != pickings[0].carrier_id.id
        )

    def _is_turned_down(self):
        """Whether the partner refused the order or declined the load, and nobody else has the goods."""
        if self.state != "declined" and self.order_state != "rejected":
            return False
        others = self.picking_ids.milepost_shipment_ids - self
        return self.state in (*CHANGEABLE_STATES, "declined") and not any(o._is_carrying() for o in others)

    def _new_connection(self):
        """The connection of the transfers' new shipping method, when it is another one; else none."""
        pickings = self._moving_pickings()
        if not pickings or not self._is_carrier_new(pickings):
            return self.env["milepost.connection"]
        return pickings[0]._milepost_connection() - self.connection_id

    def _follow_pickings(self):
        """Times and places that changed on the transfers change on the shipment.

        Only those: what a dispatcher set on the shipment stays until the transfer moves.
        """
        pickings = self.picking_ids.filtered(lambda picking: picking.state != "cancel")
        if not pickings or "done" in pickings.mapped("state"):
            # Validating a transfer moves its dates to now, which is no news for the partner.
            return
        now = self._terms_of(pickings)
        before = self.transfer_terms or self._terms_json(now)
        terms = self._terms_json(now)
        changed = {name: now[name] for name in now if before.get(name) != terms[name]}
        if changed or self.transfer_terms != terms:
            self.write({**changed, "transfer_terms": terms})
        elif len(pickings) > 1 and self._base_places() != self._told_places():
            self._refresh_base_stops()

    @api.model
    def _terms_json(self, terms):
        return {
            name: fields.Datetime.to_string(value) if name in ("ready_at", "due_at") and value else value
            for name, value in terms.items()
        }

    def _note_cancellation(self, raw_code, item):
        """What ended by our own word is a fact like any other, so that the state follows from facts."""
        now = instant_text(fields.Datetime.now())
        content = f"{raw_code}/{item.id}"
        message = {
            "id": f"outbox-{item.id}", "sha256": hashlib.sha256(content.encode()).hexdigest(),
            "received_at": now, "mapping": "outbox@1", "channel": "replay",
        }  # fmt: skip
        fact = {
            "kind": "milestone",
            "message": message["id"],
            "identifiers": [{"type": "shipment", "value": self.name}],
            "applies_to": "one",
            "source_event": content,
            "recorded_at": now,
            "code": "cancelled",
            "classifier": "actual",
            "occurred": {"at": now, "precision": "second"},
            "raw_code": raw_code,
        }
        batch = {"messages": [message], "facts": [{**fact, "key": fact_key(fact)}]}
        ingest(self.env, self.connection_id, batch, is_partner=False)
