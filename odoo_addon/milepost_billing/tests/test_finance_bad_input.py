from odoo.exceptions import UserError
from odoo.tests import tagged

from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceBadInput(BillingCase):
    """What is wrong with an input is said where somebody looks, and nothing of it is lost."""

    def charge(self, shipment, charge_type="linehaul", amount="900.00", currency=None, **values):
        return self.fact(
            "charge", shipment, side="sell", charge_type=charge_type, amount=amount,
            currency=currency or self.usd.name, raw_code="400", **values,
        )  # fmt: skip

    def proven(self, *facts, **values):
        shipment = self.shipment(**values)
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        return shipment

    # Negative amounts

    def test_a_negative_charge_is_kept_and_held(self):
        shipment = self.proven()
        self.facts(self.charge(shipment), self.charge(shipment, "fuel", "-90.50"))
        self.validate(shipment)
        hold = self.holds(shipment)["charge_pending"]
        self.assertIn("the partner names -90.50, below zero", hold.explanation)
        self.assertEqual((hold.amount, sorted(shipment.charge_ids.mapped("amount"))), (90.5, [-90.5, 900]))
        self.assertFalse(self.run_billing())

    def test_a_negative_discount_is_a_discount(self):
        shipment = self.proven()
        self.facts(self.charge(shipment), self.charge(shipment, "discount", "-90.50"))
        self.validate(shipment)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 809.5)

    def test_a_negative_line_of_a_bill_is_said(self):
        shipment = self.shipment()
        fact = self.bill(shipment, [("linehaul", "500.00"), ("fuel", "-20.00")], total="480.00")
        self.facts(fact)
        self.validate(shipment)
        bill = self.invoice_of(fact)
        self.assertEqual(self.holds(shipment, "ap")["not_adding_up"].explanation,
                         "a line that is no discount is negative")  # fmt: skip
        self.assertEqual((bill.total, len(bill.line_ids), bill.approved_amount), (480, 2, 0))

    def test_a_negative_quantity_makes_a_proof_invalid(self):
        shipment = self.shipment(self.order(10))
        self.deliver(shipment)
        self.facts(self.pod(shipment, [("accepted", "-10")]))
        self.validate(shipment)
        self.assertIn("a negative quantity (-10)", self.holds(shipment)["pod_invalid"].explanation)
        self.assertEqual(shipment.pod_ids.line_ids.quantity, -10)
        self.assertFalse(self.run_billing())

    # Currencies

    def test_a_currency_that_nobody_knows_is_refused_with_its_place(self):
        shipment = self.proven()
        for fact in (
            self.charge(shipment, currency="QQQ"),
            self.bill(shipment, [("linehaul", 5)], currency="QQQ"),
        ):
            [verdict] = self.facts(fact, expect=None)
            self.assertEqual((verdict["status"], verdict["path"]), ("rejected", "/currency"))
            self.assertIn("no currency that Odoo knows", verdict["reason"])

    def test_a_charge_without_an_exchange_rate_is_kept_and_held(self):
        pound = self.env.ref("base.GBP")
        pound.active = True
        pound.rate_ids.unlink()
        shipment = self.proven()
        self.facts(self.charge(shipment, amount="100.00", currency="GBP"))
        self.validate(shipment)
        hold = self.holds(shipment)["rate_missing"]
        self.assertIn("no exchange rate of GBP is known for 2026-03-04", hold.explanation)
        self.env["res.currency.rate"].create({
            "currency_id": pound.id, "name": "2026-03-01", "rate": 0.8, "company_id": self.company.id,
        })  # fmt: skip
        self.validate(shipment)
        [invoice] = self.run_billing()
        self.assertEqual((hold.state, invoice.amount_untaxed), ("auto_cleared", 125))

    def test_a_bill_without_an_exchange_rate_is_kept_and_held(self):
        pound = self.env.ref("base.GBP")
        pound.active = True
        pound.rate_ids.unlink()
        self.expect(None, linehaul=125)
        shipment = self.shipment()
        self.facts(self.bill(shipment, [("linehaul", "100.00")], currency="GBP"))
        self.validate(shipment)
        self.assertIn("no exchange rate of GBP", self.holds(shipment, "ap")["currency"].explanation)

    # Rates

    def test_a_gap_in_the_carriers_rates_holds_his_bill(self):
        self.expect(None, linehaul=500)
        self.env["milepost.rate"].search([]).valid_to = "2026-02-28"
        shipment = self.proven()
        fact = self.bill(shipment, [("linehaul", "500.00")])
        self.facts(fact)
        self.validate(shipment)
        text = self.holds(shipment, "ap")["rate_missing"].explanation
        self.assertEqual(text, "no linehaul rate of Roadline is in force on 2026-03-02")
        self.expect(None, linehaul=500)
        self.validate(shipment)
        self.assertEqual((self.reasons(shipment, "ap"), self.invoice_of(fact).approved_amount), ([], 500))

    # Proofs

    def test_a_proof_without_a_stop_proves_nothing_and_waits_for_its_stop(self):
        shipment = self.shipment(self.order(10), deliveries=2)
        for number in (1, 2):
            self.deliver(shipment, stop=self.key_of(shipment, number))
        self.facts(self.pod(shipment, stop=self.key_of(shipment, 1)), self.pod(shipment))
        self.validate(shipment)
        lost = shipment.pod_ids.filtered(lambda pod: not pod.stop_ref)
        self.assertEqual(len(lost), 1)
        held = shipment.hold_ids.filtered(lambda hold: hold.side == "ar" and hold.is_blocking)
        self.assertEqual(held.mapped("reason"), ["pod_missing"])
        self.assertIn("coverage 50.00 %", held.explanation)
        self.assertFalse(self.run_billing())
        second = shipment.stop_ids.filtered(lambda s: s.kind == "delivery" and s.in_plan).sorted("sequence")[
            -1:
        ]
        lost.with_user(self.users["dispatcher"]).assign_stop(second.id)
        self.validate(shipment)
        self.assertEqual(self.reasons(shipment), [])
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 125)

    def test_a_bill_without_lines_or_shipment_is_kept_and_says_so(self):
        shipment = self.shipment()
        empty = self.bill(shipment, [], total="50.00")
        self.facts(empty)
        self.validate(shipment)
        self.assertEqual(self.holds(shipment, "ap")["not_adding_up"].explanation, "it has no lines")
        stray = self.bill(shipment, [("linehaul", 5)], identifiers=[{"type": "pro", "value": "nobody-1"}])
        self.facts(stray, expect="unmatched")
        self.env["milepost.billing"]._catch_up()
        hold = self.invoice_of(stray).hold_ids
        self.assertEqual((hold.reason, hold.state), ("no_match", "open"))

    def test_n17_public_methods_refuse_in_words_what_they_cannot_take(self):
        shipment = self.proven()
        self.facts(self.bill(shipment, [("linehaul", "500.00")]))
        self.validate(shipment)
        stop = shipment.stop_ids[:1]
        for record, method, user, arguments in (
            (self.env["milepost.accrual"], "accrue_now", "manager", {"day": "soon"}),
            (self.env["milepost.accrual"], "control", "manager", {"company": "mine"}),
            (self.env["milepost.billing.lag"], "figures", "manager", {"now": "noon"}),
            (self.env["milepost.billing.lag"], "records", "manager", {"key": 7}),
            (stop, "enter_times", "dispatcher", {"unload_started_at": "noon"}),
            (stop, "enter_times", "dispatcher", {"excluded_minutes": "many"}),
            (stop, "enter_times", "dispatcher", {"excluded_minutes": -5}),
            (shipment.pod_ids, "assign_stop", "dispatcher", {"stop_id": "first"}),
            (shipment.pod_ids, "assign_stop", "dispatcher", {"stop_id": 2**40}),
            (shipment.carrier_invoice_ids, "assign_shipment", "analyst", {"shipment_id": "this"}),
            (shipment.hold_ids, "action_release", "manager", {"code": "x", "text": "y"}),
            (self.env["milepost.hold"], "hold_board", "analyst", {"side": "left"}),
            (self.env["milepost.hold"], "hold_board", "analyst", {"limit": "all"}),
            (self.env["milepost.hold"], "hold_board", "analyst", {"limits": [1]}),
            (self.env["milepost.hold.audit"], "verify", "controller", {"hold_ids": "all"}),
            (self.env["milepost.shipment"], "control_tower", "dispatcher", {"limit": "all"}),
            (self.env["milepost.shipment"], "control_tower", "dispatcher", {"limits": [1]}),
            (self.env["milepost.billable"], "dispose", "analyst", {"shipment_id": "x", "disposition": "allowance"}),
            (self.env["milepost.billable"], "dispose", "analyst",
             {"shipment_id": shipment.id, "disposition": "burn"}),
            (self.env["milepost.evidence"], "pack", "analyst", {"model": "milepost.shipment", "record_id": "x"}),
            (self.env["milepost.evidence"], "verify", "analyst", {"content_base64": 5}),
            (self.env["milepost.exchange"], "claim_outbox", "bridge",
             {"connection": self.connection.code, "limit": "all"}),
            (self.env["milepost.exchange"], "acknowledge_outbox", "bridge", {"acknowledgements": "yes"}),
        ):  # fmt: skip
            with self.subTest(method=method, arguments=arguments), self.assertRaises(UserError):
                getattr(record.with_user(self.users[user]), method)(**arguments)
