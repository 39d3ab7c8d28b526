"""A customer follows his shipments: by login, by link, and on the pages of his order and invoice."""

from datetime import timedelta

from odoo import fields
from odoo.addons.milepost_billing.tests.billing_case import PICKUP
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..controllers.throttle import Throttle
from .portal_case import PortalCase


@tagged("post_install", "-at_install")
class TestPortal(PortalCase):
    def test_a_customer_finds_his_shipments_and_what_happened(self):
        shipment = self.under_way()
        other = self.shipment(self.order(partner=self.stranger.commercial_partner_id))
        self.authenticate("northwind", "northwind")
        counted = self.make_jsonrpc_request("/my/counters", {"counters": ["shipment_count"]})
        self.assertEqual(counted, {"shipment_count": 1})
        listed = self.page("/my/shipments").text
        self.assertIn(shipment.name, listed)
        self.assertNotIn(other.name, listed)
        page = self.page(f"/my/shipments/{shipment.id}")
        self.assertIn("Picked Up", page.text)
        self.assertIn("Pump", page.text)
        self.assertIn("None yet.", page.text)
        self.assertIn("noindex", page.headers["X-Robots-Tag"])

    def test_the_list_is_searched_filtered_and_sorted(self):
        first, second = self.under_way(), self.under_way()
        first.sale_order_ids.client_order_ref = "PO-4711"
        self.deliver(second)
        self.authenticate("northwind", "northwind")
        for query, found in (
            ("search=PO-4711", {first}), (f"search={second.name}&search_in=name", {second}),
            ("search=PO-4711&search_in=name", set()), ("filterby=delivered", {second}),
            ("filterby=open&sortby=name", {first}), ("filterby=x&sortby=y&search_in=z", {first, second}),
        ):  # fmt: skip
            with self.subTest(query=query):
                text = self.page(f"/my/shipments?{query}").text
                self.assertEqual({one for one in (first, second) if one.access_url in text}, found)

    def test_an_estimate_says_how_fresh_it_is(self):
        shipment = self.under_way()
        self.assertFalse(shipment._portal_expected(self.customer)["is_estimate"])
        self.facts(
            self.fact(
                "milestone", shipment, code="eta_updated", raw_code="X", classifier="estimated",
                occurred={"at": "2026-03-04T09:00:00Z", "precision": "second"},
                stop={**self.key_of(shipment), "kind": "delivery"},
            )
        )  # fmt: skip
        expected = shipment._portal_expected(self.customer)
        self.assertTrue(expected["is_estimate"])
        self.assertIn("03/04/2026 9:00 AM (UTC)", expected["when"].replace("\u202f", " "))
        self.assertTrue(expected["said"])
        self.deliver(shipment)
        self.assertIsNone(shipment._portal_expected(self.customer))

    def test_a_proof_is_downloaded_until_it_is_withdrawn_or_found_wrong(self):
        shipment = self.under_way()
        self.deliver(shipment)
        self.facts(self.pod(shipment, paper="mine"))
        self.validate(shipment)
        paper = shipment.pod_ids.document_ids
        self.authenticate("northwind", "northwind")
        path = f"/my/shipments/{shipment.id}/proof/{paper.id}"
        answer = self.page(path)
        self.assertEqual(answer.content, b"%PDF-1.4 proof mine")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        shipment.pod_ids.with_user(self.users["analyst"]).action_reject("Wrong paper")
        self.validate(shipment)
        self.page(path, 404)

    def test_a_link_opens_one_shipment_until_it_expires_or_is_revoked(self):
        shipment, other = self.under_way(), self.under_way()
        shipment.with_user(self.users["dispatcher"]).action_share_link()
        link = shipment.link_ids
        self.assertEqual(link.create_uid, self.users["dispatcher"])
        path = link.url.removeprefix(shipment.get_base_url())
        self.authenticate(None, None)
        self.assertIn(shipment.name, self.page(path).text)
        self.assertTrue(link.opened_at)
        token = path.partition("?")[2]
        self.page(f"/my/shipments/{other.id}?{token}", 404)
        link.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.page(path, 404)
        link.expires_at = fields.Datetime.now() + timedelta(days=1)
        self.page(path)
        link.with_user(self.users["dispatcher"]).action_revoke()
        self.page(path, 404)
        self.assertFalse(link.url)
        with self.assertRaises(UserError):
            link.unlink()

    def test_a_link_is_made_once_while_it_lasts_and_by_who_plans_shipments(self):
        shipment = self.under_way()
        dispatcher = shipment.with_user(self.users["dispatcher"])
        self.assertEqual(dispatcher.action_share_link(), dispatcher.action_share_link())
        with self.assertRaises(AccessError):
            shipment.with_user(self.users["analyst"]).action_share_link()
        with self.assertRaises(AccessError):
            shipment.link_ids.with_user(self.users["analyst"]).action_revoke()

    def test_a_reported_problem_has_an_owner(self):
        shipment = self.under_way()
        self.authenticate("northwind", "northwind")
        answer = self.post(f"/my/shipments/{shipment.id}/report", message="<b>Two</b> boxes are open")
        self.assertEqual(answer.status_code, 303)
        issue = self.env["milepost.issue"].search(
            [("shipment_id", "=", shipment.id), ("kind", "=", "report")]
        )
        self.assertTrue(issue.user_id._is_internal())
        self.assertEqual(issue.reported_by_id, self.reader.partner_id)
        self.assertIn("Two", issue.summary)
        self.assertIn("come back to you", self.page(answer.headers["Location"]).text)

    def test_where_the_truck_was_is_no_step(self):
        shipment = self.under_way()
        place = {"latitude": 50.1, "longitude": 4.5}
        for hours in (1, 2, 3):
            self.facts(self.milestone(shipment, "in_transit", PICKUP + timedelta(hours=hours), place=place))
        self.facts(self.milestone(shipment, "customs_hold", PICKUP + timedelta(hours=4)))
        self.assertEqual(len(shipment.milestone_ids), 5)
        self.assertEqual(
            [one["label"] for one in shipment._portal_steps(self.customer)], ["Customs Hold", "Picked Up"]
        )

    def test_orders_and_invoices_show_where_their_goods_are(self):
        shipment = self.under_way()
        order = shipment.sale_order_ids
        self.authenticate("northwind", "northwind")
        self.assertIn(shipment.access_url, self.page(order.get_portal_url()).text)
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        invoice = self.run_billing()
        self.assertIn(shipment.access_url, self.page(invoice.get_portal_url()).text)
        # Who holds the order's own link sees where the goods are, and gets no way further.
        self.authenticate(None, None)
        page = self.page(order.get_portal_url()).text
        self.assertIn(shipment.name, page)
        self.assertNotIn(shipment.access_url, page)

    def test_many_requests_of_one_address_are_put_off(self):
        now = [0.0]
        throttle = Throttle(2, lambda: now[0])
        for spent in (False, False, True):
            self.assertEqual(throttle.is_spent("a"), spent)
            throttle.count("a")
        self.assertFalse(throttle.is_spent("b"))
        now[0] = 61.0
        self.assertFalse(throttle.is_spent("a"))
        shipment = self.under_way()
        answers = [
            self.url_open(f"/my/shipments/{shipment.id}?access_token=1-{n}").status_code for n in range(25)
        ]
        self.assertEqual(answers, [404] * 20 + [429] * 5)
