from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .billing_case import DELIVERY, PICKUP, utc
from .customers_case import CustomersCase

LATER = "2026-03-08T08:00:00Z"


@tagged("finance", "post_install", "-at_install")
class TestFinanceCustomers(CustomersCase):
    """A truck that carries the goods of several customers: each is billed, credited and protected alone."""

    def test_what_changed_for_one_customer_is_credited_to_him(self):
        truck, mine, _others = self.truck()
        self.prove(truck)
        first = self.run_billing()
        self.assertEqual(first.sorted("id").mapped("amount_total"), [1000.0, 500.0])
        self.facts(self.counted(truck, "PUMP", ("accepted", "96"), ("short", "4"), recorded_at=LATER))
        self.dispose(truck, "bill_accepted")
        [credit] = self.run_billing()
        self.assertEqual((credit.move_type, credit.partner_id), ("out_refund", self.customer))
        self.assertEqual((credit.amount_total, credit.reversed_entry_id.partner_id), (40.0, self.customer))
        self.assertEqual(mine.order_line.qty_invoiced, 96)

    def test_a_late_charge_is_a_note_of_whoever_the_truck_is_billed_to(self):
        truck, _mine, _others = self.truck()
        self.prove(truck)
        self.run_billing()
        self.facts(self.charge(truck, "lumper", 132))
        self.validate(truck)
        note = self.run_billing()
        self.assertEqual((note.partner_id, note.amount_total), (self.customer, 132.0))
        self.assertEqual(note.debit_origin_id.partner_id, self.customer)

    def charge(self, truck, kind, amount):
        return self.fact(
            "charge", truck, charge_type=kind, side="sell", amount=f"{amount:.2f}",
            currency=self.usd.name, raw_code=kind.upper(),
        )  # fmt: skip

    def test_the_first_customers_freight_rides_on_no_other_invoice(self):
        truck, mine, _others = self.truck()
        self.facts(self.charge(truck, "linehaul", 420))
        self.prove(truck)
        self.env["sale.advance.payment.inv"].with_context(active_ids=mine.ids).create(
            {"advance_payment_method": "delivered", "sale_order_ids": [Command.set(mine.ids)]}
        ).create_invoices()
        mine.invoice_ids.action_post()
        self.validate(truck)
        documents = mine.invoice_ids | self.run_billing()
        owed = {
            one: sum(documents.filtered(lambda move, own=one: move.partner_id == own).mapped("amount_total"))
            for one in (self.customer, self.other)
        }
        self.assertEqual(owed, {self.customer: 1420.0, self.other: 500.0})

    def test_a_lenient_policy_of_one_customer_frees_no_goods_of_another(self):
        self.policy.partner_ids = self.other
        lenient = self.policy.copy(
            {"name": "Try-out", "mode": "shadow", "partner_ids": [Command.set(self.customer.ids)]}
        )
        truck, mine, others = self.truck()
        self.validate(truck)
        self.assertEqual(truck.policy_id, self.policy, "the strictest counts")
        self.assertNotEqual(truck.policy_id, lenient)
        self.assertEqual((mine | others).order_line.mapped("qty_to_invoice"), [0.0, 0.0])
        self.assertFalse(self.run_billing())

    def test_an_allowance_is_taken_off_the_invoice_of_whose_goods_were_damaged(self):
        truck, _mine, _others = self.truck()
        self.deliver(truck)
        self.facts(self.counted(truck, "VALVE", ("accepted", "44"), ("accepted_damaged", "6")))
        self.dispose(truck, "allowance")
        documents = self.run_billing()
        self.assertEqual(self.of(documents, self.customer).amount_total, 1000.0)
        self.assertEqual(self.of(documents, self.other).amount_total, 482.0, "30 % of 60.00 less")

    def test_what_a_draft_bills_too_much_waits_for_the_draft_and_makes_no_empty_run(self):
        self.policy.auto_post = False
        truck, _mine, _others = self.truck()
        self.prove(truck)
        drafts = self.run_billing()
        self.facts(self.counted(truck, "PUMP", ("accepted", "96"), ("short", "4"), recorded_at=LATER))
        self.dispose(truck, "bill_accepted")
        self.assertEqual((truck.billing_state, truck.waiting_amount), ("invoiced", -40))
        self.assertFalse(self.run_billing())
        self.of(drafts, self.customer).invoice_line_ids.quantity = 96
        drafts.action_post()
        self.validate(truck)
        self.assertEqual((truck.billing_state, truck.waiting_amount), ("invoiced", 0))

    def test_a_note_is_of_an_invoice_in_its_own_currency(self):
        """A document that a person gave another currency is no parent: the note would take its currency, and
        bear an amount of the shipment's."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        truck, mine, _others = self.truck()
        self.prove(truck)
        wizard = self.env["sale.advance.payment.inv"].with_context(active_ids=mine.ids)
        values = {"advance_payment_method": "delivered", "sale_order_ids": [Command.set(mine.ids)]}
        wizard.create(values).create_invoices()
        mine.invoice_ids.currency_id = euro
        mine.invoice_ids.action_post()
        self.validate(truck)
        self.run_billing()
        self.facts(self.charge(truck, "lumper", 132))
        self.validate(truck)
        note = self.run_billing()
        self.assertEqual((note.currency_id, note.amount_total), (self.usd, 132.0))
        self.assertFalse(note.debit_origin_id)

    def test_what_is_sold_in_a_negative_quantity_is_taken_off(self):
        service = self.env["product.product"].create(
            {"name": "Old Pump Taken Back", "type": "service", "invoice_policy": "order", "taxes_id": []}
        )
        order = self.order(10, price=10)
        line = {"product_id": service.id, "product_uom_qty": -1, "price_unit": 30, "tax_ids": []}
        order.order_line = [Command.create(line)]
        truck = self.shipment(order)
        self.prove(truck)
        [invoice] = self.run_billing()
        self.assertEqual((invoice.move_type, invoice.amount_total), ("out_invoice", 70.0))

    def test_what_is_corrected_by_detailed_operations_after_it_left_is_billed_as_corrected(self):
        order = self.order(10, price=10)
        truck = self.shipment(order)
        self.end_transaction()
        order.picking_ids.action_toggle_is_locked()
        order.picking_ids.move_line_ids.quantity = 8
        self.end_transaction()
        self.assertEqual((order.order_line.qty_delivered, truck.line_ids.quantity), (8, 8))
        self.prove(truck)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_total, 80.0)

    def end_transaction(self):
        """What a commit does before it commits."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_each_customer_is_supplied_on_the_day_of_his_own_drop(self):
        truck, _mine, _others = self.truck()
        places = [self.place_of(truck, code) for code in ("PUMP", "VALVE")]
        keys = [place["id"] for place in places]
        pickup = truck.stop_ids.filtered(lambda stop: stop.kind == "pickup" and stop.is_base).key
        plan = [
            self._stop(pickup, 1, "pickup"),
            *(self._stop(key, 2 + n, "delivery") for n, key in enumerate(keys)),
        ]
        self.facts(self.fact("itinerary", truck, stops=plan, recorded_at=utc(PICKUP)))
        for days, place in ((1, places[0]), (0, places[1])):
            self.deliver(truck, DELIVERY - timedelta(days=days), place)
        self.facts(*(self.pod(truck, stop=place) for place in places))
        self.validate(truck)
        documents = self.run_billing()
        days = {move.partner_id: move.delivery_date for move in documents}
        self.assertEqual(
            days, {self.customer: (DELIVERY - timedelta(days=1)).date(), self.other: DELIVERY.date()}
        )

    def delivered(self, pumps, other, price):
        """The truck of one order, at the customer's: pumps at 10.00 each, and 5 more of a product."""
        order = self.order(pumps, price=10)
        line = {"product_id": other.id, "product_uom_qty": 5, "price_unit": price, "tax_ids": []}
        order.order_line = [Command.create(line)]
        self.ship(order.picking_ids.filtered(lambda picking: picking.state != "done"), 5)
        truck = self.shipment(order)
        self.deliver(truck)
        return truck

    def test_goods_that_a_counted_proof_leaves_out_did_not_arrive(self):
        """150.00 were billed for 100.00: within a kind of goods a lot that is left out was short already."""
        truck = self.delivered(10, self.valve, 10)
        self.facts(self.counted(truck, "PUMP", ("accepted", "10"), whole=False))
        self.validate(truck)
        self.assertEqual(self.reasons(truck), ["qty_short"])
        self.dispose(truck, "bill_accepted")
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_total, 100.0)

    def test_a_proof_of_exceptions_alone_says_that_the_rest_is_well(self):
        truck = self.delivered(10, self.valve, 10)
        self.facts(self.counted(truck, "VALVE", ("short", "1"), whole=False))
        self.dispose(truck, "bill_accepted")
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_total, 140.0)

    def test_of_one_product_at_two_prices_the_hold_names_what_the_invoice_is_less(self):
        truck = self.delivered(5, self.product, 20)
        self.facts(self.counted(truck, "PUMP", ("accepted", "9"), ("short", "1")))
        self.validate(truck)
        self.assertEqual(truck.hold_ids._blocking().mapped("amount"), [20.0])
        self.dispose(truck, "bill_accepted")
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_total, 130.0)

    def test_what_is_damaged_has_the_price_of_what_is_left_and_what_is_short_its_own(self):
        """One price for both held 85.71 of 100.00 that were short, and gave 30 % of 17.14 for pumps of 10.00."""
        truck = self.delivered(5, self.product, 20)
        said = ("accepted", "3"), ("accepted_damaged", "2"), ("short", "5")
        self.facts(self.counted(truck, "PUMP", *said))
        self.validate(truck)
        holds = self.holds(truck)
        self.assertEqual(
            {name: hold.amount for name, hold in holds.items()}, {"damage": 20.0, "qty_short": 100.0}
        )
        claims = truck.proposal_ids.filtered(lambda one: one.kind == "claim")
        self.assertEqual({one.reason: one.amount for one in claims}, {"DAMAGE": 20.0, "QTY_SHORT": 100.0})
        self.policy.damage_allowance_percent = 30
        self.dispose(truck, "bill_accepted")
        self.dispose(truck, "allowance")
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_total, 50 - 6)
