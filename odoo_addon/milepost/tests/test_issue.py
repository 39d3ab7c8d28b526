"""One way to own work: issues open and close with the facts, people own, acknowledge and snooze them."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import freeze_time, tagged

from .common import NOON, milestone
from .issue_case import IssueCase


@tagged("post_install", "-at_install", "milepost")
class TestIssue(IssueCase):
    def test_an_exception_opens_an_issue_with_its_due_time_and_its_end_closes_it(self):
        shipment, issue = self.held()
        self.assertEqual((issue.kind, issue.reason, issue.state), ("exception", "customs_hold", "open"))
        self.assertEqual(issue.what, "Customs Hold")
        self.assertEqual(issue.opened_at, NOON + timedelta(hours=1))
        self.assertEqual(issue.due_at, NOON + timedelta(hours=5), "four hours by the rule")
        self.assertTrue(issue.next_step)
        self.tell(milestone(shipment, "customs_released", 3))
        self.assertEqual((issue.state, bool(issue.closed_by_id)), ("closed", False))
        self.assertFalse(self.issue_of(shipment))

    def test_a_batch_in_any_order_opens_the_issue_once(self):
        shipment, issue = self.held()
        self.tell(milestone(shipment, "in_transit", 0.5))
        self.assertEqual(self.issue_of(shipment), issue)
        other = self.new_shipment()
        self.tell(milestone(other, "customs_released", 3), milestone(other, "customs_hold", 1))
        self.assertFalse(self.issue_of(other))

    def test_the_rule_of_the_reason_and_of_the_company_come_first(self):
        rules = self.env["milepost.issue.rule"]
        rules.create({"kind": "exception", "reason": "customs_hold", "due_hours": 9})
        self.assertEqual(self.held()[1].due_at, NOON + timedelta(hours=10))
        rules.create({
            "kind": "exception", "company_id": self.company.id, "due_hours": 1,
            "user_id": self.colleague.id,
        })  # fmt: skip
        issue = self.held()[1]
        self.assertEqual((issue.due_at, issue.user_id), (NOON + timedelta(hours=2), self.colleague))

    def test_what_is_acknowledged_leaves_its_column_and_comes_back_when_its_time_is_over(self):
        with freeze_time(NOON + timedelta(hours=2)):
            shipment, issue = self.held()
            self.assertEqual(self.column_of(shipment), "exception")
            shipment.with_user(self.dispatcher).work("acknowledge")
            self.assertEqual((issue.state, issue.user_id), ("acknowledged", self.dispatcher))
            self.assertEqual(self.column_of(shipment), "in_transit")
        with freeze_time(NOON + timedelta(hours=6)):
            self.env["milepost.issue"]._cron_follow()
            self.env.invalidate_all()
            self.assertEqual((issue.state, issue.user_id), ("open", self.dispatcher))
            self.assertTrue(issue.is_due)
            self.assertIn(self.column_of(shipment), ("exception",))

    def test_what_was_acknowledged_is_open_again_when_something_else_is_wrong(self):
        shipment, issue = self.held()
        issue.action_acknowledge()
        self.tell(milestone(shipment, "delayed", 2))
        self.assertEqual((issue.state, issue.reason), ("open", "delayed"))
        self.assertEqual(issue.user_id, self.dispatcher, "it stays whose it was")

    def test_it_sleeps_until_a_time_or_until_the_next_event(self):
        with freeze_time(NOON + timedelta(hours=2)):
            by_time, by_event = self.held()[1], self.held()[1]
            by_time.action_snooze("2026-11-23 15:00:00")
            by_event.action_snooze()
            with self.assertRaises(UserError):
                by_time.action_snooze("2026-11-23 13:00:00")
            self.env["milepost.issue"]._cron_follow()
            self.env.invalidate_all()
            self.assertEqual({by_time.state, by_event.state}, {"snoozed"})
            self.tell(milestone(by_event.shipment_id.sudo(), "in_transit", 2))
            self.assertEqual(by_event.state, "open")
        with freeze_time(NOON + timedelta(hours=3)):
            self.env["milepost.issue"]._cron_follow()
            self.env.invalidate_all()
        self.assertEqual(by_time.state, "open")

    def test_undo_brings_back_what_was_before_for_all_of_them(self):
        issues = self.held()[1] | self.held()[1]
        issues[0].action_assign(self.colleague.id)
        before = issues.action_acknowledge()
        self.assertEqual(issues.mapped("state"), ["acknowledged"] * 2)
        # As the boards call it, without records.
        call_kw(self.env["milepost.issue"].with_user(self.dispatcher), "restore", [before], {})
        self.assertEqual(issues.mapped("state"), ["open"] * 2)
        self.assertEqual([issue.user_id for issue in issues], [self.colleague, self.env["res.users"]])
        self.env["milepost.issue"].with_user(self.dispatcher).restore(issues.action_close())
        self.assertEqual(issues.mapped("state"), ["open"] * 2)

    def test_undo_takes_nobody_s_word_for_what_the_actions_could_not_have_said(self):
        issue = self.held()[1]
        issues = self.env["milepost.issue"].with_user(self.dispatcher)
        for forged in (
            {"state": "closed"}, {"state": "acknowledged"}, {"user_id": self.bridge.id + 10**6}, {"user_id": "x"},
        ):  # fmt: skip
            with self.subTest(forged), self.assertRaises(UserError):
                issues.restore([{"id": issue.id, "state": "open", **forged}])
        before = issue.action_acknowledge()
        issues.restore([{**before[0], "acknowledged_by_id": self.colleague.id}])
        self.assertEqual((issue.state, issue.acknowledged_by_id), ("open", self.env["res.users"]))

    def test_what_a_person_closed_comes_back_only_when_something_else_is_wrong(self):
        shipment, issue = self.held()
        issue.action_close()
        self.tell(milestone(shipment, "in_transit", 2))
        self.assertFalse(self.issue_of(shipment), "the same hold was dealt with")
        self.tell(milestone(shipment, "delayed", 3))
        self.assertEqual(self.issue_of(shipment).reason, "delayed")

    def test_lateness_and_silence_open_issues_by_the_clock_alone(self):
        shipment = self.new_shipment()
        with freeze_time(NOON + timedelta(hours=6, minutes=10)):
            self.env["milepost.issue"]._cron_follow()
            self.assertFalse(self.issue_of(shipment), "within the grace")
        with freeze_time(NOON + timedelta(hours=7)):
            self.env.invalidate_all()
            self.env["milepost.issue"]._cron_follow()
            self.assertEqual(self.issue_of(shipment).kind, "late")
        self.tell(milestone(shipment, "arrived_delivery", 5.9))
        self.assertFalse(self.issue_of(shipment))

    def test_the_tower_owns_what_the_clock_has_only_just_made_late(self):
        shipment = self.new_shipment()
        with freeze_time(NOON + timedelta(hours=7)):
            shipment.with_user(self.dispatcher).work("own")
            self.assertEqual(self.issue_of(shipment).user_id, self.dispatcher)
            with self.assertRaises(UserError):
                self.new_shipment(due_at=NOON + timedelta(days=9)).with_user(self.dispatcher).work("own")

    def test_what_is_long_overdue_is_told_once_to_whom_it_escalates(self):
        self.env["milepost.issue.rule"].create({
            "kind": "exception", "reason": "customs_hold", "due_hours": 1, "escalate_hours": 2,
            "escalate_to_id": self.colleague.id,
        })  # fmt: skip
        issue = self.held()[1]
        for hours, told in ((3.9, 0), (4.1, 1), (5, 1)):
            with freeze_time(NOON + timedelta(hours=hours)):
                self.env["milepost.issue"]._cron_follow()
            activities = issue.sudo().activity_ids
            self.assertEqual(activities.mapped("user_id"), self.colleague.browse([self.colleague.id] * told))
            self.assertEqual(len(activities), told, hours)

    def test_what_is_told_to_nobody_keeps_nothing_else_from_being_told(self):
        self.env["milepost.issue.rule"].create({
            "kind": "exception", "reason": "customs_hold", "due_hours": 1, "escalate_to_id": self.colleague.id,
        })  # fmt: skip
        issue = self.held()[1]
        old = {
            "company_id": self.company.id, "kind": "report", "subject": "report", "is_manual": True,
            "opened_at": NOON - timedelta(days=1), "due_at": NOON - timedelta(days=1),
        }  # fmt: skip
        quietly = self.env["milepost.issue"].sudo().with_context(tracking_disable=True)
        quietly.create([{**old, "summary": f"Box {n}"} for n in range(501)])
        with freeze_time(NOON + timedelta(hours=3)):
            self.env["milepost.issue"]._cron_follow()
        self.assertTrue(issue.escalated_at)

    def test_a_person_reports_a_problem_that_no_fact_closes(self):
        shipment = self.new_shipment()
        issue = self.env["milepost.issue"]._report(shipment, "Two pallets are wet", self.customer)
        self.assertEqual((issue.kind, issue.what), ("report", "Two pallets are wet"))
        self.assertEqual(issue.reported_by_id, self.customer)
        self.tell(milestone(shipment, "delivered", 2))
        self.assertEqual(issue.state, "open")
        issue.with_user(self.dispatcher).action_close()
        self.assertEqual((issue.state, issue.closed_by_id), ("closed", self.dispatcher))

    def test_who_may_work_on_issues(self):
        shipment, issue = self.held()
        for user in (self.user_of("viewer"), self.bridge):
            for act in ("action_own", "action_acknowledge", "action_snooze", "action_close"):
                with self.assertRaises(AccessError):
                    getattr(issue.with_user(user), act)()
            with self.assertRaises(AccessError):
                shipment.with_user(user).work("own")
        with self.assertRaises(AccessError):
            issue.write({"state": "closed"})
        with self.assertRaises(AccessError):
            issue.create({"kind": "report", "company_id": self.company.id, "summary": "x"})
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.user_of("dispatcher", company=elsewhere)
        with self.assertRaises(AccessError):
            issue.with_user(stranger).action_own()
        with self.assertRaises(AccessError):
            self.env["milepost.issue"].with_user(stranger).restore([{"id": issue.id, "state": "open"}])
        with self.assertRaises(UserError):
            issue.action_assign(stranger.id)

    def test_a_card_says_whose_it_is(self):
        shipment, issue = self.held()
        issue.action_own()
        board = (
            self.env["milepost.shipment"].with_user(self.dispatcher).control_tower([("id", "=", shipment.id)])
        )
        [row] = [one for column in board["columns"] for one in column["shipments"]]
        self.assertEqual(row["issue"]["is_mine"], True)
        self.assertEqual((row["issue"]["state"], row["issue"]["owner"]), ("open", self.dispatcher.name))
