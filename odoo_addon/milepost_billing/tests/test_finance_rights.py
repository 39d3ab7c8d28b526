from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .billing_case import DELIVERY, BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceRights(BillingCase):
    """Who sees costs, who notes and plans, what partners know things by, and companies apart."""

    def as_(self, record, user):
        return record.with_user(self.users[user])

    def setUp(self):
        super().setUp()
        self.expect(None, fuel=455.1)
        self.env["milepost.rate"].create({
            "name": "Sold fuel", "company_id": self.company.id, "side": "sell", "charge_type": "fuel",
            "amount": 500, "valid_from": "2026-01-01",
        })  # fmt: skip
        self.order_ = self.order()
        self.shipment_ = self.shipment(self.order_)
        self.deliver(self.shipment_)
        self.fact_ = self.bill(self.shipment_, [("fuel", "499.50")])
        self.facts(self.fact_)
        self.validate(self.shipment_)

    def test_buying_rates_and_carrier_bills_are_for_who_may_see_costs(self):
        clerk = self.make_user("clerk", ["milepost.group_viewer"])
        buyer = self.make_user("buyer", ["milepost_billing.group_cost_viewer"])
        bill = self.invoice_of(self.fact_)
        for user in (clerk, self.users["dispatcher"]):
            with self.subTest(user.login):
                rates = self.env["milepost.rate"].with_user(user).search([])
                self.assertEqual(set(rates.mapped("side")), {"sell"})
                charges = self.env["milepost.expected.charge"].with_user(user).search([])
                self.assertEqual(set(charges.mapped("side")), {"sell"})
                # What a carrier is held for says what it charges: text and amount are costs.
                board = self.env["milepost.hold"].with_user(user).hold_board(side="ap")
                self.assertEqual((board["groups"], board["sides"][1]["count"]), ([], 0))
                self.assertFalse(self.shipment_.with_user(user).hold_ids.filtered(lambda h: h.side == "ap"))
                held = bill.hold_ids
                self.assertTrue(held)
                for record, name in (
                    (bill, "total"), (bill.line_ids, "amount"), (held, "explanation"), (held.audit_ids, "event"),
                ):  # fmt: skip
                    with self.assertRaises(AccessError):
                        record.with_user(user).read([name])
                with self.assertRaises(AccessError):
                    self.shipment_.with_user(user).read(["expected_cost"])
                view = self.shipment_.with_user(user).get_views([(False, "form")])["views"]["form"]["arch"]
                self.assertNotIn("expected_cost", view)
        self.assertEqual(bill.with_user(buyer).total, 499.5)
        self.assertTrue(bill.hold_ids.with_user(buyer).explanation)
        self.assertEqual(self.shipment_.with_user(buyer).expected_cost, 455.1)
        self.assertEqual(
            set(self.env["milepost.rate"].with_user(buyer).search([]).mapped("side")), {"cost", "sell"}
        )

    def test_a_dispatcher_alone_asks_for_a_cost_and_sees_what_he_asked(self):
        charges = self.as_(self.env["milepost.expected.charge"], "dispatcher")
        charge = charges.create({"shipment_id": self.shipment_.id, "charge_type": "lumper", "amount": 10})
        self.assertIn(charge, charges.search([]))

    def test_who_works_with_a_shipment_notes_and_plans_on_it(self):
        operator = self.make_user("lone operator", ["milepost.group_integration_operator"])
        bill = self.invoice_of(self.fact_)
        for user in (self.users["analyst"], self.users["manager"], operator, self.users["dispatcher"]):
            for record in (
                self.shipment_,
                self.shipment_.hold_ids.filtered(lambda one: one.side == "ar"),
                bill,
            ):
                if record == bill and user in (operator, self.users["dispatcher"]):
                    continue
                with self.subTest(user.login, record=record):
                    own = record.with_user(user)
                    own.message_post(body="Asked the carrier")
                    own.activity_schedule("mail.mail_activity_data_todo", summary="Call", user_id=user.id)

    def test_a_dispatcher_alone_opens_what_his_screen_links_to_and_makes_a_shipment(self):
        user = self.make_user("lone dispatcher", ["milepost.group_dispatcher"])
        self.assertFalse(
            user.has_group("sales_team.group_sale_salesman") or user.has_group("stock.group_stock_user")
        )
        shipment = self.shipment_.with_user(user)
        for action in (shipment.action_view_sale_orders(), shipment.action_view_pickings()):
            model = self.env[action["res_model"]].with_user(user)
            record = (
                model.browse(action["res_id"]) if action.get("res_id") else model.search(action["domain"])
            )
            spec = {name: {} for name in ("display_name", "state")}
            self.assertTrue(record.web_read(spec)[0]["display_name"])
            self.assertTrue(model.get_views([(False, "form")]))
        picking = self.order().picking_ids
        made = self.env["milepost.shipment"].with_user(user).create({
            "connection_id": self.connection.id, "partner_id": self.customer.id, "company_id": self.company.id,
            "picking_ids": [Command.set(picking.ids)],
        })  # fmt: skip
        self.assertEqual(made.picking_ids, picking.with_user(user))

    def test_what_partners_know_a_shipment_by_stays(self):
        for name in ("uid", "consignment_uid", "name", "company_id"):
            with self.subTest(name), self.refused(AccessError, "they stay"):
                self.as_(self.shipment_, "dispatcher").write({name: self.company.id})

    # Who publishes what

    def rule(self, kind, partner=None, allowed=False, approve=True):
        rule = self.as_(self.env["milepost.publisher"], "manager").create({
            "connection_id": self.connection.id, "kind": kind, "allowed": allowed,
            "partner_id": partner.id if partner else False,
        })  # fmt: skip
        if approve:
            self.as_(rule, "controller").action_approve()
        return rule

    def verdict(self, fact):
        [verdict] = self.facts(fact, expect=None)
        return verdict["status"], verdict.get("code")

    def test_without_a_rule_every_connection_publishes_every_billing_fact(self):
        self.assertEqual(self.verdict(self.pod(self.shipment_)), ("accepted", None))

    def test_a_billing_fact_without_authority_is_rejected_at_the_door(self):
        facts = {
            "proof_of_delivery": lambda one: self.pod(one),
            "charge": lambda one: self.fact("charge", one, side="sell", charge_type="fuel", amount="5",
                                            currency=self.usd.name, raw_code="FUE"),
            "carrier_invoice": lambda one: self.bill(one, [("fuel", "1.00")]),
            "delivered": lambda one: self.milestone(one, "delivered", DELIVERY),
        }  # fmt: skip
        for kind, fact in facts.items():
            with self.subTest(kind):
                shipment = self.shipment(self.order())
                rule = self.rule(kind, approve=False)
                self.assertEqual(self.verdict(fact(shipment)), ("accepted", None), "it is not in force yet")
                self.as_(rule, "controller").action_approve()
                self.assertEqual(self.verdict(fact(shipment)), ("rejected", "authority"))
                self.assertEqual(
                    self.verdict(self.milestone(shipment, "picked_up", DELIVERY)), ("accepted", None)
                )
                self.as_(rule, "controller").action_end()
                self.assertEqual(self.verdict(fact(shipment)), ("accepted", None))

    def test_the_rule_for_a_customer_comes_before_that_for_all(self):
        trusted = self.env["res.partner"].create({"name": "Trusted"})
        self.rule("proof_of_delivery")
        self.rule("proof_of_delivery", trusted, allowed=True)
        mine = self.shipment(self.order(partner=trusted))
        self.assertEqual(self.verdict(self.pod(mine)), ("accepted", None))
        self.assertEqual(self.verdict(self.pod(self.shipment_)), ("rejected", "authority"))
        lost = self.pod(mine, identifiers=[{"type": "pro", "value": "unknown"}])
        self.assertEqual(self.verdict(lost), ("rejected", "authority"))

    def test_a_rule_is_anothers_to_approve_and_stays_as_it_was(self):
        rule = self.rule("charge", approve=False)
        with self.refused(AccessError, "made or edited"):
            self.as_(rule, "manager").action_approve()
        for user in ("analyst", "dispatcher"):
            with self.assertRaises(AccessError):
                self.as_(rule, user).action_approve()
        with self.assertRaises(AccessError):
            self.as_(rule, "manager").write({"state": "approved"})
        self.as_(rule, "controller").action_approve()
        with self.refused(UserError, "stays as it is"):
            self.as_(rule, "manager").allowed = True
        with self.refused(UserError, "is kept"):
            self.as_(rule, "manager").unlink()
        self.assertEqual(rule.approved_by_id, self.users["controller"])
