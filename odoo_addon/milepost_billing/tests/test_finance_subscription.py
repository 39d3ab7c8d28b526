"""Consumers are told what became of the money, and of amounts only those who may see them."""

from odoo.addons.milepost.contract.checker import SCHEMAS, _compile
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceSubscription(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consumer = cls.env["milepost.connection"].create({
            "name": "Consumer", "code": "consumer", "source": "consumer",
            "company_id": cls.connection.company_id.id,
        })  # fmt: skip
        cls.plain, cls.rich = cls.env["milepost.subscription"].create([
            {
                "name": name, "connection_id": cls.consumer.id, "scope": "company", "tells_state": False,
                "company_id": cls.connection.company_id.id, "tells_proven": True, "tells_invoiced": True,
                "tells_paid": True, "tells_disputed": True, "tells_money": money,
            }
            for name, money in (("Plain", False), ("Rich", True))
        ])  # fmt: skip

    def told(self, shipment, subscription):
        self.env.flush_all()
        self.env.cr.precommit.run()
        events = shipment.outbox_ids.filtered(lambda item: item.subscription_id == subscription).sorted("id")
        check = _compile(SCHEMAS["event"])
        for event in events:
            check(event.payload)
        return [event.payload for event in events]

    def types(self, shipment, subscription=None):
        return [event["type"] for event in self.told(shipment, subscription or self.plain)]

    def invoiced(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.assertEqual(self.types(shipment), [])
        self.facts(self.pod(shipment))
        self.validate(shipment)
        [invoice] = self.run_billing()
        return shipment, invoice

    def pay(self, invoice):
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.create({})._create_payments()

    def test_proven_invoiced_and_paid_are_told_once_each_in_their_order(self):
        shipment, invoice = self.invoiced()
        self.assertEqual(self.types(shipment), ["shipment.proven", "shipment.invoiced"])
        self.pay(invoice)
        told = ["shipment.proven", "shipment.invoiced", "shipment.paid"]
        self.assertEqual(self.types(shipment), told)
        self.validate(shipment)
        self.assertEqual(self.types(shipment), told)

    def test_who_may_see_no_money_hears_that_there_is_an_invoice_and_nothing_of_it(self):
        shipment, invoice = self.invoiced()
        money = [event.get("money") for event in self.told(shipment, self.plain)]
        self.assertEqual(money, [None, {"state": "invoiced"}])
        text = str(self.told(shipment, self.plain))
        self.assertNotIn("1250", text)
        self.assertNotIn(invoice.name, text)
        [document] = self.told(shipment, self.rich)[-1]["money"]["documents"]
        self.assertEqual((document["number"], document["total"]), (invoice.name, "1250"))

    def test_a_customer_hears_of_no_invoice_of_another(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        shipment, _invoice = self.invoiced()
        self.rich.write({"scope": "customer", "partner_id": shipment.partner_id.id})
        self.assertEqual(self.rich._standing("invoiced", shipment)[1]["money"]["state"], "invoiced")
        self.assertEqual(len(self.rich._standing("invoiced", shipment)[1]["money"]["documents"]), 1)
        self.rich.partner_id = stranger
        self.assertEqual(
            self.rich._standing("invoiced", shipment),
            ("", {"money": {"state": "not_invoiced", "documents": []}}),
        )

    def test_a_dispute_is_told_when_it_opens_and_when_it_ends_to_who_asked_for_disputes(self):
        shipment, _invoice = self.invoiced()
        self.rich.tells_disputed = False
        dispute = self.env["milepost.hold"].with_user(self.users["analyst"]).create({
            "shipment_id": shipment.id, "reason": "customer_dispute", "explanation": "wet", "amount": 10,
        })  # fmt: skip
        last = self.told(shipment, self.plain)[-1]
        self.assertEqual((last["type"], last["money"]["state"]), ("shipment.disputed", "disputed"))
        dispute.with_user(self.users["manager"]).action_release("customer_agreed", "dried")
        last = self.told(shipment, self.plain)[-1]
        self.assertEqual((last["type"], last["money"]["state"]), ("shipment.disputed", "invoiced"))
        self.assertNotIn("disputed", str(self.told(shipment, self.rich)))

    def test_a_customer_hears_nothing_of_a_dispute_on_a_truck_with_anothers_goods(self):
        self.plain.write({"scope": "customer", "partner_id": self.customer.id})
        for others in (self.env["sale.order"], self.order().copy({"partner_id": self.carrier.id})):
            shipment = self.shipment(self.order() | others)
            self.env["milepost.hold"].with_user(self.users["analyst"]).create({
                "shipment_id": shipment.id, "reason": "customer_dispute", "explanation": "wet", "amount": 10,
            })  # fmt: skip
            with self.subTest(others=others):
                heard = [event["type"] for event in self.told(shipment, self.plain)]
                self.assertEqual("shipment.disputed" in heard, not others)

    def test_who_is_told_of_money_is_decided_by_a_finance_manager(self):
        operator = self.make_user("op-of-events", ["milepost.group_integration_operator"])
        manager = self.users["manager"]
        with self.assertRaises(AccessError):
            self.plain.with_user(operator).tells_money = True
        for change in ({"tells_money": False}, {"scope": "company"}, {"connection_id": self.consumer.id}):
            with self.assertRaises(AccessError):
                self.rich.with_user(operator).write(change)
        self.rich.with_user(operator).name = "Still Rich"
        self.rich.with_user(manager).tells_money = False
        self.rich.with_user(operator).tells_paid = False
        with self.assertRaises(AccessError):
            self.rich.with_user(operator).copy({"tells_money": True})
