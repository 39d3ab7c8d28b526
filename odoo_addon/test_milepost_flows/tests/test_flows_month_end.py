"""Odoo's Accrued Revenue on a past day: what was the customer's by then, by proof or by shipping."""

from datetime import date, datetime

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .flow_case import FlowCase


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsMonthEnd(FlowCase):
    """Goods leave on 2 March, are picked up that day, and delivered on 4 March; today is later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # These orders are of the months after the connection went live.
        cls.connection.managed_from = "2026-01-01"

    def left(self, *lines, day="2026-03-02", quantity=None, **values):
        with freeze_time(f"{day} 06:00:00"):
            order = self.sell(*lines, **values)
            self.do(order.picking_ids, quantity)
        return order, self.shipments(order).filtered(lambda one: "done" in one.picking_ids.mapped("state"))

    def accrued(self, orders, day):
        """What the wizard books on the accrual account as of a day, with its entries."""
        account = self.env["account.account"].create({
            "name": "Accrued Revenue", "code": f"ACC{next(self.numbers)}", "account_type": "asset_current",
        })  # fmt: skip
        wizard = self.env["account.accrued.orders.wizard"].with_context(
            active_model="sale.order", active_ids=orders.ids
        )
        action = wizard.create({"account_id": account.id, "date": day}).create_entries()
        moves = self.env["account.move"].search(action["domain"], order="date, id")
        self.assertEqual(moves.mapped("state"), ["posted", "posted"])
        mine = moves.line_ids.filtered(lambda line: line.account_id == account).sorted("date")
        self.assertEqual(sum(mine.mapped("balance")), 0.0)
        return mine[:1].balance, moves

    def assert_accrued(self, orders, amounts):
        for day, amount in amounts.items():
            if amount:
                self.assertEqual(self.accrued(orders, day)[0], amount, day)
            else:
                with self.assertRaises(UserError, msg=day):
                    self.accrued(orders, day)

    def test_goods_that_are_not_proven_are_not_earned_whatever_left(self):
        order, _shipment = self.left()
        self.assert_accrued(order, {"2026-03-02": 0.0, "2026-03-04": 0.0, "2026-11-01": 0.0})

    def test_goods_are_earned_on_the_day_of_their_proven_delivery(self):
        order, shipment = self.left()
        self.prove(shipment, ("accepted", 10))
        self.assert_accrued(order, {"2026-03-03": 0.0, "2026-03-04": 100.0, "2026-03-31": 100.0})

    def test_the_entry_is_reversed_on_its_day_and_what_is_invoiced_is_accrued_no_more(self):
        order, shipment = self.left()
        self.prove(shipment, ("accepted", 10))
        _balance, moves = self.accrued(order, "2026-03-31")
        self.assertEqual(moves.mapped("date"), [date(2026, 3, 31), date(2026, 4, 1)])
        self.assertEqual(moves[1].reversed_entry_id, moves[0])
        self.assertFalse(moves.line_ids.sale_line_ids | moves.line_ids.milepost_billable_id.sale_line_id)
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-04-02"
        invoice.action_post()
        self.assert_accrued(order, {"2026-03-31": 100.0, "2026-04-02": 0.0})

    def test_of_a_backorder_each_delivery_is_earned_on_its_own_day(self):
        order, shipment = self.left(quantity=4)
        with freeze_time("2026-03-09 06:00:00"):
            self.do(self.open_pickings(order))
        self.prove(shipment, ("accepted", 4))
        second = self.shipments(order) - shipment
        self.deliver(second, at=datetime(2026, 3, 11, 9, 0))
        self.facts(self.pod(second, [("accepted", 6)], at=datetime(2026, 3, 11, 9, 0)))
        self.validate(second, datetime(2026, 3, 12))
        self.assert_accrued(order, {"2026-03-04": 40.0, "2026-03-10": 40.0, "2026-03-11": 100.0})

    def test_what_was_shipped_counts_where_the_policy_says_so(self):
        self.policy.accrued_revenue = "shipped"
        order, _shipment = self.left()
        self.assert_accrued(order, {"2026-03-01": 0.0, "2026-03-02": 100.0})

    def test_ex_works_and_free_carrier_are_earned_at_the_proof_of_pickup(self):
        for code in ("EXW", "FCA"):
            incoterm = self.env["account.incoterms"].search([("code", "=", code)])
            order, shipment = self.left(incoterm=incoterm.id)
            self.assert_accrued(order, {"2026-03-02": 0.0})
            self.facts(self.milestone(shipment, "picked_up", datetime(2026, 3, 2, 8, 0)))
            self.validate(shipment)
            self.assert_accrued(order, {"2026-03-01": 0.0, "2026-03-02": 100.0})

    def test_delivered_at_place_is_earned_at_the_proof_of_delivery(self):
        incoterm = self.env["account.incoterms"].search([("code", "=", "DAP")])
        order, shipment = self.left(incoterm=incoterm.id)
        self.prove(shipment, ("accepted", 10))
        self.assert_accrued(order, {"2026-03-02": 0.0, "2026-03-04": 100.0})

    def test_a_policy_says_otherwise_of_an_incoterm(self):
        fob = self.env["account.incoterms"].search([("code", "=", "FOB")])
        exw = self.env["account.incoterms"].search([("code", "=", "EXW")])
        self.policy.write({
            "pickup_incoterm_ids": [Command.set(fob.ids)], "delivery_incoterm_ids": [Command.set(exw.ids)],
        })  # fmt: skip
        for incoterm, earned in ((fob, 100.0), (exw, 0.0)):
            order, shipment = self.left(incoterm=incoterm.id)
            self.prove(shipment, ("accepted", 10))
            self.assert_accrued(order, {"2026-03-02": earned, "2026-03-04": 100.0})

    def test_transport_that_is_sold_follows_the_day(self):
        transport = self.env["product.product"].create({
            "name": "Transport", "type": "service", "list_price": 500.0, "milepost_transport": True,
            "invoice_policy": "delivery", "taxes_id": [Command.clear()],
        })  # fmt: skip
        order = self.sell((transport, 1))
        shipment = self.shipments(order)
        self.assert_accrued(order, {"2026-11-01": 0.0})
        self.prove(shipment)
        self.assert_accrued(order, {"2026-03-03": 0.0, "2026-03-04": 500.0})

    def test_what_came_back_by_the_day_is_taken_off(self):
        order, shipment = self.left()
        self.prove(shipment, ("accepted", 10))
        picking = order.picking_ids
        with freeze_time("2026-03-20 06:00:00"):
            wizard = self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
            ).create({"picking_id": picking.id})  # fmt: skip
            wizard.product_return_moves.write({"quantity": 3, "to_refund": True})
            self.do(self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"]))
        self.assert_accrued(order, {"2026-03-19": 100.0, "2026-03-20": 70.0})

    def test_kits_are_earned_whole_and_after_discount(self):
        part, other = self.new_product("Part A", "A"), self.new_product("Part B", "B")
        kit = self.new_product("Kit", "KIT", list_price=100.0, is_storable=False)
        self.env["mrp.bom"].create({
            "product_tmpl_id": kit.product_tmpl_id.id, "type": "phantom",
            "bom_line_ids": [
                Command.create({"product_id": part.id, "product_qty": 2}),
                Command.create({"product_id": other.id, "product_qty": 1}),
            ],
        })  # fmt: skip
        order, shipment = self.left((kit, 5))
        order.order_line.discount = 10.0
        self.prove(shipment)
        self.assert_accrued(order, {"2026-03-03": 0.0, "2026-03-04": 450.0})
