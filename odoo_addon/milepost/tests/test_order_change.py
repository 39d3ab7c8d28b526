"""An ordered shipment that changes, or is not wanted any more: told once, in order, never stale."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..contract.checker import SCHEMAS, _compile
from .common import MilepostCase, milestone, text_of


class OrderCase(MilepostCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write({"is_default": True, "auto_transport_order": True})
        cls.product = cls.env["product.product"].create({
            "name": "Coffee", "type": "consu", "list_price": 10.0, "weight": 2.0, "default_code": "COF",
        })  # fmt: skip

    def setUp(self):
        super().setUp()
        self.sale = self.env["sale.order"].create({
            "partner_id": self.customer.id, "client_order_ref": "PO-4711",
            "order_line": [(0, 0, {"product_id": self.product.id, "product_uom_qty": 3})],
        })  # fmt: skip
        self.sale.action_confirm()
        self.end_transaction()
        self.shipment = self.sale.milepost_shipment_ids
        self.picking = self.sale.picking_ids

    def claim(self):
        return self.env["milepost.exchange"].with_user(self.bridge).claim_outbox("acme")["items"]

    def answer(self, item, result="accepted", **more):
        given = {"id": item["id"], "lease": item["lease"], "result": result, **more}
        exchange = self.env["milepost.exchange"].with_user(self.bridge)
        exchange.acknowledge_outbox([given])
        self.env.invalidate_all()

    def send(self, result="accepted", **more):
        """Everything that waits is sent and answered, one after the other; gives what it was."""
        sent = []
        while items := self.claim():
            for item in items:
                self.answer(item, result, **more)
                sent.append(item)
        return sent

    def more_goods(self, quantity=5):
        self.sale.order_line.product_uom_qty = quantity
        self.end_transaction()

    def cancel(self):
        self.picking.action_cancel()
        self.end_transaction()

    def quantity_of(self, item):
        return item["payload"]["goods"][0]["quantity"]


@tagged("post_install", "-at_install", "milepost")
class TestOrderChange(OrderCase):
    def test_an_unsent_order_is_put_right_itself(self):
        self.more_goods()
        [item] = self.send()
        self.assertEqual((item["kind"], self.quantity_of(item)), ("transport_order", "5"))
        self.assertEqual(item["idempotency_key"], self.shipment.uid)
        self.assertEqual(self.send(), [])

    def test_a_sent_order_is_changed_once_and_the_change_keeps_the_contract(self):
        self.send()
        self.assertEqual(self.shipment.order_state, "sent")
        self.more_goods()
        self.assertEqual(self.shipment.order_state, "change_queued")
        self.picking.move_ids.write({"date": self.picking.move_ids.date})
        self.end_transaction()
        [item] = self.send()
        self.assertEqual((item["kind"], self.quantity_of(item)), ("order_change", "5"))
        self.assertEqual(item["payload"]["id"], self.shipment.uid)
        self.assertNotEqual(item["idempotency_key"], self.shipment.uid)
        _compile(SCHEMAS["transport_order"])(item["payload"])
        self.assertEqual(self.shipment.order_state, "change_sent")
        self.assertIn("took the changed order", self.shipment.message_ids[0].body)

    def test_what_changes_nothing_of_the_order_is_not_told(self):
        self.send()
        self.picking.write({"note": "Fragile", "priority": "1"})
        self.picking.move_ids.write({"product_uom_qty": 3})
        self.end_transaction()
        self.assertEqual(self.claim(), [])

    def test_other_numbers_of_the_same_stops_are_not_told(self):
        self.send()
        order = self.shipment.outbox_ids
        stops = [{**stop, "sequence": stop["sequence"] * 100} for stop in order.payload["stops"]]
        order.payload = {**order.payload, "stops": stops[::-1]}
        self.picking.move_ids.write({"product_uom_qty": 3})
        self.end_transaction()
        self.assertEqual(self.claim(), [])
        order.payload = {**order.payload, "stops": stops[:1]}
        self.picking.move_ids.write({"product_uom_qty": 3})
        self.end_transaction()
        self.assertEqual([item["kind"] for item in self.claim()], ["order_change"])

    def test_a_change_waits_for_the_answer_to_the_order(self):
        [order] = self.claim()
        self.more_goods()
        self.assertEqual(self.claim(), [])
        self.answer(order)
        [change] = self.claim()
        self.assertEqual((change["kind"], self.quantity_of(change)), ("order_change", "5"))

    def test_a_change_that_was_not_sent_is_taken_place_of_by_the_next(self):
        self.send()
        self.more_goods(5)
        self.more_goods(7)
        [item] = self.send()
        self.assertEqual(self.quantity_of(item), "7")

    def test_a_change_that_was_tried_is_followed_by_the_next_and_not_rewritten(self):
        self.send()
        self.more_goods(5)
        [tried] = self.claim()
        self.answer(tried, "retry", reason="busy")
        self.more_goods(7)
        [item] = self.send()
        self.assertEqual(self.quantity_of(item), "7")
        self.assertNotEqual(item["idempotency_key"], tried["idempotency_key"])
        first = self.env["milepost.outbox"].browse(tried["id"])
        self.assertEqual((first.state, first.payload["goods"][0]["quantity"]), ("cancelled", "5"))

    def test_a_change_that_was_taken_back_unsent_is_not_told(self):
        self.send()
        self.more_goods(5)
        self.picking.move_ids.product_uom_qty = 3
        self.end_transaction()
        self.assertEqual(self.claim(), [])
        self.assertEqual(self.shipment.order_state, "sent")

    def test_the_transfers_new_date_is_the_orders_and_what_a_dispatcher_set_stays(self):
        self.send()
        due = fields.Datetime.now().replace(microsecond=0) + timedelta(days=9)
        self.shipment.due_at = due
        self.end_transaction()
        [item] = self.send()
        windows = {stop["kind"]: stop["window_end"] for stop in item["payload"]["stops"]}
        self.assertEqual(windows["delivery"], text_of(due))
        self.assertEqual(self.shipment.planned_delivery_at, due)
        ready = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)
        self.picking.scheduled_date = ready
        self.end_transaction()
        [item] = self.send()
        windows = {stop["kind"]: stop["window_end"] for stop in item["payload"]["stops"]}
        self.assertEqual(windows["pickup"], text_of(ready))
        self.assertEqual(self.shipment.planned_pickup_at, ready)

    def test_another_address_and_a_corrected_address_are_told(self):
        self.send()
        other = self.env["res.partner"].create({"name": "Harbour Foods II", "city": "Kiel"})
        self.picking.partner_id = other
        self.end_transaction()
        [item] = self.send()
        self.assertEqual(item["payload"]["stops"][1]["place"]["city"], "Kiel")
        self.assertEqual(self.shipment.stop_ids.filtered(lambda s: s.kind == "delivery").city, "Kiel")
        other.write({"street": "Pier 3"})
        self.end_transaction()
        [item] = self.send()
        self.assertEqual(item["payload"]["stops"][1]["place"]["street"], "Pier 3")

    def test_once_the_goods_are_picked_up_the_papers_stay_as_they_are(self):
        self.send()
        self.tell(milestone(self.shipment, "picked_up"))
        self.more_goods()
        [item] = self.claim()
        self.assertEqual((item["kind"], self.quantity_of(item)), ("transport_order", "2"))
        self.assertNotEqual(item["payload"]["id"], self.shipment.uid, "the rest goes on another truck")

    def test_the_words_of_an_order_do_not_change_with_the_language_of_who_clicks(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.product.with_context(lang="fr_FR").name = "Café"
        self.send()
        self.picking.with_context(lang="fr_FR").move_ids.write({"product_uom_qty": 3})
        self.end_transaction()
        self.assertEqual(self.claim(), [])

    def test_a_refused_change_is_shown_and_a_further_one_is_sent(self):
        self.send()
        self.more_goods(5)
        self.send("rejected", reason="too late")
        self.assertEqual(self.shipment.order_state, "change_rejected")
        self.assertIn("too late", self.shipment.message_ids[0].body)
        refused = self.env["milepost.shipment"].search([("order_state", "=", "change_rejected")])
        self.assertIn(self.shipment, refused)
        self.more_goods(7)
        [item] = self.send()
        self.assertEqual(self.quantity_of(item), "7")
        old = self.shipment.outbox_ids.filtered(lambda i: i.state == "rejected")
        with self.assertRaisesRegex(UserError, "something later"):
            old.with_user(self.user_of("integration_operator")).action_send_again()

    def test_nothing_follows_an_order_that_was_refused(self):
        [order] = self.claim()
        self.more_goods()
        self.answer(order, "rejected", reason="unknown postcode")
        self.assertEqual(self.claim(), [])
        self.assertEqual(self.shipment.order_state, "rejected")
        self.shipment.outbox_ids.filtered(lambda i: i.state == "rejected").with_user(
            self.user_of("integration_operator")
        ).action_send_again()
        [again] = self.send()
        self.assertEqual((again["kind"], self.quantity_of(again)), ("transport_order", "5"))


@tagged("post_install", "-at_install", "milepost")
class TestOrderCancellation(OrderCase):
    def test_a_sent_order_is_cancelled_once_and_the_shipment_is_over(self):
        [order] = self.send()
        self.cancel()
        self.cancel()
        self.assertEqual(self.shipment.order_state, "cancellation_queued")
        [item] = self.send()
        self.assertEqual((item["kind"], item["payload"]), ("order_cancellation", order["payload"]))
        self.assertEqual((self.shipment.order_state, self.shipment.state), ("cancellation_sent", "cancelled"))
        self.assertEqual(self.shipment.milestone_ids.mapped("raw_code"), ["order_cancelled"])
        self.assertEqual(self.send(), [])

    def test_cancelling_the_sale_cancels_the_transport(self):
        self.send()
        self.sale.action_cancel()
        self.end_transaction()
        self.assertEqual([item["kind"] for item in self.send()], ["order_cancellation"])

    def test_a_waiting_change_is_not_sent_before_the_cancellation(self):
        self.send()
        self.more_goods()
        self.cancel()
        [item] = self.send()
        self.assertEqual((item["kind"], self.quantity_of(item)), ("order_cancellation", "3"))

    def test_an_order_that_is_just_being_sent_is_cancelled_after_its_answer(self):
        [order] = self.claim()
        self.cancel()
        self.assertEqual(self.claim(), [])
        self.answer(order)
        self.assertEqual([item["kind"] for item in self.send()], ["order_cancellation"])

    def test_an_order_that_was_tried_is_withdrawn_and_cancelled_for_the_case_that_it_arrived(self):
        [order] = self.claim()
        self.answer(order, "retry", reason="timeout")
        self.cancel()
        self.assertEqual([item["kind"] for item in self.send()], ["order_cancellation"])

    def test_a_refused_cancellation_leaves_the_shipment_with_the_partner(self):
        self.send()
        self.cancel()
        self.send("rejected", reason="the vehicle is loaded")
        self.assertEqual(self.shipment.order_state, "cancellation_rejected")
        self.assertEqual(self.shipment.state, "waiting")
        self.tell(milestone(self.shipment, "picked_up", 1))
        self.assertEqual(self.shipment.state, "in_transit")

    def test_goods_that_are_picked_up_in_spite_of_the_cancellation_are_under_way(self):
        self.send()
        self.cancel()
        self.send()
        self.tell(milestone(self.shipment, "picked_up", 1))
        self.assertEqual(self.shipment.state, "in_transit")

    def test_a_shipment_that_the_partner_ended_is_not_cancelled_again(self):
        self.send()
        self.tell(milestone(self.shipment, "tender_declined"))
        self.cancel()
        self.assertEqual(self.claim(), [])

    def test_a_dispatcher_cancels_a_transport_by_hand_while_it_is_not_picked_up(self):
        dispatcher = self.user_of("dispatcher")
        self.send()
        with self.assertRaises(AccessError):
            self.shipment.with_user(self.user_of("viewer")).action_cancel_transport()
        self.shipment.with_user(dispatcher).action_cancel_transport()
        self.assertEqual([item["kind"] for item in self.send()], ["order_cancellation"])
        with self.assertRaisesRegex(UserError, "nothing is ordered"):
            self.shipment.with_user(dispatcher).action_cancel_transport()

    def test_a_reservation_cancelled_after_its_acceptance_is_cancelled_and_before_it_is_declined(self):
        accepted = milestone(self.shipment, "tender_accepted", 0)
        gone = milestone(self.shipment, "tender_declined", 1, raw_code="990/D")
        self.tell(gone)
        self.assertEqual(self.shipment.state, "declined")
        self.tell(accepted)
        self.assertEqual(self.shipment.state, "cancelled")
        self.tell(milestone(self.shipment, "tender_declined", 2, raw_code="990/E"))
        self.assertEqual(self.shipment.state, "declined")

    def test_nobody_writes_how_far_an_order_came(self):
        with self.assertRaises(AccessError):
            self.shipment.with_user(self.user_of("dispatcher")).order_state = "sent"
