"""What people outside must not get, tried: other customers' shipments and papers, money, guessed links."""

import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..controllers import door
from ..models.milepost_shipment import PORTAL_FIELDS
from .portal_case import PortalCase


@tagged("post_install", "-at_install")
class TestPortalSecurity(PortalCase):
    def test_another_customers_shipment_looks_like_none(self):
        shipment = self.under_way()
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        paper = shipment.pod_ids.document_ids
        self.authenticate("other", "other")
        for path in (
            f"/my/shipments/{shipment.id}", f"/my/shipments/{shipment.id}/proof/{paper.id}",
            f"/my/shipments/{shipment.id + 100000}", f"/my/shipments/{shipment.id}?access_token=",
        ):  # fmt: skip
            with self.subTest(path=path):
                self.page(path, 404)
        self.assertEqual(self.post(f"/my/shipments/{shipment.id}/report", message="x").status_code, 404)
        self.assertFalse(self.env["milepost.issue"].search([("kind", "=", "report")]))
        self.assertEqual(self.url_open(f"/web/content/{paper.id}").status_code, 404)

    def test_the_paper_of_another_shipment_is_not_reached_by_ones_own(self):
        own, other = self.under_way(), self.shipment(self.order(partner=self.stranger.commercial_partner_id))
        self.deliver(other)
        self.facts(self.pod(other))
        secret = self.env["ir.attachment"].create({"name": "secret.txt", "raw": b"x"})
        self.authenticate("northwind", "northwind")
        for paper in (other.pod_ids.document_ids, secret):
            self.page(f"/my/shipments/{own.id}/proof/{paper.id}", 404)

    def test_no_guessed_or_altered_token_opens_anything(self):
        shipment = self.under_way()
        token = shipment._portal_ensure_token()
        number, _dash, seal = token.partition("-")
        self.authenticate(None, None)
        for wrong in (
            seal, f"{number}-", f"{number}-{'0' * 64}", f"{int(number) + 1}-{seal}", f"{token}0", "é" * 20,
            f"{number}-é", "9" * 90, f"{10**12}-{seal}", "None", "-",
        ):  # fmt: skip
            with self.subTest(token=wrong):
                door.WRONG.windows.clear()
                self.assertFalse(self.env["milepost.link"]._of_token(wrong, "follow"))
                self.page(f"/my/shipments/{shipment.id}?access_token={wrong}", 404)
        self.assertFalse(self.env["milepost.link"]._of_token(None, "follow"))
        self.page(f"/my/shipments/{shipment.id}", 303)

    def test_over_rpc_a_portal_user_reads_no_money_and_changes_nothing(self):
        shipment = self.under_way().with_user(self.reader)
        self.assertEqual(shipment.search([]), shipment)
        self.assertEqual(set(shipment.read()[0]), PORTAL_FIELDS)
        for name in ("billing_value", "expected_cost", "hold_ids", "note", "sale_order_ids", "access_token"):
            with self.subTest(field=name):
                with self.assertRaises(AccessError):
                    shipment.read([name])
                with self.assertRaises(AccessError):
                    shipment.search([(name, "!=", False)])
                with self.assertRaises(AccessError):
                    shipment.search([], order=name)
        for path in ("sale_order_ids.amount_total", "expected_charge_ids.amount", "pod_ids.signer"):
            with self.assertRaises(AccessError):
                shipment.search([(path, "!=", False)])
        for act in (
            lambda: shipment.write({"note": "x"}), lambda: shipment.create({}), shipment.unlink,
            shipment.action_share_link, shipment.action_order_transport,
        ):  # fmt: skip
            with self.assertRaises(AccessError):
                act()
        for model in ("milepost.pod", "milepost.link", "milepost.hold", "milepost.stop", "milepost.rate"):
            with self.assertRaises(AccessError):
                shipment.env[model].search([])

    def test_the_token_of_another_customers_shipment_is_given_to_nobody(self):
        shipment = self.under_way()
        foreign = shipment.with_user(self.stranger)
        for ask in (foreign.get_portal_url, foreign._portal_ensure_token):
            with self.assertRaises(AccessError):
                ask()
        self.assertFalse(shipment.link_ids)
        own = shipment.with_user(self.reader).get_portal_url()
        # A link that was made for somebody who is no customer (any more) opens nothing.
        link = self.env["milepost.link"]._to_follow(shipment, self.stranger.partner_id)
        self.authenticate(None, None)
        self.page(own)
        self.page(f"{shipment.access_url}?access_token={link._token()}", 404)

    def test_the_talk_with_the_carrier_is_read_and_written_by_no_customer(self):
        shipment = self.under_way()
        asked = shipment.message_post(
            body="What do you want for it?", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        answer = shipment.message_post(
            body="900, with Southwind's goods", message_type="email", subtype_xmlid="mail.mt_comment",
            author_id=self.carrier.id, parent_id=asked.id,
        )  # fmt: skip
        seen = asked | answer
        about = [("model", "=", shipment._name), ("res_id", "=", shipment.id)]
        messages = self.env["mail.message"]
        self.assertEqual(messages.with_user(self.users["dispatcher"]).search(about) & seen, seen)
        self.assertFalse(messages.with_user(self.reader).search(about))
        for message in seen.with_user(self.reader):
            with self.assertRaises(AccessError):
                message.read(["body"])
        with self.assertRaises(AccessError):
            shipment.with_user(self.reader).message_post(body="Me, too", subtype_xmlid="mail.mt_comment")

    def test_no_page_tells_prices_or_costs(self):
        shipment = self.under_way()
        self.expect(shipment, linehaul=987.65)
        self.deliver(shipment)
        self.facts(self.pod(shipment), self.bill(shipment, [("linehaul", "1987.65")]))
        self.validate(shipment)
        self.authenticate("northwind", "northwind")
        for path in ("/my/shipments", shipment.access_url):
            text = self.page(path).text
            for money in ("987.65", "12.5", "1,250", "1250"):
                self.assertNotIn(money, text)

    def test_json_2_answers_a_portal_user_no_more_than_the_page(self):
        shipment = self.under_way()
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.reader)
            ._generate(None, "test", fields.Datetime.now() + timedelta(days=1))
        )
        answer = self.url_open(
            "/json/2/milepost.shipment/search_read",
            data=json.dumps({"domain": [], "fields": ["name", "billing_value"]}),
            headers={"Authorization": f"bearer {key}", "Content-Type": "application/json"},
        )
        self.assertEqual(answer.status_code, 403)
        answer = self.url_open(
            "/json/2/milepost.shipment/search_read",
            data=json.dumps({"domain": [], "fields": ["name"]}),
            headers={"Authorization": f"bearer {key}", "Content-Type": "application/json"},
        )
        self.assertEqual([one["name"] for one in answer.json()], [shipment.name])
