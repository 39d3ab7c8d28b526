"""Ways of a delivery through Odoo, each from the confirmed order to the posted invoice."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .flow_case import FlowCase


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsDeliveries(FlowCase):
    def test_a_delivery_of_one_step(self):
        order = self.sell()
        [shipment] = self.shipments(order)
        self.assertEqual(self.told(self.send()[0]), {"PMP": "10"})
        self.do(order.picking_ids)
        self.assert_nothing_to_invoice(order)
        self.prove(shipment, ("accepted", 10))
        self.assertEqual(self.post(order), 100.0)

    def test_a_proof_that_is_faster_than_the_warehouse_is_billed_for_its_shipment(self):
        order = self.sell()
        [shipment] = self.shipments(order)
        self.send()
        self.prove(shipment, ("accepted", 10))
        [invoice] = self.run_billing()
        self.assertEqual(invoice.invoice_line_ids.milepost_billable_id.shipment_id, shipment)
        self.do(order.picking_ids)
        self.validate(shipment)
        self.assert_nothing_to_invoice(order)
        self.assertEqual((shipment.billing_state, shipment.invoiced_amount), ("invoiced", 100.0))
        [row] = shipment.billable_ids
        self.assertEqual((row.invoiced_qty, row.open_qty), (10, 0))

    def assert_last_step_ships(self, steps, number):
        self.warehouse.delivery_steps = steps
        order = self.sell()
        for _step in range(number - 1):
            self.assertFalse(self.shipments(order))
            self.do(self.open_pickings(order)[:1])
            self.assert_nothing_to_invoice(order)
        last = self.open_pickings(order)
        self.assertEqual((len(last), last.picking_type_code), (1, "outgoing"))
        [shipment] = self.shipments(order)
        self.assertEqual(shipment.picking_ids, last)
        self.assertEqual(self.told(self.send()[0]), {"PMP": "10"})
        self.do(last)
        self.assert_nothing_to_invoice(order)
        self.prove(shipment, ("accepted", 10))
        self.assertEqual(self.post(order), 100.0)

    def test_of_pick_and_ship_the_step_that_leaves_is_the_shipment(self):
        self.assert_last_step_ships("pick_ship", 2)

    def test_of_pick_pack_and_ship_the_step_that_leaves_is_the_shipment(self):
        self.assert_last_step_ships("pick_pack_ship", 3)

    def test_a_backorder_is_a_shipment_of_its_own(self):
        order = self.sell()
        self.send()
        self.do(order.picking_ids, 4)
        first, second = self.shipments(order)
        self.assertEqual(first.line_ids.quantity, 4)
        self.assertEqual((second.line_ids.quantity, second.picking_ids), (6, self.open_pickings(order)))
        sent = self.send()
        self.assertEqual(
            [(item["kind"], self.told(item)) for item in sent],
            [("transport_order", {"PMP": "6"}), ("order_change", {"PMP": "4"})],
        )
        self.prove(first, ("accepted", 4))
        self.assertEqual(self.post(order), 40.0)
        self.do(self.open_pickings(order))
        self.assert_nothing_to_invoice(order)
        self.prove(second, ("accepted", 6))
        self.assertEqual(self.post(order), 60.0)

    def test_what_is_shipped_without_a_backorder_is_told_to_the_partner(self):
        order = self.sell()
        [shipment] = self.shipments(order)
        self.send()
        self.do(order.picking_ids, 8, backorder=False)
        [change] = self.send()
        self.assertEqual((change["kind"], self.told(change)), ("order_change", {"PMP": "8"}))
        self.prove(shipment, ("accepted", 8))
        self.assertEqual(self.post(order), 80.0)

    def test_two_orders_to_one_address_are_one_truck(self):
        self.connection.auto_transport_order = False
        orders = self.sell() | self.sell((self.goods, 5))
        orders.picking_ids.action_milepost_ship_together()
        [shipment] = self.shipments(orders)
        [item] = self.send()
        self.assertEqual((self.told(item), len(item["payload"]["stops"])), ({"PMP": "15"}, 2))
        self.do(orders.picking_ids)
        self.prove(shipment, ("accepted", 15))
        self.assertEqual([self.post(order) for order in orders], [100.0, 50.0])

    def test_two_orders_to_two_addresses_are_one_truck_with_a_stop_for_each(self):
        self.connection.auto_transport_order = False
        other = self.new_partner("Elbe Foods", "Bremen")
        orders = self.sell() | self.sell((self.goods, 5), partner=other)
        orders.picking_ids.action_milepost_ship_together()
        [shipment] = self.shipments(orders)
        [item] = self.send()
        stops = item["payload"]["stops"]
        self.assertEqual([stop["kind"] for stop in stops], ["pickup", "delivery", "delivery"])
        self.assertEqual([stop["sequence"] for stop in stops], [1, 2, 3])
        goods = {(one["delivery_stop"], one["quantity"]) for one in item["payload"]["goods"]}
        by_name = {stop["place"]["name"]: stop["id"] for stop in stops}
        self.assertEqual(goods, {(by_name[self.customer.name], "10"), (by_name[other.name], "5")})
        self.do(orders.picking_ids)
        self.deliver(shipment, stop={"id": by_name[self.customer.name]})
        self.facts(self.pod(shipment, [("accepted", 10)], stop={"id": by_name[self.customer.name]}))
        self.validate(shipment)
        self.assertEqual(shipment.pod_coverage, 50)
        self.deliver(shipment, stop={"id": by_name[other.name]})
        self.facts(self.pod(shipment, [("accepted", 4), ("short", 1)], stop={"id": by_name[other.name]}))
        self.validate(shipment)
        self.assertEqual(self.reasons(shipment), ["qty_short"])
        short = self.env["milepost.billable"].search([("sale_line_id", "in", orders[1].order_line.ids)])
        self.assertEqual((short.shipped_qty, short.short_qty), (5, 1))
        self.assert_nothing_to_invoice(orders[1])
        self.env["milepost.billable"].with_user(self.users["analyst"]).dispose(shipment.id, "bill_accepted")
        self.validate(shipment)
        self.assertEqual([self.post(order) for order in orders], [100.0, 40.0])
        self.assert_billed(orders, 140.0)

    def test_a_truck_that_drives_its_drops_in_another_order_is_understood_by_their_places(self):
        self.connection.auto_transport_order = False
        other = self.new_partner("Elbe Foods", "Bremen")
        orders = self.sell() | self.sell((self.goods, 5), partner=other)
        self.customer.write({"street": "Quay 1", "city": "Hamburg", "country_id": other.country_id.id})
        orders.picking_ids.action_milepost_ship_together()
        [shipment] = self.shipments(orders)
        self.do(orders.picking_ids)
        base = {stop.partner_id: stop for stop in shipment.stop_ids.filtered("is_base")}
        plan = [
            {"id": name, "sequence": number, "kind": kind, "place": base[partner].base["place"]}
            for number, (name, kind, partner) in enumerate([
                ("v-p", "pickup", self.company.partner_id), ("v-far", "delivery", other),
                ("v-near", "delivery", self.customer),
            ])
        ]  # fmt: skip
        self.facts(self.fact("itinerary", shipment, stops=plan))
        for partner, name in ((other, "v-far"), (self.customer, "v-near")):
            self.assertIn(name, base[partner].aliases)
        for name in ("v-far", "v-near"):
            self.deliver(shipment, stop={"id": name})
            self.facts(self.pod(shipment, stop={"id": name}))
        self.validate(shipment)
        self.assertFalse(self.reasons(shipment))
        self.assertEqual([self.post(order) for order in orders], [100.0, 50.0])

    def test_one_order_on_two_trucks_is_proven_and_invoiced_by_each_trucks_quantity(self):
        order = self.sell()
        [first] = self.shipments(order)
        move = order.picking_ids.move_ids
        second = first._split({move: 6})
        self.assertEqual((first.line_ids.quantity, second.line_ids.quantity), (4, 6))
        self.end_transaction()
        self.assertEqual([self.told(item)["PMP"] for item in self.send()], ["4", "6"])
        self.do(order.picking_ids)
        self.prove(second, ("accepted", 6))
        self.assertEqual(self.post(order), 60.0)
        self.assert_nothing_to_invoice(order)
        self.prove(first, ("accepted", 4))
        self.assertFalse(self.reasons(first))
        self.assertEqual(self.post(order), 40.0)

    def test_what_stays_behind_of_goods_on_two_trucks_waits_for_its_own(self):
        for size in (6, 4):
            with self.subTest(size):
                order = self.sell()
                [first] = self.shipments(order)
                second = first._split({order.picking_ids.move_ids: size})
                self.end_transaction()
                self.send()
                self.do(order.picking_ids, size)
                self.assertEqual(self.shipments(order), first | second, "no third truck comes for it")
                self.assertEqual(sum(first.line_ids.mapped("quantity")), 10 - size)
                self.assertEqual(sum(second.line_ids.mapped("quantity")), size)
                self.assertFalse([item for item in self.send() if item["kind"] == "transport_order"])
                self.do(self.open_pickings(order))
                for shipment, quantity in ((second, size), (first, 10 - size)):
                    self.prove(shipment, ("accepted", quantity))
                    self.assertEqual(self.post(order), quantity * 10.0)
                self.assert_billed(order, 100.0)

    def test_what_two_trucks_carry_is_never_more_than_what_was_shipped(self):
        order = self.sell()
        [first] = self.shipments(order)
        second = first._split({order.picking_ids.move_ids: 6})
        self.do(order.picking_ids, 8, backorder=False)
        self.assertEqual((first.line_ids.quantity, second.line_ids.quantity), (2, 6))
        with self.assertRaises(UserError):
            first._split({order.picking_ids.move_ids: 3})
        for shipment, quantity in ((first, 2), (second, 6)):
            self.assert_nothing_to_invoice(order)
            self.prove(shipment, ("accepted", quantity))
            self.assertEqual(self.post(order), quantity * 10.0)
        self.assert_billed(order, 80.0)

    def test_a_declined_truck_carries_nothing_and_the_next_takes_its_load(self):
        order = self.sell()
        [first] = self.shipments(order)
        self.send()
        self.facts(self.milestone(first, "tender_declined", self.aware(2026, 3, 1)))
        self.assertEqual(first.state, "declined")
        second = self.env["milepost.shipment"]._from_pickings(order.picking_ids, self.connection)
        self.assertEqual((first.line_ids.quantity, second.line_ids.quantity), (0, 10))
        self.do(order.picking_ids)
        self.assert_nothing_to_invoice(order)
        self.prove(second, ("accepted", 10))
        self.assertEqual(self.post(order), 100.0)
        self.assert_billed(order, 100.0)

    def test_dozens_are_proven_and_invoiced_in_the_orders_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.sell((self.goods, 2), confirm=False)
        order.order_line.write({"product_uom_id": dozen.id, "price_unit": 120.0})
        order.action_confirm()
        [shipment] = self.shipments(order)
        self.do(order.picking_ids)
        self.prove(shipment)
        self.assertEqual(self.post(order), 240.0)

    def test_a_dispatcher_splits_a_shipment_on_its_form(self):
        order = self.sell()
        [first] = self.shipments(order)
        split = (
            self.env["milepost.split"].with_user(self.users["dispatcher"]).with_context(active_id=first.id)
        )
        wizard = split.create({})
        wizard.line_ids.quantity = 6
        second = self.env["milepost.shipment"].browse(wizard.action_split()["res_id"])
        self.assertEqual((first.line_ids.quantity, second.line_ids.quantity), (4, 6))
        self.assertEqual(second.order_state, "queued")
        self.do(order.picking_ids)
        for shipment in (first, second):
            self.prove(shipment)
        self.assertEqual(self.post(order), 100.0)
        self.assert_billed(order, 100.0)
