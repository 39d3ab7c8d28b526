"""Orders that change on their way, and what the partner is told of it."""

from unittest.mock import patch

from odoo import Command
from odoo.addons.milepost.contract.checker import SCHEMAS, _compile
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .flow_case import FlowCase


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsChanges(FlowCase):
    def setUp(self):
        super().setUp()
        self.other = self.new_connection("other")
        self.carrier = self.new_carrier("Other", milepost_connection_id=self.other.id)

    def change_carrier(self, order):
        order.picking_ids.carrier_id = self.carrier
        self.end_transaction()

    def test_another_carrier_of_another_connection_is_cancelled_there_and_ordered_here_in_order(self):
        order = self.sell()
        [first] = self.shipments(order)
        self.send()
        self.change_carrier(order)
        first, second = self.shipments(order)
        self.assertEqual(self.send(self.other), [], "ordered before the first partner let go")
        self.assertEqual([item["kind"] for item in self.send()], ["order_cancellation"])
        [item] = self.send(self.other)
        self.assertEqual((item["kind"], self.told(item)), ("transport_order", {"PMP": "10"}))
        self.assertEqual((first.state, first.line_ids.quantity), ("cancelled", 0))
        self.assertEqual((second.connection_id, second.line_ids.quantity), (self.other, 10))
        self.do(order.picking_ids)
        self.assert_nothing_to_invoice(order)
        self.connection.flush_recordset()
        self.facts_of(self.other)
        self.prove(second, ("accepted", 10))
        self.assertEqual(self.post(order), 100.0)

    def facts_of(self, connection):
        """Facts come from this connection from now on."""
        self.connection = connection

    def test_an_order_that_nobody_has_yet_is_withdrawn_and_ordered_with_the_other(self):
        order = self.sell()
        self.change_carrier(order)
        self.assertEqual(self.send(), [])
        self.assertEqual(self.told(self.send(self.other)[0]), {"PMP": "10"})

    def test_a_partner_that_does_not_let_go_keeps_the_goods(self):
        order = self.sell()
        self.send()
        self.change_carrier(order)
        first, second = self.shipments(order)
        self.send(result="rejected")
        self.assertEqual(self.send(self.other), [])
        self.assertEqual((first.line_ids.quantity, second.line_ids.quantity), (10, 0))
        self.assertEqual((first.order_state, second.state), ("cancellation_rejected", "cancelled"))
        self.do(order.picking_ids)
        self.assert_nothing_to_invoice(order)
        self.prove(first, ("accepted", 10))
        self.assertEqual(self.post(order), 100.0)
        self.assert_billed(order, 100.0)

    def test_an_order_that_was_refused_is_ordered_with_the_other(self):
        order = self.sell()
        self.send(result="rejected")
        self.change_carrier(order)
        self.assertEqual(self.send(), [])
        self.assertEqual(self.told(self.send(self.other)[0]), {"PMP": "10"})

    def test_goods_that_the_customer_fetches_after_all_are_called_off(self):
        order = self.sell()
        self.send()
        order.picking_ids.carrier_id = self.new_carrier("Fetched", milepost_transport="never")
        self.end_transaction()
        self.assertEqual([item["kind"] for item in self.send()], ["order_cancellation"])
        self.do(order.picking_ids)
        # Another carrier frees nothing: finance says with a reason that there will be no proof.
        self.assert_nothing_to_invoice(order)
        [shipment] = self.shipments(order)
        shipment.with_user(self.users["manager"]).action_detach(
            "stock.picking", order.picking_ids.ids, "Fetched by the customer"
        )
        self.end_transaction()
        self.assertEqual(self.post(order), 100.0)
        self.assert_billed(order, 100.0)

    def test_quantity_new_line_cancel_and_reconfirm_are_told(self):
        order = self.sell()
        self.send()
        order.order_line.product_uom_qty = 12
        self.end_transaction()
        self.assertEqual(self.told(self.send()[0]), {"PMP": "12"})
        valve = self.new_product("Valve", "VLV")
        order.order_line = [Command.create({"product_id": valve.id, "product_uom_qty": 3})]
        self.end_transaction()
        self.assertEqual(self.told(self.send()[0]), {"PMP": "12", "VLV": "3"})
        [first] = self.shipments(order)
        order.action_cancel()
        self.end_transaction()
        self.assertEqual([item["kind"] for item in self.send()], ["order_cancellation"])
        order.action_draft()
        order.action_confirm()
        self.end_transaction()
        [item] = self.send()
        self.assertEqual((item["kind"], self.told(item)), ("transport_order", {"PMP": "12", "VLV": "3"}))
        second = self.shipments(order) - first
        self.assertEqual(len(second), 1)
        order.partner_shipping_id = self.new_partner("Elbe Depot", "Bremen")
        self.open_pickings(order).partner_id = order.partner_shipping_id
        self.end_transaction()
        [change] = self.send()
        self.assertEqual(change["payload"]["stops"][1]["place"]["city"], "Bremen")
        self.do(self.open_pickings(order))
        self.assert_nothing_to_invoice(order)
        self.deliver(second)
        rows = [
            {"goods": code, "outcome": "accepted", "quantity": told}
            for code, told in (("PMP", "12"), ("VLV", "3"))
        ]
        self.facts({**self.pod(second), "quantities": rows})
        self.validate(second)
        self.assertEqual(self.post(order), 150.0)
        self.assert_billed(order, 150.0)

    def test_the_phone_of_a_hub_that_300_open_orders_share_is_told_once_each_in_the_background(self):
        shipments = self.env["milepost.shipment"].create([
            {"connection_id": self.connection.id, "partner_id": self.customer.id, "company_id": self.company.id}
            for _number in range(300)
        ])  # fmt: skip
        shipments.action_order_transport()
        self.end_transaction()
        orders = self.env["milepost.outbox"].search([("shipment_id", "in", shipments.ids)])
        orders.state = "accepted"
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.customer.phone = "+31 10 000"
        self.end_transaction()
        self.customer.phone = "+31 10 111"
        self.end_transaction()
        self.assertLess(self.env.cr.sql_log_count - before, 40)
        self.assertEqual(set(shipments.mapped("is_behind")), {True})
        batches = []
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress",
            lambda _cron, done=0, remaining=None: batches.append((done, remaining)) or 60,
        ):  # fmt: skip
            self.env["milepost.shipment"]._cron_follow_addresses()
        self.assertEqual(batches, [(50, left) for left in (250, 200, 150, 100, 50, 0)])
        told = self.env["milepost.outbox"].search([("shipment_id", "in", shipments.ids)]) - orders
        self.assertEqual(
            (set(told.mapped("kind")), len(told.shipment_id), len(told)), ({"order_change"}, 300, 300)
        )
        self.assertEqual({item.payload["stops"][1]["party"]["phone"] for item in told}, {"+31 10 111"})

    def test_the_zone_of_a_stop_is_the_sites_else_the_places_and_never_the_clerks(self):
        clerk = {"tz": "Asia/Tokyo"}
        here = self.new_partner("Hamburg Site", **clerk)
        site = self.new_partner("Elsewhere", milepost_zone="Europe/Lisbon", **clerk)
        nowhere = self.env["res.partner"].create(
            {"name": "Nowhere", "country_id": self.env.ref("base.us").id, **clerk}
        )
        zones = {}
        for partner in (here, site, nowhere):
            [shipment] = self.shipments(self.sell((self.goods, 1), partner=partner))
            [stop] = shipment.stop_ids.filtered(lambda one: one.kind == "delivery")
            zones[partner] = stop.zone
            self.assertEqual(bool(shipment.zone_notice), partner == nowhere)
            place = shipment.outbox_ids.payload["stops"][1]["place"]
            self.assertEqual(place.get("zone", False), stop.zone)
        self.assertEqual(zones, {here: "Europe/Berlin", site: "Europe/Lisbon", nowhere: False})

    def test_packages_weights_and_lots_go_out_with_the_order_and_are_known_when_they_come_back(self):
        self.goods.tracking = "lot"
        lot = self.env["stock.lot"].create({"name": "L-77", "product_id": self.goods.id})
        self.env["stock.quant"]._update_available_quantity(
            self.goods, self.warehouse.lot_stock_id, 10, lot_id=lot
        )
        order = self.sell()
        [shipment] = self.shipments(order)
        self.send()
        order.picking_ids.action_assign()
        pallet = self.env["stock.package"].create({"name": "376104250021234569", "shipping_weight": 60.0})
        order.picking_ids.move_line_ids.result_package_id = pallet
        self.end_transaction()
        [change] = self.send()
        _compile(SCHEMAS["transport_order"])(change["payload"])
        [goods], [package] = change["payload"]["goods"], change["payload"]["packages"]
        self.assertEqual(
            (goods["lots"], goods["weight_kg"], change["payload"]["weight_kg"]), (["L-77"], "20", "60")
        )
        self.assertEqual((package["sscc"], package["weight_kg"]), ("376104250021234569", "60"))
        content = {"goods": goods["id"], "quantity": "10", "unit": "Units", "lot": "L-77"}
        self.assertEqual(package["contents"], [content])
        self.do(order.picking_ids)
        named = [{"type": "sscc", "value": "376104250021234569"}]
        self.facts(
            self.milestone(shipment, "picked_up", self.aware(2026, 3, 2), identifiers=named),
            self.milestone(shipment, "delivered", self.aware(2026, 3, 4, 10), identifiers=named),
        )
        rows = [{"goods": "376104250021234569", "outcome": "accepted", "quantity": "10"}]
        self.facts({**self.pod(shipment, identifiers=named), "quantities": rows})
        self.validate(shipment)
        self.assertFalse(self.reasons(shipment))
        self.assertEqual(self.post(order), 100.0)

    def test_a_branch_works_with_its_companys_connection(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        env = self.env(context={**self.env.context, "allowed_company_ids": [branch.id, self.company.id]})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", branch.id)], limit=1)
        branch.partner_id.country_id = self.env.ref("base.nl")
        order = env["sale.order"].create({
            "partner_id": self.customer.id, "company_id": branch.id, "warehouse_id": warehouse.id,
            "order_line": [Command.create({"product_id": self.goods.id, "product_uom_qty": 10})],
        })  # fmt: skip
        order.action_confirm()
        [shipment] = self.shipments(order)
        self.assertEqual((shipment.company_id, shipment.connection_id), (branch, self.connection))
        self.assertEqual(self.told(self.send()[0]), {"PMP": "10"})
        self.facts(self.milestone(shipment, "picked_up", self.aware(2026, 3, 2)))
        self.assertEqual(shipment.state, "in_transit")
        self.do(order.picking_ids)
        self.assert_nothing_to_invoice(order)
        self.prove(shipment, ("accepted", 10))
        self.assertEqual(self.post(order), 100.0)
        self.assertEqual((order.invoice_ids.company_id, shipment.billing_state), (branch, "invoiced"))
        self.assert_billed(order, 100.0)

    def test_a_shipment_does_not_go_on_the_connection_of_another_company(self):
        stranger = self.env["res.company"].create({"name": "Stranger"})
        with self.assertRaises(UserError):
            self.env["milepost.shipment"].create({
                "company_id": stranger.id, "connection_id": self.connection.id, "partner_id": self.customer.id,
            })  # fmt: skip

    def test_a_dispatcher_with_this_role_alone_opens_what_his_screens_link_to_and_makes_shipments(self):
        self.connection.auto_transport_order = False
        orders = self.sell() | self.sell((self.goods, 5))
        alone = new_test_user(self.env, "alone", groups="milepost.group_dispatcher,base.group_user")
        transfers = orders.picking_ids.with_user(alone)
        action = transfers.action_milepost_ship_together()
        shipment = self.env["milepost.shipment"].with_user(alone).browse(action["res_id"])
        self.assertEqual(shipment.line_ids.mapped("quantity"), [10.0, 5.0])
        self.env.invalidate_all()
        for action in (shipment.action_view_sale_orders(), shipment.action_view_pickings()):
            records = shipment.env[action["res_model"]].search(action["domain"])
            self.assertEqual(len(records), 2)
            for kind in ("form", "list"):
                views = records.get_views([(False, kind)])
                names = list(views["models"][records._name]["fields"])
                shown = [name for name in names if f'name="{name}"' in views["views"][kind]["arch"]]
                self.assertTrue(records.read(["display_name", *(set(shown) & set(records._fields))]))
        self.assertTrue(shipment.sale_order_ids.order_line.read(["display_name", "product_uom_qty"]))
        self.assertTrue(shipment.picking_ids.move_ids.read(["display_name", "quantity"]))
        self.do(orders.picking_ids)
        self.assert_nothing_to_invoice(orders)
        self.prove(shipment.sudo(), ("accepted", 15))
        self.assertEqual(self.post(orders), 150.0)
        self.env.invalidate_all()
        action = shipment.action_view_invoices()
        self.assertTrue(shipment.env[action["res_model"]].browse(action["res_id"]).read(["display_name"]))
