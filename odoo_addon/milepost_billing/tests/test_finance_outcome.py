from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceOutcome(BillingCase):
    """What became of the money goes back to the TMS."""

    def outcomes(self, shipment):
        self.env.flush_all()
        self.env.cr.precommit.run()
        found = shipment.outbox_ids.filtered(lambda one: one.kind == "outcome" and one.state != "cancelled")
        return [item.payload for item in found.sorted("id")]

    def test_invoice_and_payment_are_told_once_each(self):
        self.connection.wants_outcomes = True
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        [invoice] = self.run_billing()
        [told] = self.outcomes(shipment)
        self.assertEqual((told["id"], told["state"]), (shipment.uid, "invoiced"))
        self.assertEqual(told["documents"][0]["total"], "1250")
        claim = self.env["milepost.exchange"].with_user(self.users["bridge"]).claim_outbox
        [item] = [one for one in claim(self.connection.code)["items"] if one["kind"] == "outcome"]
        self.assertEqual(item["payload"]["documents"][0]["number"], invoice.name)
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({})._create_payments()
        states = [one["state"] for one in self.outcomes(shipment)]
        self.assertEqual(states, ["invoiced", "paid"])
        self.assertEqual(shipment.payment_state, "paid")
        self.assertEqual(len(self.outcomes(shipment)), 2)

    def test_a_partner_that_wants_none_is_told_none(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        self.run_billing()
        self.assertEqual(self.outcomes(shipment), [])

    def test_a_language_without_outcomes_is_refused_at_the_connection(self):
        with self.refused(ValidationError, "speaks x12, in which no invoice status can be reported.*otm5"):
            self.connection.write({"source": "x12", "wants_outcomes": True})
        self.connection.write({"source": "x12", "wants_outcomes": False})
        with self.refused(ValidationError, "no invoice status can be reported"):
            self.connection.wants_outcomes = True

    def test_the_partners_yes_is_taken_once(self):
        self.connection.wants_outcomes = True
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        self.run_billing()
        self.outcomes(shipment)
        exchange = self.env["milepost.exchange"].with_user(self.users["bridge"])
        claimed = exchange.claim_outbox(self.connection.code)["items"]
        [item] = [one for one in claimed if one["kind"] == "outcome"]
        yes = [{"id": item["id"], "lease": item["lease"], "result": "accepted", "identifiers": []}]
        for _try in range(2):
            [answer] = exchange.acknowledge_outbox(yes)["results"]
            self.assertEqual(answer["status"], "done")
        row = self.env["milepost.outbox"].browse(item["id"])
        self.assertEqual((row.state, row.attempts), ("accepted", 1))
        self.assertEqual(exchange.claim_outbox(self.connection.code)["items"], [])

    def invoiced(self):
        self.connection.wants_outcomes = True
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        [invoice] = self.run_billing()
        self.outcomes(shipment)
        return shipment, invoice

    def states(self, shipment):
        return [one["state"] for one in self.outcomes(shipment)]

    def pay(self, invoice, **values):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create(values)._create_payments()

    def test_n23_a_dispute_is_told_when_it_opens_and_when_it_ends(self):
        shipment, _invoice = self.invoiced()
        dispute = self.env["milepost.hold"].with_user(self.users["analyst"]).create({
            "shipment_id": shipment.id, "reason": "customer_dispute", "explanation": "wet", "amount": 10,
        })  # fmt: skip
        self.assertEqual(self.states(shipment)[-1], "disputed")
        dispute.with_user(self.users["manager"]).action_release("customer_agreed", "dried")
        self.assertEqual(self.states(shipment)[-1], "invoiced")

    def test_n24_a_credit_is_no_payment(self):
        shipment, invoice = self.invoiced()
        part = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        part.invoice_line_ids.write({"quantity": 1, "price_unit": 250})
        part.action_post()
        (invoice | part).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual((self.states(shipment)[-1], shipment.payment_state), ("invoiced", "open"))
        self.assertEqual(len(self.outcomes(shipment)[-1]["documents"]), 2)
        self.pay(invoice, amount=100)
        shipment.invalidate_recordset()
        self.assertEqual((self.states(shipment)[-1], shipment.payment_state), ("partly_paid", "partial"))

    def test_n24_an_invoice_that_is_wholly_credited_was_not_paid(self):
        shipment, invoice = self.invoiced()
        invoice._reverse_moves([{"invoice_date": invoice.invoice_date}], cancel=True)
        shipment.invalidate_recordset()
        self.assertEqual((self.states(shipment)[-1], shipment.payment_state), ("invoiced", "open"))
