"""Who is asked to move goods: by the routing guide, and whom next when a partner does not take them."""

from odoo import Command
from odoo.tests import tagged

from .flow_case import FlowCase


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsRouting(FlowCase):
    def setUp(self):
        super().setUp()
        self.connection.is_default = False
        self.road, self.rail = self.new_connection("road"), self.new_connection("rail")
        self.first = self.new_carrier("Road", sequence=1, **self.guided(self.road))
        self.second = self.new_carrier("Rail", sequence=2, **self.guided(self.rail))

    def guided(self, connection):
        return {"milepost_connection_id": connection.id, "milepost_in_guide": True}

    def decline(self, shipment):
        self.connection = shipment.connection_id
        self.facts(self.milestone(shipment, "tender_declined", self.aware(2026, 3, 1)))
        self.end_transaction()

    def carriers(self, order):
        return [shipment.carrier_id.name for shipment in self.shipments(order)]

    def issue_of(self, shipment):
        self.env["milepost.issue"]._cron_follow()
        return self.env["milepost.issue"].search(
            [("shipment_id", "=", shipment.id), ("state", "!=", "closed")]
        )

    def test_a_transfer_without_a_shipping_method_gets_the_first_that_is_available(self):
        germany = self.env.ref("base.de")
        france = self.new_partner("Lyon", city="Lyon", country="fr")
        self.first.country_ids = [Command.set(germany.ids)]
        self.second.write({"country_ids": [Command.set(self.env.ref("base.fr").ids)], "max_weight": 15})
        self.assertEqual(self.carriers(self.sell(partner=self.new_partner("Bremen"))), ["Road"])
        self.assertEqual(self.carriers(self.sell((self.goods, 5), partner=france)), ["Rail"])
        heavy = self.sell((self.goods, 50), partner=france)
        self.assertFalse(heavy.picking_ids.carrier_id, "too heavy for the one that goes to France")
        self.assertFalse(self.shipments(heavy))

    def test_lane_customer_and_service_decide_who_is_asked(self):
        customer = self.new_partner("Bremen")
        other = self.new_partner("Kiel")
        here = self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1)
        origin = here.partner_id
        origin.write({"country_id": self.env.ref("base.nl").id, "zip": "3011 AA"})
        there = here.copy({"name": "Elsewhere", "code": "ELSE"})
        for conditions, fits in (
            ({"milepost_guide_partner_ids": [Command.set(other.ids)]}, False),
            ({"milepost_guide_partner_ids": [Command.set(customer.ids)]}, True),
            ({"milepost_guide_country_ids": [Command.set(self.env.ref("base.fr").ids)]}, False),
            ({"milepost_guide_country_ids": [Command.set(self.env.ref("base.nl").ids)]}, True),
            ({"milepost_guide_zip_prefixes": "20, 21"}, False),
            ({"milepost_guide_zip_prefixes": "20, 30"}, True),
            ({"milepost_guide_warehouse_ids": [Command.set(there.ids)]}, False),
            ({"milepost_guide_warehouse_ids": [Command.set(here.ids)]}, True),
            ({"milepost_guide_service": "urgent"}, False),
            ({"milepost_guide_service": "normal"}, True),
        ):
            with self.subTest(str(conditions)):
                self.first.write(conditions)
                asked = self.carriers(self.sell(partner=customer))
                self.assertEqual(asked, ["Road" if fits else "Rail"])
                name = next(iter(conditions))
                self.first[name] = False
        self.first.milepost_guide_service = "urgent"
        order = self.sell(partner=customer)
        order.picking_ids.priority = "1"
        guide = self.env["delivery.carrier"]._milepost_guide(order.picking_ids)
        self.assertEqual(guide.mapped("name"), ["Road", "Rail"])

    def test_what_names_a_shipping_method_keeps_it(self):
        own = self.new_carrier("Own", milepost_connection_id=self.road.id)
        order = self.sell(carrier_id=own.id)
        self.assertEqual(self.carriers(order), ["Own"])
        self.send(self.road)
        self.decline(self.shipments(order))
        self.assertEqual(self.carriers(order), ["Own"], "a person chose it")

    def test_a_load_that_is_declined_goes_to_the_next_and_is_billed_once(self):
        order = self.sell()
        [first] = self.shipments(order)
        self.send(self.road)
        self.decline(first)
        first, second = self.shipments(order)
        self.assertEqual((first.state, second.carrier_id), ("declined", self.second))
        self.assertEqual(order.picking_ids.carrier_id, self.second)
        self.assertEqual((first.line_ids.quantity, second.line_ids.quantity), (0, 10))
        [item] = self.send(self.rail)
        self.assertEqual((item["kind"], self.told(item)), ("transport_order", {"PMP": "10"}))
        self.assertFalse(self.issue_of(first))
        self.do(order.picking_ids)
        self.connection = self.rail
        self.prove(second, ("accepted", 10))
        self.assertEqual(self.post(order), 100.0)

    def test_an_order_that_is_refused_goes_to_the_next(self):
        order = self.sell()
        self.send(self.road, result="rejected")
        self.end_transaction()
        first, second = self.shipments(order)
        self.assertEqual((first.state, second.connection_id), ("cancelled", self.rail))
        self.assertEqual(len(self.send(self.rail)), 1)
        self.assertEqual(self.send(self.road), [])
        self.assertFalse(self.issue_of(first))

    def test_each_is_asked_once_and_then_a_person_is(self):
        order = self.sell()
        self.send(self.road)
        self.decline(self.shipments(order))
        self.send(self.rail)
        last = self.shipments(order)[-1]
        self.decline(last)
        self.assertEqual(self.carriers(order), ["Road", "Rail"])
        issue = self.issue_of(last)
        self.assertEqual(
            (issue.kind, issue.reason, issue.what), ("refused", "declined", "The carrier declined the load")
        )
        order.picking_ids.carrier_id = self.new_carrier("Spot", milepost_connection_id=self.road.id)
        order.picking_ids.with_user(self.users["dispatcher"]).action_milepost_order_transport()
        self.end_transaction()
        self.assertEqual(self.carriers(order), ["Road", "Rail", "Spot"])
        self.assertEqual(len(self.send(self.road)), 1)
        self.assertFalse(self.issue_of(last))

    def test_the_declined_part_of_a_load_is_seen_and_ordered_anew(self):
        order = self.sell()
        [first] = self.shipments(order)
        second = first._split({order.picking_ids.move_ids: 6})
        self.end_transaction()
        self.send(self.road)
        self.decline(first)
        self.assertEqual((first.line_ids.quantity, second.line_ids.quantity), (0, 6))
        self.assertEqual(self.carriers(order), ["Road", "Road"], "the other part is on its way")
        self.assertEqual(self.issue_of(first).reason, "declined")
        order.picking_ids.with_user(self.users["dispatcher"]).action_milepost_order_transport()
        self.end_transaction()
        third = self.shipments(order) - first - second
        self.assertEqual((second.line_ids.quantity, third.line_ids.quantity), (6, 4))
        self.assertEqual([self.told(item) for item in self.send(self.road)], [{"PMP": "4"}])
        self.assertFalse(self.issue_of(first))
        # The trucks come one after the other: the rest waits for its own, and no fourth is ordered.
        self.do(order.picking_ids, 6)
        self.assertEqual(self.shipments(order), first | second | third)
        self.assertEqual(sum(third.line_ids.mapped("quantity")), 4)
        self.do(self.open_pickings(order))
        self.prove(second, ("accepted", 6))
        self.assertEqual(self.post(order), 60.0)
        self.prove(third, ("accepted", 4))
        self.assertEqual(self.post(order), 40.0)

    def test_the_next_of_the_guide_must_be_available_too(self):
        order = self.sell()
        self.second.max_weight = 1
        self.send(self.road)
        self.decline(self.shipments(order))
        self.assertEqual(self.carriers(order), ["Road"])
