"""What places have to do with money: a hub that many share, the zone in which a day ends, no connection."""

from datetime import date, datetime
from unittest.mock import patch

from odoo.addons.milepost.models import res_partner
from odoo.tests import new_test_user, tagged

from .flow_case import FlowCase

# In Hamburg and Rotterdam it is April by then, in New York it is not.
NIGHT = datetime(2026, 3, 31, 23, 30)


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsPlaces(FlowCase):
    def prove_all(self, order):
        """Each open step of an order is done, and what leaves is delivered in the night and proven."""
        while pickings := self.open_pickings(order):
            self.do(pickings.filtered(lambda one: one.state == "assigned") or pickings)
        [shipment] = self.shipments(order)
        self.deliver(shipment, at=NIGHT)
        self.facts(self.pod(shipment, at=NIGHT))
        self.validate(shipment, now=datetime(2026, 4, 2, 12, 0))
        return shipment

    def test_orders_to_a_hub_that_moves_are_told_once_in_the_background_and_each_is_billed(self):
        self.warehouse.delivery_steps = "pick_ship"
        hub = self.new_partner("Hub", parent_id=self.customer.id, type="delivery")
        self.patch(res_partner, "FOLLOW_AT_ONCE", 2)
        orders = [self.sell((self.goods, number), partner_shipping_id=hub.id) for number in (1, 2, 3)]
        for order in orders:
            self.do(order.picking_ids.filtered(lambda one: one.picking_type_code == "internal"))
        self.assertEqual([item["kind"] for item in self.send()], ["transport_order"] * 3)
        hub.phone = "+49 40 111"
        self.end_transaction()
        self.assertEqual(self.send(), [], "nothing in the transaction of whoever corrects it")
        hub.street = "Main Street 99"
        self.end_transaction()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 60):
            self.env["milepost.shipment"]._cron_follow_addresses()
        self.end_transaction()
        changes = self.send()
        self.assertEqual([item["kind"] for item in changes], ["order_change"] * 3)
        stops = [item["payload"]["stops"][-1] for item in changes]
        self.assertEqual({stop["place"]["street"] for stop in stops}, {"Main Street 99"})
        self.assertEqual({stop["party"]["phone"] for stop in stops}, {"+49 40 111"})
        for number, order in enumerate(orders, 1):
            self.assert_nothing_to_invoice(order)
            self.prove_all(order)
            self.assertEqual(self.post(order), number * 10.0)
            self.assert_billed(order, number * 10.0)

    def test_the_day_of_an_invoice_is_that_of_the_site_else_of_the_place_else_ours(self):
        us = {"country_id": self.env.ref("base.us").id, "tz": "Asia/Tokyo"}
        days = {}
        for partner in (
            self.new_partner("Elsewhere", milepost_zone="America/New_York"),
            self.new_partner("Hamburg", tz="America/New_York"),
            self.env["res.partner"].create({"name": "Nowhere", **us}),
        ):
            order = self.sell((self.goods, 4), partner=partner)
            shipment = self.prove_all(order)
            self.assertEqual(bool(shipment.zone_notice), partner.name == "Nowhere")
            self.assertEqual(self.post(order), 40.0)
            self.assert_billed(order, 40.0)
            days[partner.name] = order.invoice_ids.milepost_supply_date
        april = date(2026, 4, 1)
        self.assertEqual(days, {"Elsewhere": date(2026, 3, 31), "Hamburg": april, "Nowhere": april})

    def test_a_transfer_without_a_connection_says_so_to_who_could_order_and_harms_nobody(self):
        """No method and no default names a connection: the order is sold, shipped and invoiced as in Odoo."""
        self.connection.is_default = False
        dispatcher = new_test_user(
            self.env, "router", groups="milepost.group_dispatcher,stock.group_stock_user"
        )
        clerk = new_test_user(
            self.env, "clerk1", groups="sales_team.group_sale_salesman,stock.group_stock_user"
        )
        order = self.sell()
        self.end_transaction()
        [transfer] = order.picking_ids
        self.assertFalse(self.shipments(transfer))
        said = "neither the shipping method nor the company has a connection"
        self.assertIn(said, transfer.with_user(dispatcher).milepost_notice)
        self.assertFalse(transfer.with_user(clerk).milepost_notice, "it is not the clerk's business")
        arch = transfer.with_user(dispatcher).get_view(view_type="form")["arch"]
        self.assertIn('name="milepost_notice"', arch)
        transfer.picking_type_id.milepost_transport = "always"
        self.env.invalidate_all()
        self.assertIn(said, transfer.with_user(clerk).milepost_notice, "somebody asked for it")
        transfer.picking_type_id.milepost_transport = "default"
        self.do(transfer)
        self.assertEqual(self.post(order), 100.0)
        self.assert_billed(order, 100.0)

    def test_who_has_no_connection_at_all_is_told_nothing(self):
        self.connection.active = False
        dispatcher = new_test_user(
            self.env, "router", groups="milepost.group_dispatcher,stock.group_stock_user"
        )
        order = self.sell()
        self.assertFalse(order.picking_ids.with_user(dispatcher).milepost_notice)
