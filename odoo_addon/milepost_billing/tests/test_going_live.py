"""Milepost is switched on, tried out, and taken away in a company that runs."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..hooks import uninstall_hook
from .going_live_case import GoingLiveCase


@tagged("finance", "golive", "post_install", "-at_install")
class TestGoingLiveRows(GoingLiveCase):
    """Every open order, row by row: before and after Milepost is enabled, and when it is gone."""

    def test_enabled_on_open_orders_nothing_changes_row_by_row(self):
        orders = self.env["sale.order"].union(*self.old_orders(self.open_orders).values())
        before = self.rows(orders)
        self.assert_odoos(orders)
        self.managed()
        self.recompute(orders)
        self.assertEqual(self.rows(orders), before)
        print(f"{len(orders)} open orders, {len(before)} rows: equal before and after")  # noqa: T201

    def test_enabled_where_policies_ask_for_every_proof_nothing_changes_either(self):
        self.policy.write({"ordered_goods": "proof", "down_payments": "proof"})
        orders = self.env["sale.order"].union(*self.old_orders().values())
        before = self.rows(orders)
        self.managed()
        self.recompute(orders)
        self.assertEqual(self.rows(orders), before)

    def test_drafts_of_before_are_posted_and_what_was_shipped_is_invoiced_as_ever(self):
        orders = self.old_orders()
        self.managed()
        drafts = self.union(orders, "drafted", "drafted as ordered").invoice_ids
        drafts.with_user(self.accountant).action_post()
        self.assertEqual(set(drafts.mapped("state")), {"posted"})
        shipped = self.union(orders, "shipped", "down-paid and shipped", "open as ordered", "returned")
        shipped._create_invoices(final=True).action_post()
        self.assertFalse(shipped.filtered(lambda one: one.invoice_status == "to invoice"))
        self.assert_odoos(shipped)

    def test_uninstalled_after_use_every_amount_is_odoos(self):
        old = self.old_orders(self.open_orders)
        self.managed()
        self.leave(self.union(old, "open", "open with a fee", "shipped in part", "all at once", "down-paid"))
        new = self.old_orders()
        waiting = self.union(new, "shipped", "all at once", "transport", "open with a fee")
        self.leave(waiting)
        proven = new["shipped"].milepost_shipment_ids
        self.deliver(proven)
        self.facts(self.pod(proven, [("accepted", 7), ("short", 3)]))
        self.validate(proven)
        self.env["milepost.billable"].with_user(self.users["analyst"]).dispose(proven.id, "bill_accepted")
        self.validate(proven)
        self.assertEqual(self.run_billing().invoice_line_ids.quantity, 7)
        orders = self.env["sale.order"].union(*old.values(), *new.values())
        self.assertTrue(orders.filtered("milepost_is_waiting"))
        uninstall_hook(self.env)
        self.assert_odoos(orders)
        print(f"{len(orders)} orders: Odoo's own amounts after uninstalling")  # noqa: T201


@tagged("finance", "golive", "post_install", "-at_install")
class TestGoingLive(GoingLiveCase):
    """What was sold before is Odoo's alone; what was decided stays decided."""

    # When goods move, and when an order is confirmed

    def test_goods_that_move_after_the_connection_took_over_wait_whenever_they_were_ordered(self):
        order = self.sell(self.product)
        self.managed()
        picking = order.picking_ids
        self.assertIn("before the connection took over", picking.milepost_notice)
        self.leave(order, 4)
        self.assertEqual((order.order_line.qty_delivered, order.order_line.qty_to_invoice), (4, 0))
        self.assertEqual(picking.move_ids.milepost_managed_by_id, self.connection)

    def test_what_left_under_a_connection_waits_whatever_is_set_up_later(self):
        self.managed()
        order = self.sell(self.product)
        self.leave(order)
        picking = order.picking_ids
        order.milepost_shipment_ids.outbox_ids.unlink()
        order.milepost_shipment_ids.unlink()
        later = fields.Datetime.now() + timedelta(days=1)
        for setting in (
            lambda: picking.picking_type_id.write({"milepost_transport": "never"}),
            lambda: picking.picking_type_id.write({"milepost_managed_from": later}),
            lambda: self.customer.write({"milepost_managed_from": later}),
            lambda: self.connection.write({"managed_from": later}),
            lambda: self.connection.write({"auto_transport_order": False, "is_default": False}),
        ):
            setting()
            self.recompute(order)
            self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_what_a_product_says_under_way_frees_nothing_that_was_ordered(self):
        self.policy.ordered_goods = "proof"
        self.managed()
        order = self.sell(self.product, self.ordered, self.transport)
        self.leave(order, 4)
        waiting = order.order_line.mapped("milepost_waiting_qty")
        self.assertEqual(order.order_line.mapped("qty_to_invoice"), [0, 0, 0])
        self.policy.ordered_goods = "odoo"
        self.assertEqual(order.order_line.mapped("qty_to_invoice"), [0, 10, 0])
        self.policy.ordered_goods = "proof"
        self.product.invoice_policy = "order"
        self.ordered.invoice_policy = "delivery"
        self.transport.milepost_transport = False
        self.leave(order, 2)
        self.recompute(order)
        self.assertEqual(order.order_line.mapped("qty_to_invoice"), [0, 0, 0])
        self.assertEqual(order.order_line[2].milepost_waiting_qty, waiting[2])
        for line in order.order_line:
            with self.refused(UserError, "when it is proven"):
                self.document(quantity=1, sale_line_ids=[Command.link(line.id)])

    def test_a_product_becomes_transport_for_later_orders_alone(self):
        haulage = self.new_product("Line haul", type="service", invoice_policy="delivery")
        order = self.sell(haulage)
        order.order_line.qty_delivered = 1
        haulage.milepost_transport = True
        self.managed()
        self.recompute(order)
        self.assertEqual((order.order_line.qty_delivered, order.order_line.qty_to_invoice), (1, 1))
        self.assertTrue(self.sell(haulage).order_line.milepost_is_transport)

    def test_who_manages_is_written_by_nobody_and_from_when_by_who_sets_up_connections(self):
        self.managed()
        order = self.sell(self.product)
        admin = new_test_user(
            self.env, "planner",
            groups="sales_team.group_sale_manager,stock.group_stock_manager,base.group_partner_manager,"
            "milepost.group_dispatcher",
        )  # fmt: skip
        now = fields.Datetime.now()
        for record, vals in (
            (order, {"milepost_managed_by_id": False}), (order, {"milepost_handed_back_at": now}),
            (order.picking_ids.move_ids, {"milepost_managed_by_id": False}),
            (self.customer, {"milepost_managed_from": now}),
            (order.warehouse_id, {"milepost_managed_from": now}),
            (order.warehouse_id.out_type_id, {"milepost_managed_from": now}),
        ):  # fmt: skip
            with self.subTest(record), self.refused(AccessError, "milepost_|rights"):
                record.with_user(admin).write(vals)
        admin.group_ids |= self.env.ref("milepost.group_integration_operator")
        self.customer.with_user(admin).milepost_managed_from = now

    # From when

    def test_of_all_levels_the_latest_instant_counts(self):
        self.managed()
        warehouse = self.sell(self.product).warehouse_id
        later = fields.Datetime.now() + timedelta(days=1)
        earlier = fields.Datetime.now() - timedelta(days=1)
        for level in (self.customer, warehouse, warehouse.out_type_id):
            with self.subTest(level):
                level.milepost_managed_from = earlier
                self.assertTrue(self.sell(self.product).milepost_managed_by_id)
                level.milepost_managed_from = later
                order = self.sell(self.product, self.fee)
                self.leave(order)
                self.assertFalse(order.milepost_managed_by_id or order.milepost_shipment_ids)
                self.assertEqual(order.order_line.mapped("qty_to_invoice"), [10, 1])
                level.milepost_managed_from = False

    def test_a_customer_is_managed_from_then_with_all_its_addresses_and_for_branches(self):
        self.managed()
        later = fields.Datetime.now() + timedelta(days=1)
        self.customer.milepost_managed_from = later
        address = self.customer.create({"name": "Dock", "parent_id": self.customer.id, "street": "Quay 2"})
        self.assertFalse(self.sell(self.product, partner_id=address.id).milepost_managed_by_id)
        branch = self.env["res.company"].create({"name": "North", "parent_id": self.company.id})
        other = self.env["res.company"].create({"name": "Elsewhere"})
        since = self.connection._managed_since
        nothing = self.env["stock.warehouse"], self.env["stock.picking.type"]
        self.assertEqual(since(branch, *nothing, self.customer), later)
        self.assertLess(since(other, *nothing, self.customer), later)

    # A pilot

    def test_a_pilot_covers_what_matches_each_kind_that_it_names(self):
        self.managed()
        pilot = self.customer.create({"name": "Pilot", "street": "Dock 1"})
        dock = self.customer.create({"name": "Dock", "parent_id": pilot.id, "street": "Dock 2"})
        self.connection.write({"pilot": True, "pilot_partner_ids": [Command.set(pilot.ids)]})
        for partner, managed in ((pilot, True), (dock, True), (self.customer, False)):
            order = self.sell(self.product, partner_id=partner.id)
            self.leave(order)
            with self.subTest(partner.name):
                self.assertEqual(bool(order.milepost_shipment_ids), managed)
                self.assertEqual(order.order_line.qty_to_invoice, 0 if managed else 10)
        warehouse = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        self.connection.pilot_warehouse_ids = warehouse
        self.assertFalse(self.sell(self.product, partner_id=pilot.id).milepost_managed_by_id)
        order = self.sell(self.product, partner_id=pilot.id, warehouse_id=warehouse.id)
        self.assertTrue(order.milepost_managed_by_id)

    def test_a_pilot_that_grows_takes_nothing_that_was_sold_before(self):
        self.managed()
        self.connection.write({"pilot": True, "pilot_partner_ids": [Command.set(self.carrier.ids)]})
        orders = self.env["sale.order"].union(*self.old_orders().values())
        before = self.rows(orders)
        self.connection.pilot = False
        self.recompute(orders)
        self.assertEqual(self.rows(orders), before)

    def test_a_pilot_names_something_and_nothing_of_another_company(self):
        with self.refused(ValidationError, "at least one"):
            self.connection.pilot = True
        other = self.env["res.company"].create({"name": "Elsewhere"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)
        with self.refused(ValidationError, "neither"):
            self.connection.write({"pilot": True, "pilot_warehouse_ids": [Command.set(warehouse.ids)]})

    # Policies that change

    def test_a_changed_gate_counts_at_once_for_orders_that_wait(self):
        self.managed()
        order = self.sell(self.product, self.ordered, self.fee)
        self.leave(order)
        goods, ordered, fee = order.order_line

        def amounts():
            return [(line.qty_to_invoice, line.milepost_waiting_qty) for line in (goods, ordered, fee)]

        self.assertEqual(amounts(), [(0, 10), (10, 0), (0, 1)])
        self.policy.ordered_goods = "proof"
        self.assertEqual(amounts(), [(0, 10), (0, 10), (0, 1)])
        self.policy.delivery_fee = "odoo"
        self.assertEqual(amounts(), [(0, 10), (0, 10), (1, 0)])
        milder = self.env["milepost.billing.policy"].create({
            "name": "Try-out", "company_id": self.company.id, "mode": "shadow",
            "partner_ids": [Command.set(self.customer.ids)],
        })  # fmt: skip
        self.assertEqual(amounts(), [(10, 0), (10, 0), (1, 0)])
        self.assertFalse(order.milepost_is_waiting)
        milder.active = False
        self.assertEqual(amounts(), [(0, 10), (0, 10), (1, 0)])
        milder.active = True
        milder.unlink()
        self.assertEqual(amounts(), [(0, 10), (0, 10), (1, 0)])
        self.assertTrue(order.milepost_is_waiting)

    def test_a_changed_gate_reaches_orders_whose_shipments_were_decided_on(self):
        self.managed()
        order = self.sell(self.ordered)
        self.leave(order)
        shipment = order.milepost_shipment_ids
        self.deliver(shipment)
        self.validate(shipment)
        self.assertEqual(order.order_line.qty_to_invoice, 10)
        strict = self.env["milepost.billing.policy"].create({
            "name": "Strict", "company_id": self.company.id, "ordered_goods": "proof",
            "partner_ids": [Command.set(self.customer.ids)],
        })  # fmt: skip
        self.assertNotEqual(shipment.billing_rev, shipment.rev, "it is decided about again")
        self.validate(shipment)
        self.assertEqual((shipment.policy_id, order.order_line.qty_to_invoice), (strict, 0))
        self.assertEqual((order.order_line.milepost_waiting_qty, order.milepost_is_waiting), (10, True))

    def test_a_proposal_of_a_back_test_touches_nothing(self):
        self.managed()
        order = self.sell(self.product)
        self.leave(order)
        shipment = order.milepost_shipment_ids
        self.validate(shipment)
        self.env["milepost.backtest"]._propose(self.policy).proposal_id.mode = "shadow"
        self.assertEqual(shipment.billing_rev, shipment.rev)


@tagged("-standard", "-finance", "-golive", "golive500", "post_install", "-at_install")
class TestGoingLive500(TestGoingLiveRows):
    """The same with 500 open orders, by `npm run test:odoo -- --tags golive500`."""

    # Odoo runs no test of a parent class otherwise.
    allow_inherited_tests_method = True
    open_orders = 500
