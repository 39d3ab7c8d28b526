"""Drop-shipments and receipts of purchases, from the confirmed order to the posted invoice."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .flow_case import FlowCase


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsPurchase(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.new_partner("Pump Works", "Lyon", "fr")
        route = cls.env.ref("stock_dropshipping.route_drop_shipping")
        cls.pump = cls.new_product(
            "Big Pump", "BIG", list_price=6.0, route_ids=[Command.set(route.ids)],
            seller_ids=[Command.create({"partner_id": cls.vendor.id, "price": 4.0})],
        )  # fmt: skip

    def dropshipped(self):
        """An order of 10 whose purchase was confirmed."""
        order = self.sell((self.pump, 10))
        purchase = order._get_purchase_orders()
        purchase.button_confirm()
        self.end_transaction()
        return order, purchase

    def test_a_drop_shipment_is_ordered_from_vendor_to_customer_proven_and_invoiced(self):
        order, purchase = self.dropshipped()
        transfer = purchase.picking_ids
        [shipment] = self.shipments(transfer)
        self.assertEqual(
            (shipment.direction, shipment.origin_id, shipment.destination_id, shipment.partner_id),
            ("delivery", self.vendor, self.customer, self.customer),
        )
        [item] = self.send()
        self.assertEqual((self.told(item), item["payload"]["sales_orders"]), ({"BIG": "10"}, [order.name]))
        self.assertEqual(item["payload"]["stops"][0]["place"]["city"], "Lyon")
        self.do(transfer)
        self.assert_nothing_to_invoice(order)
        self.prove(shipment, ("accepted", 10))
        self.assertEqual(self.post(order), 60.0)

    def test_the_vendors_bill_of_drop_shipped_goods_is_odoos_alone(self):
        _order, purchase = self.dropshipped()
        self.do(purchase.picking_ids)
        purchase.action_create_invoice()
        bill = purchase.invoice_ids
        bill.invoice_date = "2026-03-05"
        bill.action_post()
        self.assertEqual((bill.state, bill.amount_untaxed), ("posted", 40.0))

    def test_a_return_of_a_drop_shipment_goes_from_the_customer_to_the_vendor(self):
        order, purchase = self.dropshipped()
        transfer = purchase.picking_ids
        self.do(transfer)
        wizard = self.env["stock.return.picking"].with_context(
            active_id=transfer.id, active_ids=transfer.ids, active_model="stock.picking"
        ).create({"picking_id": transfer.id})  # fmt: skip
        wizard.product_return_moves.write({"quantity": 2, "to_refund": True})
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        [returned] = self.shipments(back)
        self.assertEqual((returned.direction, returned.origin_id), ("return", self.customer))
        self.prove(self.shipments(transfer), ("accepted", 10))
        self.assertEqual(self.post(order), 60.0)
        self.do(back)
        self.prove(returned)
        [credit] = order._create_invoices(final=True)
        credit.action_post()
        self.assertEqual((credit.move_type, credit.amount_untaxed), ("out_refund", 12.0))
        self.assert_billed(order, 48.0)

    def test_a_receipt_is_a_shipment_where_we_pay_the_freight(self):
        self.warehouse.in_type_id.milepost_transport = "always"
        purchase = self.env["purchase.order"].create({
            "partner_id": self.vendor.id,
            "order_line": [Command.create({"product_id": self.goods.id, "product_qty": 5, "price_unit": 4.0})],
        })  # fmt: skip
        purchase.button_confirm()
        self.end_transaction()
        [shipment] = self.shipments(purchase.picking_ids)
        self.assertEqual((shipment.direction, shipment.origin_id), ("receipt", self.vendor))
        self.assertEqual(self.told(self.send()[0]), {"PMP": "5"})
        self.do(purchase.picking_ids)
        self.prove(shipment)
        purchase.action_create_invoice()
        purchase.invoice_ids.invoice_date = "2026-03-05"
        purchase.invoice_ids.action_post()
        self.assertEqual((purchase.invoice_ids.state, purchase.invoice_ids.amount_untaxed), ("posted", 20.0))
        self.assertFalse(shipment.billable_ids)

    def test_a_salesperson_reads_a_drop_shipped_order_as_without_the_addon(self):
        order, purchase = self.dropshipped()
        seller = new_test_user(self.env, "dropseller", groups="sales_team.group_sale_salesman_all_leads")
        own = order.with_user(seller)
        for records in (own, own.order_line):
            names = [name for name in records.fields_get() if name.startswith("milepost_")]
            self.assertTrue(records.read(["display_name", *names]))
        self.assertTrue(own.order_line._milepost_is_managed())
        own.order_line.product_uom_qty = 12
        self.assertEqual(own.order_line.product_uom_qty, 12)
        own.order_line.product_uom_qty = 10
        self.do(purchase.picking_ids)
        self.assert_nothing_to_invoice(own)
        self.prove(self.shipments(purchase.picking_ids), ("accepted", 10))
        wizard = self.env["sale.advance.payment.inv"].with_user(seller).with_context(active_ids=own.ids)
        wizard.create({"sale_order_ids": [Command.set(own.ids)]}).create_invoices()
        order.invoice_ids.action_post()
        self.assert_billed(order, 60.0)
