"""Orders compared on both sides: what differs is kept, shown and repaired, each kind by its own way."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import MilepostCase, milestone


@tagged("post_install", "-at_install", "milepost")
class TestOutboxDifference(MilepostCase):
    def setUp(self):
        super().setUp()
        self.shipment = self.new_shipment()
        self.shipment.action_order_transport()
        self.order = self.shipment.outbox_ids
        self.exchange = self.env["milepost.exchange"].with_user(self.bridge)

    def answer(self, result="accepted", **says):
        [item] = self.exchange.claim_outbox("acme")["items"]
        self.exchange.acknowledge_outbox([
            {"id": item["id"], "lease": item["lease"], "result": result, **says}
        ])  # fmt: skip
        self.env.invalidate_all()
        return self.env["milepost.outbox"].browse(item["id"])

    def told(self, **args):
        return [
            (o["id"], o["believes"], o["look"]) for o in self.exchange.told_orders("acme", **args)["orders"]
        ]

    def differ(self, item, kind, said="shown", **more):
        self.exchange.report_differences(
            "acme", [item.id], [{"id": item.id, "kind": kind, "said": said, **more}]
        )
        self.env.invalidate_all()
        self.assertEqual(item.difference, kind)

    def test_what_is_under_way_is_not_asked_for_and_what_was_answered_is(self):
        self.assertEqual(self.told(), [])
        self.answer()
        self.assertEqual(self.told(), [(self.order.id, "accepted", False)])
        self.assertEqual(self.told(after=self.order.id), [])
        self.assertEqual(self.told(wanted=True), [])

    def test_an_order_that_the_partner_does_not_have_is_ordered_again(self):
        self.answer()
        self.differ(self.order, "missing")
        self.order.action_repair()
        self.assertEqual((self.order.state, self.order.difference), ("queued", False))
        [item] = self.exchange.claim_outbox("acme")["items"]
        self.assertEqual(item["idempotency_key"], self.order.idempotency_key)
        self.assertIn("Order again", self.shipment.message_ids[0].body)

    def test_a_refusal_and_a_cancellation_are_taken_over(self):
        self.answer()
        self.differ(self.order, "refused_there", "no truck")
        self.exchange.repair_order("acme", self.order.id)
        self.env.invalidate_all()
        self.assertEqual((self.order.state, self.order.reason), ("rejected", "no truck"))
        self.order.action_send_again()
        self.answer()
        self.differ(self.order, "cancelled_there")
        self.order.action_repair()
        self.assertEqual(self.shipment.state, "cancelled")
        self.assertEqual(self.told(), [])

    def test_an_order_that_is_there_after_all_is_accepted_under_its_names(self):
        self.answer("rejected", reason="no")
        self.assertEqual(self.told(), [(self.order.id, "rejected", False)])
        names = [{"type": "entity", "value": "theirs-1"}]
        self.differ(self.order, "there_after_all", external_number="TO-9", identifiers=names)
        self.order.action_repair()
        self.assertEqual((self.order.state, self.order.external_number), ("accepted", "TO-9"))
        self.assertIn("theirs-1", self.shipment.identifier_ids.mapped("value"))

    def test_who_has_an_order_after_all_that_is_off_by_now_is_told_so(self):
        self.answer("rejected", reason="no")
        # As when the next carrier takes the goods.
        self.env["milepost.outbox"]._cancel_order(self.shipment)
        self.assertEqual(self.shipment.state, "cancelled")
        self.differ(self.order, "there_after_all", external_number="TO-9")
        self.order.action_repair()
        self.assertEqual(self.order.state, "accepted")
        [item] = self.exchange.claim_outbox("acme")["items"]
        self.assertEqual(item["kind"], "order_cancellation")

    def test_a_cancellation_that_was_refused_succeeded_when_the_order_is_gone(self):
        for kind in ("missing", "cancelled_there"):
            with self.subTest(kind):
                shipment = self.shipment if kind == "missing" else self.new_shipment()
                if kind != "missing":
                    shipment.action_order_transport()
                self.answer()
                shipment.action_cancel_transport()
                cancellation = self.answer("rejected", reason="too late")
                self.differ(cancellation, kind)
                cancellation.action_repair()
                self.assertEqual((cancellation.state, shipment.state), ("accepted", "cancelled"))
                self.assertEqual(self.exchange.claim_outbox("acme")["items"], [])

    def test_what_was_decided_here_while_the_partner_was_asked_is_not_reported(self):
        self.answer()
        self.shipment.action_cancel_transport()
        found = {"id": self.order.id, "kind": "cancelled_there", "said": "shown"}
        self.exchange.report_differences("acme", [self.order.id], [found])
        self.env.invalidate_all()
        self.assertFalse(self.order.difference)

    def test_what_nobody_asks_for_any_more_differs_no_more(self):
        self.answer()
        self.differ(self.order, "missing")
        self.tell(milestone(self.shipment, "delivered"))
        self.assertEqual(self.told(), [])
        self.env.invalidate_all()
        self.assertFalse(self.order.difference)

    def test_what_was_cancelled_here_and_is_still_there_is_cancelled_again(self):
        self.answer()
        self.shipment.action_cancel_transport()
        cancellation = self.answer()
        self.assertEqual(self.told(), [(cancellation.id, "cancelled", False)])
        self.differ(cancellation, "still_there")
        cancellation.action_repair()
        [item] = self.exchange.claim_outbox("acme")["items"]
        self.assertEqual(item["kind"], "order_cancellation")

    def test_another_state_is_looked_at_again_until_the_bridge_did(self):
        self.answer()
        self.differ(self.order, "state", "state: waiting here, delivered there")
        self.order.action_repair()
        self.assertEqual(self.told(wanted=True), [(self.order.id, "accepted", True)])
        self.exchange.report_differences("acme", [self.order.id], [])
        self.env.invalidate_all()
        self.assertEqual((self.order.difference, self.order.is_look_wanted), (False, False))

    def test_a_look_is_wanted_until_the_bridge_heard_of_it_whatever_is_compared_meanwhile(self):
        self.answer()
        self.differ(self.order, "state")
        self.order.action_repair()
        for found in ([], [{"id": self.order.id, "kind": "state", "said": "shown"}]):
            self.exchange.report_differences("acme", [self.order.id], found)
            self.assertEqual(self.told(wanted=True), [(self.order.id, "accepted", True)])
            # The wish of somebody who does not know that the bridge is about to look.
            self.order._repair_state()
            self.env.invalidate_all()
        self.exchange.report_differences("acme", [self.order.id], [])
        self.env.invalidate_all()
        self.assertTrue(self.order.is_look_wanted)
        self.assertEqual(self.told(wanted=True), [(self.order.id, "accepted", True)])
        self.exchange.report_differences("acme", [self.order.id], [])
        self.assertEqual(self.told(wanted=True), [])

    def test_what_agrees_again_is_no_difference_and_the_connection_counts_what_is(self):
        self.answer()
        connection = self.order.connection_id
        self.differ(self.order, "missing")
        self.assertEqual(connection.difference_count, 1)
        self.assertEqual(connection.action_view_differences()["res_model"], "milepost.outbox")
        self.exchange.report_differences("acme", [self.order.id], [])
        self.env.invalidate_all()
        self.assertEqual(connection.difference_count, 0)
        with self.assertRaises(UserError):
            self.order.action_repair()

    def test_what_differs_is_somebodys_work_until_it_is_repaired_or_agrees(self):
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        self.answer()
        self.shipment = self.new_shipment(ready_at=tomorrow, due_at=tomorrow)
        self.shipment.action_order_transport()
        self.order = self.shipment.outbox_ids
        self.answer()
        self.assertFalse(self.shipment.order_difference)
        self.differ(self.order, "missing", "no such order")
        [issue] = self.shipment.issue_ids
        self.assertEqual((issue.kind, issue.reason, issue.state), ("differs", "missing", "open"))
        self.assertEqual(issue.what, "Not at the Partner: no such order")
        self.assertEqual(issue.next_step, "Order again")
        self.assertTrue(issue.due_at)
        # It stands on the shipment, whose order counts as sent.
        self.assertEqual((self.shipment.order_state, self.shipment.order_difference), ("sent", "missing"))
        with self.assertRaises(AccessError):
            issue.with_user(self.user_of("dispatcher")).action_repair()
        issue.with_user(self.user_of("dispatcher", "integration_operator")).action_repair()
        self.assertEqual((self.order.state, issue.state), ("queued", "closed"))
        self.assertFalse(self.shipment.order_difference)
        with self.assertRaises(UserError):
            issue.action_repair()
        self.answer()
        self.differ(self.order, "refused_there", "no truck")
        again = self.shipment.issue_ids - issue
        self.assertEqual((again.reason, again.state), ("refused_there", "open"))
        self.exchange.report_differences("acme", [self.order.id], [])
        self.env.invalidate_all()
        self.assertEqual(again.state, "closed")

    def test_the_clock_neither_opens_nor_closes_what_differs(self):
        self.answer()
        self.differ(self.order, "cancelled_there")
        [issue] = self.shipment.issue_ids
        self.env["milepost.issue"]._cron_follow()
        self.assertEqual((self.shipment.issue_ids, issue.state), (issue, "open"))

    def test_what_is_under_way_is_not_ordered_twice_and_what_is_over_is_not_asked_for(self):
        self.answer()
        self.differ(self.order, "missing")
        self.tell(milestone(self.shipment, "picked_up"))
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "a second truck"):
            self.order.action_repair()
        self.tell(milestone(self.shipment, "delivered"))
        self.env.invalidate_all()
        self.assertEqual(self.told(), [])

    def test_a_cancellation_is_asked_for_while_it_is_fresh(self):
        self.answer()
        self.shipment.action_cancel_transport()
        cancellation = self.answer()
        cancellation.acknowledged_at = "2020-01-01"
        self.assertEqual(self.told(), [])

    def test_the_bridge_alone_reports_what_it_may(self):
        with self.assertRaises(AccessError):
            self.env["milepost.exchange"].told_orders("acme")
        for wrong in (
            [{"id": self.order.id, "kind": "moon", "said": "x"}],
            [{"kind": "missing"}],
            ["x"],
            "x",
        ):
            with self.assertRaises(ValidationError):
                self.exchange.report_differences("acme", [], wrong)
