"""What another addon adds is stored, decided on, held, billed and offered like what Milepost brings."""

from datetime import timedelta

from odoo import Command, fields
from odoo.addons.milepost_billing.reconciliation.replay import Replay
from odoo.addons.milepost_billing.tests.billing_case import BillingCase
from odoo.tests import tagged


@tagged("finance", "post_install", "-at_install", "extension")
class TestExtension(BillingCase):
    def delivered(self, pallets=10, remark=None):
        shipment = self.shipment(self.order(), pallet_count=pallets)
        self.deliver(shipment)
        self.facts(self.pod(shipment, remark=remark))
        self.validate(shipment)
        return shipment

    def test_a_column_of_a_fact_is_filled_as_the_fact_comes_in(self):
        shipment = self.delivered(remark="Dock 3, 7 pallets back")
        self.assertEqual(shipment.pod_ids.pallets_back, 7)

    def test_a_reason_of_its_own_holds_with_its_own_words_and_clears_itself(self):
        shipment = self.delivered(remark="7 pallets back")
        hold = self.holds(shipment)["pallets_open"]
        self.assertEqual(
            (hold.amount, hold.explanation, hold.severity), (45, "3 pallets were not given back", "soft")
        )
        self.assertEqual(hold.explanation_shown, hold.explanation)
        self.assertEqual(hold.said["explanation"]["values"], {"count": 3}, "said again in any language")
        self.assertEqual(shipment.billing_state, "held")
        board = self.env["milepost.hold"].with_user(self.users["analyst"]).hold_board(
            [("shipment_id", "=", shipment.id)]
        )  # fmt: skip
        self.assertEqual([group["label"] for group in board["groups"]], ["Pallets Not Given Back"])
        self.facts(self.pod(shipment, remark="10 pallets back", recorded_at="2026-03-05T08:00:00Z"))
        self.validate(shipment)
        self.assertEqual((hold.state, shipment.billing_state), ("auto_cleared", "ready"))

    def test_a_release_frees_the_billable_of_a_kind_of_its_own(self):
        shipment = self.delivered(remark="8 pallets back")
        hold = self.holds(shipment)["pallets_open"]
        hold.with_user(self.users["manager"]).action_release("customer_agreed", "bill them")
        self.validate(shipment)
        row = shipment.billable_ids.filtered(lambda one: one.kind == "pallets")
        self.assertEqual((row.amount, row.released), (30, True))
        moves = self.run_billing()
        line = moves.invoice_line_ids.filtered(lambda one: one.milepost_billable_id == row)
        self.assertEqual((line.price_subtotal, row.open_amount), (30, 0))

    def test_a_back_test_asks_the_rule_too(self):
        shipment = self.delivered(remark="8 pallets back")
        replay = Replay(shipment, fields.Datetime.now() + timedelta(hours=1))
        self.assertIn((False, ("ar", "PALLETS_OPEN", "pallets")), replay.holds(shipment, self.policy))

    def test_a_charge_type_of_its_own_is_mapped_priced_and_billed(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        told = self.fact(
            "charge", shipment, side="sell", charge_type="misc", raw_code="PALX", amount="12.00",
            currency=self.usd.name,
        )  # fmt: skip
        self.facts(told, self.pod(shipment))
        self.env["milepost.code.map"].search([("raw_code", "=", "PALX")]).charge_type = "pallet_exchange"
        self.assertEqual(shipment.charge_ids.charge_type, "pallet_exchange")
        self.policy.limit_ids = [Command.create({"charge_type": "pallet_exchange", "over_percent": 5})]
        self.validate(shipment)
        row = shipment.billable_ids.filtered(lambda one: one.charge_type == "pallet_exchange")
        self.assertEqual(row.amount, 12)
        names = self.run_billing().invoice_line_ids.mapped("name")
        self.assertTrue([name for name in names if name.startswith("Pallet Exchange")], names)
        self.expect(None, pallet_exchange=20)
        bought = self.shipment()
        told = self.bill(bought, [("misc", "25.00")])
        told["lines"][0]["raw_code"] = "PALX"
        self.facts(told)
        self.validate(bought)
        self.assertEqual(self.reasons(bought, "ap"), ["charge_variance"])

    def test_a_milestone_of_its_own_is_mapped_and_current(self):
        shipment = self.shipment()
        self.facts(self.fact(
            "milestone", shipment, classifier="actual", raw_code="PCOL",
            occurred={"at": "2026-03-04T10:00:00Z", "precision": "second"},
        ))  # fmt: skip
        self.env["milepost.code.map"].search([("raw_code", "=", "PCOL")]).milestone_code = "pallets_collected"
        self.assertEqual(shipment.milestone_ids.code, "pallets_collected")
        self.assertEqual((shipment.current_milestone, shipment.unmapped_count), ("pallets_collected", 0))
        labels = dict(shipment._fields["current_milestone"]._description_selection(self.env))
        self.assertEqual(labels["pallets_collected"], "Pallets Collected")
