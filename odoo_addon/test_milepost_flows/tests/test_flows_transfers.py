"""Ways of goods that are no plain delivery: between warehouses, from vendors, without goods of ours."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .flow_case import FlowCase


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsTransfers(FlowCase):
    def resupplied(self, **values):
        """A transfer of 5 from the warehouse to a second one, over transit."""
        second = self.env["stock.warehouse"].create({
            "name": "Second", "code": "WH2", "resupply_wh_ids": [Command.set(self.warehouse.ids)], **values,
        })  # fmt: skip
        product = self.new_product("Valve", "VLV", route_ids=[Command.set(second.resupply_route_ids.ids)])
        self.env["stock.quant"]._update_available_quantity(product, self.warehouse.lot_stock_id, 50)
        self.env["stock.warehouse.orderpoint"].create({
            "product_id": product.id, "location_id": second.lot_stock_id.id, "warehouse_id": second.id,
            "product_min_qty": 5, "product_max_qty": 5, "route_id": second.resupply_route_ids.id,
        }).action_replenish()  # fmt: skip
        moves = self.env["stock.move"].search([("product_id", "=", product.id)])
        return moves.picking_id.filtered(lambda p: p.picking_type_id == self.warehouse.out_type_id)

    def test_a_resupply_is_a_shipment_from_warehouse_to_warehouse(self):
        site = self.new_partner("Second Site", "Breda", "nl")
        transfer = self.resupplied(partner_id=site.id)
        [shipment] = self.shipments(transfer)
        self.assertEqual((shipment.direction, shipment.destination_id), ("resupply", site))
        self.assertFalse(shipment.partner_id)
        self.assertEqual(self.told(self.send()[0]), {"VLV": "5"})
        self.do(transfer)
        self.prove(shipment)
        self.assertFalse(shipment.billable_ids)

    def test_a_resupply_to_the_same_address_says_why_nothing_is_ordered(self):
        transfer = self.resupplied()
        self.assertFalse(self.shipments(transfer))
        self.assertIn("would stay at", transfer.milepost_notice)
        self.do(transfer)

    def test_an_outgoing_transfer_without_a_contact_is_confirmed_and_says_why_nothing_is_ordered(self):
        transfer = self.env["stock.picking"].create({
            "picking_type_id": self.warehouse.out_type_id.id,
            "location_id": self.warehouse.lot_stock_id.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            "move_ids": [Command.create({
                "product_id": self.goods.id, "product_uom_qty": 1, "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            })],
        })  # fmt: skip
        transfer.action_confirm()
        self.end_transaction()
        self.assertFalse(self.shipments(transfer))
        self.assertIn("no contact", transfer.milepost_notice)
        with self.assertRaisesRegex(UserError, "no contact"):
            transfer.action_milepost_order_transport()
        transfer.partner_id = self.customer
        self.end_transaction()
        self.assertEqual(self.told(self.send()[0]), {"PMP": "1"})
        self.assertFalse(transfer.milepost_notice)

    def test_a_shipment_without_a_destination_cannot_be_ordered_and_says_so(self):
        shipment = self.env["milepost.shipment"].create({"connection_id": self.connection.id})
        with self.assertRaisesRegex(UserError, "to where the goods go"):
            shipment.action_order_transport()

    def receipt(self, **values):
        supplier = self.env.ref("stock.stock_location_suppliers")
        transfer = self.env["stock.picking"].create({
            "picking_type_id": self.warehouse.in_type_id.id, "partner_id": self.new_partner("Vendor", "Lyon", "fr").id,
            "location_id": supplier.id, "location_dest_id": self.warehouse.lot_stock_id.id,
            "move_ids": [Command.create({
                "product_id": self.goods.id, "product_uom_qty": 5, "location_id": supplier.id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
            })],
            **values,
        })  # fmt: skip
        transfer.action_confirm()
        return transfer

    def test_a_receipt_whose_freight_we_pay_is_a_shipment_and_what_came_is_told(self):
        self.assertFalse(self.shipments(self.receipt()))
        inbound = self.new_carrier("Inbound", milepost_transport="always")
        transfer = self.receipt(carrier_id=inbound.id)
        [shipment] = self.shipments(transfer)
        self.assertEqual((shipment.direction, shipment.origin_id.city), ("receipt", "Lyon"))
        self.assertFalse(shipment.partner_id)
        [item] = self.send()
        self.assertEqual([stop["place"]["city"] for stop in item["payload"]["stops"]], ["Lyon", "Rotterdam"])
        self.expect(shipment, linehaul=420)
        shipment.carrier_partner_id = self.carrier
        self.do(transfer, 4, backorder=False)
        self.assertEqual(self.told(self.send()[0]), {"PMP": "4"})
        self.prove(shipment)
        self.assertEqual((shipment.billing_state, len(shipment.billable_ids)), ("nothing", 0))
        self.assert_freight_is_paid(shipment)

    def assert_freight_is_paid(self, shipment):
        """The carrier's bill is booked and posted as agreed, and no customer is billed anything."""
        fact = self.bill(shipment, [("linehaul", "420.00")])
        self.facts(fact)
        self.validate(shipment)
        bill = self.invoice_of(fact)
        self.assertEqual((bill.shipment_id, bill.state), (shipment, "payable"))
        bill._book()
        self.assertEqual((bill.bill_ids.state, bill.bill_ids.amount_untaxed), ("posted", 420.0))
        self.assertFalse(self.run_billing().filtered(lambda move: move.move_type == "out_invoice"))

    def test_every_receipt_of_a_type_that_needs_transport_is_a_shipment(self):
        self.warehouse.in_type_id.milepost_transport = "always"
        self.assertEqual(self.shipments(self.receipt()).direction, "receipt")

    def transport(self):
        return self.env["product.product"].create({
            "name": "Transport", "type": "service", "list_price": 480.0, "milepost_transport": True,
            "invoice_policy": "delivery", "taxes_id": [Command.clear()],
        })  # fmt: skip

    def test_a_service_order_is_ordered_proven_and_invoiced(self):
        origin = self.new_partner("Their Depot", "Antwerp", "be")
        order = self.sell((self.transport(), 1), milepost_origin_id=origin.id, client_order_ref="PO-1")
        [shipment] = self.shipments(order)
        self.assertEqual((shipment.direction, shipment.origin_id), ("service", origin))
        [item] = self.send()
        self.assertEqual((item["payload"]["goods"], item["payload"]["sales_orders"]), ([], [order.name]))
        self.assert_nothing_to_invoice(order)
        self.prove(shipment)
        self.assertEqual(self.post(order), 480.0)

    def test_a_cancelled_service_order_is_called_off(self):
        order = self.sell((self.transport(), 1))
        self.send()
        order.action_cancel()
        self.end_transaction()
        self.assertEqual([item["kind"] for item in self.send()], ["order_cancellation"])

    def test_a_transport_that_is_sold_with_goods_travels_with_them(self):
        order = self.sell((self.goods, 10), (self.transport(), 1))
        [shipment] = self.shipments(order)
        self.assertEqual((shipment.direction, shipment.picking_ids), ("delivery", order.picking_ids))

    def test_what_customers_fetch_themselves_has_no_shipment_and_is_invoiced_by_odoo(self):
        fetched = self.new_carrier("Fetched", milepost_transport="never")
        order = self.sell(carrier_id=fetched.id)
        self.do(order.picking_ids)
        self.assertFalse(self.shipments(order))
        self.assertFalse(order.order_line._milepost_is_managed())
        self.assertEqual(self.post(order), 100.0)

    def test_goods_that_were_moved_before_the_connection_took_over_are_odoos_alone(self):
        self.connection.auto_transport_order = False
        order = self.sell()
        self.do(order.picking_ids)
        self.connection.write(
            {
                "auto_transport_order": True,
                "managed_from": fields.Datetime.add(fields.Datetime.now(), hours=1),
            }
        )
        self.assertFalse(order.order_line._milepost_is_managed())
        self.assertEqual(self.post(order), 100.0)
