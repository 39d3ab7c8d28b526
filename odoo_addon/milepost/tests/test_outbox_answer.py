"""Clocks of what a partner has still to say to an order: they run, stop, and open an issue when they end."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import MilepostCase, milestone, text_of


@tagged("post_install", "-at_install", "milepost")
class TestOutboxAnswer(MilepostCase):
    def setUp(self):
        super().setUp()
        self.now = fields.Datetime.now()
        self.shipment = self.new_shipment(ready_at=self.now, due_at=self.now + timedelta(days=9))
        self.shipment.action_order_transport()
        self.order = self.shipment.outbox_ids
        self.exchange = self.env["milepost.exchange"].with_user(self.bridge)

    def send(self, **hours):
        """Take the order to the partner, who has these answers to give within so many hours."""
        [item] = self.exchange.claim_outbox("acme")["items"]
        expects = [{"answer": a, "by": text_of(self.now + timedelta(hours=h))} for a, h in hours.items()]
        given = {"id": item["id"], "lease": item["lease"], "result": "accepted", "expects": expects}
        self.exchange.acknowledge_outbox([given])
        self.env.invalidate_all()

    def hear(self, code, **says):
        """The partner says something now."""
        head = self.batch()["messages"][0] | {
            "received_at": text_of(fields.Datetime.now() + timedelta(hours=1))
        }
        self.tell(milestone(self.shipment, code, **says), messages=[head])
        self.env.invalidate_all()

    def receipt(self, verdict, code=None, order=None):
        """A receipt of the message in which the order left, by its number."""
        self.hear(code, raw_code=verdict, source_event=f"SM/{(order or self.order).id}|{verdict}")

    def issue(self):
        self.env["milepost.issue"]._cron_follow()
        return self.env["milepost.issue"].search([
            ("shipment_id", "=", self.shipment.id), ("state", "!=", "closed"),
        ])  # fmt: skip

    def test_the_next_answer_has_the_clock_and_a_stronger_word_stops_those_before_it(self):
        self.send(receipt=24, answer=30, status=200)
        due = self.now + timedelta(hours=24)
        self.assertEqual((self.order.waits_for, self.order.waits_until), ("receipt", due))
        self.receipt("997/A", "tendered")
        self.assertEqual(self.order.waits_for, "answer")
        self.hear("tender_accepted", raw_code="990/A")
        self.assertEqual(self.order.waits_for, "status")
        self.hear("picked_up")
        self.assertEqual((self.order.waits_for, self.order.waits_until), (False, False))

    def test_words_in_any_order_leave_the_same_clock(self):
        self.send(receipt=24, answer=30, status=200)
        self.hear("tender_accepted", raw_code="990/A")
        self.receipt("997/A", "tendered")
        self.assertEqual(self.order.waits_for, "status")

    def test_a_carrier_who_declines_has_nothing_more_to_say(self):
        self.send(receipt=24, answer=30, status=200)
        self.hear("tender_declined", raw_code="990/D")
        self.assertFalse(self.order.waits_for)

    def test_a_message_that_the_partner_refuses_is_a_refused_order_and_an_issue(self):
        self.send(receipt=24, answer=30, status=200)
        self.receipt("997/R", order=self.order.browse(self.order.id + 1))
        self.assertEqual(self.order.state, "accepted", "another order's refusal")
        self.receipt("997/R")
        self.assertEqual(
            (self.order.state, self.order.waits_for, self.order.expects), ("rejected", False, False)
        )
        issue = self.issue()
        self.assertEqual((issue.kind, issue.reason), ("refused", "rejected"))
        self.assertEqual(issue.what, "The partner refused the order")
        self.order.with_user(self.user_of("integration_operator")).action_send_again()
        self.assertEqual((self.order.state, issue.state), ("queued", "closed"))
        # What was heard bears a time to come, so that it is later than this test's own doings.
        self.order.sent_again_at += timedelta(hours=2)
        self.send(receipt=24)
        self.assertEqual((self.order.state, self.order.waits_for), ("accepted", "receipt"))

    def test_a_refusal_that_came_before_the_bridge_told_of_the_sending_counts(self):
        [item] = self.exchange.claim_outbox("acme")["items"]
        self.receipt("CONTRL/4")
        self.exchange.acknowledge_outbox([{"id": item["id"], "lease": item["lease"], "result": "accepted"}])
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "rejected")

    def test_a_refused_change_leaves_the_order_before_it_and_its_clock(self):
        self.send(receipt=24, answer=30)
        self.receipt("997/A", "tendered")
        change = self.change()
        self.send(receipt=24)
        self.receipt("999/R", order=change)
        self.assertEqual((change.state, self.order.state), ("rejected", "accepted"))
        self.assertEqual((self.order.waits_for, self.issue().reason), ("answer", "change_rejected"))

    def test_only_its_own_receipt_says_that_a_change_arrived(self):
        self.send()
        change = self.change()
        self.send(receipt=24)
        self.hear("in_transit")
        self.receipt("997/A", "tendered")
        self.assertEqual(change.waits_for, "receipt")
        self.receipt("997/A", "tendered", change)
        self.assertFalse(change.waits_for)

    def test_an_application_that_refuses_means_what_was_told_last(self):
        self.send()
        change = self.change()
        self.send()
        self.hear(None, raw_code="APERAK/ERC")
        self.assertEqual((change.state, self.order.state), ("rejected", "accepted"))

    def test_a_cancellation_that_nobody_received_is_an_issue_of_a_transport_that_is_off(self):
        self.send()
        self.shipment.action_cancel_transport()
        self.send(receipt=-5)
        self.assertEqual((self.shipment.state, self.issue().reason), ("cancelled", "receipt"))

    def change(self):
        """The order is changed; gives the change, which waits to be sent."""
        self.shipment.due_at += timedelta(days=1)
        self.end_transaction()
        return self.shipment._live_orders()[-1:]

    def test_what_a_partner_said_before_the_order_answers_nothing(self):
        self.tell(milestone(self.shipment, "tendered", raw_code="TMS"))
        self.send(receipt=24)
        self.assertEqual(self.order.waits_for, "receipt")

    def test_without_clocks_nothing_is_expected(self):
        self.send()
        self.assertEqual((self.order.expects, self.order.waits_for), (False, False))
        self.assertFalse(self.issue())

    def test_an_answer_that_is_overdue_is_an_issue_until_it_comes_and_escalates_by_the_rule(self):
        boss = self.user_of("dispatcher")
        rule = self.env.ref("milepost.issue_rule_unanswered")
        rule.write({"due_hours": 1, "escalate_hours": 1, "escalate_to_id": boss.id})
        self.send(receipt=-5, answer=24)
        issue = self.issue()
        self.assertEqual((issue.kind, issue.reason, issue.user_id), ("unanswered", "receipt", rule.user_id))
        self.assertEqual(issue.what, "No receipt of the order")
        self.assertIn("whether the order arrived", issue.next_step)
        self.assertEqual(issue.due_at, self.now - timedelta(hours=4))
        self.assertEqual((bool(issue.escalated_at), issue.activity_ids.user_id), (True, boss))
        self.receipt("997/A", "tendered")
        self.assertFalse(self.issue())
        self.assertEqual(issue.state, "closed")

    def test_a_transport_that_is_over_waits_for_no_answer(self):
        self.send(receipt=-5)
        self.assertTrue(self.issue())
        self.tell(milestone(self.shipment, "cancelled"))
        self.assertFalse(self.issue())

    def test_the_figures_count_what_is_overdue(self):
        self.send(receipt=-5)
        [figures] = self.exchange.figures()["connections"]
        self.assertEqual(figures["orders_unanswered"], 1)
        self.assertGreaterEqual(figures["orders_unanswered_seconds"], 5 * 3600)
        self.hear("delivered")
        [figures] = self.exchange.figures()["connections"]
        self.assertEqual((figures["orders_unanswered"], figures["orders_unanswered_seconds"]), (0, 0))

    def test_an_order_that_is_sent_again_begins_anew(self):
        [item] = self.exchange.claim_outbox("acme")["items"]
        given = {"id": item["id"], "lease": item["lease"], "result": "rejected", "reason": "no"}
        self.exchange.acknowledge_outbox([given])
        self.env.invalidate_all()
        self.assertFalse(self.order.waits_for)
        self.order.with_user(self.user_of("integration_operator")).action_send_again()
        self.send(receipt=24)
        self.assertEqual(self.order.waits_for, "receipt")
