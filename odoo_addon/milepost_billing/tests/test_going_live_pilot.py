from odoo import Command
from odoo.tests import tagged

from .going_live_case import GoingLiveCase


@tagged("finance", "golive", "post_install", "-at_install")
class TestPilot(GoingLiveCase):
    """A pilot, from the confirmed order to the posted invoice: inside it on proof, outside it as ever."""

    def setUp(self):
        super().setUp()
        self.managed()
        fee = self.new_product("Express", type="service", invoice_policy="order")
        methods = self.env["delivery.carrier"].create([
            {"name": name, "product_id": fee.id} for name in ("Express", "Economy")
        ])  # fmt: skip
        self.method, self.other_method = methods
        self.pilot_customer = self.customer.create({"name": "Pilot", "street": "Dock 1"})
        self.warehouse = self.env["stock.warehouse"].create({"name": "Pilot", "code": "PLT"})
        self.inside = {
            "pilot_carrier_ids": {"carrier_id": self.method.id},
            "pilot_partner_ids": {"partner_id": self.pilot_customer.id},
            "pilot_warehouse_ids": {"warehouse_id": self.warehouse.id},
        }
        self.outside = {
            "pilot_carrier_ids": ({"carrier_id": self.other_method.id}, {}),
            "pilot_partner_ids": ({},),
            "pilot_warehouse_ids": ({},),
        }

    def pilot(self, *kinds):
        chosen = {
            "pilot_carrier_ids": self.method, "pilot_partner_ids": self.pilot_customer,
            "pilot_warehouse_ids": self.warehouse,
        }  # fmt: skip
        self.connection.write({
            "pilot": True,
            **{kind: [Command.set(one.ids if kind in kinds else [])] for kind, one in chosen.items()},
        })  # fmt: skip

    def sold(self, values):
        """An order, shipped with the method that it was sold with."""
        order = self.sell(self.product, **values)
        self.assertEqual(order.picking_ids.carrier_id.id, values.get("carrier_id", False))
        self.leave(order)
        return order

    def assert_on_proof(self, order):
        [shipment] = order.milepost_shipment_ids
        self.assertEqual((order.order_line.qty_to_invoice, order.order_line.milepost_waiting_qty), (0, 10))
        self.assertTrue(order.milepost_is_waiting)
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        [invoice] = self.run_billing()
        self.assertEqual((invoice.state, invoice.amount_untaxed), ("posted", 125.0))
        self.assertEqual(invoice.invoice_line_ids.milepost_billable_id.shipment_id, shipment)

    def assert_odoos_own(self, order):
        """Nothing of ours on the order, its transfer or its invoice."""
        self.assertFalse(order.milepost_shipment_ids or order.picking_ids.milepost_shipment_ids)
        self.assertFalse(order.milepost_managed_by_id | order.picking_ids.move_ids.milepost_managed_by_id)
        self.assertFalse(order.milepost_is_waiting)
        invoice = order.with_user(self.accountant)._create_invoices()
        invoice.action_post()
        self.assertEqual((invoice.state, invoice.amount_untaxed), ("posted", 125.0))
        self.assertFalse(
            invoice.sudo().milepost_shipment_ids | invoice.invoice_line_ids.milepost_billable_id.shipment_id
        )
        self.assertEqual(order.order_line.invoice_status, "invoiced")
        self.assertFalse(self.run_billing())

    def test_a_pilot_of_one_kind_covers_what_matches_it_and_nothing_else(self):
        for kind, values in self.inside.items():
            with self.subTest(kind):
                self.pilot(kind)
                self.assert_on_proof(self.sold(values))
                for others in self.outside[kind]:
                    self.assert_odoos_own(self.sold(others))

    def test_of_a_pilot_that_names_all_kinds_each_must_match(self):
        self.pilot(*self.inside)
        everything = {name: one for values in self.inside.values() for name, one in values.items()}
        self.assert_on_proof(self.sold(everything))
        for missing in everything:
            with self.subTest(without=missing):
                self.assert_odoos_own(self.sold({n: one for n, one in everything.items() if n != missing}))
