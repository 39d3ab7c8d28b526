from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceClaim(BillingCase):
    """Claims against carriers, and their clocks."""

    def short_shipment(self):
        shipment = self.shipment(self.order())
        self.expect(shipment, linehaul=420)
        self.deliver(shipment)
        self.facts(self.pod(shipment, [("accepted", 96), ("short", 4)]))
        self.validate(shipment)
        return shipment

    def claim(self, **values):
        shipment = self.short_shipment()
        [proposal] = shipment.proposal_ids.filtered(lambda one: one.kind == "claim")
        action = proposal.with_user(self.users["analyst"]).action_make_claim()
        claim = self.env["milepost.claim"].browse(action["res_id"])
        claim.write(values)
        return claim

    def test_a_shortage_is_claimed_with_its_goods_and_its_share_of_the_freight(self):
        claim = self.claim()
        self.assertEqual(claim.amount, 66.80)
        self.assertEqual((claim.kind, claim.state), ("loss", "draft"))
        self.assertEqual(claim.proposal_id.state, "done")

    def test_a_difference_is_claimed_once(self):
        claim = self.claim()
        claim.proposal_id.with_user(self.users["analyst"]).action_make_claim()
        self.assertEqual(len(claim.shipment_id.claim_ids), 1)

    def test_the_contract_comes_before_the_law_but_never_below_nine_months_of_carmack(self):
        claim = self.claim(contract_file_days=30)
        self.assertEqual(claim.file_by, date(2026, 4, 3))
        claim.regime = "carmack"
        self.assertEqual(claim.file_by, date(2026, 12, 4))

    def test_under_cmr_hidden_damage_is_told_within_seven_days_without_sundays(self):
        claim = self.claim(regime="cmr", kind="hidden_damage")
        self.assertEqual(claim.notice_by, date(2026, 3, 12))
        claim.kind = "delay"
        self.assertEqual(claim.notice_by, date(2026, 3, 25))

    def test_the_carriers_clocks_start_with_the_filing(self):
        claim = self.claim(regime="carmack")
        claim.with_user(self.users["analyst"]).action_file()
        filed = claim.filed_on
        self.assertEqual((claim.acknowledge_by - filed).days, 30)
        self.assertEqual((claim.decide_by - filed).days, 120)
        with self.assertRaises(UserError):
            claim.with_user(self.users["analyst"]).action_file()

    def test_an_open_claim_holds_the_freight_only_where_the_contract_allows_it(self):
        claim = self.claim()
        shipment = claim.shipment_id
        self.facts(self.bill(shipment, [("linehaul", "420.00")]))
        self.validate(shipment)
        self.assertNotIn("claim_open", self.reasons(shipment, "ap"))
        self.policy.claim_offsets = True
        self.validate(shipment)
        self.assertIn("claim_open", self.reasons(shipment, "ap"))
        claim.with_user(self.users["analyst"]).action_file()
        claim.settled_amount = 66.80
        claim.with_user(self.users["analyst"]).action_settle()
        self.validate(shipment)
        self.assertNotIn("claim_open", self.reasons(shipment, "ap"))

    def test_the_state_of_a_claim_is_no_field_to_write(self):
        claim = self.claim()
        with self.assertRaises(AccessError):
            claim.with_user(self.users["analyst"]).write({"state": "settled"})
        with self.assertRaises(AccessError):
            claim.with_user(self.users["dispatcher"]).write({"amount": 1})

    def test_n15_a_claim_adds_freight_of_another_currency_at_its_rate(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create({
            "currency_id": euro.id, "company_id": self.company.id, "name": "2026-01-01", "rate": 0.5,
        })  # fmt: skip
        shipment = self.shipment(self.order())
        self.env["milepost.rate"].create({
            "name": "Linehaul", "company_id": self.company.id, "carrier_partner_id": self.carrier.id,
            "charge_type": "linehaul", "amount": 420, "currency_id": euro.id, "valid_from": "2026-01-01",
        })  # fmt: skip
        self.deliver(shipment)
        self.facts(self.pod(shipment, [("accepted", 96), ("short", 4)]))
        self.validate(shipment)
        [proposal] = shipment.proposal_ids.filtered(lambda one: one.kind == "claim")
        self.assertEqual((proposal.amount, proposal.currency_id), (83.6, self.usd))

    def filed(self, **values):
        claim = self.claim(**values)
        claim.with_user(self.users["analyst"]).action_file()
        return claim.with_user(self.users["analyst"])

    def test_n16_a_carrier_grants_between_nothing_and_what_was_claimed(self):
        claim = self.filed()
        for amount in (-500, 66.81, 9999):
            with self.subTest(amount), mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
                with self.env.cr.savepoint():
                    claim.settled_amount = amount
                    self.env.flush_all()
            self.env.invalidate_all()

    def test_n16_what_was_filed_and_what_was_settled_is_history(self):
        claim = self.filed()
        for values in (
            {"amount": 1}, {"delivered_on": "2026-01-01"}, {"regime": "cmr"}, {"kind": "delay"},
            {"contract_file_days": 900},
        ):  # fmt: skip
            with self.subTest(values), self.refused(UserError, "was filed"):
                claim.write(values)
        claim.settled_amount = 40
        claim.action_settle()
        for values in ({"settled_amount": 66}, {"amount": 1}):
            with self.subTest(values), self.assertRaises(UserError):
                claim.write(values)
        with self.assertRaises(AccessError):
            claim.create({"shipment_id": claim.shipment_id.id, "amount": 5, "state": "settled"})

    def test_n16_a_late_claim_is_filed_with_a_word_and_says_that_it_was_late(self):
        claim = self.claim(contract_file_days=1).with_user(self.users["analyst"])
        self.assertTrue(claim.is_too_late)
        with self.refused(UserError, "had to be filed by 2026-03-05"):
            claim.action_file()
        claim.late_reason = "The carrier waived the deadline"
        claim.action_file()
        self.assertTrue(claim.is_filed_late)

    def test_n16_a_partial_settlement_is_booked_and_offset_where_the_contract_says_so(self):
        self.policy.claim_offsets = True
        claim = self.filed()
        shipment = claim.with_env(self.env).shipment_id
        self.facts(self.bill(shipment, [("linehaul", "420.00")]))
        self.validate(shipment)
        self.assertIn("claim_open", self.reasons(shipment, "ap"))
        claim.settled_amount = 40
        claim.action_settle()
        self.assertEqual((claim.lost_amount, claim.move_id.state), (26.8, "posted"))
        self.assertEqual((claim.move_id.move_type, claim.move_id.amount_total), ("in_refund", 40))
        self.validate(shipment)
        [bill] = self.env["milepost.billing.run"]._bill_carriers(self.company)
        self.assertEqual((bill.amount_total, bill.amount_residual), (420, 380))
        self.assertEqual(claim.move_id.amount_residual, 0)

    def test_n16_without_that_right_the_credit_waits_for_its_payment(self):
        claim = self.filed()
        shipment = claim.with_env(self.env).shipment_id
        self.facts(self.bill(shipment, [("linehaul", "420.00")]))
        self.validate(shipment)
        [bill] = self.env["milepost.billing.run"]._bill_carriers(self.company)
        claim.settled_amount = 40
        claim.action_settle()
        self.assertEqual((bill.amount_residual, claim.move_id.amount_residual), (420, 40))
