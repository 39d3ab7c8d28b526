import json
import secrets
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import float_repr

MAX_LEASE_SECONDS = 3600


class MilepostOutbox(models.Model):
    """What Odoo has to say to partners. The bridge claims it with a lease; Odoo calls nobody."""

    _name = "milepost.outbox"
    _description = "Outgoing Order"
    _order = "id desc"
    _rec_name = "shipment_id"

    kind = fields.Selection(
        [
            ("transport_order", "Transport Order"),
            ("order_change", "Order Change"),
            ("order_cancellation", "Order Cancellation"),
            ("outcome", "Outcome"),
        ],
        required=True,
        readonly=True,
    )
    connection_id = fields.Many2one("milepost.connection", required=True, readonly=True, index=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, readonly=True, ondelete="cascade", index=True
    )
    idempotency_key = fields.Char(required=True, readonly=True)
    payload = fields.Json(readonly=True)
    payload_text = fields.Text(string="Content", compute="_compute_payload_text")
    state = fields.Selection(
        [
            ("queued", "Queued"),
            ("claimed", "Being Sent"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        default="queued",
        required=True,
        readonly=True,
        index=True,
    )
    lease = fields.Char(readonly=True, groups="base.group_system")
    leased_until = fields.Datetime(readonly=True)
    attempts = fields.Integer(readonly=True)
    not_before = fields.Datetime(readonly=True)
    external_number = fields.Char(string="Partner's Order Number", readonly=True)
    reason = fields.Char(readonly=True)
    acknowledged_at = fields.Datetime(readonly=True)

    _key_unique = models.UniqueIndex(
        "(connection_id, idempotency_key)", "This order is in the outbox already."
    )
    _due_index = models.Index("(connection_id, id) WHERE state IN ('queued', 'claimed')")

    @api.depends("payload")
    def _compute_payload_text(self):
        for item in self:
            item.payload_text = json.dumps(item.payload, indent=2, ensure_ascii=False)

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
    def _prepare_transport_order(self, shipment):
        """The order in the contract's words (transport_order in exchange.schema.json).

        In the company's language: the words must not change with the person who clicked.
        """
        shipment = shipment.with_context(lang=shipment.company_id.partner_id.lang)
        maps, connection = self.env["milepost.code.map"], shipment.connection_id
        origin = shipment.origin_id or shipment.company_id.partner_id
        destination = shipment.destination_id or shipment.partner_id
        ends = {"pickup": (origin, shipment.ready_at), "delivery": (destination, shipment.due_at)}
        stops = [
            self._without_gaps(
                {
                    "id": stop.key,
                    "sequence": stop.sequence,
                    "kind": stop.kind,
                    "place": self._prepare_place(ends[stop.kind][0]),
                    "party": self._prepare_party(ends[stop.kind][0], connection, "place"),
                    "window_end": self._utc(ends[stop.kind][1]),
                }
            )
            for stop in shipment.stop_ids.filtered("is_base").sorted("sequence")
        ]
        orders = shipment.sale_order_ids
        return self._without_gaps(
            {
                "id": shipment.uid,
                "consignment_id": shipment.consignment_uid,
                "shipment": shipment.name,
                "sales_orders": orders.mapped("name"),
                "transfers": shipment.picking_ids.mapped("name"),
                "customer_references": [ref for ref in orders.mapped("client_order_ref") if ref],
                "shipper": self._prepare_party(shipment.company_id.partner_id, connection, "customer"),
                "consignee": self._prepare_party(destination, connection, "customer"),
                "stops": stops,
                "goods": self._prepare_goods(shipment),
                "service": maps._code_of(connection, "service", shipment.carrier_id)
                or shipment.carrier_id.name
                or None,
                "note": shipment.note or None,
            }
        )

    @api.model
    def _prepare_goods(self, shipment):
        """One entry per product and unit, over all transfers of the shipment."""
        goods = {}
        moves = shipment.picking_ids.move_ids.filtered(lambda m: m.state != "cancel")
        for move in moves:
            product = move.product_id
            quantity, weight, volume = goods.get((product, move.product_uom), (0, 0, 0))
            goods[product, move.product_uom] = (
                quantity + move.product_uom_qty,
                weight + product.weight * move.product_qty,
                volume + product.volume * move.product_qty,
            )
        return [
            self._without_gaps(
                {
                    "id": self._goods_uuid(shipment, product, unit),
                    "description": product.display_name[:256],
                    "product_code": product.default_code or None,
                    "quantity": self._decimal(quantity),
                    "unit": unit.name,
                    "weight_kg": self._decimal(weight) if weight else None,
                    "volume_m3": self._decimal(volume) if volume else None,
                }
            )
            for (product, unit), (quantity, weight, volume) in goods.items()
        ]

    @api.model
    def _goods_uuid(self, shipment, product, unit):
        """The same goods of the same shipment have the same id, however often it is ordered."""
        return str(uuid.uuid5(uuid.UUID(shipment.uid), f"{product.id}/{unit.id}"))

    @api.model
    def _prepare_place(self, partner):
        return self._without_gaps(
            {
                "name": (partner.display_name or "")[:256] or None,
                "street": partner.street or None,
                "postal_code": partner.zip or None,
                "city": partner.city or None,
                "country": partner.country_id.code or None,
                "latitude": partner.partner_latitude or None,
                "longitude": partner.partner_longitude or None,
                "zone": partner.tz or None,
            }
        )

    @api.model
    def _prepare_party(self, partner, connection, kind):
        """The partner's own code for the contact, where there is one, else our reference."""
        maps = self.env["milepost.code.map"]
        return self._without_gaps(
            {
                "name": partner.display_name[:256],
                "reference": maps._code_of(connection, kind, partner) or partner.ref or None,
                "email": partner.email or None,
                "phone": partner.phone or None,
            }
        )

    @api.model
    def _without_gaps(self, values):
        return {name: value for name, value in values.items() if value is not None}

    @api.model
    def _decimal(self, value):
        """A plain decimal as text; the contract allows six places."""
        text = float_repr(value, 6).rstrip("0").rstrip(".")
        return "0" if text in ("", "-0") else text

    @api.model
    def _utc(self, moment):
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None

    @api.model
    def _claim(self, connection, limit, lease_seconds):
        """Hand out orders that are due. What another transaction is just claiming is left to it.

        A change is not handed out before what it changes was answered.
        """
        now = self.env.cr.now()
        lease_seconds = max(1, min(lease_seconds, MAX_LEASE_SECONDS))
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT id FROM milepost_outbox item
             WHERE connection_id = %(connection)s
               AND (state = 'queued' OR (state = 'claimed' AND leased_until < %(now)s))
               AND (not_before IS NULL OR not_before <= %(now)s)
               AND (kind = 'outcome' OR NOT EXISTS (
                    SELECT FROM milepost_outbox earlier
                     WHERE earlier.shipment_id = item.shipment_id AND earlier.id < item.id
                       AND earlier.kind <> 'outcome' AND earlier.state IN ('queued', 'claimed')))
             ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
            """,
            {"connection": connection.id, "now": now, "limit": max(0, min(limit, 100))},
        )
        items = self.browse(id_ for (id_,) in self.env.cr.fetchall())
        answer = []
        for item in items:
            item.write(
                {
                    "state": "claimed",
                    "lease": secrets.token_hex(16),
                    "leased_until": now + timedelta(seconds=lease_seconds),
                    "attempts": item.attempts + 1,
                }
            )
            answer.append(
                {
                    "id": item.id,
                    "lease": item.lease,
                    "kind": item.kind,
                    "idempotency_key": item.idempotency_key,
                    "attempt": item.attempts,
                    "payload": item.payload,
                }
            )
        return answer

    def _acknowledge(self, acknowledgement):
        """Take the partner's answer; return the status of the acknowledgement."""
        self.ensure_one()
        result = acknowledgement["result"]
        if self.state in ("accepted", "rejected"):
            # The same answer again: its first arrival was not heard by the bridge.
            return "done" if self.lease == acknowledgement["lease"] else "lease_lost"
        if self.state != "claimed" or self.lease != acknowledgement["lease"]:
            return "lease_lost"
        if result == "retry":
            later = acknowledgement.get("not_before")
            self.write(
                {
                    "state": "queued",
                    "not_before": fields.Datetime.to_datetime(later[:-1].replace("T", " "))
                    if later
                    else False,
                    "reason": acknowledgement.get("reason"),
                }
            )
            return "done"
        self.write(
            {
                "state": result,
                "external_number": acknowledgement.get("external_number"),
                "reason": acknowledgement.get("reason"),
                "acknowledged_at": fields.Datetime.now(),
            }
        )
        names = {(i["type"], i["value"]) for i in acknowledgement.get("identifiers", ())}
        if names:
            self.shipment_id._declare(self.connection_id, names)
        return "done"

    def action_send_again(self):
        """The operator's word that a rejected order may be tried again."""
        self.check_access("write")
        rejected = self.filtered(lambda item: item.state == "rejected").sudo()
        for item in rejected:
            item.write(
                {
                    "state": "queued",
                    "reason": False,
                    "not_before": False,
                    "payload": item._prepare_transport_order(item.shipment_id)
                    if item.kind in ("transport_order", "order_change")
                    else item.payload,
                }
            )
