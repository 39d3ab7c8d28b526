"""Sales at the counter and sales that ship later."""

from odoo import Command, fields
from odoo.tests import tagged

from .flow_case import FlowCase


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsPos(FlowCase):
    def sold(self, **values):
        """An order of 2 at the counter, paid."""
        cash = self.env["pos.payment.method"].create({
            "name": "Cash", "journal_id": self.env["account.journal"].create({
                "name": "Till", "code": "TILL", "type": "cash", "company_id": self.company.id,
            }).id,
        })  # fmt: skip
        config = self.env["pos.config"].create({
            "name": "Counter", "payment_method_ids": [Command.set(cash.ids)], "ship_later": True,
            "warehouse_id": self.warehouse.id,
        })  # fmt: skip
        config.open_ui()
        order = self.env["pos.order"].create({
            "session_id": config.current_session_id.id, "partner_id": self.customer.id, "company_id": self.company.id,
            "amount_total": 20.0, "amount_tax": 0.0, "amount_paid": 0.0, "amount_return": 0.0,
            "lines": [Command.create({
                "product_id": self.goods.id, "qty": 2, "price_unit": 10.0, "price_subtotal": 20.0,
                "price_subtotal_incl": 20.0,
            })],
            **values,
        })  # fmt: skip
        payment = {"active_ids": order.ids, "active_id": order.id}
        pay = self.env["pos.make.payment"].with_context(**payment).create(
            {"amount": 20.0, "payment_method_id": cash.id}
        )  # fmt: skip
        pay.with_context(**payment).check()
        self.end_transaction()
        return order

    def test_what_is_handed_over_at_the_counter_is_no_shipment(self):
        order = self.sold()
        self.assertEqual(order.picking_ids.state, "done")
        self.assertFalse(self.shipments(order.picking_ids))
        self.assertFalse(order.picking_ids.move_ids._milepost_is_transport())

    def test_what_a_point_of_sale_ships_later_is_a_shipment(self):
        order = self.sold(shipping_date=fields.Date.today())
        transfer = self.env["stock.picking"].search(
            [("partner_id", "=", self.customer.id)], order="id desc", limit=1
        )
        self.assertEqual(transfer.picking_type_id, self.warehouse.out_type_id)
        [shipment] = self.shipments(transfer)
        self.assertEqual((shipment.direction, shipment.destination_id), ("delivery", self.customer))
        self.assertEqual(self.told(self.send()[0]), {"PMP": "2"})
        self.assertEqual(order.state, "paid")
        # Paid at the till, it is billed there, and by nothing else: neither before its proof nor after.
        order.partner_id = self.customer
        order.action_pos_order_invoice()
        self.do(transfer)
        self.prove(shipment)
        self.assertFalse(self.run_billing())
        self.assertEqual((shipment.billing_state, shipment.billable_amount), ("nothing", 0))
        self.assertEqual((order.account_move.state, order.account_move.amount_untaxed), ("posted", 20.0))
