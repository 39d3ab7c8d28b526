"""The consignee signs by the link that was sent to him, and the signature is a proof of delivery."""

import base64
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.addons.milepost_billing.evidence.canonical import safe_name
from odoo.addons.milepost_billing.evidence.verify import verify
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import milepost_link_sign
from .sign_case import SignCase, drawing, jpeg


@tagged("post_install", "-at_install")
class TestSign(SignCase):
    def test_a_signature_by_link_frees_the_invoice(self):
        shipment = self.delivered
        self.assertEqual(self.reasons(shipment), ["pod_missing"])
        link = self.asked()
        path = self.path_in(self.mails("goods@northwind.example"))
        self.authenticate(None, None)
        page = self.page(path)
        self.assertIn("Pump", page.text)
        self.assertNotIn("12.5", page.text)
        self.assertIn("noindex", page.headers["X-Robots-Tag"])
        # What is signed for was said first: nobody signs beside what he typed.
        self.assertNotIn("portal.signature_form", page.text)
        self.post(f"{path}/goods")
        self.assertIn("portal.signature_form", self.page(path).text)
        answer = self.finish(path)
        self.assertEqual(answer["redirect_url"], path)
        pod = shipment.pod_ids
        self.assertEqual((pod.signer, pod.signed, pod.link_id, pod.mapping), ("J. Doe", True, link, "link@1"))
        self.assertEqual([(one.outcome, one.quantity) for one in pod.line_ids], [("accepted", 100)])
        self.validate(shipment)
        self.assertEqual((pod.state, self.reasons(shipment)), ("validated", []))
        self.assertEqual(self.run_billing().amount_untaxed, 1250)

    def test_what_was_kept_of_the_signature_is_evidence(self):
        link = self.asked()
        path = self.path_in(self.mails("goods@northwind.example"))
        self.authenticate(None, None)
        self.finish(path)
        self.assertEqual(link.signer, "J. Doe")
        self.assertEqual(link.address, "127.0.0.1")
        self.assertTrue(link.device)
        self.assertEqual(link.email, "goods@northwind.example")
        self.assertEqual(base64.b64decode(link.drawing), drawing())
        paper = self.delivered.pod_ids.document_ids
        self.assertEqual(paper.mimetype, "application/pdf")
        self.assertTrue(paper.raw.startswith(b"%PDF"))
        with self.assertRaises(UserError):
            link.unlink()
        with self.assertRaises(AccessError):
            link.with_user(self.users["dispatcher"]).write({"signer": "Somebody Else"})

    def test_what_is_short_damaged_or_refused_holds_the_invoice(self):
        shipment = self.delivered
        link = self.asked()
        path = self.path_in(self.mails("goods@northwind.example"))
        self.authenticate(None, None)
        [(goods, _lines)] = link._lines()
        answer = self.post(
            f"{path}/goods", remark="Two wet", files={"photo": ("x.exe", jpeg())},
            **{f"accepted:{goods}": "90", f"accepted_damaged:{goods}": "4", f"refused:{goods}": "3,5"},
        )  # fmt: skip
        self.assertEqual(answer.status_code, 303, answer.text)
        self.assertIn("Two wet", self.page(path).text)
        self.finish(path)
        pod = shipment.pod_ids
        self.assertEqual(
            {one.outcome: one.quantity for one in pod.line_ids},
            {"accepted": 90, "accepted_damaged": 4, "refused": 3.5, "short": 2.5},
        )
        self.assertEqual(pod.remark, "Two wet")
        self.assertEqual(sorted(pod.document_ids.mapped("mimetype")), ["application/pdf", "image/jpeg"])
        self.validate(shipment)
        self.assertEqual(self.reasons(shipment), ["damage", "qty_refused", "qty_short"])

    def test_a_long_quantity_is_signed_for_to_its_last_digit(self):
        shipment = self.shipment(self.order(1234567.25))
        self.deliver(shipment)
        link = self.asked(shipment)
        path = self.path_in(self.mails("goods@northwind.example"))
        self.authenticate(None, None)
        [(goods, _lines)] = link._lines()
        self.post(f"{path}/goods", **{f"accepted:{goods}": "1234566,75", f"refused:{goods}": "0.5"})
        text = self.page(path).text
        self.assertIn("1234567.25", text)
        self.assertIn("1234566.75", text)
        for wrong in ("1e-7", "nan", "-1", "1000000000", "0.1234567", "x"):
            self.assertIn("is no quantity", self.post(f"{path}/goods", **{f"accepted:{goods}": wrong}).text)
        self.finish(path)
        self.assertEqual(
            {one.outcome: one.quantity for one in shipment.pod_ids.line_ids},
            {"accepted": 1234566.75, "refused": 0.5},
        )

    def test_one_signature_per_link_and_none_without_name_or_drawing(self):
        self.asked()
        path = self.path_in(self.mails("goods@northwind.example"))
        self.authenticate(None, None)
        self.assertIn("error", self.finish(path, name=" "))
        self.assertIn("error", self.finish(path, image=b""))
        self.assertIn("error", self.finish(path, image=jpeg()))
        self.assertIn("error", self.finish(path, image=b"<svg onload='x'/>"))
        self.assertFalse(self.delivered.pod_ids)
        self.assertNotIn("error", self.finish(path))
        self.assertIn("error", self.finish(path, name="Another"))
        self.assertEqual(self.delivered.pod_ids.signer, "J. Doe")
        self.assertIn("Signed by", self.page(path).text)

    def test_no_other_link_and_no_old_one_signs(self):
        link = self.asked()
        follow = self.env["milepost.link"]._to_follow(self.delivered)
        self.authenticate(None, None)
        self.page(f"/shipment/sign/{follow._token()}", 404)
        self.page(f"/my/shipments/{self.delivered.id}?access_token={link._token()}", 404)
        link.expires_at = fields.Datetime.now() - timedelta(minutes=1)
        self.page(f"/shipment/sign/{link._token()}", 404)
        self.assertFalse(self.delivered.pod_ids)

    def test_a_customer_who_is_logged_in_signs_without_a_mail(self):
        self.authenticate("northwind", "northwind")
        self.assertIn("/sign", self.page(self.delivered.access_url).text)
        answer = self.post(f"{self.delivered.access_url}/sign")
        self.assertEqual(answer.status_code, 303)
        path = answer.headers["Location"]
        self.finish(path[path.index("/shipment") :])
        self.validate(self.delivered)
        self.assertEqual(self.delivered.pod_ids.state, "validated")
        self.assertEqual(self.delivered.pod_ids.link_id.email, self.reader.email)
        self.assertEqual(self.post(f"{self.delivered.access_url}/sign").status_code, 404)
        self.authenticate("other", "other")
        self.assertEqual(self.post(f"{self.delivered.access_url}/sign").status_code, 404)

    def test_a_typed_signature_proves_each_delivery(self):
        """The same drawing is another paper each time: else the second would be a proof used twice."""
        other = self.under_way()
        self.deliver(other)
        for shipment in (self.delivered, other):
            picture = base64.b64encode(drawing()).decode()
            self.asked(shipment)._sign("J. Doe", picture, "::1", "x")
            self.validate(shipment)
            self.assertEqual(shipment.pod_ids.state, "validated")

    def test_who_asks_is_told_what_is_missing(self):
        self.customer.email = False
        with self.assertRaisesRegex(UserError, "no email"):
            self.asked()
        with self.assertRaises(AccessError):
            self.asked(by="analyst")
        self.facts(self.pod(self.delivered))
        self.validate(self.delivered)
        with self.assertRaisesRegex(UserError, "has a proof"):
            self.asked()
        lone = self.env["milepost.shipment"].create({
            "partner_id": self.customer.id, "company_id": self.company.id,
            "sale_order_ids": [Command.clear()],
        })  # fmt: skip
        link = self.env["milepost.link"]._make(lone, "sign")
        with self.assertRaisesRegex(UserError, "no transport connection"):
            link._tell([{"kind": "proof_of_delivery", "signer": "x"}])

    def test_the_pack_and_the_paper_say_who_had_the_link_made_and_hold_the_drawing(self):
        link = self.asked()
        path = self.path_in(self.mails("goods@northwind.example"))
        self.authenticate(None, None)
        self.page(path)
        self.finish(path)
        with patch.object(milepost_link_sign, "receipt") as written:
            link._receipt(drawing())
        rows = dict(written.call_args.args[1])
        self.assertEqual(rows["Link made by"], self.users["dispatcher"].name)
        self.assertIn("UTC", rows["Link first opened"])
        evidence = self.env["milepost.evidence"].with_user(self.users["controller"])
        content = base64.b64decode(evidence.pack("milepost.shipment", self.delivered.id)["content_base64"])
        self.assertEqual(verify(io.BytesIO(content)), [])
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            folder = f"shipments/{safe_name(self.delivered.name)}"
            [told] = json.loads(pack.read(f"{folder}/links.json"))
            self.assertEqual(pack.read(f"{folder}/signatures/{link.id}.png"), drawing())
            everything = b"".join(pack.read(name) for name in pack.namelist())
        self.assertEqual(
            (told["made_by"], told["email"], told["signer"], told["address"], told["proofs"]),
            (
                self.users["dispatcher"].name, "goods@northwind.example", "J. Doe", "127.0.0.1",
                [link.pod_ids.key],
            ),
        )  # fmt: skip
        self.assertEqual(told["drawing_sha256"], hashlib.sha256(drawing()).hexdigest())
        self.assertNotIn(link._token().encode(), everything)
