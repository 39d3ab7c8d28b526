"""Shipments out of transfers: one each, several together, cancelled before they left."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import MilepostCase, milestone


@tagged("post_install", "-at_install", "milepost")
class TestTransfers(MilepostCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write({"is_default": True, "auto_transport_order": True})
        cls.product = cls.env["product.product"].create({
            "name": "Coffee", "type": "consu", "list_price": 10.0, "weight": 2.0, "default_code": "COF",
        })  # fmt: skip

    def order(self, quantity=3, partner=None):
        order = self.env["sale.order"].create({
            "partner_id": (partner or self.customer).id, "client_order_ref": "PO-4711",
            "order_line": [(0, 0, {"product_id": self.product.id, "product_uom_qty": quantity})],
        })  # fmt: skip
        order.action_confirm()
        return order

    def test_confirming_an_order_makes_a_shipment_and_queues_its_transport(self):
        order = self.order()
        shipment = order.milepost_shipment_ids
        self.assertEqual(len(shipment), 1)
        self.assertEqual(shipment.picking_ids, order.picking_ids)
        self.assertEqual((shipment.partner_id, shipment.state), (self.customer, "waiting"))
        [item] = shipment.outbox_ids
        self.assertEqual(item.payload["sales_orders"], [order.name])
        self.assertEqual(item.payload["customer_references"], ["PO-4711"])
        [goods] = item.payload["goods"]
        self.assertEqual((goods["product_code"], goods["quantity"], goods["weight_kg"]), ("COF", "3", "6"))
        self.assertEqual(
            (
                order.milepost_shipment_count,
                order.picking_ids.milepost_shipment_count,
                shipment.sale_order_count,
            ),
            (1, 1, 1),
        )

    def test_the_customers_reference_names_the_shipment(self):
        shipment = self.order().milepost_shipment_ids
        self.tell(milestone([("customer_ref", "PO-4711")], "picked_up"))
        self.assertEqual(shipment.state, "in_transit")

    def test_a_connection_that_does_not_order_by_itself_leaves_it_to_people(self):
        self.connection.auto_transport_order = False
        order = self.order()
        self.assertFalse(order.milepost_shipment_ids)
        dispatcher = self.user_of("dispatcher")
        dispatcher.group_ids |= self.env.ref("stock.group_stock_user")
        action = order.picking_ids.with_user(dispatcher).action_milepost_order_transport()
        shipment = self.env["milepost.shipment"].browse(action["res_id"])
        self.assertEqual(shipment.picking_ids, order.picking_ids)
        self.assertEqual(shipment.outbox_ids.state, "queued")
        order.picking_ids.with_user(dispatcher).action_milepost_order_transport()
        self.assertEqual(len(order.milepost_shipment_ids.outbox_ids), 1)

    def test_a_transfer_whose_transport_people_order_says_so_to_those_who_can(self):
        self.connection.auto_transport_order = False
        picking = self.order().picking_ids
        dispatcher, viewer = self.user_of("dispatcher"), self.user_of("viewer")
        for user in (dispatcher, viewer):
            user.group_ids |= self.env.ref("stock.group_stock_user")
        told = picking.with_user(dispatcher).milepost_notice
        self.assertIn(f"is off for {self.connection.display_name}", told)
        self.assertFalse(picking.with_user(viewer).milepost_notice)
        picking.with_user(dispatcher).action_milepost_order_transport()
        self.assertFalse(picking.with_user(dispatcher).milepost_notice)

    def test_the_shipping_methods_connection_moves_its_transfers(self):
        special = self.env["milepost.connection"].create({
            "name": "Special", "code": "special", "source": "otm5", "auto_transport_order": True,
        })  # fmt: skip
        carrier = self.env["delivery.carrier"].create({
            "name": "Special", "product_id": self.product.id, "milepost_connection_id": special.id,
        })  # fmt: skip
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id, "carrier_id": carrier.id,
            "order_line": [(0, 0, {"product_id": self.product.id, "product_uom_qty": 1})],
        })  # fmt: skip
        order.action_confirm()
        self.assertEqual(order.milepost_shipment_ids.connection_id, special)

    def test_transfers_that_go_together_are_one_shipment(self):
        self.connection.auto_transport_order = False
        pickings = self.order().picking_ids | self.order(5).picking_ids
        action = pickings.action_milepost_ship_together()
        shipment = self.env["milepost.shipment"].browse(action["res_id"])
        self.assertEqual(shipment.picking_ids, pickings)
        self.assertEqual(len(shipment.sale_order_ids), 2)
        self.assertEqual(shipment.outbox_ids.payload["goods"][0]["quantity"], "8")
        with self.assertRaisesRegex(UserError, "ordered already"):
            pickings.action_milepost_ship_together()

    def test_transfers_that_are_ordered_each_by_itself_become_one_shipment(self):
        pickings = self.order().picking_ids | self.order(5).picking_ids
        first, second = pickings.milepost_shipment_ids.sorted("id")
        pickings.action_milepost_ship_together()
        self.end_transaction()
        self.assertEqual(
            (first.picking_ids, first.outbox_ids.payload["goods"][0]["quantity"]), (pickings, "8")
        )
        self.assertEqual((second.state, second.outbox_ids.state), ("cancelled", "cancelled"))
        self.tell(milestone(first, "picked_up"))
        with self.assertRaisesRegex(UserError, "on its way"):
            (pickings | self.order().picking_ids).action_milepost_ship_together()

    def test_who_is_no_dispatcher_ships_nothing(self):
        self.connection.auto_transport_order = False
        picking = self.order().picking_ids
        for group in ("viewer", "integration_operator"):
            user = self.user_of(group)
            user.group_ids |= self.env.ref("stock.group_stock_user")
            for action in ("action_milepost_ship_together", "action_milepost_order_transport"):
                with self.assertRaises(AccessError):
                    getattr(picking.with_user(user), action)()
        with self.assertRaises(AccessError):
            self.new_shipment().with_user(self.user_of("viewer")).action_order_transport()

    def test_one_transfer_may_need_several_shipments(self):
        picking = self.order().picking_ids
        second = self.env["milepost.shipment"]._from_pickings(picking, self.connection)
        self.assertEqual(len(picking.milepost_shipment_ids), 2)
        self.tell(milestone(second, "delivered", 1))
        self.assertEqual(sorted(picking.milepost_shipment_ids.mapped("state")), ["delivered", "waiting"])
        action = picking.action_view_milepost_shipments()
        self.assertEqual(action["view_mode"], "list,form")

    def test_a_transfer_cancelled_before_its_order_left_is_not_ordered(self):
        order = self.order()
        order.picking_ids.action_cancel()
        self.end_transaction()
        self.assertEqual(order.milepost_shipment_ids.outbox_ids.state, "cancelled")
        self.assertEqual(order.milepost_shipment_ids.state, "cancelled")
        claimed = self.env["milepost.exchange"].with_user(self.bridge).claim_outbox("acme")
        self.assertEqual(claimed["items"], [])

    def test_a_shipment_of_two_transfers_is_ordered_while_one_of_them_lives(self):
        self.connection.auto_transport_order = False
        pickings = self.order().picking_ids | self.order().picking_ids
        pickings.action_milepost_ship_together()
        pickings[0].action_cancel()
        self.end_transaction()
        self.assertEqual(pickings.milepost_shipment_ids.outbox_ids.state, "queued")


@tagged("post_install", "-at_install", "milepost")
class TestWatch(MilepostCase):
    """Late, silent, overdue: what the clock says, by field and by search alike."""

    def assert_searched(self, field, yes, no):
        model = self.env["milepost.shipment"]
        self.assertTrue(all(yes.mapped(field)))
        self.assertFalse(any(no.mapped(field)))
        both = yes | no
        self.assertEqual(
            model.search([(field, "=", True), ("id", "in", both.ids)], order="id"), yes.sorted("id")
        )
        self.assertEqual(
            model.search([(field, "=", False), ("id", "in", both.ids)], order="id"), no.sorted("id")
        )

    def test_an_open_shipment_past_its_time_that_nobody_saw_arrive_is_overdue(self):
        now = fields.Datetime.now()
        past = self.new_shipment(due_at=now - timedelta(hours=1))
        future = self.new_shipment(due_at=now + timedelta(hours=1))
        arrived = self.new_shipment(due_at=now - timedelta(hours=1))
        delivered = self.new_shipment(due_at=now - timedelta(hours=1))
        self.tell(milestone(arrived, "arrived_delivery"), milestone(delivered, "delivered"))
        self.assert_searched("is_overdue", past, future | arrived | delivered)

    def test_an_open_shipment_of_which_nothing_was_heard_is_silent(self):
        now = fields.Datetime.now()
        silent, fresh, heard, done = (self.new_shipment() for _ in range(4))
        self.tell(milestone(heard, "picked_up"), milestone(done, "delivered"))
        self.env.cr.execute(
            "UPDATE milepost_shipment SET create_date = %s WHERE id IN %s",
            [now - timedelta(hours=9), (silent.id, heard.id, done.id)],
        )
        self.env.cr.execute(
            "UPDATE milepost_shipment SET last_heard_at = %s WHERE id = %s",
            [now - timedelta(hours=1), heard.id],
        )
        self.env.invalidate_all()
        self.assert_searched("is_silent", silent, fresh | heard | done)
        self.connection.silent_after_hours = 0.5
        self.env.invalidate_all()
        self.assertTrue(heard.is_silent)

    def test_closed_states_are_not_open(self):
        waiting, delivered = self.new_shipment(), self.new_shipment()
        self.tell(milestone(delivered, "delivered"))
        self.assert_searched("is_open", waiting, delivered)

    def test_a_dispatcher_makes_a_shipment_by_hand_and_orders_it(self):
        with Form(self.env["milepost.shipment"].with_user(self.user_of("dispatcher"))) as form:
            form.partner_id = self.customer
            form.connection_id = self.connection
        shipment = form.save()
        self.assertTrue(shipment.can_order)
        shipment.action_order_transport()
        self.assertEqual(shipment.outbox_ids.state, "queued")
