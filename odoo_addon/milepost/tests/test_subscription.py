"""Events for consumers: told in the transaction, in order, once, and never more than their rights allow."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..contract.checker import SCHEMAS, _compile
from .common import MilepostCase, milestone


@tagged("post_install", "-at_install", "milepost")
class TestSubscription(MilepostCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consumer = cls.env["milepost.connection"].create({
            "name": "Harbour's Orders", "code": "harbour", "source": "consumer", "company_id": cls.company.id,
        })  # fmt: skip
        cls.subscription = cls.subscribe()

    @classmethod
    def subscribe(cls, **values):
        return cls.env["milepost.subscription"].create({
            "name": "Harbour", "connection_id": cls.consumer.id, "scope": "customer",
            "partner_id": cls.customer.id, **values,
        })  # fmt: skip

    def setUp(self):
        super().setUp()
        self.exchange = self.env["milepost.exchange"].with_user(self.bridge)
        self.shipment = self.new_shipment()

    def happens(self, *codes, shipment=None):
        for hours, code in enumerate(codes):
            self.tell(milestone(shipment or self.shipment, code, hours))
            self.end_transaction()

    def events(self, shipment=None):
        named = (shipment or self.shipment).outbox_ids.filtered(lambda item: item.kind == "event")
        return named.sorted("id")

    def states(self, shipment=None):
        return [event.payload["transport"]["state"] for event in self.events(shipment)]

    def claim(self):
        return self.exchange.claim_outbox("harbour")["items"]

    def acknowledge(self, item, result="accepted", **more):
        given = {"id": item["id"], "lease": item["lease"], "result": result, **more}
        return self.exchange.acknowledge_outbox([given])["results"][0]["status"]

    def test_each_change_of_state_is_told_once_and_keeps_the_contract(self):
        self.happens("picked_up", "picked_up", "delivered")
        self.assertEqual(self.states(), ["in_transit", "delivered"])
        check = _compile(SCHEMAS["event"])
        for event in self.events():
            check(event.payload)
            self.assertEqual(event.payload["id"], event.idempotency_key)
            self.assertEqual(event.payload["shipment"]["number"], self.shipment.name)
        self.assertEqual(len(set(self.events().mapped("idempotency_key"))), 2)

    def test_of_what_happens_in_one_transaction_its_end_is_told(self):
        self.tell(milestone(self.shipment, "picked_up", 0), milestone(self.shipment, "delivered", 1))
        self.tell(milestone(self.shipment, "departed_terminal", 0.5))
        self.assertFalse(self.events())
        self.end_transaction()
        self.assertEqual(self.states(), ["delivered"])

    def test_events_of_a_shipment_are_handed_out_one_after_the_other(self):
        other = self.new_shipment()
        self.happens("picked_up", "delivered")
        self.happens("picked_up", shipment=other)
        first = self.claim()
        self.assertEqual(
            [item["payload"]["shipment"]["number"] for item in first], [self.shipment.name, other.name]
        )
        self.assertEqual(self.claim(), [])
        later = fields.Datetime.now() + timedelta(hours=1)
        self.acknowledge(first[0], "retry", not_before=later.strftime("%Y-%m-%dT%H:%M:%SZ"))
        self.assertEqual(self.claim(), [])
        self.events()[0].not_before = False
        [again] = self.claim()
        self.assertEqual(again["payload"]["id"], first[0]["payload"]["id"])
        self.acknowledge(again)
        [second] = self.claim()
        self.assertEqual(second["payload"]["transport"]["state"], "delivered")

    def test_a_rejected_event_holds_up_no_other_and_is_sent_again_under_its_id(self):
        self.happens("picked_up", "delivered")
        [first] = self.claim()
        self.acknowledge(first, "rejected", reason="422")
        [second] = self.claim()
        self.acknowledge(second)
        self.assertEqual(self.subscription.rejected_count, 1)
        operator = self.user_of("integration_operator")
        self.events().with_user(operator).action_send_again()
        for told in (first, second):
            [again] = self.claim()
            self.assertEqual(again["payload"], told["payload"])
            self.acknowledge(again)

    def test_the_bridge_puts_events_back_since_a_time_and_only_its_own(self):
        self.happens("picked_up", "delivered")
        for result in ("accepted", "rejected"):
            [item] = self.claim()
            self.acknowledge(item, result)
        before = fields.Datetime.to_string(self.env.cr.now() - timedelta(hours=1))
        later = fields.Datetime.to_string(self.env.cr.now() + timedelta(hours=1))
        replay = self.exchange.replay_events
        counted = {"events": 2, "withheld": 0, "more": False}
        self.assertEqual(replay("harbour", before), counted)
        self.assertEqual(replay("harbour", later)["events"], 0)
        self.assertEqual(self.claim(), [])
        self.assertEqual(replay("harbour", before, state="rejected", dry_run=False)["events"], 1)
        [again] = self.claim()
        self.assertEqual((again["payload"]["id"], again["attempt"]), (item["payload"]["id"], 1))
        self.subscription.rights_changed_at = later
        self.assertEqual(replay("harbour", before, dry_run=False)["withheld"], 1)
        for wrong in (
            ("nowhere", before),
            ("harbour", "yesterday"),
            ("harbour", None),
            ("harbour", before, "x"),
        ):
            with self.assertRaises(UserError):
                replay(*wrong)
        with self.assertRaises(AccessError):
            self.env["milepost.exchange"].with_user(self.user_of("viewer")).replay_events("harbour", before)

    def test_what_was_told_under_other_rights_is_withheld_within_the_second_too(self):
        self.happens("picked_up", "delivered")
        for _event in range(2):
            [item] = self.claim()
            self.acknowledge(item)
        old = self.events()
        self.subscription.scope = "company"
        self.env.flush_all()
        # As of a transaction that began in the second of the change.
        self.env.cr.execute(
            "UPDATE milepost_outbox SET create_date = %s WHERE id = ANY(%s)",
            (self.subscription.rights_changed_at + timedelta(milliseconds=400), old.ids),
        )
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            old[:1].action_send_again()
        before = fields.Datetime.to_string(self.env.cr.now() - timedelta(hours=1))
        told = self.exchange.replay_events("harbour", before)
        self.assertEqual((told["events"], told["withheld"]), (0, 2))
        other = self.new_shipment()
        self.happens("picked_up", shipment=other)
        self.assertEqual(self.exchange.replay_events("harbour", before, dry_run=False)["withheld"], 2)
        self.assertFalse(self.events(other)._is_withheld())

    def test_what_was_taken_long_ago_is_forgotten_but_what_was_told_last(self):
        self.happens("picked_up", "delivered")
        for _event in range(2):
            [item] = self.claim()
            self.acknowledge(item)
        other = self.new_shipment()
        self.happens("picked_up", shipment=other)
        [item] = self.claim()
        self.acknowledge(item, "rejected", reason="422")
        outbox = self.env["milepost.outbox"]
        first, last = self.events()
        outbox._gc_events()
        self.assertTrue(first.exists())
        (self.events() | self.events(other)).acknowledged_at = fields.Datetime.now() - timedelta(days=401)
        self.assertEqual(outbox._gc_events(), (1, False))
        self.assertFalse(first.exists())
        self.assertEqual(self.events(), last)
        self.assertEqual(self.events(other).state, "rejected")
        # Nothing is told again for want of what was forgotten.
        outbox._tell_events(self.shipment)
        self.assertEqual(self.events(), last)
        self.env["ir.config_parameter"].set_param("milepost.event_retention_days", "500")
        self.tell(milestone(self.shipment, "returned", 5))
        self.end_transaction()
        self.assertEqual(len(self.events()), 2)
        last.acknowledged_at = fields.Datetime.now() - timedelta(days=450)
        self.assertEqual(outbox._gc_events(), (0, False))
        self.env["ir.config_parameter"].set_param("milepost.event_retention_days", "30")
        self.assertEqual(outbox._gc_events(), (1, False))

    def test_a_customer_hears_of_his_shipments_and_his_orders_alone(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        contact = self.env["res.partner"].create({"name": "Ms. Harbour", "parent_id": self.customer.id})
        theirs = self.new_shipment(partner_id=stranger.id)
        own = self.new_shipment(partner_id=contact.id)
        orders = self.env["sale.order"].create([
            {"partner_id": partner.id, "client_order_ref": ref}
            for partner, ref in ((stranger, "THEIRS"), (contact, "OURS"))
        ])  # fmt: skip
        own.sale_order_ids = [Command.set(orders.ids)]
        for shipment in (theirs, own):
            self.happens("picked_up", shipment=shipment)
        self.assertFalse(self.events(theirs))
        said = self.events(own).payload["shipment"]
        self.assertEqual(said["customer_references"], ["OURS"])
        self.assertEqual(said["sales_orders"], orders[1].mapped("name"))

    def test_a_consumer_of_another_scope_hears_of_the_shipments_it_names(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        mover = self.connection.copy({"code": "other", "name": "Other"})
        self.subscription.active = False
        by_mover = self.subscribe(scope="connection", mover_id=mover.id)
        whole = self.subscribe(scope="company")
        foreign = self.subscribe(
            scope="company", company_id=elsewhere.id,
            connection_id=self.consumer.copy({"code": "theirs", "company_id": elsewhere.id}).id,
        )  # fmt: skip
        moved = self.new_shipment(connection_id=mover.id)
        self.tell(milestone(moved, "picked_up"), connection="other")
        self.happens("picked_up")
        self.assertEqual(self.events(moved).subscription_id, by_mover | whole)
        self.assertEqual(self.events().subscription_id, whole)
        self.assertFalse(foreign.event_ids)

    def test_rights_that_were_taken_away_count_for_what_waits_and_what_was_told(self):
        self.happens("picked_up")
        [first] = self.claim()
        self.acknowledge(first)
        self.happens("delivered")
        self.subscription.partner_id = self.env["res.partner"].create({"name": "New Owner"})
        self.assertEqual(self.claim(), [])
        self.assertEqual(self.events().mapped("state"), ["accepted", "cancelled"])
        self.events().flush_recordset()
        self.env.cr.execute(
            "UPDATE milepost_outbox SET create_date = create_date - interval '1 day' WHERE subscription_id = %s",
            [self.subscription.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "rights"):
            self.events()[0].action_send_again()

    def test_what_waits_is_told_anew_under_rights_that_changed(self):
        self.happens("picked_up")
        self.subscription.partner_id = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        self.assertEqual(self.events().mapped("state"), ["cancelled", "queued"])
        self.assertNotEqual(*self.events().mapped("idempotency_key"))

    def test_what_was_handed_out_under_rights_that_changed_is_not_handed_out_again(self):
        self.happens("picked_up")
        [item] = self.claim()
        self.subscription.tells_state = False
        self.assertEqual(self.acknowledge(item, "retry"), "lease_lost")
        self.assertEqual(self.events().mapped("state"), ["cancelled"])
        self.assertFalse(self.claim())

    def test_a_shipment_of_which_something_was_told_can_still_be_ordered(self):
        self.happens("booked")
        self.assertTrue(self.events())
        self.tell(milestone(self.shipment, "booked", 0, said=1, classifier="planned"))
        self.shipment.invalidate_recordset()
        ordered = self.shipment.outbox_ids.filtered(lambda item: item.kind != "event")
        self.assertEqual(self.shipment.can_order, self.shipment.state == "waiting" and not ordered)
        self.assertFalse(self.shipment.order_state)

    def test_a_consumer_is_named_whole_and_moves_nothing(self):
        with self.assertRaisesRegex(ValidationError, "customer"):
            self.subscribe(partner_id=False)
        with self.assertRaisesRegex(ValidationError, "Moved By|connection"):
            self.subscribe(scope="connection")
        with self.assertRaisesRegex(ValidationError, "otm5"):
            self.subscribe(connection_id=self.connection.id)
        with self.assertRaisesRegex(ValidationError, "no transport orders"):
            self.consumer.auto_transport_order = True
        self.assertEqual(self.consumer.state, "ok")

    def test_operators_set_up_who_is_told_and_only_in_their_company(self):
        operator = self.user_of("integration_operator")
        self.subscription.with_user(operator).name = "Harbour 2"
        for group in ("viewer", "dispatcher"):
            with self.assertRaises(AccessError):
                self.subscription.with_user(self.user_of(group)).scope = "company"
        elsewhere = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        stranger = self.user_of("integration_operator", company=elsewhere)
        self.assertFalse(self.env["milepost.subscription"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self.env["milepost.subscription"].with_user(self.bridge).search([])

    def test_without_a_subscription_no_change_costs_a_look(self):
        self.subscription.unlink()
        with self.assertQueryCount(1):
            self.env["milepost.outbox"]._tell_events_later(self.shipment)
        with self.assertQueryCount(0):
            self.env["milepost.outbox"]._tell_events_later(self.shipment)
