from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .billing_case import PICKUP, BillingCase

DAY = datetime(2026, 3, 4)


@tagged("finance", "post_install", "-at_install")
class TestFinanceSell(BillingCase):
    """What the customer is charged by contract: fixed prices, fuel, detention, costs passed on."""

    def sell(self, charge_type, method="flat", **values):
        return self.env["milepost.rate"].create(
            {
                "name": f"Northwind {charge_type}",
                "side": "sell",
                "company_id": self.company.id,
                "customer_id": self.customer.id,
                "charge_type": charge_type,
                "method": method,
                "valid_from": "2026-01-01",
                "currency_id": self.usd.id,
                **values,
            }
        )

    def limit(self, charge_type, **values):
        found = self.policy.limit_ids.filtered(lambda one: one.charge_type == charge_type)
        if found:
            found.write(values)
        else:
            self.policy.limit_ids = [Command.create({"charge_type": charge_type, **values})]

    def proven(self, **values):
        """A shipment of transport alone: no sales order, the price is the transport's."""
        shipment = self.shipment(**values)
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        return shipment

    def told(self, shipment, charge_type, amount):
        return self.fact(
            "charge", shipment, side="sell", charge_type=charge_type, amount=amount,
            currency=self.usd.name, raw_code="400",
        )  # fmt: skip

    def charged(self, shipment):
        """{charge type: amount} of what the customer is billed."""
        return {row.charge_type: row.amount for row in shipment.billable_ids if row.charge_type}

    def test_a_fixed_price_is_billed_with_its_product_and_leads_back_to_its_rate(self):
        product = self.env["product.product"].create({
            "name": "Transport Rotterdam", "type": "service", "taxes_id": [Command.clear()],
        })  # fmt: skip
        self.limit("linehaul", product_id=product.id, by_rate=True)
        rate = self.sell("linehaul", amount=900)
        self.expect(None, linehaul=700)
        shipment = self.proven()
        self.facts(self.bill(shipment, [("linehaul", "777.77")]))
        self.validate(shipment)
        self.assertEqual((self.reasons(shipment), self.reasons(shipment, "ap")), ([], ["charge_variance"]))
        [invoice] = self.run_billing()
        line = invoice.invoice_line_ids
        self.assertEqual((invoice.partner_id, invoice.amount_untaxed), (self.customer, 900))
        self.assertEqual((line.product_id, line.milepost_billable_id.rate_id), (product, rate))
        self.assertIn("Northwind linehaul (from 01/01/2026)", line.name)
        self.assertEqual((shipment.expected_cost, shipment.billing_state), (700, "invoiced"))

    def test_fuel_is_billed_by_formula_and_frozen_at_pickup(self):
        self.sell("linehaul", "distance", amount=2.5)
        self.sell("fuel", "fuel_formula", fuel_index="DOE", fuel_base=1.2, fuel_divisor=6.0)
        price = self.env["milepost.fuel.price"].create({
            "company_id": self.company.id, "fuel_index": "DOE",
            "effective_from": datetime(2026, 2, 24, 0, 1), "price": 3.912,
        })  # fmt: skip
        shipment = self.proven(distance=640)
        self.validate(shipment)
        self.assertEqual(self.charged(shipment), {"linehaul": 1600, "fuel": 289.28})
        price.price = 9
        self.env["milepost.rate"].search([("charge_type", "=", "linehaul")]).amount = 3
        self.validate(shipment)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 1889.28)

    def test_fuel_by_percent_is_of_the_linehaul_that_is_sold(self):
        self.sell("fuel", "percent", percent=24.6)
        self.expect(None, linehaul=1000)
        self.limit("fuel", by_rate=True)
        alone = self.proven()
        self.validate(alone)
        self.assertIn("no linehaul rate applies", self.holds(alone)["rate_missing"].explanation)
        self.sell("linehaul", amount=1850)
        self.validate(alone)
        self.assertEqual(self.charged(alone), {"linehaul": 1850, "fuel": 455.1})

    def waited(self, departure):
        """A delivery that the truck reached at 9:35 for an appointment at 10:00."""
        shipment = self.shipment()
        delivered = datetime(2026, 3, 4, 14, 20)
        facts = [
            self.milestone(shipment, "arrived_pickup", PICKUP - timedelta(minutes=20)),
            self.milestone(shipment, "picked_up", PICKUP),
            self.milestone(shipment, "arrived_delivery", DAY.replace(hour=9, minute=35)),
            self.milestone(shipment, "delivered", delivered),
        ]
        self.facts(*facts, self.pod(shipment, at=delivered))
        if departure:
            self.leave(shipment, departure)
        self.appoint(shipment)
        return shipment

    def appoint(self, shipment):
        """Set the appointment, which the facts of these tests do not tell, and decide."""
        stop = shipment.stop_ids.filtered(lambda s: s.kind == "delivery" and s.in_plan)
        stop.sudo().window_start = DAY.replace(hour=10)
        self.validate(shipment)

    def leave(self, shipment, departure):
        fact = self.milestone(shipment, "left", departure, conditions=["departed_delivery"])
        del fact["code"]
        self.facts(fact)

    def test_detention_is_recovered_from_the_customer_by_his_own_terms(self):
        # Cost: 260 − 120 free = 140, up to 150 min at 60/h. Sold: 260 − 60 free = 200, up to 210 min at 90/h.
        self.env["milepost.rate"].create({
            "name": "Roadline detention", "company_id": self.company.id,
            "carrier_partner_id": self.carrier.id, "charge_type": "detention", "method": "detention",
            "hourly_rate": 60, "valid_from": "2026-01-01", "currency_id": self.usd.id,
        })  # fmt: skip
        self.sell("detention", "detention", hourly_rate=90, free_minutes=60)
        shipment = self.waited(DAY.replace(hour=14, minute=20))
        self.assertEqual((shipment.expected_cost, self.charged(shipment)), (150, {"detention": 315}))
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 315)
        self.assertIn("210 min at $\N{NO-BREAK SPACE}90.00 an hour", invoice.invoice_line_ids.name)

    def test_detention_without_a_departure_waits_for_it(self):
        self.sell("linehaul", amount=900)
        self.sell("detention", "detention", hourly_rate=90, free_minutes=60)
        shipment = self.waited(None)
        self.assertIn("departure was never reported", self.holds(shipment)["charge_pending"].explanation)
        self.assertFalse(self.run_billing())
        self.leave(shipment, DAY.replace(hour=14, minute=20))
        self.appoint(shipment)
        self.assertEqual((self.reasons(shipment), self.charged(shipment)["detention"]), ([], 315))

    def test_or_follows_by_a_debit_note_where_the_policy_bills_the_rest(self):
        self.policy.pass_through_pending = "bill_rest"
        self.sell("linehaul", amount=900)
        self.sell("detention", "detention", hourly_rate=90, free_minutes=60)
        shipment = self.waited(None)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 900)
        self.leave(shipment, DAY.replace(hour=14, minute=20))
        self.appoint(shipment)
        [note] = self.run_billing()
        self.assertEqual((note.debit_origin_id, note.amount_untaxed), (invoice, 315))

    def test_costs_are_passed_on_with_or_without_a_markup(self):
        self.limit("lumper", pass_through=True, markup_percent=10)
        self.limit("toll_border_customs", pass_through=True)
        self.sell("lumper", amount=999)
        self.expect(None, lumper=120, toll_border_customs=44.4)
        shipment = self.proven()
        self.facts(self.bill(shipment, [("lumper", "120.00"), ("toll_border_customs", "44.40")]))
        self.validate(shipment)
        self.assertEqual(self.charged(shipment), {"lumper": 132, "toll_border_customs": 44.4})
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 176.4)

    def test_without_a_rate_the_shipment_is_held_where_the_policy_says_so(self):
        shipment = self.proven()
        self.facts(self.told(shipment, "linehaul", "500.00"))
        self.limit("linehaul", by_rate=True)
        self.validate(shipment)
        hold = self.holds(shipment)["rate_missing"]
        self.assertEqual(hold.explanation, "no linehaul rate of Northwind applies")
        self.assertEqual(hold.severity, "hard")
        self.assertFalse(self.run_billing())
        self.sell("linehaul", amount=900)
        self.validate(shipment)
        self.assertEqual((hold.state, self.charged(shipment)), ("auto_cleared", {"linehaul": 900}))

    def test_a_gap_between_two_versions_is_said_and_filled_later(self):
        self.limit("linehaul", by_rate=True)
        self.sell("linehaul", amount=800, valid_to="2026-02-28")
        self.sell("linehaul", amount=900, valid_from="2026-04-01")
        shipment = self.proven()
        self.validate(shipment)
        text = self.holds(shipment)["rate_missing"].explanation
        self.assertEqual(text, "no linehaul rate of Northwind is in force on 2026-03-02")
        self.sell("linehaul", amount=850, valid_from="2026-03-01", valid_to="2026-03-31")
        self.validate(shipment)
        self.assertEqual(self.charged(shipment), {"linehaul": 850})

    def test_the_nearest_rate_and_the_version_of_the_pickup_count(self):
        self.sell("linehaul", amount=500, customer_id=False)
        address = self.env["res.partner"].create({
            "name": "Northwind Dock 4", "parent_id": self.customer.id, "type": "delivery",
        })  # fmt: skip
        everybody, here = self.proven(partner_id=self.carrier.id), self.proven(partner_id=address.id)
        self.sell("linehaul", amount=700, valid_to="2026-03-01")
        self.sell("linehaul", amount=750, valid_from="2026-03-02")
        self.validate(everybody | here)
        self.assertEqual((self.charged(everybody)["linehaul"], self.charged(here)["linehaul"]), (500, 750))
        own = self.proven(partner_id=address.id)
        self.sell("linehaul", amount=760, customer_id=address.id)
        self.validate(own)
        self.assertEqual(self.charged(own)["linehaul"], 760)

    def test_a_contract_price_stands_in_place_of_what_the_partner_names(self):
        self.sell("linehaul", amount=900)
        shipment = self.proven()
        self.facts(self.told(shipment, "linehaul", "950.00"), self.told(shipment, "liftgate", "35.00"))
        self.validate(shipment)
        self.assertEqual(self.charged(shipment), {"linehaul": 900, "liftgate": 35})

    def test_a_price_in_another_currency_takes_the_rate_of_the_pickup(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        self.limit("linehaul", by_rate=True)
        self.sell("linehaul", amount=800, currency_id=euro.id)
        shipment = self.proven()
        self.validate(shipment)
        self.assertIn("no exchange rate of EUR is known", self.holds(shipment)["rate_missing"].explanation)
        self.env["res.currency.rate"].create([
            {"currency_id": euro.id, "name": day, "rate": rate, "company_id": self.company.id}
            for day, rate in (("2026-03-02", 0.8), ("2026-03-03", 0.5))
        ])  # fmt: skip
        self.validate(shipment)
        self.assertEqual((self.reasons(shipment), self.charged(shipment)), ([], {"linehaul": 1000}))

    def test_the_charge_rides_on_the_invoice_of_the_goods(self):
        self.sell("liftgate", amount=35)
        shipment = self.shipment(self.order(10))
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        [invoice] = self.run_billing()
        self.assertEqual((invoice.amount_untaxed, len(invoice.invoice_line_ids)), (160, 2))

    def test_a_table_that_is_entered_after_the_invoice_changes_no_old_price(self):
        shipment = self.shipment(self.order(10))
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        self.run_billing()
        shipment.sudo().sell_expected_at = False
        self.sell("linehaul", amount=900)
        self.limit("linehaul", by_rate=True)
        self.validate(shipment)
        self.assertEqual((self.reasons(shipment), shipment.billing_state), ([], "invoiced"))
        self.assertFalse(self.run_billing())

    def test_a_request_is_charged_once_somebody_else_approved_it(self):
        shipment = self.proven()
        request = (
            self.env["milepost.expected.charge"]
            .with_user(self.users["dispatcher"])
            .create({
                "shipment_id": shipment.id, "side": "sell", "charge_type": "redelivery_reconsignment",
                "amount": 80, "currency_id": self.usd.id, "note": "Second attempt, agreed by phone",
            })
        )  # fmt: skip
        self.validate(shipment)
        self.assertEqual((self.charged(shipment), shipment.expected_cost), ({}, 0))
        request.with_user(self.users["analyst"]).action_approve()
        self.validate(shipment)
        self.assertEqual(self.charged(shipment), {"redelivery_reconsignment": 80})
        self.assertEqual(shipment.expected_cost, 0)

    def test_a_rate_is_of_one_side_and_a_charge_is_billed_in_one_way(self):
        with self.refused(ValidationError, "names a customer and no carrier"):
            self.sell("linehaul", carrier_partner_id=self.carrier.id)
        with self.refused(ValidationError, "names a carrier and no customer"):
            self.sell("linehaul", side="cost")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.limit("fuel", pass_through=True, by_rate=True)
            self.env.flush_all()
