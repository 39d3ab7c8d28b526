"""A shipment is found by any of its numbers, and bears what its connection lets people note on it."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MilepostCase


@tagged("post_install", "-at_install", "milepost")
class TestShipmentNames(MilepostCase):
    def found(self, name, user):
        model = self.env["milepost.shipment"].with_user(user)
        return model.browse([id_ for id_, _label in model.name_search(name)])

    def test_it_is_found_by_its_number_its_order_and_its_partners_numbers_by_every_reader(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id, "client_order_ref": "PO-778"})
        shipment = self.new_shipment(sale_order_ids=[Command.set(order.ids)])
        shipment._declare(self.connection, [("pro", "123456780"), ("bol", "BOL-9")])
        other = self.new_shipment()
        for user in (self.user_of("viewer"), self.user_of("dispatcher")):
            for name in (shipment.name, order.name, "PO-778", "123456780", "BOL-9"):
                with self.subTest(name, user=user.login):
                    found = self.found(name, user)
                    self.assertIn(shipment, found)
                    self.assertNotIn(other, found)
        with self.assertRaises(AccessError):
            order.with_user(self.user_of("viewer")).read(["name"])

    def test_its_connection_says_which_properties_it_has(self):
        self.connection.with_user(self.user_of("integration_operator")).write({
            "shipment_properties_definition": [{"name": "gate", "string": "Gate", "type": "char"}],
        })  # fmt: skip
        shipment = self.new_shipment()
        shipment.with_user(self.user_of("dispatcher")).write({"properties": {"gate": "7b"}})
        self.assertEqual(shipment.properties["gate"], "7b")
        model = self.env["milepost.shipment"].with_user(self.user_of("viewer"))
        self.assertEqual(model.search([("properties.gate", "=", "7b")]), shipment)
        [fresh] = self.new_shipment().read(["properties"])
        offered = [(one["name"], one.get("value", False)) for one in fresh["properties"]]
        self.assertEqual(offered, [("gate", False)])
