"""Which shipment a fact means: the order of its names, what narrows them, and what a person settles."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NOON, MilepostCase, itinerary, milestone, stop


class MatchingCase(MilepostCase):
    def setUp(self):
        super().setUp()
        self.one, self.two = self.new_shipment(), self.new_shipment()

    def bear(self, shipment, *names):
        shipment._declare(self.connection, names)

    def placed(self, names, hours=0, code="picked_up", **says):
        """The shipments that a fact with these names is applied to."""
        [verdict] = self.ingest(milestone(list(names), code, hours, **says))
        return verdict.get("shipments", [])


@tagged("post_install", "-at_install", "milepost")
class TestMatching(MatchingCase):
    def test_a_name_matches_however_people_or_partners_write_it(self):
        for hours, (kind, typed, sent) in enumerate((
            ("container", "MSKU 123456-7", "MSKU1234567"), ("pro", "123-456789-0", "1234567890"),
            ("sscc", "340123450000000018", "(00) 3 4012345 000000001 8"),
        )):  # fmt: skip
            with self.subTest(kind):
                self.bear(self.one, (kind, typed))
                self.assertEqual(self.placed([(kind, sent)], hours), [self.one.name])

    def test_of_names_that_mean_different_shipments_the_one_that_comes_first_in_the_order_counts(self):
        order = [
            ("entity", "id-9"), ("shipment", self.one.name), ("shipment_id", "L-1"), ("pro", "P-1"),
            ("bol", "B-1"), ("booking", "K-1"), ("container", "C-1"), ("customer_ref", "R-1"),
        ]  # fmt: skip
        for hours, (stronger, weaker) in enumerate(zip(order, order[1:], strict=False)):
            one, two = (self.one, self.two) if weaker[0] != "shipment" else (self.two, self.one)
            for shipment, name in ((one, stronger), (two, weaker)):
                if name[0] != "shipment":
                    self.bear(shipment, name)
            with self.subTest(stronger=stronger[0], weaker=weaker[0]):
                self.assertEqual(self.placed([weaker, stronger], hours / 10), [one.name])
            for name in (stronger, weaker):
                if name[0] != "shipment":
                    self.env["milepost.identifier"].search([("value", "=", name[1])]).unlink()

    def test_what_the_first_name_leaves_open_the_further_names_narrow(self):
        three = self.new_shipment()
        for shipment in (self.one, self.two, three):
            self.bear(shipment, ("pro", "P-1"))
        self.bear(self.one, ("po", "PO-1"), ("delivery_order", "D-1"))
        self.bear(self.two, ("po", "PO-1"), ("delivery_order", "D-2"))
        self.assertEqual(self.placed([("pro", "P-1"), ("po", "PO-1")]), [])
        names = [("pro", "P-1"), ("po", "PO-1"), ("delivery_order", "D-2")]
        self.assertEqual(self.placed(names), [self.two.name])

    def test_a_name_that_contradicts_what_the_first_left_open_narrows_nothing(self):
        third = self.new_shipment()
        for shipment in (self.one, self.two):
            self.bear(shipment, ("bol", "B-1"))
        self.bear(third, ("po", "PO-9"))
        self.assertEqual(self.placed([("bol", "B-1"), ("po", "PO-9")]), [])

    def test_lines_of_one_message_are_told_apart_by_the_delivery_orders_that_our_order_named(self):
        product = self.env["product.product"].create({"name": "Coffee", "type": "consu"})
        self.connection.write({"is_default": True, "auto_transport_order": True})
        shipments = self.env["milepost.shipment"]
        for _ in range(2):
            sale = self.env["sale.order"].create({
                "partner_id": self.customer.id, "client_order_ref": "PO-77",
                "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 1})],
            })  # fmt: skip
            sale.action_confirm()
            shipments |= sale.milepost_shipment_ids
        for shipment in shipments:
            names = [("customer_ref", "PO-77"), ("delivery_order", shipment.picking_ids.name)]
            self.assertEqual(self.placed(names, code="delivered"), [shipment.name])

    def test_a_number_that_comes_round_again_means_the_shipment_of_its_time(self):
        late = self.new_shipment(ready_at=NOON + timedelta(days=200), due_at=NOON + timedelta(days=201))
        for shipment in (self.one, late):
            self.bear(shipment, ("container", "MSCU1"))
        self.tell(milestone(self.one, "delivered", 6))
        self.env.cr.execute(
            "UPDATE milepost_shipment SET create_date = %s WHERE id = %s", [late.ready_at, late.id]
        )
        self.assertEqual(self.placed([("container", "MSCU1")], 200 * 24), [late.name])
        self.assertEqual(self.placed([("container", "MSCU1")], 1), [self.one.name])

    def test_a_shipment_that_ended_long_ago_gets_nothing_of_a_number_that_comes_round_again(self):
        self.bear(self.one, ("container", "MSCU1"), ("entity", "id-1"))
        self.tell(milestone(self.one, "delivered", 6))
        self.assertEqual(self.placed([("container", "MSCU1")], 59 * 24), [self.one.name])
        self.assertEqual(self.placed([("container", "MSCU1")], 62 * 24), [])
        self.assertEqual(self.placed([("entity", "id-1")], 62 * 24), [self.one.name])

    def test_an_ambiguous_fact_names_its_candidates_and_by_what_they_are_meant(self):
        for shipment in (self.one, self.two):
            self.bear(shipment, ("bol", "B-1"))
        self.bear(self.one, ("po", "PO-1"))
        self.bear(self.two, ("po", "PO-2"))
        fact = milestone([("bol", "B-1"), ("po", "PO-1"), ("po", "PO-2")], "picked_up")
        bol, first, second = fact["identifiers"]
        expected = [
            {"shipment": self.one.name, "identifiers": [bol, first]},
            {"shipment": self.two.name, "identifiers": [bol, second]},
        ]
        exchange = self.env["milepost.exchange"].with_user(self.bridge)
        [would] = exchange.preview(self.batch(fact))["verdicts"]
        [did] = self.ingest(fact)
        for verdict in (would, did):
            self.assertEqual((verdict["status"], verdict["code"]), ("unmatched", "ambiguous"))
            self.assertEqual(verdict["candidates"], expected)
        self.assertNotIn("candidates", self.ingest(milestone([("bol", "B-2")], "picked_up"))[0])

    def test_an_ambiguous_fact_is_applied_once_a_further_name_tells_it_apart(self):
        for shipment in (self.one, self.two):
            self.bear(shipment, ("bol", "B-1"))
        self.assertEqual(self.placed([("bol", "B-1"), ("container", "MSCU7")]), [])
        self.tell(
            itinerary(
                self.two, [stop("s1", 1, "pickup"), stop("s2", 2, "delivery")],
                declares=[{"type": "container", "value": "MSCU7"}],
            )
        )  # fmt: skip
        self.assertEqual((self.one.state, self.two.state), ("waiting", "in_transit"))


@tagged("post_install", "-at_install", "milepost")
class TestChoice(MatchingCase):
    def setUp(self):
        super().setUp()
        for shipment in (self.one, self.two):
            self.bear(shipment, ("bol", "B-1"), ("po", "PO-1"))
        self.ingest(
            milestone([("bol", "B-1"), ("po", "PO-1")], "picked_up"),
            milestone([("bol", "B-1")], "arrived_delivery", 5),
            milestone([("po", "PO-1")], "delayed", 2),
        )
        self.waiting = self.env["milepost.milestone"].search(
            [("shipment_id", "=", False), ("code", "=", "picked_up")]
        )
        self.dispatcher = self.user_of("dispatcher")

    def dialog(self, fact=None):
        action = (fact or self.waiting).with_user(self.dispatcher).action_assign()
        return self.env["milepost.assign"].browse(action["res_id"]).with_user(self.dispatcher)

    def choose(self, shipment):
        lines = self.dialog().line_ids
        action = lines.filtered(lambda line: line.shipment_id == shipment).action_choose()
        self.env.invalidate_all()
        return action

    def test_the_dialog_shows_the_candidates_with_the_names_that_they_bear(self):
        lines = self.dialog().line_ids
        self.assertEqual(lines.shipment_id, self.one | self.two)
        self.assertEqual(set(lines[0].identifier_ids.mapped("value")), {"B-1", "PO-1"})

    def test_one_click_applies_what_waits_for_the_name_and_what_comes_later(self):
        action = self.choose(self.two)
        self.assertEqual((action["res_model"], action["res_id"]), ("milepost.shipment", self.two.id))
        self.assertEqual((self.one.state, self.two.state), ("waiting", "at_delivery"))
        self.assertEqual(self.placed([("bol", "B-1")], 6, "delivered"), [self.two.name])

    def test_only_the_strongest_name_is_settled(self):
        self.choose(self.two)
        delayed = self.env["milepost.milestone"].search([("code", "=", "delayed")])
        self.assertFalse(delayed.shipment_id)
        chosen = self.env["milepost.identifier"].search([("chosen_shipment_id", "!=", False)])
        self.assertEqual((chosen.value, chosen.chosen_shipment_id), ("B-1", self.two))

    def test_what_is_told_of_every_bearer_still_reaches_each(self):
        self.choose(self.two)
        names = [self.one.name, self.two.name]
        self.assertEqual(self.placed([("bol", "B-1")], 3, "in_transit", applies_to="every"), names)

    def test_a_shipment_that_bears_none_of_the_names_can_be_meant_too(self):
        third = self.new_shipment()
        dialog = self.dialog()
        bol = dialog.candidate_ids.filtered(lambda name: name.type == "bol")
        dialog.write({"shipment_id": third.id, "identifier_ids": [(6, 0, bol.ids)]})
        dialog.action_assign()
        self.env.invalidate_all()
        self.assertEqual((third.state, self.one.state), ("at_delivery", "waiting"))

    def test_a_fact_that_no_shipment_bears_has_no_candidates(self):
        self.ingest(milestone([("po", "PO-3")], "loaded"))
        self.assertFalse(
            self.dialog(self.env["milepost.milestone"].search([("code", "=", "loaded")])).line_ids
        )

    def test_who_is_no_dispatcher_settles_nothing(self):
        lines = self.dialog().line_ids
        with self.assertRaises(AccessError):
            lines[0].with_user(self.user_of("viewer")).action_choose()
