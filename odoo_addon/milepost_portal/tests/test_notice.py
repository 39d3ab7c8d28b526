"""Customers are told once what happens to their shipments, and nothing that is not so any more."""

import random
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .sign_case import SignCase


@tagged("post_install", "-at_install")
class TestNotice(SignCase):
    @classmethod
    def build(cls, world):
        cls.company.milepost_notices = True
        cls.now = fields.Datetime.now().replace(microsecond=0)
        cls.open = world.shipment(world.order())

    def happens(self, code, hours=-1, shipment=None, **values):
        fact = self.milestone(shipment or self.open, code, self.now + timedelta(hours=hours), **values)
        self.facts({**fact, "recorded_at": f"{self.now + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"})
        return fact

    def withdraw(self, fact, minutes=1):
        said = f"{self.now + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"
        self.facts(self.fact("retraction", self.open, target={"key": fact["key"]}, recorded_at=said))

    def sent(self, shipment=None):
        """The events that are mailed now."""
        shipment = shipment or self.open
        told = shipment.notice_ids.filtered(lambda one: one.state == "waiting").sorted("id")
        for notice in told:
            notice._send()
        return told.filtered(lambda one: one.state == "sent").mapped("event")

    def test_each_step_is_told_once(self):
        self.happens("picked_up", -5)
        self.assertEqual(self.sent(), ["picked_up"])
        self.happens("picked_up", -5)
        self.happens("in_transit", -4)
        self.assertEqual(self.sent(), [])
        self.happens("out_for_delivery", -2)
        self.assertEqual(self.sent(), ["out_for_delivery"])
        self.happens("delivered", -1)
        self.assertEqual(self.sent(), ["delivered"])
        mail = self.env["mail.mail"].search(
            [("model", "=", "milepost.shipment"), ("res_id", "=", self.open.id)]
        )
        self.assertEqual(len(mail), 3)
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn(self.open.access_url, mail[0].body_html)
        self.assertIn("List-Unsubscribe", mail[0].headers)

    def test_who_is_told_of_the_delivery_needs_no_word_of_the_pickup(self):
        self.happens("picked_up", -3)
        self.happens("delivered", -1)
        self.assertEqual(self.sent(), ["delivered"])

    def test_what_was_withdrawn_before_it_was_told_is_not_told(self):
        fact = self.happens("delivered", -1)
        self.withdraw(fact)
        self.assertFalse(self.open.delivered_at)
        self.assertEqual(self.sent(), [])
        # Told, withdrawn, and delivered in truth later: that is news again.
        again = self.happens("delivered", -0.5)
        self.assertEqual(self.sent(), ["delivered"])
        self.withdraw(again, 2)
        self.assertEqual(self.sent(), [])
        self.happens("delivered", -0.1)
        self.assertEqual(self.sent(), ["delivered"])

    def test_nobody_else_is_told_and_nobody_against_his_wish(self):
        self.customer.milepost_notices = "few"
        self.happens("picked_up", -3)
        self.assertEqual(self.sent(), [])
        self.happens("delivered", -1)
        self.assertEqual(self.sent(), ["delivered"])
        for change in (
            lambda: self.customer.write({"milepost_notices": "none"}),
            lambda: self.customer.write({"milepost_notices": "all", "email": False}),
            lambda: self.company.write({"milepost_notices": False}),
        ):
            change()
            other = self.shipment(self.order())
            self.happens("delivered", -1, other)
            self.assertEqual(self.sent(other), [])
        self.customer.email, self.company.milepost_notices = "goods@northwind.example", True
        for direction in ("receipt", "return", "resupply"):
            other = self.shipment(self.order(), direction=direction)
            self.happens("delivered", -1, other)
            self.assertEqual(self.sent(other), [])

    def test_history_that_comes_late_and_a_dispute_are_silent(self):
        self.happens("delivered", -24 * 10)
        self.assertEqual(self.sent(), [])
        other = self.shipment(self.order())
        self.happens("delivered", -1, other)
        self.env["milepost.hold"].sudo().create({
            "shipment_id": other.id, "reason": "customer_dispute", "side": "ar", "company_id": self.company.id,
            "explanation": "He says that it is not his",
        })  # fmt: skip
        self.assertEqual(self.sent(other), [])

    def test_a_delay_is_told_when_the_day_changes_and_once(self):
        self.open.due_at = self.now + timedelta(hours=1)
        stop = {**self.key_of(self.open), "kind": "delivery"}
        for days, told in ((0, []), (2, ["delayed"]), (0, []), (3, [])):
            eta = self.open.due_at + timedelta(days=days)
            said = f"{self.now + timedelta(minutes=days - 30):%Y-%m-%dT%H:%M:%SZ}"
            fact = self.milestone(self.open, "eta_updated", eta, stop)
            self.facts({**fact, "classifier": "estimated", "recorded_at": said})
            self.assertEqual(self.sent(), told)

    def test_a_customer_ends_his_notices_by_the_link_and_reading_it_ends_nothing(self):
        path = (
            f"/shipment/notices/{self.env['milepost.link']._for_notices(self.open, self.customer)._token()}"
        )
        self.authenticate(None, None)
        self.page(path)
        self.page(f"{path}?wish=none")
        self.assertEqual(self.customer.milepost_notices, "all")
        self.assertIn("Saved", self.post(path, wish="few").text)
        self.assertEqual(self.customer.milepost_notices, "few")
        self.post(path, wish="x")
        self.assertEqual(self.customer.milepost_notices, "few")
        self.assertEqual(
            self.url_open(f"{path}/stop", data={"List-Unsubscribe": "One-Click"}).status_code, 200
        )
        self.assertEqual(self.customer.milepost_notices, "none")
        self.assertEqual(self.url_open("/shipment/notices/1-x/stop", data={"a": 1}).status_code, 404)

    def test_a_template_that_a_user_edits_is_what_the_customer_reads_in_his_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        template = self.env.ref("milepost_portal.mail_template_notice_delivered")
        template.with_context(lang="de_DE").subject = "Angekommen: {{ object.name }}"
        self.happens("delivered", -1)
        self.assertEqual(self.sent(), ["delivered"])
        mail = self.env["mail.mail"].search(
            [("model", "=", "milepost.shipment"), ("res_id", "=", self.open.id)]
        )
        self.assertEqual(mail.subject, f"Angekommen: {self.open.name}")

    def test_in_random_histories_no_fact_is_told_twice(self):
        chance = random.Random(14)  # noqa: S311 a test's dice
        for _round in range(6):
            shipment = self.open = self.shipment(self.order())
            standing, told, minute = {}, 0, 0
            for _step in range(8):
                minute += 1
                code = chance.choice(("picked_up", "out_for_delivery", "delivered"))
                if code in standing and chance.random() < 0.5:
                    self.withdraw(standing.pop(code), minute)
                elif code not in standing:
                    standing[code] = self.happens(code, -1 + minute / 60)
                    told += 1
                if chance.random() < 0.6:
                    self.sent()
            self.sent()
            sent = shipment.notice_ids.filtered(lambda one: one.state == "sent")
            self.assertLessEqual(len(sent), told)
            alive = sent.filtered(lambda one: not one.is_over).mapped("event")
            self.assertEqual(len(alive), len(set(alive)))
            self.assertLessEqual(set(alive), {"ordered", *standing})
