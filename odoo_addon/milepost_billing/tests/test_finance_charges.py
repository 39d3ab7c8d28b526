from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceCharges(BillingCase):
    """Carriers' bills against what was expected (T11–T18)."""

    def billed(self, lines, shipment=None, expect="accepted", **values):
        """A bill received and decided on."""
        shipment = shipment or self.shipment()
        fact = self.bill(shipment, lines, **values)
        self.facts(fact, expect=expect)
        self.validate(shipment)
        return self.invoice_of(fact)

    def reasons_of(self, invoice):
        return sorted(invoice.hold_ids.filtered("is_blocking").mapped("reason"))

    def rate(self, charge_type, **values):
        return self.env["milepost.rate"].create(
            {
                "name": charge_type,
                "company_id": self.company.id,
                "carrier_partner_id": self.carrier.id,
                "charge_type": charge_type,
                "valid_from": "2026-01-01",
                "currency_id": self.usd.id,
                **values,
            }
        )

    def test_t11_the_limit_is_inclusive_and_the_smaller_of_amount_and_percent(self):
        rate = self.rate("linehaul", amount=1000)
        for amount, reasons in ((1020.00, []), (1020.01, ["charge_variance"])):
            self.assertEqual(self.reasons_of(self.billed([("linehaul", amount)])), reasons)
        rate.copy({"amount": 2000, "valid_from": "2026-01-02"})
        for amount, reasons in ((2025.00, []), (2025.01, ["charge_variance"])):
            self.assertEqual(self.reasons_of(self.billed([("linehaul", amount)])), reasons)

    def document(self):
        """The shipment of T12 and its expected charges."""
        self.rate("linehaul", amount=1850)
        self.rate("fuel", method="percent", percent=24.6)
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        request = (
            self.env["milepost.expected.charge"]
            .with_user(self.users["dispatcher"])
            .create(
                {
                    "shipment_id": shipment.id,
                    "charge_type": "lumper",
                    "amount": 120,
                    "currency_id": self.usd.id,
                }
            )
        )
        with self.assertRaises(AccessError):
            request.action_approve()
        request.with_user(self.users["analyst"]).action_approve()
        return shipment

    LINES = (("linehaul", "1850.00"), ("fuel", "499.50"), ("detention", "150.00"), ("lumper", "120.00"))

    def test_t12_document_pays_what_is_undisputed(self):
        invoice = self.billed(self.LINES, self.document(), number="123456780")
        verdicts = {one["key"]: one for one in invoice.verdicts}
        self.assertEqual(verdicts["fuel"]["variance"], "44.40")
        self.assertEqual(verdicts["fuel"]["percent"], "9.756")
        holds = {hold.subject: hold for hold in invoice.hold_ids.filtered("is_blocking")}
        self.assertEqual(holds["charge:fuel"].reason, "charge_variance")
        self.assertEqual(holds["charge:fuel"].amount, 44.4)
        self.assertEqual(holds["charge:detention"].reason, "unexpected_charge")
        self.assertEqual(holds["charge:detention"].amount, 150)
        self.assertEqual(set(holds), {"charge:fuel", "charge:detention"})
        self.assertEqual(invoice.expected_amount, 2425.1)
        self.assertEqual(invoice.total, 2619.5)
        self.assertEqual((invoice.approved_amount, invoice.disputed_amount), (2425.1, 194.4))
        self.assertEqual(invoice.state, "partial")
        [bill] = self.env["milepost.billing.run"]._bill_carriers(self.company)
        self.assertEqual((bill.move_type, bill.state, bill.amount_untaxed), ("in_invoice", "posted", 2425.1))

    def test_t13_many_small_overcharges_hold_the_document(self):
        self.policy.write({"over_amount": 5, "document_amount": 15})
        types = ("liftgate", "inside", "residential", "hazmat", "lumper")
        for charge_type in types:
            self.rate(charge_type, amount=100)
        invoice = self.billed([(charge_type, 104) for charge_type in types])
        [hold] = invoice.hold_ids
        self.assertEqual((hold.reason, hold.subject, hold.amount), ("charge_variance", "document", 20))
        self.assertEqual(invoice.approved_amount, 500)

    def test_t14_all_bills_of_a_shipment_count_together(self):
        self.rate("linehaul", amount=1000)
        shipment = self.shipment()
        first = self.billed([("linehaul", 1000)], shipment)
        second = self.billed([("linehaul", 20)], shipment, correction="balance_due")
        third = self.billed([("linehaul", 15)], shipment, correction="balance_due")
        self.assertEqual((self.reasons_of(first), self.reasons_of(second)), ([], []))
        self.assertEqual(self.reasons_of(third), ["charge_variance"])
        self.assertEqual(third.hold_ids.amount, 35)

    def test_t15_another_currency_is_compared_at_the_contract_date(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": euro.id,
                    "company_id": self.company.id,
                    "name": "2026-03-01",
                    "rate": 1 / 1.08,
                },
                {
                    "currency_id": euro.id,
                    "company_id": self.company.id,
                    "name": "2026-03-06",
                    "rate": 1 / 1.05,
                },
            ]
        )
        self.rate("linehaul", amount=1000, currency_id=euro.id)
        shipment = self.shipment()
        self.deliver(shipment)
        invoice = self.billed([("linehaul", 1095)], shipment)
        self.assertEqual(invoice.compared_amount, 1013.89)
        self.assertEqual(self.reasons_of(invoice), [])
        self.assertEqual(invoice.exchange_difference, 28.97)
        self.assertEqual(invoice.compared_amount + invoice.exchange_difference, 1042.86)

    def tax(self, percent, reverse=False):
        tax = self.env["account.tax"].create(
            {
                "name": f"VAT {percent} {next(self.numbers)}",
                "amount": percent,
                "type_tax_use": "purchase",
                **(
                    {
                        name: [
                            Command.create({"repartition_type": "base"}),
                            Command.create({"repartition_type": "tax", "factor_percent": 100}),
                            Command.create({"repartition_type": "tax", "factor_percent": -100}),
                        ]
                        for name in ("invoice_repartition_line_ids", "refund_repartition_line_ids")
                    }
                    if reverse
                    else {}
                ),
            }
        )
        self.env.ref("milepost_billing.product_transport").supplier_taxes_id = tax

    def test_t16_a_wrong_tax_is_no_variance(self):
        self.rate("linehaul", amount=1000)
        self.tax(20)
        right = self.billed([("linehaul", 1000), ("tax", 200)])
        wrong = self.billed([("linehaul", 1000), ("tax", 190)])
        self.assertEqual((self.reasons_of(right), self.reasons_of(wrong)), ([], ["tax_mismatch"]))
        self.tax(20, reverse=True)
        reverse = self.billed([("linehaul", 1000), ("tax", 200)])
        self.assertEqual(self.reasons_of(reverse), ["tax_mismatch"])
        self.assertIn("reverse charge", reverse.hold_ids.explanation)

    def test_the_carriers_own_tax_codes_say_which_tax_is_compared_and_booked(self):
        self.rate("linehaul", amount=1000)
        self.tax(20)
        self.tax(10)
        reduced = self.env.ref("milepost_billing.product_transport").supplier_taxes_id
        self.tax(20)
        invoice = self.billed([("linehaul", 1000), ("tax", 100)])
        self.assertEqual(self.reasons_of(invoice), ["tax_mismatch"])
        self.env["milepost.code.map"].create({
            "connection_id": self.connection.id, "kind": "tax", "raw_code": "TAX", "tax_id": reduced.id,
        })  # fmt: skip
        self.validate(invoice.shipment_id)
        self.assertEqual(self.reasons_of(invoice), [])
        [bill] = self.env["milepost.billing.run"]._bill_carriers(self.company)
        self.assertEqual((bill.invoice_line_ids.tax_ids, bill.amount_tax), (reduced, 100))
        wrong = self.billed([("linehaul", 1000), ("tax", 200)])
        self.assertEqual(self.reasons_of(wrong), ["tax_mismatch"])
        self.tax(20, reverse=True)
        reverse = self.billed([("linehaul", 1000), ("tax", 100)])
        self.assertEqual(self.reasons_of(reverse), ["tax_mismatch"])
        self.assertIn("reverse charge", reverse.hold_ids.explanation)

    def test_t17_duplicates_are_found_however_they_are_written(self):
        shipment = self.document()
        first = self.billed(self.LINES, shipment, number="123456780")
        same = self.billed(self.LINES, shipment, number="123456780")
        self.assertEqual(self.reasons_of(same), ["duplicate"])
        with self.assertRaises(AccessError):
            same.hold_ids.with_user(self.users["analyst"]).action_release("evidence", "looks right")
        other = self.billed([("detention", 150)], shipment, number="123456781")
        self.assertIn("dup_suspect", self.reasons_of(other))
        self.assertEqual(other.duplicate_kind, "balance_due")
        written = self.billed(self.LINES, shipment, number="0123456780-00")
        self.assertEqual(self.reasons_of(written), ["duplicate"])
        self.env["milepost.billing.run"]._bill_carriers(self.company)
        self.assertEqual(first.bill_ids.state, "posted")
        replacing = self.billed(
            (("linehaul", "1850.00"), ("fuel", "455.10"), ("lumper", "120.00")), shipment,
            number="123456780", correction="correction",
        )  # fmt: skip
        self.assertEqual((first.state, first.replaced_by_id), ("superseded", replacing))
        self.assertEqual(first.bill_ids.payment_state, "reversed")
        self.validate(shipment)
        self.assertEqual((self.reasons_of(replacing), replacing.approved_amount), ([], 2425.1))
        self.assertEqual({same.state, written.state}, {"superseded"})

    def test_t18_a_credit_settles_its_part_of_the_dispute(self):
        shipment = self.document()
        invoice = self.billed(self.LINES, shipment)
        credit = self.billed([("fuel", "-44.40")], shipment, document="credit_note")
        self.assertEqual(credit.matched_how, "identifier")
        self.assertEqual((invoice.disputed_amount, invoice.credited_amount), (150, 44.4))
        self.assertEqual(self.reasons_of(invoice), ["unexpected_charge"])
        self.assertEqual(credit.approved_amount, 0)

    def test_a_bill_finds_its_shipment_by_pro_reference_or_bill_of_lading(self):
        self.rate("linehaul", amount=1000)
        shipment = self.shipment()
        self.facts(self.fact("itinerary", shipment, stops=[], declares=[
            {"type": "pro", "value": "0771234560"}, {"type": "bol", "value": "BOL-1"},
        ]))  # fmt: skip
        fact = self.bill(
            shipment, [("linehaul", 1000)], identifiers=[{"type": "pro", "value": "771-234-560"}]
        )
        self.facts(fact, expect="unmatched")
        engine = self.env["milepost.payable"]
        invoice = self.invoice_of(fact)
        engine._match_unmatched(invoice)
        self.assertEqual((invoice.shipment_id, invoice.matched_how), (shipment, "pro"))
        lost = self.bill(shipment, [("linehaul", 1000)], identifiers=[{"type": "pro", "value": "99887766"}])
        self.facts(lost, expect="unmatched")
        unmatched = self.invoice_of(lost)
        engine._match_unmatched(unmatched)
        engine._judge_unmatched(unmatched)
        self.assertEqual(self.reasons_of(unmatched), ["no_match"])
        unmatched.with_user(self.users["analyst"]).assign_shipment(shipment.id)
        self.validate(shipment)
        self.assertEqual(self.reasons_of(unmatched), ["dup_suspect", "charge_variance"][::-1])

    def test_bad_input_is_said_and_kept(self):
        self.rate("linehaul", amount=1000)
        wrong = self.billed([("linehaul", 1000)], total="1100.00")
        self.assertEqual(self.reasons_of(wrong), ["not_adding_up"])
        negative = self.billed([("linehaul", 1000), ("fuel", -50)])
        self.assertIn("negative", negative.hold_ids.explanation)
        [verdict] = self.facts(
            self.bill(self.shipment(), [("linehaul", 1)], currency="XXQ"), expect="rejected"
        )
        self.assertIn("no currency that Odoo knows", verdict["reason"])
        self.env["milepost.rate"].search([]).valid_to = "2026-01-31"
        gap = self.billed([("linehaul", 1000)])
        self.assertIn("rate_missing", self.reasons_of(gap))
        self.assertIn(
            "no linehaul rate", gap.hold_ids.filtered(lambda h: h.reason == "rate_missing").explanation
        )
