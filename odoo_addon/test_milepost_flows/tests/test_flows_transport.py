"""Transport that an order sells as a product, from the confirmed order to the posted invoice."""

from itertools import permutations

from odoo import Command
from odoo.tests import tagged

from .flow_case import FlowCase


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsTransport(FlowCase):
    """It is billed once, whatever becomes of the shipments that bear it."""

    def transport(self, **values):
        return self.new_product("Transport", "TRP", type="service", is_storable=False, list_price=500.0,
                                milepost_transport=True, **values)  # fmt: skip

    def decide(self):
        """All that is to be decided again, until nothing is."""
        while shipments := self.env["milepost.billing"]._changed(100):
            self.validate(shipments)

    def billed(self):
        """What a billing run bills now."""
        self.decide()
        moves = self.run_billing()
        self.decide()
        self.assertEqual(set(moves.mapped("state")) | {"posted"}, {"posted"})
        return sum(moves.mapped("amount_untaxed_signed"))

    def shares(self, order):
        """What each shipment bears of it."""
        self.env.invalidate_all()
        rows = order.order_line.milepost_billable_ids.filtered(lambda row: row.kind == "service")
        return [sum(rows.filtered(lambda row, own=one: row.shipment_id == own).mapped("billable_qty"))
                for one in self.shipments(order)]  # fmt: skip

    def first_billed(self, **values):
        """An order of 10 pumps and a transport, all of it delivered, proven and billed."""
        order = self.sell((self.goods, 10), (self.transport(**values), 1))
        self.do(order.picking_ids)
        self.prove(self.shipments(order), ("accepted", 10))
        self.assertEqual(self.billed(), 600.0)
        return order

    def test_what_is_billed_is_not_billed_again_with_a_shipment_that_is_made_later(self):
        for policy in ("order", "delivery"):
            with self.subTest(policy):
                order = self.first_billed(invoice_policy=policy)
                order.write({"order_line": [Command.create({
                    "product_id": self.new_product("Valve", "VLV").id, "product_uom_qty": 5,
                    "price_unit": 10.0, "tax_ids": [Command.clear()],
                })]})  # fmt: skip
                self.do(self.open_pickings(order))
                first, second = self.shipments(order)
                self.prove(second)
                self.assertEqual(self.billed(), 50.0)
                for again in permutations((first, second, first | second)):
                    for shipments in again:
                        self.validate(shipments)
                    self.assertEqual((self.shares(order), self.billed()), ([1, 0], 0.0))
                line = order.order_line.filtered("milepost_is_transport")
                self.assertEqual((line.qty_invoiced, line.qty_to_invoice), (1, 0))

    def test_what_is_sold_after_the_delivery_is_billed_without_another_fact(self):
        order = self.sell((self.goods, 10))
        self.do(order.picking_ids)
        self.prove(self.shipments(order), ("accepted", 10))
        self.assertEqual(self.billed(), 100.0)
        order.write({"order_line": [Command.create({
            "product_id": self.transport(invoice_policy="delivery").id, "product_uom_qty": 1,
            "price_unit": 500.0, "tax_ids": [Command.clear()],
        })]})  # fmt: skip
        self.assertEqual(self.billed(), 500.0)
        order.order_line.filtered("milepost_is_transport").product_uom_qty = 2
        self.assertEqual(self.billed(), 500.0)

    def test_what_is_billed_is_not_credited_because_more_goods_are_ordered(self):
        order = self.first_billed(invoice_policy="delivery")
        order.order_line.filtered(lambda line: line.product_id == self.goods).product_uom_qty = 15
        self.assertEqual(self.billed(), 0.0)
        self.do(self.open_pickings(order))
        self.prove(self.shipments(order)[1])
        self.assertEqual((self.billed(), self.shares(order)), (50.0, [1, 0]))

    def test_more_of_it_goes_to_the_shipments_that_bear_none_yet(self):
        order = self.first_billed(invoice_policy="delivery")
        order.order_line.filtered(lambda line: line.product_id == self.goods).product_uom_qty = 15
        order.order_line.filtered("milepost_is_transport").product_uom_qty = 2
        self.assertEqual(self.billed(), 0.0)
        self.do(self.open_pickings(order))
        self.prove(self.shipments(order)[1])
        self.assertEqual((self.billed(), self.shares(order)), (550.0, [1, 1]))
        order.order_line.filtered("milepost_is_transport").product_uom_qty = 1
        self.assertEqual((self.billed(), self.shares(order)), (-500.0, [1, 0]))

    def test_it_is_billed_although_the_shipment_that_bears_it_is_called_off(self):
        order = self.sell((self.goods, 10), (self.transport(), 1))
        self.do(order.picking_ids, 6)
        self.send()
        first, second = self.shipments(order)
        self.prove(first, ("accepted", 6))
        self.assertEqual((self.billed(), self.shares(order)), (60.0, [0, 1]))
        self.open_pickings(order).action_cancel()
        self.end_transaction()
        self.send()
        self.assertEqual(second.state, "cancelled")
        self.assertEqual((self.billed(), self.shares(order)), (500.0, [1, 0]))
        self.assertFalse(order.order_line.filtered("milepost_waiting_qty"))

    def test_those_that_stay_bear_it_when_one_is_taken_off_the_order(self):
        self.connection.auto_transport_order = False
        order = self.sell((self.transport(), 2))
        first, second, _third = (self.shipment(order) for _number in range(3))
        self.decide()
        self.assertEqual(self.shares(order), [0, 0, 2])
        manager = self.users["manager"]
        second.with_user(manager).action_detach("sale.order", order.ids, "another customer's")
        self.decide()
        self.assertEqual((self.shares(order), second.billable_ids.ids), ([1, 1], []))
        self.prove(first)
        self.assertEqual(self.billed(), 500.0)

    def test_a_draft_that_is_cancelled_leaves_it_to_all_again(self):
        self.connection.auto_transport_order = False
        order = self.sell((self.transport(), 2))
        first, _second = self.shipment(order), self.shipment(order)
        self.prove(first)
        draft = order._create_invoices()
        self.shipment(order), self.shipment(order)
        self.decide()
        self.assertEqual(self.shares(order), [1, 0, 0, 1])
        draft.button_cancel()
        self.decide()
        self.assertEqual(self.shares(order), [0, 0, 0, 2])
