import base64
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .billing_case import DELIVERY, PDF, BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceHoldFix(BillingCase):
    """What clears a hold without a release: the missing proof, a decision on quantities."""

    def setUp(self):
        super().setUp()
        self.held = self.shipment(self.order())
        self.deliver(self.held)
        self.validate(self.held)

    def proof(self, shipment, user="dispatcher", paper=PDF + b"paper", **values):
        hold = self.holds(shipment)["pod_missing"].with_user(self.users[user])
        action = hold.action_fix()
        defaults = {name[8:]: value for name, value in action["context"].items()}
        return self.env[action["res_model"]].with_user(self.users[user]).create(
            {**defaults, "signer": "J. Doe", "document": base64.b64encode(paper), **values}
        )  # fmt: skip

    def test_a_dispatcher_supplies_the_proof_and_the_hold_clears_itself(self):
        hold = self.holds(self.held)["pod_missing"]
        self.proof(self.held).action_supply()
        self.assertEqual((hold.state, self.held.billing_state), ("auto_cleared", "ready"))
        pod = self.held.pod_ids
        self.assertEqual((pod.state, pod.signer, pod.delivered_at), ("validated", "J. Doe", DELIVERY))
        self.assertEqual(pod.document_ids.raw, PDF + b"paper")
        self.assertEqual(pod.reviewed_by_id, self.users["dispatcher"])

    def test_a_proof_on_paper_is_checked_like_every_other(self):
        self.proof(self.held, delivered_at=DELIVERY - timedelta(hours=2)).action_supply()
        self.assertEqual(self.reasons(self.held), ["pod_invalid"])

    def test_who_supplied_the_proof_releases_nothing_of_the_shipment(self):
        lines = [Command.create({"outcome": "accepted", "quantity": 96}),
                 Command.create({"outcome": "short", "quantity": 4})]  # fmt: skip
        self.proof(self.held, "analyst", is_clean=False, line_ids=lines).action_supply()
        hold = self.holds(self.held)["qty_short"]
        self.assertEqual(hold.amount, 50)
        with self.refused(AccessError, "created or edited"):
            hold.with_user(self.users["analyst"]).action_release("evidence", "seen")
        hold.with_user(self.users["manager"]).action_release("evidence", "seen")
        self.assertEqual(hold.state, "released")

    def test_a_dispatcher_decides_on_quantities(self):
        self.facts(self.pod(self.held, [("accepted", 96), ("short", 4)]))
        self.validate(self.held)
        hold = self.holds(self.held)["qty_short"].with_user(self.users["dispatcher"])
        action = hold.action_fix()
        dialog = self.env[action["res_model"]].with_user(self.users["dispatcher"]).create(
            {"shipment_id": action["context"]["default_shipment_id"]}
        )  # fmt: skip
        dialog.action_dispose()
        self.assertEqual((hold.sudo().state, self.held.billable_amount), ("auto_cleared", 1200))

    def test_what_is_no_paper_is_refused_in_words(self):
        with self.refused(UserError, "PDF, PNG, JPEG or TIFF"):
            self.proof(self.held, paper=b"just words").action_supply()

    def test_a_bill_is_opened_where_the_cause_lies_in_it(self):
        self.expect(None, fuel=455.1)
        shipment = self.shipment()
        fact = self.bill(shipment, [("fuel", "499.50")])
        self.facts(fact)
        self.validate(shipment)
        action = self.holds(shipment, "ap")["charge_variance"].action_fix()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("milepost.carrier.invoice", self.invoice_of(fact).id)
        )

    def test_the_bridge_supplies_nothing_by_hand(self):
        bridge = self.users["bridge"]
        bridge.group_ids += self.env.ref("milepost_billing.group_controller")
        with self.refused(AccessError, "may not supply"):
            self.proof(self.held, "bridge")

    def test_the_board_offers_what_its_reader_may_do_about_the_cause(self):
        viewer = self.make_user("viewer2", ["milepost.group_viewer"])
        for user, fix in ((self.users["dispatcher"], "proof"), (viewer, False)):
            board = self.env["milepost.hold"].with_user(user).hold_board([("shipment_id", "=", self.held.id)])
            [line] = board["groups"][0]["holds"]
            self.assertEqual(line["fix"], fix)
