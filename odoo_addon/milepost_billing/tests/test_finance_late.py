from datetime import date

from odoo import Command
from odoo.tests import tagged

from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceLate(BillingCase):
    """Charges after the invoice (T37–T40): the posted invoice never changes."""

    def invoiced(self, **costs):
        """A shipment whose customer was invoiced 1,250.00 and what it costs by contract."""
        self.expect(None, **costs)
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.state, "posted")
        return shipment, invoice

    def passed(self, charge_type, **values):
        self.policy.limit_ids.filtered(lambda one: one.charge_type == charge_type).unlink()
        self.policy.limit_ids = [Command.create({"charge_type": charge_type, "pass_through": True, **values})]

    def billed(self, shipment, *lines, **values):
        fact = self.bill(shipment, lines, **values)
        self.facts(fact)
        self.validate(shipment)
        return self.invoice_of(fact)

    def lumper(self, shipment, amount):
        request = (
            self.env["milepost.expected.charge"]
            .with_user(self.users["dispatcher"])
            .create(
                {
                    "shipment_id": shipment.id,
                    "charge_type": "lumper",
                    "amount": amount,
                    "currency_id": self.usd.id,
                }
            )
        )
        request.with_user(self.users["analyst"]).action_approve()
        self.billed(shipment, ("lumper", amount))

    def test_t37_a_late_cost_is_passed_on_by_a_debit_note(self):
        self.passed("lumper", markup_percent=10)
        shipment, invoice = self.invoiced()
        self.lumper(shipment, 120)
        [note] = self.run_billing()
        self.assertEqual(
            (note.move_type, note.debit_origin_id, note.state), ("out_invoice", invoice, "posted")
        )
        self.assertEqual((note.amount_untaxed, note.milepost_shipment_ids), (132, shipment))
        self.assertEqual(shipment.late_charge_ids.mapped(lambda one: (one.kind, one.cost, one.amount)),
                         [("debit_note", 120, 132)])  # fmt: skip
        self.validate(shipment)
        self.assertEqual((shipment.invoiced_amount, shipment.billing_state), (1382, "invoiced"))
        self.assertFalse(self.run_billing())

    def test_t38_a_small_late_cost_is_absorbed_and_written_down(self):
        self.passed("lumper")
        shipment, _invoice = self.invoiced()
        self.lumper(shipment, 18)
        self.assertFalse(self.run_billing())
        [leak] = shipment.late_charge_ids
        self.assertEqual((leak.kind, leak.amount), ("leak", 18))
        self.validate(shipment)
        self.assertEqual((shipment.absorbed_amount, shipment.billing_state), (18, "invoiced"))

    def test_what_was_given_up_is_no_payment(self):
        """Up and down round the threshold: what is credited was billed, what is billed again was credited."""
        for steps, paid in (
            ((20, 60, 0), 0), ((20, 60, 30), 40), ((20, 60, 10), 10), ((60, 50, 0), 0), ((60, 50, 90), 90),
            ((60, 50, 40, 30), 30), ((20, 40, 60), 0),
        ):  # fmt: skip
            with self.subTest(steps=steps):
                shipment, _invoice = self.invoiced()
                told = None
                for amount in steps:
                    if told:
                        self.facts(self.fact("retraction", shipment, target={"key": told["key"]}))
                    if amount:
                        told = self.fact(
                            "charge", shipment, side="sell", charge_type="linehaul",
                            amount=f"{amount}.00", currency=self.usd.name, raw_code=f"L{amount}",
                        )  # fmt: skip
                        self.facts(told)
                    self.validate(shipment)
                    self.run_billing()
                    self.validate(shipment)
                [row] = shipment.billable_ids.filtered(lambda one: one.kind == "charge")
                self.assertEqual((row.invoiced_amount, row.open_amount), (paid, 0))
                self.assertEqual(row.leak_amount, row.amount - paid)
                self.assertEqual(shipment.billing_state, "invoiced")

    def told(self, shipment, amount):
        return self.fact(
            "charge", shipment, side="sell", charge_type="linehaul", amount=amount, currency=self.usd.name,
            raw_code=amount,
        )  # fmt: skip

    def by_hand(self, *quantities, charge=None):
        """A shipment whose goods a person invoices, through their order, while more of it is to be billed."""
        order = self.order()
        shipment = self.shipment(order)
        self.deliver(shipment)
        self.facts(self.pod(shipment, quantities), *([self.told(shipment, charge)] if charge else []))
        self.validate(shipment)
        if quantities:
            dispose = self.env["milepost.billable"].with_user(self.users["analyst"]).dispose
            dispose(shipment.id, "allowance")
            self.validate(shipment)
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 1250)
        self.validate(shipment)
        return shipment, invoice

    def test_an_agreed_allowance_is_credited_however_little_it_is(self):
        shipment, invoice = self.by_hand(("accepted", 94), ("accepted_damaged", 6))
        [note] = self.run_billing()
        self.assertEqual((note.move_type, note.reversed_entry_id), ("out_refund", invoice))
        self.assertEqual(note.amount_untaxed, 22.5)
        self.validate(shipment)
        self.assertEqual((shipment.invoiced_amount, shipment.absorbed_amount), (1227.5, 0))
        self.assertFalse(self.run_billing())

    def test_a_charge_that_was_known_when_the_goods_were_invoiced_is_billed_however_little_it_is(self):
        shipment, invoice = self.by_hand(charge="20.00")
        [note] = self.run_billing()
        self.assertEqual(
            (note.move_type, note.debit_origin_id, note.amount_untaxed), ("out_invoice", invoice, 20)
        )
        self.assertFalse(shipment.late_charge_ids)
        self.facts(self.told(shipment, "18.00"))
        self.validate(shipment)
        self.assertFalse(self.run_billing())
        self.assertEqual(shipment.late_charge_ids.mapped(lambda one: (one.kind, one.amount)), [("leak", 18)])
        self.validate(shipment)
        self.assertEqual((shipment.invoiced_amount, shipment.absorbed_amount), (1270, 18))

    def test_t39_a_fuel_credit_goes_to_the_customer_or_to_the_margin(self):
        self.passed("fuel")
        self.expect(None, fuel=455.1)
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.billed(shipment, ("fuel", "455.10"))
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 1250 + 455.1)
        self.billed(shipment, ("fuel", "-44.40"), document="credit_note")
        [note] = self.run_billing()
        self.assertEqual((note.move_type, note.reversed_entry_id), ("out_refund", invoice))
        self.assertEqual(note.amount_untaxed, 44.4)
        self.validate(shipment)
        self.assertEqual(shipment.invoiced_amount, 1250 + 410.7)
        self.policy.limit_ids.filtered("pass_through").pass_through = False
        fixed = self.shipment(self.order())
        self.deliver(fixed)
        self.facts(self.pod(fixed))
        self.billed(fixed, ("fuel", "455.10"))
        self.run_billing()
        self.validate(fixed)
        self.billed(fixed, ("fuel", "-44.40"), document="credit_note")
        self.assertFalse(self.run_billing())
        [margin] = fixed.late_charge_ids
        self.assertEqual((margin.kind, margin.amount), ("margin", 44.4))

    def test_t40_a_rebill_after_the_window_is_held(self):
        self.expect(None, linehaul=1000)
        shipment = self.shipment()
        self.billed(shipment, ("linehaul", 980), bill_date="2026-03-06")
        in_time = self.billed(shipment, ("linehaul", 10), bill_date="2026-09-02", correction="balance_due")
        too_late = self.billed(shipment, ("linehaul", 10), bill_date="2026-09-03", correction="balance_due")
        self.assertEqual((date(2026, 9, 3) - date(2026, 3, 6)).days, 181)
        self.assertFalse(in_time.hold_ids.filtered("is_blocking"))
        self.assertEqual(too_late.hold_ids.filtered("is_blocking").reason, "window_expired")

    def test_a_note_respects_lock_dates_and_hashes(self):
        self.passed("lumper")
        self.env["account.journal"].create(
            {
                "name": "Hashed",
                "code": "HASH",
                "type": "sale",
                "sequence": -1,
                "restrict_mode_hash_table": True,
                "company_id": self.company.id,
            }
        )
        shipment, invoice = self.invoiced()
        self.assertEqual(invoice.journal_id.name, "Hashed")
        before = invoice.inalterable_hash
        self.assertTrue(before)
        self.company.sale_lock_date = date(2030, 12, 31)
        self.lumper(shipment, 120)
        [note] = self.run_billing()
        self.assertEqual(note.state, "posted")
        self.assertGreater(note.date, date(2030, 12, 31))
        self.assertEqual((invoice.inalterable_hash, invoice.amount_untaxed), (before, 1250))

    def test_a_proof_that_is_corrected_after_the_invoice_credits_the_difference(self):
        shipment, invoice = self.invoiced()
        proof = self.pod(shipment, [("accepted", 96), ("short", 4)])
        proof["recorded_at"] = "2026-03-08T08:00:00Z"
        self.facts(proof)
        self.validate(shipment)
        self.assertEqual(self.reasons(shipment), ["qty_short"])
        self.assertFalse(self.run_billing())
        self.env["milepost.billable"].with_user(self.users["analyst"]).dispose(shipment.id, "bill_accepted")
        self.validate(shipment)
        [note] = self.run_billing()
        self.assertEqual(
            (note.move_type, note.reversed_entry_id, note.amount_untaxed), ("out_refund", invoice, 50)
        )
        self.validate(shipment)
        self.assertEqual((shipment.invoiced_amount, shipment.billing_state), (1200, "invoiced"))
        self.assertEqual(shipment.sale_order_ids.order_line.qty_invoiced, 96)

    def recount(self, shipment, at, *quantities):
        """The partner's later word about what arrived, and the billing of it."""
        proof = self.pod(shipment, quantities)
        proof["recorded_at"] = at
        self.facts(proof)
        self.validate(shipment)
        if len(quantities) > 1:
            dispose = self.env["milepost.billable"].with_user(self.users["analyst"]).dispose
            dispose(shipment.id, "bill_accepted")
            self.validate(shipment)
        note = self.run_billing()
        self.validate(shipment)
        return note.amount_untaxed_signed

    def test_what_is_invoiced_keeps_its_price(self):
        for price in (15, 10):
            with self.subTest(price=price):
                shipment, _invoice = self.invoiced()
                shipment.sale_order_ids.order_line.price_unit = price
                self.validate(shipment)
                money = shipment.billable_amount, shipment.invoiced_amount, shipment.absorbed_amount
                self.assertEqual((money, shipment.billing_state), ((1250, 1250, 0), "invoiced"))
                self.assertFalse(self.run_billing())
                short = ("accepted", 96), ("short", 4)
                self.assertEqual(self.recount(shipment, "2026-03-08T08:00:00Z", *short), -50)
                self.assertEqual((shipment.invoiced_amount, shipment.absorbed_amount), (1200, 0))
                self.assertEqual(self.recount(shipment, "2026-03-09T08:00:00Z", ("accepted", 100)), 50)
                self.assertEqual((shipment.invoiced_amount, shipment.absorbed_amount), (1250, 0))

    def test_a_price_that_is_changed_holds_for_what_is_not_invoiced(self):
        order = self.order(100, 60)
        first = self.shipment(order)
        self.deliver(first)
        self.facts(self.pod(first))
        self.validate(first)
        self.assertEqual(self.run_billing().amount_untaxed, 750)
        order.order_line.price_unit = 15
        backorder = order.picking_ids.filtered(lambda picking: picking.state != "done")
        self.ship(backorder, 40)
        second = self.shipment(order, picking_ids=[Command.set(backorder.ids)])
        self.deliver(second)
        self.facts(self.pod(second))
        self.validate(first | second)
        self.assertEqual(self.run_billing().amount_untaxed, 600)
        self.validate(first | second)
        money = [(one.billable_amount, one.absorbed_amount) for one in (first, second)]
        self.assertEqual(money, [(750, 0), (600, 0)])

    def test_an_allowance_is_of_the_price_that_was_invoiced(self):
        shipment, _invoice = self.by_hand(("accepted", 94), ("accepted_damaged", 6))
        shipment.sale_order_ids.order_line.price_unit = 40
        self.validate(shipment)
        self.assertEqual(self.run_billing().amount_untaxed, 22.5)

    def test_a_cancelled_invoice_is_billed_again_once(self):
        shipment, invoice = self.invoiced()
        invoice.button_draft()
        invoice.button_cancel()
        self.validate(shipment)
        self.assertEqual((shipment.billing_state, shipment.waiting_amount), ("ready", 1250))
        [again] = self.run_billing()
        self.assertEqual(again.amount_untaxed, 1250)
        self.validate(shipment)
        self.assertFalse(self.run_billing())
