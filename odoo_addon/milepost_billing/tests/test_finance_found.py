"""What histories found (see docs/verification.md), each as the shortest history that shows it."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .billing_case import NOW, BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceFound(BillingCase):
    def proven(self, order):
        shipment = self.shipment(order)
        self.deliver(shipment)
        self.proof = self.pod(shipment)
        self.facts(self.proof)
        self.validate(shipment)
        return shipment

    def withdraw(self, shipment):
        self.facts(self.fact("retraction", shipment, target={"key": self.proof["key"]}))
        self.validate(shipment)

    def assert_held(self, shipment, reason, amount):
        self.assertEqual((self.reasons(shipment), shipment.billing_state), ([reason], "held"))
        self.assertEqual(self.holds(shipment)[reason].amount, amount)
        self.assertFalse(self.run_billing())

    def test_a_part_of_a_dozen_is_billed_as_far_as_an_invoice_can_say_it_and_nothing_stays_ready(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.env["sale.order"].create({"partner_id": self.customer.id, "order_line": [Command.create({
            "product_id": self.product.id, "product_uom_id": dozen.id, "product_uom_qty": 2, "price_unit": 12.5,
            "tax_ids": [Command.clear()],
        })]})  # fmt: skip
        order.action_confirm()
        self.ship(order.picking_ids, 7)
        shipment = self.proven(order)
        [invoice] = self.run_billing()
        self.assertEqual((invoice.invoice_line_ids.quantity, invoice.amount_untaxed), (0.58, 7.25))
        self.validate(shipment)
        self.assertEqual((shipment.billing_state, shipment.absorbed_amount), ("invoiced", 0))
        self.assertFalse(self.run_billing())

    def test_goods_of_an_order_that_was_cancelled_after_the_delivery_are_a_case_and_not_ready_for_ever(self):
        order = self.order(10)
        shipment = self.proven(order)
        order._action_cancel()
        self.validate(shipment)
        self.assert_held(shipment, "order_cancelled", 125)
        order.action_draft()
        order.action_confirm()
        self.validate(shipment)
        self.assertFalse(self.reasons(shipment))
        self.assertEqual(sum(self.run_billing().mapped("amount_untaxed")), 125)

    def test_an_order_that_is_cancelled_after_its_invoice_is_no_case(self):
        order = self.order(10)
        shipment = self.proven(order)
        self.run_billing()
        order._action_cancel()
        self.validate(shipment)
        self.assertEqual((self.reasons(shipment), shipment.billing_state), ([], "invoiced"))

    def test_what_was_cancelled_after_its_posting_was_never_invoiced_and_waits_for_proof_again(self):
        shipment = self.proven(self.order(10))
        [invoice] = self.run_billing()
        invoice.button_draft()
        invoice.button_cancel()
        self.assertFalse(shipment.posted_at)
        self.withdraw(shipment)
        self.assert_held(shipment, "pod_missing", 125)

    def test_what_an_invoice_left_over_waits_for_proof_when_the_proof_is_withdrawn(self):
        order = self.order(10)
        shipment = self.proven(order)
        invoice = order._create_invoices()
        invoice.invoice_line_ids.quantity = 4
        invoice.action_post()
        self.withdraw(shipment)
        self.assert_held(shipment, "pod_missing", 75)
        self.assertEqual((shipment.invoiced_amount, shipment.held_amount), (50, 75))
        self.assertFalse(order.order_line.qty_to_invoice)
        with self.assertRaises(UserError):
            order._create_invoices(final=True)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        self.assertEqual(self.run_billing().amount_untaxed, 75)

    def test_a_draft_beside_a_posted_invoice_is_not_posted_once_the_proof_is_withdrawn(self):
        order = self.order(10)
        shipment = self.proven(order)
        invoice = order._create_invoices()
        invoice.invoice_line_ids.quantity = 4
        invoice.action_post()
        rest = order._create_invoices()
        self.withdraw(shipment)
        with self.refused(UserError, "POD Missing"):
            rest.action_post()
        self.assert_held(shipment, "pod_missing", 75)

    def test_a_charge_that_comes_after_a_withdrawn_proof_waits_for_another_one(self):
        shipment = self.proven(self.order(10))
        self.run_billing()
        self.withdraw(shipment)
        self.facts(self.fact(
            "charge", shipment, side="sell", charge_type="liftgate", amount="35.00", currency=self.usd.name,
            raw_code="400",
        ))  # fmt: skip
        self.validate(shipment)
        self.assert_held(shipment, "pod_missing", 35)

    def test_a_credit_note_of_what_is_held_is_corrected_but_not_cancelled(self):
        shipment = self.proven(self.order(10))
        [invoice] = self.run_billing()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        note = invoice.browse(wizard.create({"journal_id": invoice.journal_id.id}).reverse_moves()["res_id"])
        note.action_post()
        self.withdraw(shipment)
        self.env["milepost.hold"].with_user(self.users["controller"]).create({
            "shipment_id": shipment.id, "reason": "manual", "amount": 125, "explanation": "wait",
        })  # fmt: skip
        self.validate(shipment)
        note.button_draft()
        with self.refused(UserError, "cannot be invoiced"):
            note.button_cancel()
        note.invoice_date = fields.Date.today()
        note.action_post()
        self.assertEqual(note.state, "posted")

    def test_a_bill_that_takes_anothers_place_takes_its_holds_where_both_are_held_for_the_same(self):
        self.expect(None, linehaul=500)
        shipment = self.shipment(self.order(10))
        held = [("linehaul", "560.00")]
        self.facts(self.bill(shipment, held, number="N1"))
        self.validate(shipment)
        self.facts(self.bill(shipment, held, number="N1", correction="balance_due", corrects="N1"))
        self.facts(self.bill(shipment, held, number="N2"))
        self.validate(shipment)
        self.facts(self.bill(
            shipment, held, number="N1", correction="correction", corrects="N1",
            recorded_at="2026-03-06T10:00:00Z",
        ))  # fmt: skip
        self.validate(shipment)
        self.assertIn("charge_variance", shipment.hold_ids.filtered("is_blocking").mapped("reason"))
        self.assertFalse(
            shipment.carrier_invoice_ids.filtered(lambda one: one.state == "superseded").hold_ids.filtered(
                "is_open"
            ),
            "nothing is held of a bill that stands no more",
        )

    def test_a_credit_that_comes_before_the_bill_makes_it_no_duplicate(self):
        self.expect(None, linehaul=500)
        shipment = self.shipment(self.order(10))
        self.facts(self.bill(shipment, [("linehaul", "-40.00")], document="credit_note"))
        self.validate(shipment)
        bill = self.bill(shipment, [("linehaul", "500.00")], recorded_at="2026-03-06T10:00:00Z")
        self.facts(bill)
        self.validate(shipment)
        self.assertEqual((self.reasons(shipment, "ap"), self.invoice_of(bill).state), ([], "payable"))

    def test_what_waits_and_what_is_held_follow_the_orders_price(self):
        order = self.order(10)
        shipment = self.proven(order)
        other = self.shipment(self.order(10))
        self.deliver(other)
        self.validate(other)
        (order | other.sale_order_ids).order_line.price_unit = 20
        self.env["milepost.billing"]._catch_up()
        self.assertEqual((shipment.waiting_amount, other.hold_ids.amount), (200, 200))

    def test_the_button_bills_what_it_decides_however_long_deciding_takes(self):
        shipment = self.shipment(self.order(10))
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        with freeze_time(NOW, auto_tick_seconds=1):
            self.env["milepost.billing.run"].with_user(self.users["analyst"]).run_now()
        self.assertEqual((shipment.billing_state, shipment.invoiced_amount), ("invoiced", 125))

    def test_goods_that_are_billed_as_ordered_are_counted_as_invoiced_once_a_document_bills_them(self):
        self.product.invoice_policy = "order"
        self.policy.ordered_goods = "odoo"
        order = self.order(10)
        shipment = self.shipment(order)
        self.validate(shipment)
        self.assertEqual((shipment.invoiced_amount, shipment.billable_amount), (0, 125))
        draft = order._create_invoices()
        self.assertFalse(draft.invoice_line_ids.milepost_billable_id)
        self.assertEqual(shipment.invoiced_amount, 125)
        draft.invoice_line_ids.quantity = 4
        self.assertEqual(shipment.invoiced_amount, 50)
        self.assert_conserved(shipment)
        draft.button_cancel()
        self.assertEqual(shipment.invoiced_amount, 0)

    def test_a_document_in_another_currency_bills_what_its_amount_is_worth(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create({
            "currency_id": euro.id, "company_id": self.company.id, "name": "2026-01-01", "rate": 0.8,
        })  # fmt: skip
        shipment = self.shipment(self.order(10))
        self.deliver(shipment)
        self.facts(self.pod(shipment), self.fact(
            "charge", shipment, side="sell", charge_type="liftgate", amount="40.00", currency=self.usd.name,
            raw_code="400",
        ))  # fmt: skip
        self.policy.auto_post = False
        self.validate(shipment)
        [draft] = self.run_billing()
        charge = draft.invoice_line_ids.filtered(lambda line: line.milepost_billable_id.kind == "charge")
        with self.refused(UserError, "beyond what is proven"):
            draft.currency_id = euro
        charge.price_unit = 24
        draft.currency_id = euro
        goods, service = shipment.billable_ids.sorted("kind", reverse=True)
        self.assertEqual((goods.kind, goods.invoiced_amount), ("goods", 156.25), "125 EUR")
        self.assertEqual((service.invoiced_amount, service.open_amount), (30, 10), "24 EUR")
        self.assert_conserved(shipment)
        draft.invoice_date = fields.Date.today()
        draft.action_post()
        charge.move_id.button_draft()
        charge.price_unit = 32
        with self.refused(UserError, "beyond what is proven"):
            charge.price_unit = 33
