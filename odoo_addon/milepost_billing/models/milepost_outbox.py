import hashlib
import json

from odoo import api, fields, models

PAID = ("paid", "in_payment", "reversed")


class MilepostOutbox(models.Model):
    """What became of a shipment's money, told to the TMS that moved it."""

    _inherit = "milepost.outbox"

    kind = fields.Selection(selection_add=[("outcome", "Outcome")], ondelete={"outcome": "cascade"})

    @api.model
    def _queue_outcomes(self, shipments):
        """Queue the outcomes that changed; one that nobody took yet is replaced by the new one."""
        for shipment in shipments.filtered("connection_id.wants_outcomes"):
            payload = self._prepare_outcome(shipment)
            if not payload:
                continue
            said = json.dumps(payload, sort_keys=True).encode()
            key = f"outcome-{shipment.id}-{hashlib.sha256(said).hexdigest()[:32]}"
            told = self.search([("shipment_id", "=", shipment.id), ("kind", "=", "outcome")], limit=1)
            if told.idempotency_key == key:
                continue
            if told.state == "queued":
                told.state = "cancelled"
            # A payment that was taken back ends in a state that was told before: it is told again.
            again = self.search_count([("connection_id", "=", shipment.connection_id.id),
                                       ("idempotency_key", "=like", f"{key}%")])  # fmt: skip
            self.create(
                {
                    "kind": "outcome",
                    "connection_id": shipment.connection_id.id,
                    "shipment_id": shipment.id,
                    "idempotency_key": f"{key}-{again}" if again else key,
                    "payload": {**payload, "at": self._utc(fields.Datetime.now())},
                }
            )

    @api.model
    def _prepare_outcome(self, shipment):
        """The outcome in the contract's words, without its instant; nothing before the invoice."""
        moves = shipment.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type in ("out_invoice", "out_refund")
        ).sorted("id")
        invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
        if not invoices:
            return None
        states = set(invoices.mapped("payment_state"))
        if shipment.hold_ids.filtered(lambda hold: hold.reason == "customer_dispute" and hold.is_open):
            state = "disputed"
        elif states <= set(PAID):
            state = "paid"
        else:
            state = "invoiced" if states == {"not_paid"} else "partly_paid"
        return {
            "id": shipment.uid,
            "consignment_id": shipment.consignment_uid,
            "shipment": shipment.name,
            "state": state,
            "documents": [
                {
                    "number": move.name,
                    "kind": "credit_note" if move.move_type == "out_refund"
                    else "debit_note" if move.debit_origin_id else "invoice",
                    "date": fields.Date.to_string(move.invoice_date),
                    "total": self._decimal(-move.direction_sign * move.amount_total),
                    "currency": move.currency_id.name,
                }
                for move in moves
            ],
        }  # fmt: skip
