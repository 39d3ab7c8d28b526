from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

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
