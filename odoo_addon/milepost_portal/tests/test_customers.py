"""A truck with goods of two customers: each sees, is told of, signs for and gets his own, and nothing else."""

import re
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .sign_case import SignCase

# What each of them must find, and the other must not.
WORDS = {
    "northwind": ("NW-PO-77", "Pump", "Northwind Dock", "Norbert"),
    "other": ("SW-PO-99", "Valve", "Southwind Dock", "Susan"),
}


@tagged("post_install", "-at_install")
class TestCustomers(SignCase):
    @classmethod
    def build(cls, world):
        cls.company.milepost_notices = True
        cls.now = fields.Datetime.now().replace(microsecond=0)
        cls.other = cls.stranger.commercial_partner_id
        cls.other.write({"email": "goods@southwind.example", "tz": "UTC"})
        cls.valve = cls.env["product.product"].create({
            "name": "Valve", "default_code": "VALVE", "type": "consu", "invoice_policy": "delivery",
            "taxes_id": [Command.clear()],
        })  # fmt: skip
        cls.orders = {}
        for login, partner, product in (
            ("northwind", cls.customer, world.product), ("other", cls.other, cls.valve),
        ):  # fmt: skip
            there = cls.env["res.partner"].create({
                "name": WORDS[login][2], "parent_id": partner.id, "type": "delivery", "city": WORDS[login][2],
                "email": f"dock@{login}.example",
            })  # fmt: skip
            order = cls.env["sale.order"].create({
                "partner_id": partner.id, "partner_shipping_id": there.id,
                "client_order_ref": WORDS[login][0],
                "order_line": [Command.create({
                    "product_id": product.id, "product_uom_qty": 10, "price_unit": 10,
                    "tax_ids": [Command.clear()],
                })],
            })  # fmt: skip
            order.action_confirm()
            world.ship(order.picking_ids, 10)
            cls.orders[login] = order
        both = cls.orders["northwind"] | cls.orders["other"]
        cls.truck = cls.env["milepost.shipment"].create({
            "company_id": cls.company.id, "connection_id": cls.connection.id, "partner_id": cls.customer.id,
            "carrier_partner_id": cls.carrier.id, "picking_ids": [Command.set(both.picking_ids.ids)],
            "sale_order_ids": [Command.set(both.ids)],
        })  # fmt: skip
        world.facts(world.milestone(cls.truck, "picked_up", cls.now - timedelta(hours=8)))

    def drop(self, login):
        """The stop of a customer's goods, as facts name it."""
        [stop] = self.truck._stops_of(self.orders[login].partner_id)
        return {"id": stop.key}

    def arrive(self, *logins, hours=2):
        for login in logins:
            at = self.now - timedelta(hours=hours)
            self.facts(self.milestone(self.truck, "delivered", at, {**self.drop(login), "kind": "delivery"}))

    def prove(self, *logins):
        for login in logins:
            signer = WORDS[login][3]
            self.facts(
                self.pod(self.truck, at=self.now - timedelta(hours=2), stop=self.drop(login), signer=signer)
            )
        self.validate(self.truck, self.now)

    def papers(self, login):
        return self.truck.pod_ids.filtered(lambda pod: pod.signer == WORDS[login][3]).document_ids

    def assert_own(self, text, login, words=WORDS, missing=()):
        for name, own in words.items():
            for word in own:
                with self.subTest(reader=login, word=word):
                    if name != login:
                        self.assertNotIn(word, text)
                    elif word not in missing:
                        self.assertIn(word, text)

    def test_on_page_and_share_link_each_sees_his_own(self):
        self.arrive("northwind", "other")
        self.prove("northwind", "other")
        path = self.truck.access_url
        for login, order in self.orders.items():
            [paper], [theirs] = (
                self.papers(login),
                self.papers("other" if login == "northwind" else "northwind"),
            )
            link = self.env["milepost.link"]._to_follow(self.truck, order.partner_id)
            for token in ("", f"?access_token={link._token()}"):
                self.authenticate(None if token else login, None if token else login)
                page = self.page(f"{path}{token}").text
                # Who signed stands on the paper alone.
                self.assert_own(page, login, missing=(WORDS[login][3],))
                self.assertIn(order.name, page)
                self.assertIn(f"/proof/{paper.id}", page)
                self.assertNotIn(f"/proof/{theirs.id}", page)
                self.page(f"{path}/proof/{paper.id}{token}")
                self.page(f"{path}/proof/{theirs.id}{token}", 404)

    def test_each_finds_it_among_his_shipments_and_by_no_order_of_another(self):
        for login in WORDS:
            self.authenticate(login, login)
            page = self.page("/my/shipments").text
            self.assertIn(self.truck.name, page)
            self.assert_own(page, login, {one: words[2:3] for one, words in WORDS.items()})
            for name, order in self.orders.items():
                for search in (order.name, order.client_order_ref):
                    found = self.page(f"/my/shipments?search={search}&search_in=order").text
                    self.assertEqual(self.truck.access_url in found, name == login, (login, search))
            self.assertIn(self.truck.access_url, self.page(self.orders[login].get_portal_url()).text)

    def test_what_happens_at_the_others_door_is_nothing_of_his(self):
        self.arrive("other", hours=3)
        mine, theirs = (self.orders[login].partner_id for login in ("northwind", "other"))
        labels = {one: [step["label"] for step in self.truck._portal_steps(one)] for one in (mine, theirs)}
        self.assertEqual(labels, {mine: ["Picked Up"], theirs: ["Delivered", "Picked Up"]})
        self.assertFalse(self.truck._portal_delivered(mine))
        self.assertTrue(self.truck._portal_expected(mine))
        self.assertTrue(self.truck._portal_delivered(theirs))
        self.assertFalse(self.truck._portal_expected(theirs))

    def test_each_is_asked_and_signs_for_his_own(self):
        self.arrive("northwind", "other")
        self.truck.with_user(self.users["dispatcher"]).action_ask_signature()
        self.authenticate(None, None)
        for login in WORDS:
            path = self.path_in(self.mails(f"dock@{login}.example"))
            self.assert_own(self.page(path).text, login, missing=(WORDS[login][3],))
            self.post(f"{path}/goods")
            self.finish(path, WORDS[login][3])
        self.validate(self.truck, self.now)
        self.assertEqual(
            {(pod.signer, pod.stop_id.city, pod.state) for pod in self.truck.pod_ids},
            {("Norbert", "Northwind Dock", "validated"), ("Susan", "Southwind Dock", "validated")},
        )
        for login in WORDS:
            [link] = self.truck.link_ids.filtered(lambda one, of=login: one.email == f"dock@{of}.example")
            self.assertEqual(len(link._rows()), 1)
            self.assertEqual(self.truck._orders_of(link.partner_id), self.orders[login])

    def test_who_is_logged_in_signs_for_his_own_stop(self):
        self.arrive("other")
        self.authenticate("northwind", "northwind")
        self.assertEqual(self.post(f"{self.truck.access_url}/sign").status_code, 404)
        self.authenticate("other", "other")
        answer = self.post(f"{self.truck.access_url}/sign")
        path = answer.headers["Location"]
        self.finish(path[path.index("/shipment") :], "Susan")
        self.assertEqual(self.truck.pod_ids.stop_id.city, "Southwind Dock")
        self.validate(self.truck, self.now)
        self.assertEqual(self.post(f"{self.truck.access_url}/sign").status_code, 404)

    def test_what_is_unloaded_together_has_no_paper_that_one_of_them_sees_or_signs(self):
        self.arrive("northwind")
        self.prove("northwind")
        self.orders["other"].picking_ids.partner_id = self.orders["northwind"].partner_shipping_id
        self.truck._refresh_base_stops()
        for order in self.orders.values():
            self.assertFalse(self.truck._portal_proofs(order.partner_id))
            self.assertEqual(len(self.truck._lines_of(order.partner_id)), 1)
        self.facts(self.fact("retraction", self.truck, target={"key": self.truck.pod_ids.key}))
        self.validate(self.truck, self.now)
        with self.assertRaisesRegex(UserError, "several customers"):
            self.truck.with_user(self.users["dispatcher"]).action_ask_signature()
        # A warehouse that takes in for both is nobody's rival.
        wharf = self.env["res.partner"].create({"name": "Wharf", "email": "in@wharf.example"})
        (self.orders["northwind"] | self.orders["other"]).picking_ids.partner_id = wharf
        self.truck.destination_id = wharf
        self.truck.with_user(self.users["dispatcher"]).action_ask_signature()
        page = self.page(self.path_in(self.mails("in@wharf.example"))).text
        for word in ("Pump", "Valve"):
            self.assertIn(word, page)
        for word in ("NW-PO-77", "SW-PO-99"):
            self.assertNotIn(word, page)

    def test_a_link_to_sign_that_was_sent_before_others_came_aboard_shows_and_signs_no_more(self):
        self.orders["other"].picking_ids.partner_id = self.orders["northwind"].partner_shipping_id
        lone = self.shipment(self.orders["northwind"])
        self.deliver(lone)
        link = self.asked(lone)
        lone.write({
            "picking_ids": [Command.link(self.orders["other"].picking_ids.id)],
            "sale_order_ids": [Command.link(self.orders["other"].id)],
        })  # fmt: skip
        self.assertNotIn("Valve", str(link._signed_rows()))
        with self.assertRaisesRegex(UserError, "others"):
            link._say({}, "")

    def test_each_is_told_of_his_own_delivery(self):
        self.arrive("other")
        told = self.truck.notice_ids.filtered(lambda one: one.event == "delivered")
        self.assertEqual(told.partner_id, self.other)
        self.arrive("northwind")
        self.truck.notice_ids.filtered(lambda one: one.event == "picked_up").state = "skipped"
        for notice in self.truck.notice_ids.filtered(lambda one: one.event == "delivered"):
            notice._send()
            [mail] = self.env["mail.mail"].search(
                [("model", "=", "milepost.shipment"), ("recipient_ids", "=", notice.partner_id.id)]
            )
            login = "other" if notice.partner_id == self.other else "northwind"
            for name, order in self.orders.items():
                self.assertEqual(order.name in mail.body_html, name == login)
            [url] = set(re.findall(r'href="([^"]*/my/shipments/[^"]*)"', mail.body_html))
            self.authenticate(None, None)
            page = self.page(url.replace("&amp;", "&").removeprefix(self.truck.get_base_url())).text
            self.assert_own(page, login, missing=(WORDS[login][3],))
        self.assertEqual(len(self.truck.notice_ids.filtered(lambda one: one.event == "delivered")), 2)

    def test_with_his_invoice_goes_his_paper_alone(self):
        (self.customer | self.other).milepost_proof_with_invoice = True
        self.arrive("northwind", "other")
        self.prove("northwind", "other")
        invoices = self.run_billing(self.now + timedelta(days=1))
        self.assertEqual(len(invoices), 2)
        for login, order in self.orders.items():
            invoice = invoices.filtered(lambda move, own=order: move.partner_id == own.partner_id)
            self.assertEqual(invoice._milepost_proofs(), self.papers(login))

    def test_over_rpc_each_reads_the_shipment_and_gets_a_token_of_his_own_view(self):
        for login, user in (("northwind", self.reader), ("other", self.stranger)):
            truck = self.truck.with_user(user)
            self.assertEqual(truck.search([("id", "=", self.truck.id)]), truck)
            with self.assertRaises(AccessError):
                truck.read(["sale_order_ids"])
            forged = truck.with_context(milepost_customer=self.customer.id)
            token = forged.get_portal_url().partition("access_token=")[2]
            link = self.env["milepost.link"]._of_token(token, "follow")
            self.assertEqual(self.truck._orders_of(link.partner_id), self.orders[login])
        third = self.portal_user("third", self.env["res.partner"].create({"name": "Eastwind"}))
        self.assertFalse(self.truck.with_user(third).search([("id", "=", self.truck.id)]))

    def test_a_share_link_is_made_for_each(self):
        action = self.truck.with_user(self.users["dispatcher"]).action_share_link()
        links = self.env["milepost.link"].search(action["domain"])
        self.assertEqual(links.partner_id, self.customer | self.other)

    def test_a_link_to_sign_of_who_left_the_truck_opens_nothing(self):
        self.arrive("northwind", "other")
        self.truck.with_user(self.users["dispatcher"]).action_ask_signature()
        [his] = self.truck.link_ids.filtered(lambda one: one.email == "dock@other.example")
        [mine] = self.truck.link_ids.filtered(lambda one: one.email == "dock@northwind.example")
        self.authenticate(None, None)
        paths = {one: f"/shipment/sign/{one._token()}" for one in (his, mine)}
        self.page(paths[his])
        # His goods go on another truck; the stop of his goes with them.
        order = self.orders["other"]
        self.truck.write({
            "picking_ids": [Command.unlink(order.picking_ids.id)],
            "sale_order_ids": [Command.unlink(order.id)],
        })  # fmt: skip
        self.truck._refresh_base_stops()
        self.assertFalse(self.truck._is_shared())
        self.page(paths[his], 404)
        self.assertEqual(self.post(f"{paths[his]}/goods").status_code, 404)
        self.page(paths[mine])

    def test_a_link_to_sign_for_an_address_that_is_no_consignee_any_more_opens_nothing(self):
        lone = self.shipment(self.orders["northwind"])
        self.deliver(lone)
        friend = self.env["res.partner"].create({"name": "Friend", "email": "old@freemail.example"})
        lone.destination_id = friend
        link = self.asked(lone)
        self.assertEqual(link.partner_id, friend)
        self.authenticate(None, None)
        self.page(f"/shipment/sign/{link._token()}")
        lone.destination_id = self.orders["northwind"].partner_shipping_id
        self.page(f"/shipment/sign/{link._token()}", 404)
