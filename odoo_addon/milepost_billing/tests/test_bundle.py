from odoo import Command
from odoo.tests import tagged

from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install")
class TestBillingBundle(BillingCase):
    """What billing is decided by goes from one company (elsewhere: one database) to another."""

    def setUp(self):
        super().setUp()
        self.elsewhere = self.env["res.company"].create({"name": "Elsewhere Ltd", "currency_id": self.usd.id})
        own = {"company_id": self.company.id}
        self.rate = self.env["milepost.rate"].create({
            **own, "name": "Fuel", "charge_type": "fuel", "method": "fuel_bracket", "fuel_index": "DOE",
            "carrier_partner_id": self.carrier.id, "valid_from": "2026-01-01", "currency_id": self.usd.id,
            "bracket_ids": [
                Command.create({"low": low, "high": low + 0.1, "value": low / 10}) for low in (1.5, 1.6)
            ],
        })  # fmt: skip
        self.env["milepost.fuel.price"].create({
            **own, "fuel_index": "DOE", "effective_from": "2026-03-03 05:01:00", "price": 1.55,
        })  # fmt: skip
        self.policy.write({"partner_ids": [Command.set(self.customer.ids)], "mode": "enforce"})
        bundle = self.env["milepost.bundle"]
        self.here, self.there = bundle.with_company(self.company), bundle.with_company(self.elsewhere)

    def taken(self):
        report = self.there.import_bundle(self.here.export_bundle(), dry_run=False)
        self.assertEqual(report["problems"], [])
        return report

    def test_policies_with_their_limits_and_rates_with_their_brackets_are_taken_over(self):
        self.taken()
        theirs = [("company_id", "=", self.elsewhere.id)]
        policy = self.env["milepost.billing.policy"].search([*theirs, ("name", "=", "Test")])
        self.assertEqual((policy.damage_allowance_percent, policy.partner_ids), (30, self.customer))
        limits = {one.charge_type: (one.over_percent, one.over_amount) for one in policy.limit_ids}
        self.assertEqual(limits, {"linehaul": (2, 25), "fuel": (3, 10)})
        rate = self.env["milepost.rate"].search([*theirs, ("charge_type", "=", "fuel")])
        self.assertEqual(rate.carrier_partner_id, self.carrier)
        self.assertEqual(rate.bracket_ids.mapped("low"), [1.5, 1.6])
        price = self.env["milepost.fuel.price"].search(theirs)
        self.assertEqual((price.fuel_index, price.price), ("DOE", 1.55))
        self.assertEqual(self.there.export_bundle(), self.here.export_bundle())

    def test_a_policy_that_is_new_blocks_nothing_and_one_that_is_there_keeps_its_mode(self):
        self.taken()
        policy = self.env["milepost.billing.policy"].search([
            ("company_id", "=", self.elsewhere.id), ("name", "=", "Test"),
        ])  # fmt: skip
        self.assertEqual(policy.mode, "shadow")
        policy.mode = "enforce"
        self.policy.damage_allowance_percent = 20
        self.taken()
        self.assertEqual((policy.mode, policy.damage_allowance_percent), ("enforce", 20))

    def test_a_bracket_that_is_gone_goes_and_one_that_changed_stays_itself(self):
        self.taken()
        rate = self.env["milepost.rate"].search([
            ("company_id", "=", self.elsewhere.id), ("charge_type", "=", "fuel"),
        ])  # fmt: skip
        first = rate.bracket_ids[0]
        self.rate.write({"bracket_ids": [
            Command.delete(self.rate.bracket_ids[1].id),
            Command.update(self.rate.bracket_ids[0].id, {"value": 0.2}),
        ]})  # fmt: skip
        self.taken()
        self.assertEqual((rate.bracket_ids, first.value), (first, 0.2))

    def test_rates_are_finance_s_and_connections_the_operator_s(self):
        bundle = self.here.export_bundle()
        manager = self.here.with_user(self.users["manager"])
        refused = manager.import_bundle(bundle)["refused"]
        self.assertIn("milepost.connection", refused)
        self.assertIn("milepost.billing.policy", refused)
        self.assertNotIn("milepost.rate", refused)
