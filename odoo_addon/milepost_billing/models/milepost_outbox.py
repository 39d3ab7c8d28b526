import hashlib
import json

from odoo import api, fields, models
from odoo.addons.milepost.contract import instant_text


class MilepostOutbox(models.Model):
    """What became of a shipment's money, told to the TMS that moved it."""

    _inherit = "milepost.outbox"

    kind = fields.Selection(selection_add=[("outcome", "Outcome")], ondelete={"outcome": "cascade"})
    event_kind = fields.Selection(
        selection_add=[
            ("proven", "Delivery Proven"), ("invoiced", "Invoiced"), ("paid", "Paid"), ("disputed", "Disputed"),
        ],
        ondelete=dict.fromkeys(("proven", "invoiced", "paid", "disputed"), "cascade"),
    )  # fmt: skip

    @api.model
    def _tell_outcomes_later(self, shipments):
        """Tell the outcomes of shipments once, at the end of the transaction, whatever changed them in it."""
        data = self.env.cr.precommit.data
        if not shipments:
            return
        if "milepost.outcome_shipments" not in data:
            data["milepost.outcome_shipments"] = set()
            self.env.cr.precommit.add(self.sudo()._tell_outcomes)
        data["milepost.outcome_shipments"].update(shipments.ids)

    @api.model
    def _tell_outcomes(self):
        ids = self.env.cr.precommit.data.pop("milepost.outcome_shipments", set())
        self._queue_outcomes(self.env["milepost.shipment"].browse(sorted(ids)).exists())
        self.env.flush_all()

    @api.model
    def _queue_outcomes(self, shipments):
        """Queue the outcomes that changed; one that nobody took yet is replaced by the new one."""
        self._tell_events(shipments)
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
                    "payload": {**payload, "at": instant_text(fields.Datetime.now())},
                }
            )

    @api.model
    def _prepare_outcome(self, shipment):
        """The outcome in the contract's words, without its instant; nothing before the invoice."""
        moves = self._posted_moves(shipment)
        if not moves.filtered(lambda move: move.move_type == "out_invoice"):
            return None
        return {
            "id": shipment.uid,
            "consignment_id": shipment.consignment_uid,
            "shipment": shipment.name,
            "state": self._outcome_state(shipment, moves),
            "documents": [self._prepare_document(move) for move in moves],
        }

    @api.model
    def _posted_moves(self, shipment):
        """The customers' invoices and credits of a shipment, in the order in which they were made."""
        return shipment.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type in ("out_invoice", "out_refund")
        ).sorted("id")

    @api.model
    def _prepare_document(self, move):
        return {
            "number": move.name,
            "kind": "credit_note" if move.move_type == "out_refund"
            else "debit_note" if move.debit_origin_id else "invoice",
            "date": fields.Date.to_string(move.invoice_date),
            "total": self._decimal(-move.direction_sign * move.amount_total),
            "currency": move.currency_id.name,
        }  # fmt: skip

    @api.model
    def _outcome_state(self, shipment, moves):
        """What became of the money of some of a shipment's documents; nothing before the first invoice."""
        if shipment.hold_ids.filtered(lambda hold: hold.reason == "customer_dispute" and hold.is_open):
            return "disputed"
        invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
        return self._paid_state(invoices) if invoices else None

    @api.model
    def _paid_state(self, invoices):
        """`invoiced`, `partly_paid` or `paid`, by what was paid: a credit lowers what is owed and pays nothing."""
        owed = [(move, *self._owed_and_paid(move)) for move in invoices]
        owed = [(move, due, paid) for move, due, paid in owed if move.currency_id.compare_amounts(due, 0) > 0]
        if not any(paid for _move, _due, paid in owed):
            return "invoiced"
        whole = all(move.currency_id.compare_amounts(paid, due) >= 0 for move, due, paid in owed)
        return "paid" if whole else "partly_paid"

    @api.model
    def _owed_and_paid(self, move):
        """(what is owed of an invoice after its credits, what of it was paid), in its currency."""
        receivable = move.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        credited = paid = 0.0
        for partial in receivable.matched_credit_ids:
            if partial.credit_move_id.move_id.is_invoice():
                credited += partial.debit_amount_currency
            else:
                paid += partial.debit_amount_currency
        # Payments that make no entry until the bank tells of them.
        paid += sum(move.matched_payment_ids.filtered(
            lambda one: not one.move_id and one.state in ("in_process", "paid")
        ).mapped("amount"))  # fmt: skip
        return move.amount_total - credited, paid
