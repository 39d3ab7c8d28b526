import json
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .milepost_shipment_order import ORDER_KINDS

MAX_LEASE_SECONDS = 3600
#: Whom Odoo itself shows what invoices amount to.
READS_INVOICES = ("account.group_account_readonly", "account.group_account_invoice")
#: Members of a told document that are money.
AMOUNTS = frozenset({"total", "currency"})


class MilepostOutbox(models.Model):
    """What Odoo has to say to partners. The bridge claims it with a lease; Odoo calls nobody."""

    _name = "milepost.outbox"
    _description = "Outgoing Order"
    _check_company_auto = True
    _inherit = [
        "milepost.outbox.order",
        "milepost.outbox.answer",
        "milepost.outbox.difference",
        "milepost.outbox.event",
    ]
    _order = "id desc"
    _rec_name = "shipment_id"

    kind = fields.Selection(
        [
            ("transport_order", "Transport Order"),
            ("order_change", "Order Change"),
            ("order_cancellation", "Order Cancellation"),
            ("event", "Event"),
        ],
        required=True,
        readonly=True,
    )
    connection_id = fields.Many2one(
        "milepost.connection", required=True, readonly=True, index=True, check_company=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    connection_paused_reason = fields.Char(string="Why It Waits", related="connection_id.paused_reason")
    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    idempotency_key = fields.Char(required=True, readonly=True)
    # Orders and events tell what invoices amount to: people read it as `payload_text`.
    payload = fields.Json(readonly=True, groups="base.group_system")
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
    after_id = fields.Many2one(
        "milepost.outbox", string="Waits For", readonly=True, index="btree_not_null",
        help="The cancellation with another partner that must be answered first.", check_company=True,
    )  # fmt: skip
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
    @api.depends_context("uid")
    def _compute_payload_text(self):
        reads_money = self.env.su or any(map(self.env.user.has_group, READS_INVOICES))
        for item in self:
            payload = item.sudo().payload
            told = payload if reads_money else _without_amounts(payload)
            item.payload_text = json.dumps(told, indent=2, ensure_ascii=False)

    @api.model
    def _claim(self, connection, limit, lease_seconds):
        """Hand out orders that are due. What another transaction is just claiming is left to it.

        A change is not handed out before what it changes was answered, a consumer's event of a shipment
        not before the one that came before it.
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
               AND (kind <> ALL (%(orders)s) OR NOT EXISTS (
                    SELECT FROM milepost_outbox earlier
                     WHERE earlier.shipment_id = item.shipment_id AND earlier.id < item.id
                       AND earlier.kind = ANY (%(orders)s) AND earlier.state IN ('queued', 'claimed')))
               AND (kind <> 'event' OR NOT EXISTS (
                    SELECT FROM milepost_outbox earlier
                     WHERE earlier.shipment_id = item.shipment_id AND earlier.id < item.id
                       AND earlier.kind = 'event' AND earlier.state IN ('queued', 'claimed')
                       AND earlier.connection_id = item.connection_id))
               AND NOT EXISTS (
                    SELECT FROM milepost_outbox other
                     WHERE other.id = item.after_id AND other.state IN ('queued', 'claimed'))
             ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
            """,
            {
                "connection": connection.id,
                "now": now,
                "limit": max(0, min(limit, 100)),
                "orders": list(ORDER_KINDS),
            },  # fmt: skip
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
            self.shipment_id._declare(self.connection_id, names, lasting=True)
        self._answered()
        if result == "accepted":
            self._expect(acknowledgement.get("expects", ()))
        return "done"

    def _answered(self):
        """What follows from the partner's final answer, by the kind of the item."""
        self.ensure_one()
        if self.kind in ORDER_KINDS:
            self._settle_order()
            if self.state == "rejected":
                self.env["milepost.issue"]._follow(self.shipment_id)

    def action_send_again(self):
        """The operator's word that a rejected order may be tried again, or an event told again."""
        self.check_access("write")
        events = self.filtered(lambda item: item.kind == "event" and item.state in ("rejected", "accepted"))
        events.sudo()._send_events_again()
        for item in self.filtered(lambda item: item.kind in ORDER_KINDS and item.state == "rejected"):
            if item.shipment_id._live_orders()[-1:] != item:
                raise UserError(
                    self.env._(
                        "%(shipment)s: something later was sent; this one must not follow it.",
                        shipment=item.shipment_id.name,
                    )
                )
        rejected = (self - events).filtered(lambda item: item.state == "rejected").sudo()
        for item in rejected:
            item.write(
                {
                    "state": "queued",
                    "reason": False,
                    "not_before": False,
                    **item._prepare_anew(),
                    "payload": item._prepare_transport_order(item.shipment_id)
                    if item.kind in ("transport_order", "order_change")
                    else item.payload,
                }
            )
        self.env["milepost.issue"]._follow(rejected.shipment_id)


def _without_amounts(told):
    """What is told, without what its documents amount to; how many there are, and which, stays."""
    if isinstance(told, list):
        return [_without_amounts(one) for one in told]
    if not isinstance(told, dict):
        return told
    return {name: _without_amounts(value) for name, value in told.items() if name not in AMOUNTS}
