"""Nobody here signs his own delivery to free his invoice."""

import base64

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .sign_case import SignCase, drawing


@tagged("post_install", "-at_install")
class TestSignAuthority(SignCase):
    def setUp(self):
        super().setUp()
        self.seller = self.make_user(
            "seller",
            ["sales_team.group_sale_salesman", "milepost.group_dispatcher", "base.group_partner_manager"],
        )
        self.users["seller"] = self.seller
        self.drawing = base64.b64encode(drawing()).decode()

    def newest(self):
        return self.delivered.link_ids.filtered(lambda link: link.purpose == "sign").sorted("id")[-1:]

    def signed(self, link):
        link._sign("J. Doe", self.drawing, "127.0.0.1", "x")
        self.validate(link.shipment_id)
        return link.pod_ids

    def test_a_seller_who_writes_the_address_and_asks_proves_nothing_alone(self):
        self.customer.with_user(self.seller).email = "me@freemail.example"
        link = self.asked(by="seller")
        self.assertTrue(link.in_doubt)
        pod = self.signed(link)
        self.assertEqual((pod.state, self.reasons(self.delivered)), ("received", ["pod_missing"]))
        with self.assertRaises(AccessError):
            pod.with_user(self.seller).action_validate()
        self.validate(self.delivered)
        self.assertEqual(self.reasons(self.delivered), ["pod_missing"])
        pod.with_user(self.users["analyst"]).action_validate()
        self.validate(self.delivered)
        self.assertEqual((pod.state, self.reasons(self.delivered)), ("validated", []))

    def test_a_colleague_who_asks_for_the_seller_changes_nothing(self):
        self.delivered.sale_order_ids.user_id = self.seller
        self.customer.with_user(self.seller).email = "me@freemail.example"
        # Another one corrects a letter: the first is not forgotten.
        self.customer.with_user(self.users["dispatcher"]).sudo().email = "me2@freemail.example"
        self.assertTrue(self.asked(by="dispatcher").in_doubt)

    def test_an_order_that_was_given_to_another_leaves_the_doubt(self):
        self.delivered.sale_order_ids.user_id = self.seller
        self.customer.with_user(self.seller).email = "me@freemail.example"
        self.delivered.sale_order_ids.user_id = self.users["manager"]
        self.assertTrue(self.asked(by="dispatcher").in_doubt)

    def test_a_login_at_an_address_that_one_of_ours_wrote_is_in_doubt(self):
        contact = self.reader.partner_id
        contact.with_user(self.seller).sudo().email = "me@freemail.example"
        [stop] = self.delivered._signable_stops(contact)
        link = self.env["milepost.link"].with_user(self.reader)._to_sign(stop, contact, contact.email)
        self.assertTrue(link.in_doubt)

    def test_a_consignee_whom_a_dispatcher_chose_is_in_doubt(self):
        friend = self.env["res.partner"].create({"name": "Friend", "email": "old@freemail.example"})
        self.delivered.with_user(self.users["dispatcher"]).destination_id = friend
        link = self.asked(by="seller")
        self.assertEqual((link.email, link.in_doubt), ("old@freemail.example", True))
        friend.with_user(self.users["analyst"]).action_milepost_confirm_email()
        self.asked(by="seller")
        self.assertFalse(self.newest().in_doubt)

    def test_who_asks_does_not_confirm_the_address_himself(self):
        self.users["both"] = self.make_user(
            "both", ["milepost.group_dispatcher", "milepost_billing.group_billing_analyst"]
        )
        self.customer.with_user(self.seller).email = "dock@northwind.example"
        self.customer.with_user(self.users["both"]).action_milepost_confirm_email()
        self.assertTrue(self.asked(by="both").in_doubt)
        self.asked(by="dispatcher")
        self.assertFalse(self.newest().in_doubt)

    def test_an_address_of_our_own_people_is_in_doubt(self):
        self.customer.email = f"Boss <{self.users['manager'].login}>"
        self.users["manager"].login = "boss@ours.example"
        self.customer.email = '"The Boss" <BOSS@ours.example>'
        self.assertTrue(self.asked().in_doubt)

    def test_an_address_that_another_confirmed_needs_no_yes(self):
        self.delivered.sale_order_ids.user_id = self.seller
        self.customer.with_user(self.seller).email = "dock@northwind.example"
        with self.assertRaises(AccessError):
            self.customer.with_user(self.seller).action_milepost_confirm_email()
        self.customer.with_user(self.users["analyst"]).action_milepost_confirm_email()
        link = self.asked()
        self.assertFalse(link.in_doubt)
        self.assertEqual(self.signed(link).state, "validated")
        # A new address is to be confirmed anew.
        self.customer.with_user(self.seller).email = "me@freemail.example"
        self.assertFalse(self.customer.milepost_email_confirmed_by_id)
        wrote = self.customer.with_user(self.users["analyst"])
        wrote.sudo().email = "mine@freemail.example"
        with self.assertRaises(AccessError):
            wrote.action_milepost_confirm_email()

    def test_who_made_the_link_or_wrote_the_address_releases_nothing_of_the_shipment(self):
        self.customer.with_user(self.users["manager"]).sudo().email = "dock@northwind.example"
        pod = self.signed(self.asked())
        pod.with_user(self.users["analyst"]).action_reject("Not his hand")
        self.validate(self.delivered)
        [hold] = self.delivered.hold_ids.filtered("is_blocking")
        people = hold._people()
        self.assertIn(self.users["dispatcher"], people)
        self.assertIn(self.users["manager"], people)
        with self.assertRaises(AccessError):
            pod.with_user(self.users["manager"]).action_validate()

    def test_nobody_here_sees_the_link_that_was_sent(self):
        link = self.asked()
        token = link._token()
        self.assertFalse(link.url)
        for name in ("dispatcher", "analyst", "controller"):
            with self.subTest(user=name):
                env = self.env(user=self.users[name])
                self.assertFalse(env["milepost.link"].browse(link.id).url)
                with self.assertRaises(AccessError):
                    env["milepost.link"].browse(link.id).read(["nonce"])
                seen = env["mail.message"].search([("body", "ilike", "/shipment/sign/")])
                self.assertFalse(seen)
                with self.assertRaises(AccessError):
                    env["mail.mail"].search([("body_html", "ilike", token)])
        [mail] = self.mails("goods@northwind.example")
        self.assertIn(token, mail.body_html)

    def test_a_contact_who_is_made_the_customers_is_in_doubt(self):
        """With an address that nobody here wrote, and a login that the public made."""
        friend = self.env["res.partner"].create({"name": "Friend", "email": "old@freemail.example"})
        child = friend.create(
            {"name": "Friend's Dock", "parent_id": friend.id, "email": "dock@freemail.example"}
        )
        friend.milepost_email_confirmed_by_id = self.users["analyst"]
        friend.with_user(self.seller).parent_id = self.customer
        self.assertEqual(friend.commercial_partner_id, self.customer)
        self.assertFalse(friend.milepost_email_confirmed_by_id)
        for contact in (friend, child):
            self.assertEqual(contact.milepost_email_user_ids, self.seller)
            [stop] = self.delivered._signable_stops(contact)
            link = self.env["milepost.link"].with_user(self.reader)._to_sign(stop, contact, contact.email)
            self.assertTrue(link.in_doubt, contact.name)
        # A company of its own that is made a contact of the company it belongs to.
        firm = friend.create({
            "name": "Firm", "is_company": True, "parent_id": self.customer.id, "email": "firm@freemail.example",
        })  # fmt: skip
        firm.with_user(self.seller).is_company = False
        self.assertEqual(firm.milepost_email_user_ids, self.seller)

    def test_who_chose_the_consignee_or_sold_says_nothing_of_a_doubted_signature(self):
        friend = self.env["res.partner"].create({"name": "Friend", "email": "old@freemail.example"})
        self.delivered.with_user(self.users["dispatcher"]).destination_id = friend
        self.delivered.sale_order_ids.user_id = self.users["both"] = self.make_user(
            "both", ["milepost.group_dispatcher", "milepost_billing.group_billing_analyst"]
        )
        pod = self.signed(self.asked(by="seller"))
        self.assertEqual(pod.state, "received")
        for name in ("dispatcher", "both", "seller"):
            with self.subTest(user=name), self.assertRaises(AccessError):
                pod.with_user(self.users[name]).action_validate()
        # Nor is a yes of theirs worth anything that was given before.
        pod.sudo().write({"review": "validated", "reviewed_by_id": self.users["both"].id})
        self.validate(self.delivered)
        self.assertEqual(self.reasons(self.delivered), ["pod_missing"])
        pod.with_user(self.users["analyst"]).action_validate()
        self.validate(self.delivered)
        self.assertEqual(self.reasons(self.delivered), [])
