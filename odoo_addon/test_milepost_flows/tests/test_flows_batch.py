"""Batches and waves of deliveries, from the confirmed order to the posted invoice."""

from odoo import Command
from odoo.tests import tagged

from .flow_case import FlowCase


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsBatch(FlowCase):
    def orders(self):
        """Three orders, the last one to another address."""
        far = self.new_partner("Elbe Foods", "Bremen")
        return self.sell() | self.sell((self.goods, 5)) | self.sell((self.goods, 2), partner=far)

    def batch(self, orders, **values):
        batch = self.env["stock.picking.batch"].create({
            "picking_ids": [Command.set(orders.picking_ids.ids)],
            "picking_type_id": self.warehouse.out_type_id.id, **values,
        })  # fmt: skip
        batch.action_confirm()
        self.end_transaction()
        return batch

    def carrying(self, orders):
        return orders.milepost_shipment_ids.filtered(lambda one: one._is_carrying())

    def test_a_batch_that_is_one_truck_is_one_shipment_with_a_stop_for_each_address(self):
        orders = self.orders()
        self.send()
        self.batch(orders, milepost_one_truck=True)
        [shipment] = self.carrying(orders)
        self.assertEqual(shipment.sale_order_ids, orders)
        sent = self.send()
        self.assertEqual(sorted(item["kind"] for item in sent), ["order_cancellation"] * 2 + ["order_change"])
        [change] = [item for item in sent if item["kind"] == "order_change"]
        self.assertEqual(sorted(one["quantity"] for one in change["payload"]["goods"]), ["15", "2"])
        self.assertEqual(len(change["payload"]["stops"]), 3)
        for picking in orders.picking_ids:
            self.do(picking)
        drops = [stop["id"] for stop in change["payload"]["stops"] if stop["kind"] == "delivery"]
        for drop in drops:
            self.deliver(shipment, stop={"id": drop})
            self.facts(self.pod(shipment, stop={"id": drop}))
        self.validate(shipment)
        self.assertFalse(self.reasons(shipment))
        self.assertEqual([self.post(order) for order in orders], [100.0, 50.0, 20.0])

    def test_a_batch_that_is_no_truck_leaves_each_transfer_its_own(self):
        orders = self.orders()
        self.batch(orders)
        self.assertEqual(len(self.carrying(orders)), 3)

    def test_the_operation_type_says_what_its_batches_are(self):
        self.warehouse.out_type_id.milepost_one_truck = True
        orders = self.orders()
        self.assertTrue(self.batch(orders).milepost_one_truck)
        self.assertEqual(len(self.carrying(orders)), 1)

    def test_what_was_picked_up_stays_on_its_own_truck(self):
        orders = self.orders()
        self.send()
        first = orders[0].milepost_shipment_ids
        self.facts(self.milestone(first, "picked_up", self.aware(2026, 3, 2)))
        self.batch(orders, milepost_one_truck=True)
        self.assertEqual(len(self.carrying(orders)), 2)
        self.assertEqual(first.picking_ids, orders[0].picking_ids)

    def test_a_wave_that_takes_a_part_of_a_transfer_splits_its_shipment(self):
        valve = self.new_product("Valve", "VLV")
        for product in (self.goods, valve):
            self.env["stock.quant"]._update_available_quantity(product, self.warehouse.lot_stock_id, 50)
        order = self.sell((self.goods, 10), (valve, 3))
        self.send()
        order.picking_ids.action_assign()
        line = order.picking_ids.move_line_ids.filtered(lambda one: one.product_id == valve)
        line._add_to_wave()
        self.end_transaction()
        self.assertEqual(len(order.picking_ids), 2)
        quantities = {
            one.line_ids.product_id.default_code: one.line_ids.quantity for one in self.carrying(order)
        }
        self.assertEqual(quantities, {"PMP": 10, "VLV": 3})
        for picking in order.picking_ids:
            self.do(picking)
        for shipment in self.carrying(order):
            self.prove(shipment)
        self.assertEqual(self.post(order), 130.0)
