"""Goods that are ordered after their truck has left: they are still there, and nobody proved them."""

from odoo import Command
from odoo.tests import tagged

from .flow_case import FlowCase


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsLateGoods(FlowCase):
    def setUp(self):
        super().setUp()
        self.valve = self.new_product("Valve", "VLV")

    def left_and_billed(self):
        """An order of 10 pumps whose truck has them at the customer before the warehouse says so."""
        order = self.sell()
        [truck] = self.shipments(order)
        self.send()
        self.prove(truck)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_total, 100.0)
        return order, truck

    def assert_left_over(self, trucks):
        """Of these the field says it, and the filter finds them alone."""
        shipments = self.env["milepost.shipment"].search([])
        self.assertEqual(shipments.filtered("is_left_over"), shipments & trucks)
        self.assertEqual(shipments.search([("is_left_over", "=", True)]), shipments & trucks)

    def carried(self, *trucks):
        return [sum(truck.line_ids.mapped("quantity")) for truck in trucks]

    def bill_the_rest(self, order, truck):
        """Nothing more is billed until the second truck proves the 5 that it carries."""
        self.end_transaction()
        [second] = self.shipments(order) - truck
        self.assertEqual(self.carried(truck, second), [10, 5])
        self.do(self.open_pickings(order))
        self.assertEqual(self.carried(truck, second), [10, 5])
        self.validate(truck)
        self.assertFalse(self.run_billing())
        self.assert_nothing_to_invoice(order)
        [item] = [item for item in self.send() if item["kind"] == "transport_order"]
        self.assertEqual(list(self.told(item).values()), ["5"])
        self.prove(second)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_total, 50.0)
        self.assert_billed(order, 150.0)

    def test_another_product_goes_on_a_truck_of_its_own(self):
        """The clean proof of the first truck proved goods that stood in the warehouse: 150.00 for 100.00."""
        order, truck = self.left_and_billed()
        valves = {"product_id": self.valve.id, "product_uom_qty": 5, "price_unit": 10, "tax_ids": []}
        order.order_line = [Command.create(valves)]
        self.bill_the_rest(order, truck)

    def test_so_does_more_of_the_same(self):
        order, truck = self.left_and_billed()
        order.order_line.product_uom_qty = 15
        self.bill_the_rest(order, truck)

    def test_what_stays_behind_of_it_leaves_on_that_truck(self):
        order, truck = self.left_and_billed()
        order.order_line.product_uom_qty = 15
        self.end_transaction()
        self.do(order.picking_ids, 10)
        self.bill_the_rest(order, truck)

    def test_a_truck_that_has_not_left_takes_it(self):
        order = self.sell()
        self.send()
        order.order_line.product_uom_qty = 15
        self.end_transaction()
        [truck] = self.shipments(order)
        self.assertEqual(truck.line_ids.quantity, 15)

    def test_what_the_warehouse_counts_after_the_truck_left_was_on_it(self):
        """Goods sold by weight are weighed when the driver has gone."""
        order, truck = self.left_and_billed()
        self.do(order.picking_ids, 11)
        self.assertEqual((self.shipments(order), truck.line_ids.quantity), (truck, 11))

    def add_valves(self, order):
        """The storeman puts something on the transfer, and validates it."""
        order.picking_ids.write({"move_ids": [Command.create({
            "product_id": self.valve.id, "product_uom_qty": 2, "quantity": 2, "picked": True,
            "location_id": order.picking_ids.location_id.id,
            "location_dest_id": order.picking_ids.location_dest_id.id,
        })]})  # fmt: skip
        self.do(order.picking_ids)

    def test_goods_that_the_warehouse_adds_after_the_truck_left_were_on_it(self):
        """They got no truck at all, and waited for a proof for ever."""
        order = self.sell()
        [truck] = self.shipments(order)
        self.send()
        self.facts(self.milestone(truck, "picked_up", self.aware(2026, 3, 1)))
        self.add_valves(order)
        self.assertEqual(self.shipments(order), truck)
        self.assertEqual({line.product_id: line.quantity for line in truck.line_ids}[self.valve], 2)
        self.assertFalse(truck.is_left_over)

    def test_what_is_added_after_the_proof_is_proven_by_none(self):
        order, truck = self.left_and_billed()
        self.add_valves(order)
        self.assertEqual(truck.line_ids.product_id, self.goods)
        self.assertIn("[VLV] Valve", order.picking_ids.milepost_notice)
        self.validate(truck)
        self.assertFalse(self.run_billing())

    def raised_by_people(self):
        """An order that was raised to 15 after its proof, where people order the transport; and its truck."""
        self.connection.auto_transport_order = False
        order = self.sell()
        order.picking_ids.action_milepost_order_transport()
        [truck] = self.shipments(order)
        self.send()
        self.prove(truck)
        order.order_line.product_uom_qty = 15
        self.end_transaction()
        return order, truck

    def test_what_was_ordered_for_nobodys_truck_is_said_once_it_has_left_and_can_be_ordered_still(self):
        order, truck = self.raised_by_people()
        self.do(order.picking_ids, 15)
        self.assertEqual(truck.line_ids.quantity, 10)
        self.assert_left_over(truck)
        self.assertIn("On none of its trucks: 5.00 [PMP] Pump", order.picking_ids.milepost_notice)
        order.picking_ids.action_milepost_order_transport()
        [second] = self.shipments(order) - truck
        self.assertEqual(self.carried(truck, second), [10, 5])
        self.assertFalse(order.picking_ids.milepost_notice)

    def test_what_no_partner_moves_by_itself_is_ordered_by_a_person(self):
        order, truck = self.raised_by_people()
        self.assertEqual((self.shipments(order), truck.line_ids.quantity), (truck, 10))
        self.assertTrue(truck.is_left_over)
        order.picking_ids.action_milepost_order_transport()
        [second] = self.shipments(order) - truck
        self.assertEqual((truck.line_ids.quantity, second.line_ids.quantity), (10, 5))

    def test_what_is_not_sent_after_all_takes_nothing_back(self):
        """Validated without a backorder, 50.00 were credited of goods that the customer has."""
        order, truck = self.left_and_billed()
        order.order_line.product_uom_qty = 15
        self.end_transaction()
        [second] = self.shipments(order) - truck
        self.do(order.picking_ids, 10, backorder=False)
        self.assertEqual(self.carried(truck, second), [10, 0])
        self.validate(truck)
        self.assertFalse(self.run_billing())
        self.assertEqual(truck.invoiced_amount, 100.0)

    def test_a_part_that_stays_behind_of_a_truck_that_left_is_one_truck_more(self):
        order = self.sell()
        [truck] = self.shipments(order)
        self.send()
        self.facts(self.milestone(truck, "picked_up", self.aware(2026, 3, 1)))
        self.do(order.picking_ids, 6)
        [second] = self.shipments(order) - truck
        self.assertEqual(self.carried(truck, second), [6, 4])

    def test_a_second_truck_that_is_called_off_is_not_ordered_again_by_itself(self):
        order, truck = self.left_and_billed()
        order.order_line.product_uom_qty = 15
        self.end_transaction()
        [second] = self.shipments(order) - truck
        second.action_cancel_transport()
        self.end_transaction()
        order.picking_ids.note = "Ask at the gate"
        order.order_line.product_uom_qty = 15
        self.end_transaction()
        self.assertEqual(self.shipments(order), truck | second)
        self.assert_left_over(truck | second)
        self.do(order.picking_ids)
        self.assert_left_over(truck)

    def test_what_is_raised_again_goes_on_the_truck_that_waits(self):
        order, truck = self.left_and_billed()
        for quantity in (15, 20):
            order.order_line.product_uom_qty = quantity
            self.end_transaction()
        [second] = self.shipments(order) - truck
        self.assertEqual(self.carried(truck, second), [10, 10])
