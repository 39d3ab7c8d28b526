"""A shipping method of another provider is followed, not replaced."""

from odoo import Command
from odoo.addons.milepost_billing.tests.billing_case import PICKUP, BillingCase
from odoo.exceptions import UserError
from odoo.tests import tagged


@tagged("post_install", "-at_install", "extension")
class TestOtherProvider(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write({"is_default": True, "auto_transport_order": True})
        cls.company.partner_id.write({"street": "Pier 7", "city": "Rotterdam"})
        cls.methods = {kind: cls.method(kind) for kind in ("stub", "fixed", "base_on_rule")}

    @classmethod
    def method(cls, kind):
        fee = cls.env["product.product"].create({"name": kind, "type": "service", "list_price": 0.0})
        return cls.env["delivery.carrier"].create({
            "name": kind, "product_id": fee.id, "delivery_type": kind, "integration_level": "rate_and_ship",
        })  # fmt: skip

    def sold(self, kind):
        """The transfer of a confirmed order that goes by a shipping method of a kind."""
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id, "carrier_id": self.methods[kind].id,
            "order_line": [Command.create({
                "product_id": self.product.id, "product_uom_qty": 4, "tax_ids": [Command.clear()],
            })],
        })  # fmt: skip
        order.action_confirm()
        self.commit()
        return order.picking_ids

    def commit(self):
        """What a commit does before it commits."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()

    def tracking_of(self, shipment):
        return set(shipment.identifier_ids.filtered(lambda one: one.type == "tracking").mapped("value"))

    def test_what_odoo_prices_itself_is_ordered_by_us(self):
        for kind in ("fixed", "base_on_rule"):
            shipment = self.sold(kind).milepost_shipment_ids
            self.assertEqual(shipment.outbox_ids.mapped("kind"), ["transport_order"], kind)

    def test_what_another_provider_carries_is_followed_by_his_number_and_not_ordered(self):
        picking, stub = self.sold("stub"), self.methods["stub"]
        shipment = picking.milepost_shipment_ids
        self.assertEqual((len(shipment), len(shipment.outbox_ids), stub.stub_sent), (1, 0, 0))
        # His partner speaks of it by his number before the warehouse validates.
        early = f"STUB{picking.id}"
        told = self.milestone(shipment, "picked_up", PICKUP)
        self.facts({**told, "identifiers": [{"type": "tracking", "value": early}]}, expect=None)
        self.assertFalse(shipment.picked_up_at)
        self.ship(picking, 4)
        self.commit()
        self.assertEqual((stub.stub_sent, picking.carrier_tracking_ref), (1, f"{early},{early}B"))
        self.assertEqual(self.tracking_of(shipment), {early, f"{early}B"})
        self.assertEqual(shipment.picked_up_at, PICKUP)
        self.assertFalse(shipment.outbox_ids)
        picking.cancel_shipment()
        self.assertEqual((stub.stub_cancelled, bool(picking.carrier_tracking_ref)), (1, False))
        self.assertFalse(self.tracking_of(shipment), "a label that is voided names nothing")
        self.env.invalidate_all()
        self.assertFalse(shipment.picked_up_at)

    def test_our_own_numbers_are_never_written_over_his(self):
        picking = self.sold("stub")
        self.ship(picking, 4)
        own = picking.carrier_tracking_ref
        shipment = picking.milepost_shipment_ids
        shipment._declare(self.connection, [("tracking", "OURS1"), ("pro", "OURS2")])
        self.facts(self.milestone(shipment, "picked_up", PICKUP))
        self.commit()
        self.assertEqual(picking.carrier_tracking_ref, own)

    def test_a_number_that_stood_before_the_shipment_names_it(self):
        self.connection.auto_transport_order = False
        picking = self.sold("stub")
        self.assertFalse(picking.milepost_shipment_ids)
        picking.carrier_tracking_ref = "STUBTYPED"
        self.connection.auto_transport_order = True
        picking._milepost_follow()
        self.assertEqual(self.tracking_of(picking.milepost_shipment_ids), {"STUBTYPED"})

    def test_a_transfer_that_goes_over_to_another_provider_is_called_off(self):
        picking = self.sold("fixed")
        shipment = picking.milepost_shipment_ids
        picking.carrier_id = self.methods["stub"]
        self.commit()
        self.assertIn(shipment.order_state, ("withdrawn", "cancellation_queued"))

    def changed(self, picking, kind):
        picking.carrier_id = self.methods[kind]
        self.commit()

    def alive(self, picking):
        """The shipments that carry a transfer, with the kinds of what was told of each."""
        return [(one.carrier_id.name, one.outbox_ids.mapped("kind")) for one in picking._milepost_carrying()]

    def test_from_another_providers_method_back_to_ours_the_transport_is_ordered(self):
        picking = self.sold("stub")
        self.assertEqual(self.alive(picking), [("stub", [])])
        self.changed(picking, "fixed")
        self.assertEqual(self.alive(picking), [("fixed", ["transport_order"])])
        # And there again: what he carries is followed by a shipment that can be heard of.
        self.changed(picking, "stub")
        self.assertEqual(self.alive(picking), [("stub", [])])
        picking.carrier_tracking_ref = "STUBNEW"
        self.assertEqual(picking._milepost_carrying().parcel_ids.mapped("number"), ["STUBNEW"])
        self.assertEqual(len(picking.milepost_shipment_ids.parcel_ids), 1)
        self.changed(picking, "base_on_rule")
        self.assertEqual(self.alive(picking), [("base_on_rule", ["transport_order"])])

    def test_ordered_anew_it_waits_until_the_first_partner_lets_go(self):
        picking = self.sold("fixed")
        first = picking.milepost_shipment_ids
        first.outbox_ids.write({"state": "accepted", "attempts": 1})
        self.changed(picking, "stub")
        self.changed(picking, "fixed")
        [cancellation] = first.outbox_ids.filtered(lambda item: item.kind == "order_cancellation")
        second = picking._milepost_carrying()
        self.assertEqual(second.outbox_ids.after_id, cancellation)

    def test_what_a_dispatcher_called_off_is_not_ordered_by_another_date(self):
        picking = self.sold("fixed")
        picking.milepost_shipment_ids.action_cancel_transport()
        picking.scheduled_date = "2031-01-01 08:00:00"
        self.commit()
        self.assertEqual(self.alive(picking), [])

    def test_the_method_of_another_connection_takes_what_the_provider_let_go(self):
        other = self.connection.copy({"name": "Own Trucks", "code": "own", "is_default": False})
        other.auto_transport_order = True
        self.methods["fixed"].milepost_connection_id = other
        picking = self.sold("stub")
        self.changed(picking, "fixed")
        [shipment] = picking._milepost_carrying()
        self.assertEqual((shipment.connection_id, shipment.outbox_ids.connection_id), (other, other))
        self.assertIn(other, shipment.identifier_ids.connection_id)

    def test_of_a_truck_of_several_what_the_provider_takes_leaves_it(self):
        first, second = self.sold("fixed"), self.sold("fixed")
        (first | second).action_milepost_ship_together()
        self.commit()
        [truck] = (first | second)._milepost_carrying()
        for picking, rest in ((first, second), (second, first)):
            with self.subTest(picking=picking.name):
                self.changed(picking, "stub")
                self.assertEqual(self.alive(picking), [("stub", [])])
                self.assertEqual((rest._milepost_carrying(), truck.picking_ids), (truck, rest))
                goods = truck._live_orders()[-1:].payload["goods"]
                self.assertEqual(len(goods), 1)
                self.changed(picking, "fixed")
                self.assertEqual(self.alive(picking), [("fixed", ["transport_order"])])
                (first | second).action_milepost_ship_together()
                self.commit()
                [truck] = (first | second)._milepost_carrying()

    def test_people_order_in_bulk_what_is_ours_and_are_told_of_the_rest(self):
        self.connection.auto_transport_order = False
        ours, his = self.sold("fixed"), self.sold("stub")
        answer = (ours | his).action_milepost_order_transport()
        self.assertIn(his.name, answer["params"]["message"])
        self.assertNotIn(ours.name, answer["params"]["message"])
        self.assertEqual(self.alive(ours), [("fixed", ["transport_order"])])
        self.assertFalse(his.milepost_shipment_ids)
        for refused in (his.action_milepost_order_transport, (ours | his).action_milepost_ship_together):
            with self.assertRaisesRegex(UserError, his.name):
                refused()

    def test_the_panel_orders_nothing_beside_the_provider(self):
        shipment = self.sold("stub").milepost_shipment_ids
        self.assertFalse(shipment.can_order)
        with self.assertRaises(UserError):
            shipment.action_order_transport()
        self.assertFalse(shipment.outbox_ids)

    def test_what_a_partner_of_the_guide_declines_is_not_ordered_beside_the_provider_who_is_next(self):
        (self.methods["fixed"] | self.methods["stub"]).milepost_in_guide = True
        self.methods["stub"].sequence = self.methods["fixed"].sequence + 1
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id, "order_line": [
                Command.create({"product_id": self.product.id, "product_uom_qty": 4}),
            ],
        })  # fmt: skip
        order.action_confirm()
        self.commit()
        picking = order.picking_ids
        self.assertEqual(self.alive(picking), [("fixed", ["transport_order"])])
        self.facts(self.milestone(picking.milepost_shipment_ids, "tender_declined", PICKUP))
        self.commit()
        self.assertEqual(self.alive(picking), [("stub", [])])

    def test_silence_names_the_provider(self):
        shipment = self.sold("stub").milepost_shipment_ids
        self.assertEqual(shipment._silence_cause(shipment.browse(), shipment.browse(), {}), "others")
