"""Sales that come another way: paid online, of a repair, made to order, in another currency."""

from datetime import datetime

from odoo import Command
from odoo.addons.milepost_billing.hooks import uninstall_hook
from odoo.exceptions import UserError
from odoo.tests import tagged

from .flow_case import FlowCase


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsSales(FlowCase):
    # Paid online

    def pay(self, order):
        """The customer pays the order online: Odoo confirms it and, where set so, invoices it at once."""
        method = self.env["payment.method"].create({"name": "Test", "code": "test_method"})
        provider = self.env["payment.provider"].create({
            "name": "Test", "code": "none", "state": "test", "payment_method_ids": [Command.link(method.id)],
        })  # fmt: skip
        transaction = self.env["payment.transaction"].create({
            "reference": "WEB-1", "amount": order.amount_total, "currency_id": order.currency_id.id,
            "partner_id": order.partner_id.id, "provider_id": provider.id, "payment_method_id": method.id,
            "sale_order_ids": [Command.link(order.id)],
        })  # fmt: skip
        transaction._set_done()
        transaction._check_amount_and_confirm_order()
        transaction._invoice_sale_orders()
        self.end_transaction()

    def test_an_order_that_is_paid_online_is_confirmed_and_its_goods_wait_for_proof(self):
        order = self.sell(confirm=False)
        self.pay(order)
        self.assertEqual(order.state, "sale")
        [shipment] = self.shipments(order)
        self.assertEqual(self.told(self.send()[0]), {"PMP": "10"})
        self.assertFalse(order.invoice_ids)
        self.do(order.picking_ids)
        self.prove(shipment, ("accepted", 10))
        self.assertEqual(self.post(order), 100.0)

    # Combos

    def test_a_combo_is_invoiced_with_the_items_that_are_proven(self):
        hose = self.new_product("Hose", "HSE")
        combos = self.env["product.combo"].create([
            {"name": product.name, "combo_item_ids": [Command.create({"product_id": product.id})]}
            for product in (self.goods, hose)
        ])  # fmt: skip
        both = self.env["product.product"].create({
            "name": "Garden", "type": "combo", "combo_ids": [Command.set(combos.ids)], "list_price": 16.0,
            "taxes_id": [Command.clear()],
        })  # fmt: skip
        order = self.sell((both, 2), confirm=False)
        for combo in combos:
            item = combo.combo_item_ids
            order.order_line = [Command.create({
                "product_id": item.product_id.id, "product_uom_qty": 2, "combo_item_id": item.id,
                "linked_line_id": order.order_line[:1].id, "tax_ids": [Command.clear()],
            })]  # fmt: skip
        order.action_confirm()
        [shipment] = self.shipments(order)
        self.do(order.picking_ids)
        self.assertEqual(set(order.order_line.mapped("qty_to_invoice")), {0})
        self.assert_nothing_to_invoice(order)
        self.prove(shipment)
        self.assertEqual(self.post(order), 32.0)
        self.assert_nothing_to_invoice(order)

    # Repairs and manufacturing

    def test_parts_of_a_repair_travel_nowhere_and_are_invoiced_as_in_odoo(self):
        part = self.new_product("Seal", "SEAL", list_price=15.0)
        self.env["stock.quant"]._update_available_quantity(part, self.warehouse.lot_stock_id, 5)
        repair = self.env["repair.order"].create({
            "product_id": self.goods.id, "partner_id": self.customer.id, "product_qty": 1,
            "picking_type_id": self.warehouse.repair_type_id.id,
            "move_ids": [Command.create({
                "product_id": part.id, "product_uom_qty": 2, "repair_line_type": "add",
            })],
        })  # fmt: skip
        repair.action_validate()
        repair.action_repair_start()
        repair.move_ids.write({"quantity": 2, "picked": True})
        repair.action_repair_end()
        repair.action_create_sale_order()
        order = repair.sale_order_id
        order.order_line.tax_ids = [Command.clear()]
        order.action_confirm()
        self.end_transaction()
        self.assertEqual((repair.state, len(self.send())), ("done", 0))
        self.assertFalse(order.milepost_shipment_ids)
        self.assertFalse(order.order_line._milepost_is_managed())
        self.assertEqual(self.post(order), 30.0)

    def test_what_is_made_for_an_order_is_a_shipment_when_it_leaves(self):
        steel = self.new_product("Steel", "STL")
        self.env["stock.quant"]._update_available_quantity(steel, self.warehouse.lot_stock_id, 100)
        mto = self.warehouse.mto_pull_id.route_id
        mto.active = True
        routes = mto | self.warehouse.manufacture_pull_id.route_id
        engine = self.new_product("Engine", "ENG", route_ids=[Command.set(routes.ids)])
        self.env["mrp.bom"].create({
            "product_tmpl_id": engine.product_tmpl_id.id, "type": "normal", "product_qty": 1,
            "bom_line_ids": [Command.create({"product_id": steel.id, "product_qty": 3})],
        })  # fmt: skip
        order = self.sell((engine, 10))
        production = order.mrp_production_ids
        self.assertEqual((len(production), production.product_qty), (1, 10))
        [shipment] = self.shipments(order)
        self.assertEqual(self.told(self.send()[0]), {"ENG": "10"})
        self.assertFalse(production.move_raw_ids.milepost_line_ids)
        production.qty_producing = 10
        production.move_raw_ids.picked = True
        production.button_mark_done()
        self.assertEqual(production.state, "done")
        self.assert_nothing_to_invoice(order)
        self.do(order.picking_ids)
        self.prove(shipment, ("accepted", 10))
        self.assertEqual(self.post(order), 100.0)

    # Money

    def test_an_order_of_a_foreign_pricelist_is_invoiced_in_its_currency(self):
        foreign = self.env.ref("base.EUR") if self.usd.name != "EUR" else self.env.ref("base.USD")
        foreign.active = True
        self.env["res.currency.rate"].create({
            "currency_id": foreign.id, "company_id": self.company.id, "name": "2026-01-01", "rate": 0.5,
        })  # fmt: skip
        pricelist = self.env["product.pricelist"].create({"name": "Abroad", "currency_id": foreign.id})
        order = self.sell(pricelist_id=pricelist.id)
        [shipment] = self.shipments(order)
        self.do(order.picking_ids)
        self.assert_nothing_to_invoice(order)
        self.prove(shipment, ("accepted", 9), ("short", 1))
        self.env["milepost.billable"].with_user(self.users["analyst"]).dispose(shipment.id, "bill_accepted")
        self.validate(shipment)
        self.assertEqual(self.post(order), 90.0)
        invoice = order.invoice_ids
        self.assertEqual((invoice.currency_id, invoice.amount_untaxed_signed), (foreign, 180.0))
        self.validate(shipment)
        self.assertEqual((shipment.currency_id, shipment.invoiced_amount), (foreign, 90.0))

    def with_fee(self):
        carrier = self.new_carrier("Express", fixed_price=20.0, delivery_type="fixed")
        carrier.product_id.taxes_id = [Command.clear()]
        order = self.sell(confirm=False)
        order.set_delivery_line(carrier, 20.0)
        order.action_confirm()
        self.end_transaction()
        return order

    def test_a_delivery_fee_comes_with_the_first_proven_goods_unless_the_policy_says_otherwise(self):
        order = self.with_fee()
        [shipment] = self.shipments(order)
        self.assert_nothing_to_invoice(order)
        self.do(order.picking_ids, 4)
        self.assert_nothing_to_invoice(order)
        self.prove(shipment, ("accepted", 4))
        self.assertEqual(self.post(order), 60.0)
        self.policy.delivery_fee = "odoo"
        self.assertEqual(self.post(self.with_fee()), 20.0)

    def prepay(self, order):
        wizard = self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids).create({
            "advance_payment_method": "percentage", "amount": 100, "sale_order_ids": [Command.set(order.ids)],
        })  # fmt: skip
        wizard.create_invoices()
        order.invoice_ids.action_post()
        return order.invoice_ids.amount_untaxed

    def test_the_whole_price_is_paid_down_before_shipping_where_the_policy_allows_it(self):
        order = self.sell()
        self.assertEqual(self.prepay(order), 100.0)
        self.do(order.picking_ids)
        self.prove(self.shipments(order), ("accepted", 10))
        final = order._create_invoices(final=True)
        final.action_post()
        self.assertEqual((final.state, final.amount_untaxed), ("posted", 0.0))
        self.assert_billed(order, 100.0)
        self.policy.down_payments = "proof"
        with self.assertRaisesRegex(UserError, "before the first proof"):
            self.prepay(self.sell())

    def test_transport_sold_as_ordered_waits_for_its_proof_unless_the_policy_says_otherwise(self):
        transport = self.env["product.product"].create({
            "name": "Transport", "type": "service", "list_price": 500.0, "milepost_transport": True,
            "invoice_policy": "order", "taxes_id": [Command.clear()],
        })  # fmt: skip
        order = self.sell((transport, 1))
        self.assert_nothing_to_invoice(order)
        self.assertEqual((order.order_line.milepost_waiting_qty, order.milepost_is_waiting), (1, True))
        self.prove(self.shipments(order))
        self.assertEqual(self.post(order), 500.0)
        self.policy.transport_products = "odoo"
        self.assertEqual(self.post(self.sell((transport, 1))), 500.0)

    # What was linked, archived, taken off or uninstalled

    def test_a_posted_line_made_by_hand_is_not_linked_to_an_unproven_order_afterwards(self):
        order = self.sell()
        self.do(order.picking_ids)
        move = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.customer.id, "invoice_date": "2026-03-05",
            "invoice_line_ids": [Command.create({
                "product_id": self.goods.id, "quantity": 10, "price_unit": 10.0, "tax_ids": [Command.clear()],
            })],
        })  # fmt: skip
        move.action_post()
        with self.assertRaisesRegex(UserError, "is posted|when it is proven"):
            move.invoice_line_ids.sale_line_ids = [Command.link(order.order_line.id)]

    def test_neither_archiving_a_shipment_nor_taking_its_transfers_off_is_a_way_to_an_invoice(self):
        order = self.sell()
        [shipment] = self.shipments(order)
        shipment.active = False
        shipment.picking_ids = [Command.clear()]
        self.end_transaction()
        self.do(order.picking_ids)
        self.assert_nothing_to_invoice(order)
        self.assertTrue(order.milepost_is_waiting)
        again = self.env["milepost.shipment"]._from_pickings(order.picking_ids, self.connection)
        self.prove(again, ("accepted", 10))
        self.assertEqual(self.post(order), 100.0)
        self.assert_billed(order, 100.0)

    def test_a_shipped_and_unproven_order_is_waiting_for_proof(self):
        order = self.sell()
        self.do(order.picking_ids)
        self.assertEqual((order.milepost_is_waiting, order.order_line.milepost_waiting_qty), (True, 10))
        self.assertEqual((order.order_line.invoice_status, order.invoice_status), ("no", "no"))
        self.assertIn(order, self.env["sale.order"].search([("milepost_is_waiting", "=", True)]))
        self.assertLess(order.milepost_waiting_since, datetime.now())
        self.prove(self.shipments(order), ("accepted", 10))
        self.assertEqual(self.post(order), 100.0)
        self.assert_billed(order, 100.0)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_an_order_is_invoiced_once_what_was_proven_is_though_less_was_accepted(self):
        order = self.sell()
        self.do(order.picking_ids)
        self.prove(self.shipments(order), ("accepted", 8), ("short", 2))
        self.assertEqual((order.milepost_is_waiting, order.invoice_status), (True, "no"))
        self.env["milepost.billable"].with_user(self.users["analyst"]).dispose(
            self.shipments(order).id, "bill_accepted"
        )
        self.validate(self.shipments(order))
        self.assertEqual((self.post(order), order.invoice_status), (80.0, "invoiced"))
        self.assertEqual((order.milepost_is_waiting, order.order_line.milepost_waiting_qty), (False, 0))

    def test_uninstalling_leaves_odoos_own_amounts(self):
        order = self.sell()
        self.do(order.picking_ids)
        self.assert_nothing_to_invoice(order)
        uninstall_hook(self.env)
        self.assertEqual((order.order_line.qty_to_invoice, order.invoice_status), (10, "to invoice"))
        with self.env["milepost.ledger"]._leaving():
            self.assertEqual(self.post(order), 100.0)
