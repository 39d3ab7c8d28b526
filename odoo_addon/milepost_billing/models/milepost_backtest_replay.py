from collections import defaultdict

from odoo import api, fields, models

from ..billing.sentences import packed
from ..reconciliation.replay import Replay

BATCH = 250


class MilepostBacktestReplay(models.AbstractModel):
    """The past shipments of a back-test, looked at in batches and told by document."""

    _name = "milepost.backtest.replay"
    _description = "Replay of Past Shipments"

    def _domain(self):
        self.ensure_one()
        domain = [
            ("company_id", "=", self.company_id.id), ("state", "!=", "cancelled"),
            ("delivered_at", ">=", self.date_from),
            ("delivered_at", "<", fields.Date.add(self.date_to, days=1)),
        ]  # fmt: skip
        return domain if self.scope == "all" else [*domain, ("policy_id", "=", self.policy_id.id)]

    def _step(self):
        """Look at the next batch; whether there is more."""
        self.ensure_one()
        shipments = self.env["milepost.shipment"].sudo().search(
            [*self._domain(), ("id", ">", self.last_shipment_id)], order="id", limit=BATCH
        )  # fmt: skip
        self.env["milepost.backtest.line"].sudo().create(self._look(shipments))
        more = len(shipments) == BATCH
        self.sudo().write({
            "done_count": self.done_count + len(shipments),
            "last_shipment_id": shipments[-1:].id or self.last_shipment_id,
            "state": "running" if more else "done",
        })  # fmt: skip
        return more

    def _look(self, shipments):
        """The values of the lines about some shipments; reads only."""
        if not shipments:
            return []
        replay = Replay(shipments, self.until)
        held = self._really_held(shipments)
        proposal = self.proposal_id.sudo()
        values = []
        for shipment in shipments:
            now = replay.holds(shipment, shipment._billing_policy())
            then = replay.holds(shipment, proposal)
            was = held.get(shipment, {})
            lines = [
                self._line(shipment, key, was.get(key), now.get(key), then.get(key))
                for key in sorted({*now, *then, *was}, key=str)
            ]
            self._tell_effects(lines)
            values += lines
        return values

    @api.model
    def _tell_effects(self, lines):
        """What becomes of the documents of a shipment: a line that goes while another stays changes nothing."""
        documents = defaultdict(list)
        for line in lines:
            documents[line["side"], line["carrier_invoice_id"]].append(line)
        for own in documents.values():
            now = any(line["held_now"] for line in own)
            then = any(line["would_hold"] for line in own)
            for line in own:
                if line["held_now"] or line["would_hold"]:
                    line["effect"] = "same" if now and then else "new" if then else "gone"

    def _really_held(self, shipments):
        """{shipment: {(carrier invoice id or False, Decided.key): hold}} of what really blocked."""
        found = defaultdict(dict)
        holds = shipments.hold_ids | shipments.carrier_invoice_ids.hold_ids
        for hold in holds:
            if hold.is_manual or hold.shadow or hold.severity == "warn":
                continue
            key = (hold.side, hold.reason.upper(), hold.subject or "")
            shipment = hold.shipment_id or hold.carrier_invoice_id.shipment_id
            found[shipment][hold.carrier_invoice_id.id, key] = hold
        return found

    def _line(self, shipment, key, was, now, then):
        invoice_id, (side, reason, subject) = key
        one = then or now
        invoice = self.env["milepost.carrier.invoice"].browse(invoice_id or [])
        currency = invoice.contract_currency_id or invoice.currency_id or shipment.currency_id
        company = shipment.company_id
        amount = float(abs(one.amount)) if one else was.amount
        if currency != company.currency_id:
            amount = currency._convert(amount, company.currency_id, company, shipment.delivered_at.date())
        return {
            "backtest_id": self.id,
            "shipment_id": shipment.id,
            "carrier_invoice_id": invoice_id,
            "side": side,
            "reason": reason.lower(),
            "subject": subject,
            "explanation": one.explanation if one else was.explanation,
            "said": packed(one.explanation) if one else (was.said or {}).get("explanation"),
            "amount": amount,
            "was_held": bool(was),
            "held_now": bool(now),
            "would_hold": bool(then),
            "effect": "then",
        }
