"""A shipping method of another provider is followed, not replaced."""

from odoo import Command
from odoo.addons.milepost_billing.tests.billing_case import PICKUP, BillingCase
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
