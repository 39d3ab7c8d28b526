"""Working on issues: what a card says to do next, whose it becomes, who is told, and the way back."""

from datetime import timedelta

from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import NOON, milestone
from .issue_case import IssueCase


@tagged("post_install", "-at_install", "milepost")
class TestIssueWork(IssueCase):
    def test_a_card_says_the_next_step_of_what_nobody_deals_with_yet(self):
        shipment, issue = self.held()
        row = self.row_of(shipment)["issue"]
        self.assertEqual(row["next_step"], "Send the customs broker what is missing")
        self.assertEqual((row["since"], row["due_at"]), ("2026-11-23 13:00:00", "2026-11-23 17:00:00"))
        issue.action_acknowledge()
        self.assertFalse(self.row_of(shipment)["issue"]["next_step"])

    def row_of(self, shipment):
        board = self.env["milepost.shipment"].control_tower([("id", "=", shipment.id)])
        [row] = [one for column in board["columns"] for one in column["shipments"]]
        return row

    def test_what_is_due_stands_first_in_its_column_however_few_are_shown(self):
        early, late = self.held()[0], self.held(due_at=NOON + timedelta(hours=9))[0]
        late.issue_ids.sudo().due_at = NOON
        names = [("id", "in", (early | late).ids)]
        for limit, shown in ((80, [late, early]), (1, [late])):
            board = self.env["milepost.shipment"].control_tower(names, limit=limit)
            [column] = [one for one in board["columns"] if one["key"] == "exception"]
            self.assertEqual([row["id"] for row in column["shipments"]], [one.id for one in shown])
            self.assertEqual(column["count"], 2)
        late.with_user(self.dispatcher).work("own")
        late.issue_ids.sudo().due_at = NOON + timedelta(days=1)
        board = self.env["milepost.shipment"].control_tower(names)
        self.assertEqual([row["id"] for row in board["columns"][0]["shipments"]], [early.id, late.id])

    def test_issues_are_given_to_a_colleague_and_closed_and_each_is_undone(self):
        issue = self.held()[1]
        before = issue.work("assign", user_id=self.colleague.id)
        self.assertEqual(issue.user_id, self.colleague)
        self.assertEqual(issue.sudo().activity_ids.user_id, self.colleague, "and he is told")
        closed = issue.work("close")
        self.assertEqual((issue.state, issue.closed_by_id), ("closed", self.dispatcher))
        issues = self.env["milepost.issue"].with_user(self.dispatcher)
        issues.restore(closed)
        self.assertEqual((issue.state, issue.user_id), ("open", self.colleague))
        issues.restore(before)
        self.assertFalse(issue.user_id | issue.sudo().activity_ids.user_id)
        with self.assertRaises(UserError):
            issue.work("unlink")
        viewer = issue.with_user(self.user_of("viewer"))
        self.assertEqual((issue.is_workable, viewer.is_workable), (True, False))
        with self.assertRaises(AccessError):
            viewer.work("close")

    def test_issues_are_offered_to_whoever_works_on_them_in_the_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        others = self.user_of("viewer") | self.bridge | self.user_of("dispatcher", company=elsewhere)
        issues = self.env["milepost.issue"].with_user(self.dispatcher)
        offered = {one["id"] for one in call_kw(issues, "colleagues", [], {})}
        self.assertLessEqual({self.dispatcher.id, self.colleague.id}, offered)
        self.assertFalse(offered & set(others.ids))
        with self.assertRaises(AccessError):
            issues.with_user(self.user_of("viewer")).colleagues()

    def test_the_filters_of_the_queue_find_mine_and_nobodys(self):
        mine, free = self.held()[1], self.held()[1]
        mine.action_own()
        search = self.env.ref("milepost.view_milepost_issue_search")
        for name, found, left in (("mine", mine, free), ("unassigned", free, mine)):
            [node] = etree.fromstring(search.arch).xpath(f"//filter[@name='{name}']")
            domain = safe_eval(node.get("domain"), {"uid": self.dispatcher.id})
            issues = self.env["milepost.issue"].with_user(self.dispatcher).search(domain)
            self.assertIn(found, issues)
            self.assertNotIn(left, issues)

    def ruled(self, owner):
        """A shipment that customs holds, where the rule names who deals with it first."""
        self.env["milepost.issue.rule"].create({
            "kind": "exception", "reason": "customs_hold", "due_hours": 1, "user_id": owner.id,
        })  # fmt: skip
        return self.held()

    def test_the_first_owner_of_a_rule_is_told_once_until_somebody_deals_with_it(self):
        shipment, issue = self.ruled(self.colleague)
        activity = issue.sudo().activity_ids
        self.assertEqual((activity.user_id, activity.summary), (self.colleague, issue.display_name))
        self.assertEqual(activity.date_deadline, issue.due_at.date())
        self.tell(milestone(shipment, "in_transit", 1.5))
        self.env["milepost.issue"]._cron_follow()
        self.assertEqual(issue.sudo().activity_ids, activity, "not with each event")
        issue.with_user(self.colleague).action_acknowledge()
        self.assertFalse(issue.sudo().activity_ids)

    def test_what_is_over_is_told_to_nobody_any_more(self):
        shipment, issue = self.ruled(self.colleague)
        self.assertTrue(issue.sudo().activity_ids)
        self.tell(milestone(shipment, "customs_released", 3))
        self.assertFalse(issue.sudo().activity_ids)
        other = self.held()[1]
        other.action_close()
        self.assertFalse(other.sudo().activity_ids)

    def test_a_first_owner_who_may_not_see_it_keeps_no_fact_out(self):
        issue = self.ruled(self.env["res.users"].browse(self.user_of("base.group_user").id))[1]
        self.assertEqual((issue.state, len(issue.sudo().activity_ids)), ("open", 0))
