"""A carrier without an interface reports by his link; what he says is a fact of his, with his authority."""

import re
from datetime import UTC, datetime
from http.client import HTTPConnection

from odoo.tests import tagged
from odoo.tests.common import HOST

from .sign_case import SignCase, jpeg

PAPER = {"paper": ("scan.html", b"%PDF-1.4 signed")}


@tagged("post_install", "-at_install")
class TestCarrier(SignCase):
    @classmethod
    def build(cls, world):
        cls.carrier.email = "dispatch@roadline.example"
        cls.open = world.shipment(world.order())

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def link(self, shipment=None):
        """The path that the carrier was mailed."""
        shipment = shipment or self.open
        shipment.with_user(self.users["dispatcher"]).action_send_carrier_link()
        return self.path_in(self.mails("dispatch@roadline.example")[:1])

    def at(self, path, kind, shipment=None):
        stops = (shipment or self.open).stop_ids.filtered(lambda one: one.kind == kind and one.in_plan)
        return f"{path}/{kind}/{stops[-1:].id}"

    def report(self, path, kind, shipment=None, at="2026-03-04T10:00", **values):
        return self.post(self.at(path, kind, shipment), at=at, **values)

    def test_pickup_delivery_and_proof_come_in_by_the_page(self):
        self.connection.last_heard_at = False
        path = self.link()
        page = self.page(path)
        self.assertIn("Pump", page.text)
        self.assertNotIn("12.5", page.text)
        self.assertIn("noindex", page.headers["X-Robots-Tag"])
        self.assertEqual(self.report(path, "pickup", at="2026-03-02T08:00").status_code, 303)
        self.assertEqual((self.open.state, self.open.picked_up_at), ("in_transit", datetime(2026, 3, 2, 8)))
        answer = self.report(path, "delivery", signer="J. Doe", files=PAPER)
        self.assertEqual(answer.status_code, 303, answer.text)
        self.assertEqual((self.open.state, self.open.delivered_at), ("delivered", datetime(2026, 3, 4, 10)))
        pod = self.open.pod_ids
        self.assertEqual((pod.signer, pod.link_id.purpose), ("J. Doe", "carrier"))
        self.assertEqual(pod.document_ids.mapped("mimetype"), ["application/pdf"])
        self.assertNotIn(".html", pod.document_ids.name)
        self.validate(self.open)
        self.assertEqual((pod.state, self.reasons(self.open)), ("validated", []))
        self.assertIn("was received", self.page(path).text)
        self.assertFalse(self.connection.last_heard_at, "the partner's system was not heard by it")

    def test_quantities_and_damage_are_facts(self):
        path = self.link()
        page = self.page(path).text
        goods = re.search(r'name="accepted:([^"]+)"', page)[1]
        self.report(
            path, "delivery", signer="J. Doe", remark="Crushed corner", files=PAPER,
            **{f"accepted:{goods}": "95", f"accepted_damaged:{goods}": "3", f"refused:{goods}": "2"},
        )  # fmt: skip
        self.assertEqual(self.open.state, "partially_delivered")
        self.assertTrue(self.open.is_damaged)
        self.assertEqual(
            {one.outcome: one.quantity for one in self.open.pod_ids.line_ids},
            {"accepted": 95, "accepted_damaged": 3, "refused": 2},
        )
        self.validate(self.open)
        self.assertIn("damage", self.reasons(self.open))

    def test_what_is_wrong_is_said_and_nothing_is_stored(self):
        path = self.link()
        ahead = f"{datetime.now(UTC).year + 1}-01-01T00:00"
        for values, words in (
            ({"at": "yesterday"}, "day and time"), ({"at": ahead}, "future"), ({"at": "1999-01-01T00:00"}, "far back"),
            ({"files": PAPER}, "who took"), ({"signer": "x", "files": {"paper": ("a.pdf", b"<html>")}}, "Send a PDF"),
            ({"signer": "x", "files": {"paper": ("a.jpg", b"MZ\x90")}}, "Send a PDF"),
            ({"signer": "x", "files": {"paper": ("a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 9)}}, "HEIC"),
            ({"signer": "x", "files": {"paper": ("a.svg", b"<svg onload='alert(1)'/>")}}, "Send a PDF"),
            ({"signer": "x", "files": {"paper": ("a.pdf", b"%PDF-" + b"x" * (11 << 20))}}, "larger than"),
        ):  # fmt: skip
            with self.subTest(words=words):
                answer = self.report(path, "delivery", **values)
                self.assertEqual(answer.status_code, 200)
                self.assertIn(words, answer.text)
        self.assertFalse(self.open.delivered_at)
        self.assertFalse(self.open.pod_ids)

    def test_a_whole_request_is_bounded(self):
        path = self.link()
        client = HTTPConnection(HOST, self.http_port(), timeout=30)
        self.addCleanup(client.close)
        with self.allow_requests(all_requests=True):
            client.putrequest("POST", self.at(path, "delivery"))
            client.putheader("Cookie", f"session_id={self.session.sid}")
            client.putheader("Content-Type", "multipart/form-data; boundary=x")
            client.putheader("Content-Length", str(40 << 20))
            client.endheaders()
            self.assertEqual(client.getresponse().status, 413)

    def test_a_delivery_that_is_proven_takes_no_word_more(self):
        path = self.link()
        self.assertEqual(self.report(path, "delivery", signer="J. Doe", files=PAPER).status_code, 303)
        answer = self.report(path, "delivery", at="2026-03-04T11:00", signer="Somebody", files=PAPER)
        self.assertIn("was received", answer.text)
        self.assertEqual(self.open.pod_ids.mapped("signer"), ["J. Doe"])
        self.assertEqual(self.open.delivered_at, datetime(2026, 3, 4, 10))

    def test_a_link_reports_of_its_own_shipment_alone(self):
        path, other = self.link(), self.under_way()
        delivery = self.at("", "delivery", other)
        self.assertEqual(self.post(f"{path}{delivery}", at="2026-03-04T10:00").status_code, 404)
        sign = self.env["milepost.link"]._make(self.open, "sign")
        self.page(f"/shipment/carrier/{sign._token()}", 404)
        self.page(path.replace("/carrier/", "/sign/"), 404)

    def test_who_may_not_publish_deliveries_reports_none(self):
        rule = self.env["milepost.publisher"].create({
            "connection_id": self.connection.id, "kind": "proof_of_delivery", "allowed": False,
        })  # fmt: skip
        rule.with_user(self.users["manager"]).action_approve()
        path = self.link()
        answer = self.report(path, "delivery", signer="x", files=PAPER)
        self.assertIn("another way", answer.text)
        self.assertFalse(self.open.pod_ids or self.open.delivered_at)
        self.assertEqual(self.report(path, "delivery").status_code, 303)

    def test_his_own_entry_alone_does_not_pay_him(self):
        self.policy.pay_needs_pod = True
        self.expect(self.open, linehaul=100)
        path = self.link()
        self.report(path, "pickup", at="2026-03-02T08:00")
        self.report(path, "delivery", signer="J. Doe", files=PAPER)
        self.facts(self.bill(self.open, [("linehaul", "100.00")]))
        self.validate(self.open)
        self.assertEqual((self.reasons(self.open), self.reasons(self.open, "ap")), ([], ["pod_missing"]))
        # The consignee's own word beside it pays him; so does a policy that says so.
        with self.subTest("policy"):
            self.policy.pay_on_own_proof = True
            self.validate(self.open)
            self.assertEqual(self.reasons(self.open, "ap"), [])
            self.policy.pay_on_own_proof = False
            self.validate(self.open)
        self.facts(self.pod(self.open, stop=self.key_of(self.open), recorded_at="2026-03-04T10:05:00Z"))
        self.validate(self.open)
        self.assertEqual(self.reasons(self.open, "ap"), [])

    def test_a_picture_of_the_paper_is_taken_too(self):
        path = self.link()
        self.report(path, "delivery", signer="J. Doe", files={"paper": ("IMG_1", jpeg())})
        self.assertEqual(self.open.pod_ids.document_ids.mapped("mimetype"), ["image/jpeg"])
