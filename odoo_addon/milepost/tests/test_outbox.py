"""Orders out: queued with the shipment, claimed under a lease, acknowledged once."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..contract.checker import SCHEMAS, Fault, _compile
from .common import MilepostCase, milestone, text_of


@tagged("post_install", "-at_install", "milepost")
class TestOutbox(MilepostCase):
    def setUp(self):
        super().setUp()
        self.exchange = self.env["milepost.exchange"].with_user(self.bridge)
        self.shipment = self.new_shipment()
        self.shipment.action_order_transport()
        self.item = self.shipment.outbox_ids

    def claim(self, **more):
        return self.exchange.claim_outbox("acme", **more)["items"]

    def acknowledge(self, item, result="accepted", **more):
        given = {"id": item["id"], "lease": item["lease"], "result": result, **more}
        return self.exchange.acknowledge_outbox([given])["results"][0]["status"]

    def lease_ends(self):
        self.item.leased_until = self.env.cr.now() - timedelta(minutes=1)

    def test_an_order_keeps_the_contract(self):
        check = _compile(SCHEMAS["transport_order"])
        try:
            check(self.item.payload)
        except Fault as fault:
            self.fail(f"{fault.path} {fault.reason}")
        self.assertEqual(self.item.idempotency_key, self.shipment.uid)

    def test_what_invoices_amount_to_is_read_by_whom_odoo_shows_it(self):
        document = {"number": "INV/1", "date": "2026-11-20", "total": "119.00", "currency": "EUR"}
        self.item.payload = {**self.item.payload, "money": {"state": "paid", "documents": [document]}}
        viewer, operator = self.user_of("viewer"), self.user_of("integration_operator")
        accountant = self.user_of("viewer", "account.group_account_readonly")
        for user, reads in ((viewer, False), (operator, False), (accountant, True)):
            item = self.item.with_user(user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                item.read(["payload"])
            self.assertIn("INV/1", item.payload_text)
            self.assertEqual("119.00" in item.payload_text, reads)
            self.assertIn(self.shipment.name, item.payload_text)

    def test_ordering_twice_is_one_order(self):
        self.shipment.action_order_transport()
        self.assertEqual(len(self.shipment.outbox_ids), 1)
        self.assertFalse(self.shipment.can_order)

    def test_a_claimed_order_is_not_handed_out_again_while_its_lease_runs(self):
        [item] = self.claim()
        self.assertEqual((item["kind"], item["attempt"]), ("transport_order", 1))
        self.assertEqual(self.claim(), [])

    def test_an_order_whose_lease_ran_out_is_handed_out_again(self):
        [first] = self.claim()
        self.lease_ends()
        [second] = self.claim()
        self.assertEqual((second["id"], second["attempt"]), (first["id"], 2))
        self.assertNotEqual(second["lease"], first["lease"])
        self.assertEqual(second["idempotency_key"], first["idempotency_key"])

    def test_the_acknowledgement_of_a_lost_lease_is_told_so_and_ignored(self):
        [first] = self.claim()
        self.lease_ends()
        [second] = self.claim()
        self.assertEqual(self.acknowledge(first), "lease_lost")
        self.assertEqual(self.acknowledge(second, external_number="T-1"), "done")
        self.assertEqual((self.item.state, self.item.external_number), ("accepted", "T-1"))

    def test_the_same_acknowledgement_again_is_done_again(self):
        [item] = self.claim()
        self.assertEqual(self.acknowledge(item), "done")
        self.assertEqual(self.acknowledge(item), "done")

    def test_an_accepted_order_names_the_shipment_by_the_partners_ids(self):
        self.ingest(milestone([("entity", "trip-1")], "picked_up"))
        [item] = self.claim()
        self.acknowledge(item, identifiers=[{"type": "entity", "value": "trip-1"}])
        self.env.invalidate_all()
        self.assertEqual(self.shipment.state, "in_transit")

    def test_a_receipt_of_the_order_is_told_whether_it_comes_before_or_after_our_own_record_of_it(self):
        received = milestone([("entity", "SM/7")], "tendered", raw_code="997/A", source_event="SM/7|997/A")
        self.ingest(received)
        self.assertFalse(self.shipment.current_milestone)
        [item] = self.claim()
        self.acknowledge(item, identifiers=[{"type": "entity", "value": "SM/7"}])
        self.env.invalidate_all()
        self.assertEqual((self.shipment.current_milestone, self.shipment.state), ("tendered", "waiting"))
        self.ingest(received)
        self.assertEqual(len(self.shipment.milestone_ids), 1)

    def test_an_order_to_try_again_waits_until_its_time(self):
        [item] = self.claim()
        later = fields.Datetime.now() + timedelta(hours=1)
        self.acknowledge(item, "retry", reason="busy", not_before=text_of(later))
        self.assertEqual((self.item.state, self.item.reason), ("queued", "busy"))
        self.assertEqual(self.claim(), [])
        self.item.not_before = self.env.cr.now() - timedelta(minutes=1)
        self.assertEqual(len(self.claim()), 1)

    def test_a_rejected_order_is_sent_again_at_the_operators_word_only(self):
        [item] = self.claim()
        self.acknowledge(item, "rejected", reason="unknown postcode")
        self.assertEqual(self.claim(), [])
        with self.assertRaises(AccessError):
            self.item.with_user(self.user_of("dispatcher")).action_send_again()
        self.item.with_user(self.user_of("integration_operator")).action_send_again()
        [again] = self.claim()
        self.assertEqual(again["idempotency_key"], item["idempotency_key"])

    def test_an_acknowledgement_that_breaks_the_contract_is_refused_with_the_path(self):
        [item] = self.claim()
        with self.assertRaisesRegex(ValidationError, "/result"):
            self.acknowledge(item, "maybe")

    def test_an_order_that_nobody_knows_is_answered_as_unknown(self):
        self.assertEqual(self.acknowledge({"id": 2**30, "lease": "x"}), "unknown")

    def test_no_more_orders_are_handed_out_than_asked_for(self):
        for _ in range(3):
            self.new_shipment().action_order_transport()
        self.assertEqual(len(self.claim(limit=2)), 2)
        self.assertEqual(len(self.claim(limit=20)), 2)

    def test_another_connections_orders_are_not_handed_out_nor_acknowledged(self):
        self.env["milepost.connection"].create({
            "name": "Other", "code": "other", "source": "otm5", "user_id": self.user_of("bridge").id,
        })  # fmt: skip
        with self.assertRaises(AccessError):
            self.exchange.claim_outbox("other")
        self.connection.user_id = self.user_of("bridge")
        with self.assertRaises(AccessError):
            self.claim()

    def test_a_code_that_two_companies_use_is_refused_by_name_until_one_is_given_to_the_user(self):
        other = self.env["res.company"].create({"name": "Acme West"})
        west = self.env["milepost.connection"].create({
            "name": "West", "code": "acme", "source": "otm5", "company_id": other.id,
        })  # fmt: skip
        self.bridge.company_ids |= other
        with self.assertRaisesRegex(AccessError, rf"{self.company.name}, Acme West each have"):
            self.claim()
        self.connection.user_id = self.bridge
        self.assertEqual(len(self.claim()), 1)
        self.connection.user_id = False
        west.user_id = self.bridge
        self.assertEqual(self.claim(), [])

    def test_an_order_says_why_it_waits_while_its_connection_stands_still(self):
        why = "orders: 1 orders wait in Odoo and this connection has no way to send them"
        self.exchange.report_status("acme", "paused", why)
        shown = Form(
            self.item.with_user(self.user_of("dispatcher")), view="milepost.view_milepost_outbox_form"
        )
        self.assertEqual((shown.state, shown.connection_paused_reason), ("queued", why))
        self.exchange.report_status("acme", "ok")
        self.assertFalse(self.item.connection_paused_reason)

    def test_the_pause_of_a_connection_is_shown_with_its_reason_and_lifted(self):
        self.exchange.report_status("acme", "paused", "401 from the TMS")
        self.assertEqual(
            (self.connection.state, self.connection.paused_reason), ("paused", "401 from the TMS")
        )
        self.exchange.report_status("acme", "ok")
        self.assertFalse(self.connection.paused_at)
        with self.assertRaises(ValidationError):
            self.exchange.report_status("acme", "sleepy")
