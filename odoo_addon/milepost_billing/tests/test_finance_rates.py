from datetime import datetime, timedelta
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from ..billing import fuel
from ..billing.errors import RateGap
from .billing_case import BillingCase

DAY = datetime(2026, 3, 4)


def at(hour, minute=0):
    return DAY.replace(hour=hour, minute=minute)


@tagged("finance", "post_install", "-at_install")
class TestFinanceRates(BillingCase):
    """Detention and fuel (T19–T28)."""

    def detention(self, **values):
        return self.env["milepost.rate"].create(
            {
                "name": "Detention",
                "company_id": self.company.id,
                "carrier_partner_id": self.carrier.id,
                "charge_type": "detention",
                "method": "detention",
                "hourly_rate": 60,
                "cap": 500,
                "valid_from": "2026-01-01",
                "currency_id": self.usd.id,
                **values,
            }
        )

    def visit(self, arrival, departure, appointment=None):
        """A shipment whose delivery stop was visited then."""
        shipment = self.shipment()
        stop = shipment.stop_ids.filtered(lambda s: s.kind == "delivery" and s.in_plan)
        facts = [self.milestone(shipment, "arrived_delivery", arrival)]
        if departure:
            facts += [
                self.milestone(shipment, "delivered", departure),
                self.milestone(shipment, None, departure, conditions=["departed_delivery"]),
            ]
        for fact in facts:
            if fact["code"] is None:
                del fact["code"]
                fact["raw_code"] = "D1"
        self.facts(*facts)
        stop.sudo().window_start = appointment or False
        self.validate(shipment)
        return shipment

    def amount(self, shipment):
        return sum(shipment.expected_charge_ids.filtered(lambda c: c.origin == "detention").mapped("amount"))

    def test_t19_an_early_truck_waits_from_its_appointment(self):
        self.detention()
        self.assertEqual(self.amount(self.visit(at(9, 35), at(14, 20), at(10))), 150)

    def test_t20_a_late_truck_gets_nothing(self):
        self.detention()
        self.assertEqual(self.amount(self.visit(at(10, 50), at(14, 20), at(10))), 0)

    def test_t21_or_from_when_unloading_started(self):
        self.detention(late_arrival="unload")
        shipment = self.visit(at(10, 50), at(14, 20), at(10))
        stop = shipment.stop_ids.filtered("window_start")
        stop.with_user(self.users["dispatcher"]).enter_times(unload_started_at=at(11, 30))
        self.validate(shipment)
        self.assertEqual(self.amount(shipment), 60)

    def test_t22_the_cap_holds(self):
        self.detention()
        self.assertEqual(self.amount(self.visit(at(8), at(20), at(8))), 500)

    def test_t23_below_the_minimum_nothing_is_due(self):
        self.detention()
        self.assertEqual(self.amount(self.visit(at(8), at(10, 7), at(8))), 0)

    def test_t24_without_a_departure_there_is_no_amount_but_a_hold(self):
        self.detention()
        shipment = self.visit(at(8), None, at(8))
        self.assertEqual(self.amount(shipment), 0)
        fact = self.bill(shipment, [("detention", 150)])
        self.facts(fact)
        self.validate(shipment)
        holds = self.holds(shipment, "ap")
        self.assertIn("departure was never reported", holds["det_evidence"].explanation)

    def test_t25_elapsed_time_is_measured_in_utc(self):
        self.detention(free_minutes=0)
        # 29 March 2026 01:30 CET is 00:30 UTC, 03:30 CEST is 01:30 UTC: one hour, not two.
        shipment = self.visit(datetime(2026, 3, 29, 0, 30), datetime(2026, 3, 29, 1, 30))
        self.assertEqual(self.amount(shipment), 60)

    def test_t26_a_corrected_arrival_computes_and_holds_again(self):
        self.detention()
        shipment = self.visit(at(9), at(13, 30), at(9))
        self.assertEqual(self.amount(shipment), 150)
        fact = self.bill(shipment, [("detention", 180)])
        self.facts(fact)
        self.validate(shipment)
        hold = self.holds(shipment, "ap")["charge_variance"]
        hold.with_user(self.users["manager"]).action_release("evidence", "gate log seen")
        self.validate(shipment)
        self.assertEqual((hold.state, self.invoice_of(fact).approved_amount), ("released", 180))
        old = shipment.milestone_ids.filtered(lambda m: m.code == "arrived_delivery")
        later = self.milestone(shipment, "arrived_delivery", at(9, 30))
        later["recorded_at"] = "2026-03-05T09:00:00Z"
        self.facts(later)
        self.validate(shipment)
        self.assertTrue(old.superseded)
        self.assertEqual(self.amount(shipment), 120)
        self.assertEqual((hold.state, hold.amount), ("open", 60))
        self.assertIn("reopened", hold.audit_ids.mapped("event"))

    def fuel(self, **values):
        return self.env["milepost.rate"].create(
            {
                "name": "Fuel",
                "company_id": self.company.id,
                "carrier_partner_id": self.carrier.id,
                "charge_type": "fuel",
                "fuel_index": "DOE",
                "valid_from": "2026-01-01",
                "currency_id": self.usd.id,
                **values,
            }
        )

    def price(self, moment, price):
        self.env["milepost.fuel.price"].create(
            {
                "company_id": self.company.id,
                "fuel_index": "DOE",
                "effective_from": moment,
                "price": price,
            }
        )

    def fuelled(self, pickup):
        shipment = self.shipment(distance=640)
        self.facts(self.milestone(shipment, "picked_up", pickup))
        self.validate(shipment)
        return shipment

    def test_t27_fuel_by_formula(self):
        self.fuel(method="fuel_formula", fuel_base=1.2, fuel_divisor=6.0)
        # A new price counts from Tuesday 00:01; a Monday pickup uses the week before.
        self.price(datetime(2026, 2, 24, 0, 1), 3.912)
        self.price(datetime(2026, 3, 3, 0, 1), 4.4)
        shipment = self.fuelled(datetime(2026, 3, 2, 23, 0))
        self.assertEqual(shipment.expected_cost, 289.28)
        self.env["milepost.fuel.price"].search([("price", "=", 3.912)]).price = 9
        self.validate(shipment)
        self.assertEqual(shipment.expected_cost, 289.28, "frozen at pickup")

    def brackets(self, *rows):
        return [(0, 0, dict(zip(("low", "high", "value"), row, strict=True))) for row in rows]

    def test_t28_fuel_by_bracket_and_a_gap_is_said(self):
        self.price(datetime(2026, 2, 24, 0, 1), 3.912)
        with self.assertRaises(ValidationError):
            self.fuel(method="fuel_bracket", bracket_ids=self.brackets((3.8, 3.849, 0.5), (3.9, 3.949, 0.54)))
        rate = self.fuel(
            method="fuel_bracket", bracket_ids=self.brackets((3.85, 3.899, 0.53), (3.9, 3.949, 0.54))
        )
        shipment = self.fuelled(datetime(2026, 3, 2, 8, 0))
        self.assertEqual(shipment.expected_cost, 345.6)
        self.price(datetime(2026, 3, 3, 0, 1), 4.0)
        beyond = self.fuelled(datetime(2026, 3, 4, 8, 0))
        self.assertEqual(beyond.expected_cost, 0)
        self.facts(self.bill(beyond, [("fuel", 350)]))
        self.validate(beyond)
        self.assertIn("no bracket covers", self.holds(beyond, "ap")["rate_missing"].explanation)
        rate.bracket_ids = self.brackets((3.95, 4.049, 0.56))
        self.validate(beyond, datetime(2026, 3, 5) + timedelta(hours=1))
        self.assertEqual(beyond.expected_cost, 358.4)

    def joined(self, *rows):
        return self.env["milepost.rate"].create({
            "name": "Fuel", "company_id": self.company.id, "charge_type": "fuel", "method": "fuel_bracket",
            "fuel_index": "DOE", "valid_from": "2026-01-01",
            "bracket_ids": [
                Command.create({"low": low, "high": high, "value": value}) for low, high, value in rows
            ],
        })  # fmt: skip

    def test_n20_brackets_join_whoever_writes_them(self):
        rate = self.joined((3.85, 3.899, 0.53), (3.9, 3.949, 0.54), (3.95, 3.999, 0.55))
        first, middle, _last = rate.bracket_ids.sorted("low")
        with self.refused(ValidationError, "do not join"):
            middle.high = 3.94
        with self.refused(ValidationError, "do not join"), self.env.cr.savepoint():
            middle.unlink()
        with self.refused(ValidationError, "do not join"):
            self.env["milepost.rate.bracket"].create({
                "rate_id": rate.id, "low": 4.1, "high": 4.2, "value": 0.6,
            })  # fmt: skip
        with self.refused(ValidationError, "do not join"):
            self.env["milepost.rate.bracket"].create({
                "rate_id": rate.id, "low": 3.93, "high": 4.2, "value": 0.6,
            })  # fmt: skip
        rate.write({"bracket_ids": [
            Command.update(first.id, {"high": 3.889}), Command.update(middle.id, {"low": 3.89}),
        ]})  # fmt: skip
        self.assertEqual((first.high, middle.low), (3.889, 3.89))

    def test_n20_brackets_may_be_written_in_whole_cents(self):
        rate = self.joined((1.5, 1.59, 0.53), (1.6, 1.69, 0.54))
        value = lambda price: fuel.per_distance(Decimal(price), rate._brackets())  # noqa: E731
        self.assertEqual([value("1.599"), value("1.6")], [Decimal("0.53"), Decimal("0.54")])
        with self.refused(ValidationError, "do not join"):
            rate.bracket_ids = self.brackets((1.71, 1.79, 0.55))

    def test_n20_a_price_between_two_brackets_belongs_to_the_lower_one(self):
        rate = self.joined((3.85, 3.899, 0.53), (3.9, 3.949, 0.54))
        value = lambda price: fuel.per_distance(Decimal(price), rate._brackets())  # noqa: E731
        self.assertEqual(
            [value("3.899"), value("3.8995"), value("3.9")], [Decimal("0.53")] * 2 + [Decimal("0.54")]
        )
        for outside in ("3.849", "3.9491"):
            with self.assertRaises(RateGap):
                value(outside)

    def test_n21_a_contract_ends_on_its_first_day_or_later(self):
        for model, values in (
            ("milepost.rate", {"name": "x", "charge_type": "linehaul", "valid_from": "2026-03-02"}),
            ("milepost.billing.policy", {"name": "x", "valid_from": "2026-03-02"}),
        ):
            with self.subTest(model), mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
                with self.env.cr.savepoint():
                    self.env[model].create({**values, "valid_to": "2026-03-01"})
                    self.env.flush_all()

    def test_n21_a_rate_that_is_imported_twice_is_once_in_force(self):
        fields_ = ["name", "charge_type", "method", "amount", "valid_from", "carrier_partner_id/.id"]
        row = ["Linehaul", "linehaul", "flat", "1850", "2026-01-01", str(self.carrier.id)]
        rates = self.env["milepost.rate"]
        self.assertFalse([one for one in rates.load(fields_, [row])["messages"] if one["type"] == "error"])
        with mute_logger("odoo.sql_db"):
            again = rates.load(fields_, [[*row[:3], "1900", *row[4:]]])
        self.assertIn("already", " ".join(one["message"] for one in again["messages"]))
        self.assertEqual(rates.search([("charge_type", "=", "linehaul")]).mapped("amount"), [1850])

    def test_n29_a_detention_notice_says_who_was_told_when_and_stays(self):
        self.detention()
        shipment = self.visit(at(9, 35), at(14, 20), at(10))
        charge = shipment.expected_charge_ids.filtered(lambda one: one.origin == "detention")
        notices = self.env["milepost.detention.notice"].with_user(self.users["dispatcher"])
        notice = notices.browse(notices.tell(
            charge.stop_id.id, self.customer.id, "phone", "2026-03-04 11:55:00", "Dock 4 is blocked"
        ))  # fmt: skip
        self.assertEqual((notice.told_by_id, notice.partner_id), (self.users["dispatcher"], self.customer))
        self.assertEqual(charge.notice_ids, notice.with_env(self.env))
        with self.assertRaises(AccessError):
            notice.sudo().note = "Dock 5"
        with self.refused(UserError, "is no instant"):
            notices.tell(charge.stop_id.id, self.customer.id, "phone", "noon")
        with self.assertRaises(AccessError):
            notices.with_user(self.users["bridge"]).tell(charge.stop_id.id, self.customer.id)
