"""Parcels: the tracking numbers of a transfer name its shipment, and each parcel has its own state."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NOON, fact, milestone, text_of
from .parcel_case import FIRST, SECOND, ParcelCase, paper


@tagged("post_install", "-at_install", "milepost")
class TestParcel(ParcelCase):
    def test_what_is_booked_by_its_label_gets_a_shipment_and_no_order(self):
        self.assertTrue(self.shipment)
        self.assertFalse(self.shipment.outbox_ids)
        self.assertFalse(self.shipment.can_order)
        self.assertEqual(self.followed(), [])

    def test_a_number_on_the_transfer_names_the_shipment_however_it_is_written(self):
        # As it was heard of before somebody wrote it.
        self.ingest(milestone([("tracking", FIRST)], "picked_up"))
        self.assertEqual(self.shipment.state, "waiting")
        self.picking.carrier_tracking_ref = "1z 999 aa1 0123 4567 84"
        self.assertEqual(self.shipment.state, "in_transit")
        self.assertEqual(self.states(), {FIRST: "picked_up"})
        self.happens(FIRST, "delivered", 3)
        self.assertEqual(self.shipment.state, "delivered")

    def test_a_shipment_of_several_parcels_has_arrived_with_the_last_of_them(self):
        self.picking.carrier_tracking_ref = f"{FIRST},{SECOND}"
        self.happens(FIRST, "picked_up")
        self.happens(FIRST, "delivered", 2)
        self.assertEqual(self.states(), {FIRST: "delivered", SECOND: False})
        self.assertEqual(self.shipment.state, "in_transit")
        self.happens(SECOND, "picked_up", 1)
        self.happens(SECOND, "delivered", 5)
        self.assertEqual(self.states(), {FIRST: "delivered", SECOND: "delivered"})
        self.assertEqual(self.shipment.state, "delivered")
        self.assertEqual(fields.Datetime.to_string(self.shipment.delivered_at), "2026-11-23 17:00:00")
        self.assertFalse(self.shipment.milestone_ids.filtered("superseded"))

    def test_parcels_of_which_one_comes_back_arrived_in_part(self):
        self.picking.carrier_tracking_ref = f"{FIRST}; {SECOND}"
        self.happens(SECOND, "returned", 1)
        self.assertNotEqual(self.shipment.state, "returned")
        self.happens(FIRST, "delivered", 2)
        self.assertEqual(self.shipment.state, "partially_delivered")

    def test_a_label_that_is_voided_beside_another_cancels_no_shipment(self):
        self.picking.carrier_tracking_ref = f"{FIRST},{SECOND}"
        self.happens(FIRST, "cancelled")
        self.assertNotEqual(self.shipment.state, "cancelled")
        self.happens(SECOND, "picked_up", 1)
        self.happens(SECOND, "delivered", 5)
        self.assertEqual(self.shipment.state, "delivered")

    def test_a_shipment_whose_labels_are_all_voided_is_cancelled(self):
        self.picking.carrier_tracking_ref = f"{FIRST},{SECOND}"
        self.happens(FIRST, "cancelled")
        self.happens(SECOND, "cancelled", 1)
        self.assertEqual(self.shipment.state, "cancelled")

    def test_what_is_told_of_the_whole_shipment_counts_for_it(self):
        self.picking.carrier_tracking_ref = f"{FIRST},{SECOND}"
        self.tell(milestone(self.shipment, "delivered", 2))
        self.assertEqual(self.shipment.state, "delivered")

    def test_a_number_that_is_put_right_takes_the_place_of_the_wrong_one(self):
        self.picking.carrier_tracking_ref = FIRST
        self.picking.carrier_tracking_ref = SECOND
        self.assertEqual(self.shipment.parcel_ids.mapped("number"), [SECOND])
        self.assertEqual(self.followed(), [SECOND])

    def test_the_bridge_is_told_of_what_there_is_still_something_to_hear(self):
        self.picking.carrier_tracking_ref = f"{FIRST},{SECOND}"
        self.assertEqual(self.followed(), [FIRST, SECOND])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE milepost_parcel SET create_date = create_date - interval '91 days' WHERE number = %s",
            [FIRST],
        )
        self.assertEqual(self.followed(), [SECOND])
        today = (fields.Datetime.now() - fields.Datetime.to_datetime("2026-11-23 12:00:00")) // timedelta(
            hours=1
        )
        self.happens(FIRST, "delivered", today)
        self.happens(SECOND, "delivered", today)
        self.assertEqual(self.followed(), [SECOND], "its proof may still come")
        self.tell(fact("proof_of_delivery", [("tracking", SECOND)], today, signer="A. Smith", signed=True))
        self.assertEqual(self.followed(), [SECOND], "the paper comes after the name")
        self.tell(fact(
            "proof_of_delivery", [("tracking", SECOND)], today, signer="A. Smith", documents=[paper()],
        ))  # fmt: skip
        self.assertEqual(self.followed(), [])
        self.shipment.pod_ids.with_user(self.user_of("dispatcher")).action_reject("It shows another name")
        self.assertEqual(self.followed(), [SECOND], "a better one may come")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE milepost_shipment SET delivered_at = delivered_at - interval '8 days' WHERE id = %s",
            [self.shipment.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.followed(), [], "nothing is waited for without end")

    def test_a_second_connection_follows_by_the_shipping_method_and_yields_to_the_first(self):
        other = self.connection.copy({
            "name": "Second", "code": "second", "precedence": 20, "is_default": False,
        })  # fmt: skip
        self.assertEqual(self.followed("second"), [])
        product = self.env["product.product"].create({"name": "Parcel", "type": "service"})
        carrier = self.env["delivery.carrier"].create({
            "name": "Parcel", "product_id": product.id, "milepost_tracking_ids": [Command.set(other.ids)],
        })  # fmt: skip
        self.picking.carrier_id = carrier
        self.end_transaction()
        self.picking.carrier_tracking_ref = FIRST
        self.assertEqual((self.followed(), self.followed("second")), ([FIRST], [FIRST]))
        [one] = self.exchange.tracked_numbers("second")["numbers"]
        self.assertEqual(one["carrier"], "", "nobody said how the partner calls it")
        self.happens(FIRST, "picked_up", 1, connection="second")
        self.assertEqual(self.shipment.state, "in_transit", "the first says nothing of it")
        self.happens(FIRST, "delivered", 3)
        self.happens(FIRST, "delivered", 9, connection="second")
        self.assertEqual(fields.Datetime.to_string(self.shipment.delivered_at), "2026-11-23 15:00:00")

    def test_a_connection_that_a_shared_method_names_hears_of_no_other_companys_parcels(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.bridge.company_ids |= elsewhere
        foreign = self.connection.copy({
            "name": "Theirs", "code": "theirs", "is_default": False, "company_id": elsewhere.id,
            "user_id": self.bridge.id,
        })  # fmt: skip
        product = self.env["product.product"].create({"name": "Parcel", "type": "service"})
        self.picking.carrier_id = self.env["delivery.carrier"].create({
            "name": "Parcel", "product_id": product.id, "milepost_tracking_ids": [Command.set(foreign.ids)],
        })  # fmt: skip
        self.end_transaction()
        self.picking.carrier_tracking_ref = FIRST
        parcels = self.env["milepost.parcel"]
        self.assertTrue(self.shipment.parcel_ids)
        self.assertFalse(parcels.search(parcels._followed_domain(foreign)))

    def test_the_bridge_alone_asks_for_numbers_and_nobody_writes_them(self):
        self.picking.carrier_tracking_ref = FIRST
        viewer = self.user_of("viewer")
        with self.assertRaises(AccessError):
            self.env["milepost.exchange"].with_user(viewer).tracked_numbers("acme")
        parcel = self.shipment.parcel_ids.with_user(viewer)
        self.assertEqual(parcel.number, FIRST)
        with self.assertRaises(AccessError):
            parcel.number = SECOND

    def test_a_parcel_told_ahead_is_settled_by_a_word_about_it_and_not_by_another_parcels(self):
        self.picking.carrier_tracking_ref = f"{FIRST},{SECOND}"
        ahead = milestone([("tracking", FIRST)], "delivered", 24, said=0)
        self.tell(ahead, received=text_of(NOON))
        self.happens(SECOND, "delivered", 2)
        self.assertTrue(self.shipment.is_ahead)
        self.tell(milestone(self.shipment, "delivered", 3))
        self.assertEqual((self.shipment.state, self.shipment.is_ahead), ("delivered", False))

    def test_an_arrival_told_ahead_of_all_is_settled_once_each_parcel_ended(self):
        self.picking.carrier_tracking_ref = f"{FIRST},{SECOND}"
        self.tell(milestone(self.shipment, "arrived_delivery", 24, said=0), received=text_of(NOON))
        self.happens(FIRST, "delivered", 2)
        self.assertTrue(self.shipment.is_ahead)
        self.happens(SECOND, "delivered", 3)
        self.assertEqual((self.shipment.state, self.shipment.is_ahead), ("delivered", False))
