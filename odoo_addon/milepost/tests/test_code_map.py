"""Partners' own codes: noted while unknown, said once, and everything that waited is read anew."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .. import codes
from ..standard_codes import MILESTONES, REASONS
from .common import MilepostCase, fact, itinerary, milestone, stop


@tagged("post_install", "-at_install", "milepost")
class TestCodeMap(MilepostCase):
    def setUp(self):
        super().setUp()
        self.shipment = self.new_shipment()

    def noted(self, raw_code, kind="milestone"):
        return self.env["milepost.code.map"].search([
            ("connection_id", "=", self.connection.id), ("kind", "=", kind), ("raw_code", "=", raw_code),
        ])  # fmt: skip

    def test_an_unknown_code_is_noted_with_count_sample_and_times(self):
        self.tell(
            milestone(self.shipment, None, 1, raw_code="ZZ9", raw_text="Am Tor"),
            milestone(self.shipment, None, 2, raw_code="ZZ9"),
            milestone(self.shipment, "picked_up", 3),
        )
        noted = self.noted("ZZ9")
        self.assertEqual((noted.seen_count, noted.sample_text, noted.sample_message), (2, "Am Tor", "m1"))
        self.assertEqual(noted.first_seen_at, noted.last_seen_at)
        self.assertFalse(noted.is_mapped)
        self.assertEqual(self.connection.unmapped_count, 1)

    def test_a_trial_says_which_codes_have_no_meaning_here_and_notes_none(self):
        self.env["milepost.code.map"].create({
            "connection_id": self.connection.id, "raw_code": "ZZ8", "milestone_code": "delivered",
        })  # fmt: skip
        self.env["res.partner"].create({"name": "Acme Trucks", "milepost_scac": "ACTR"})
        carried = {"carrier_name": "Some Carrier"}
        facts = [
            milestone(self.shipment, None, 1, raw_code="ZZ8"),
            milestone(self.shipment, None, 2, raw_code="ZZ9", raw_text="Am Tor"),
            milestone(self.shipment, None, 3, raw_code="ZZ9"),
            milestone(self.shipment, "picked_up", 4),
            itinerary(self.shipment, [stop("s1", 1, "pickup")], carrier_scac="ACTR", **carried),
            itinerary(self.shipment, [stop("s1", 1, "pickup")], 1, carrier_scac="NONE", **carried),
        ]
        exchange = self.env["milepost.exchange"].with_user(self.bridge)
        found = exchange.code_meanings(self.batch(*facts))["codes"]
        told = {(one["kind"], one["code"]): (one["count"], one["meaning"]) for one in found}
        self.assertEqual(told, {
            ("milestone", "ZZ8"): (1, "delivered"), ("milestone", "ZZ9"): (2, None),
            ("carrier", "ACTR"): (1, "record"), ("carrier", "NONE"): (1, None),
        })  # fmt: skip
        self.assertIn("Am Tor", [one["sample"] for one in found])
        self.assertFalse(self.noted("ZZ9"))
        with self.assertRaises(AccessError):
            self.env["milepost.exchange"].with_user(self.user_of("dispatcher")).code_meanings(
                self.batch(*facts)
            )

    def test_a_repetition_of_a_fact_is_not_counted_again(self):
        told = milestone(self.shipment, None, raw_code="ZZ9")
        self.tell(told)
        self.ingest(told)
        self.assertEqual(self.noted("ZZ9").seen_count, 1)

    def test_saying_what_it_means_reads_everything_anew(self):
        self.tell(milestone(self.shipment, None, raw_code="ZZ9"))
        self.assertEqual((self.shipment.state, self.shipment.unmapped_count), ("waiting", 1))
        self.noted("ZZ9").milestone_code = "picked_up"
        self.assertEqual((self.shipment.state, self.shipment.unmapped_count), ("in_transit", 0))
        self.assertEqual(self.shipment.milestone_ids.standing, "counts")
        self.assertEqual(self.shipment.milestone_ids.code_map_id, self.noted("ZZ9"))

    def test_a_correction_and_a_clearing_of_the_meaning_are_read_anew_too(self):
        self.tell(milestone(self.shipment, None, raw_code="ZZ9"))
        self.noted("ZZ9").milestone_code = "picked_up"
        self.noted("ZZ9").milestone_code = "delivered"
        self.assertEqual(self.shipment.state, "delivered")
        self.noted("ZZ9").milestone_code = False
        self.assertEqual((self.shipment.state, self.shipment.unmapped_count), ("waiting", 1))

    def test_a_code_that_is_mapped_is_understood_when_it_arrives(self):
        self.env["milepost.code.map"].create({
            "connection_id": self.connection.id, "raw_code": "ZZ9", "milestone_code": "delivered",
        })  # fmt: skip
        self.tell(milestone(self.shipment, None, raw_code="ZZ9"))
        self.assertEqual((self.shipment.state, self.shipment.unmapped_count), ("delivered", 0))
        self.assertEqual(self.noted("ZZ9").seen_count, 0)

    def test_a_map_made_by_hand_for_a_noted_code_says_what_that_code_means(self):
        self.tell(milestone(self.shipment, None, raw_code="ZZ9"))
        made = self.env["milepost.code.map"].create({
            "connection_id": self.connection.id, "raw_code": "ZZ9", "milestone_code": "delivered",
        })  # fmt: skip
        self.assertEqual((made, made.seen_count), (self.noted("ZZ9"), 1))
        self.assertEqual(self.shipment.state, "delivered")

    def test_a_code_of_one_connection_means_nothing_for_another(self):
        self.env["milepost.connection"].create({"name": "Other", "code": "other", "source": "otm5"})
        self.tell(milestone(self.shipment, None, raw_code="ZZ9"))
        self.noted("ZZ9").milestone_code = "delivered"
        other = self.new_shipment()
        self.ingest(milestone(other, None, raw_code="ZZ9"), connection="other")
        self.assertEqual((other.state, other.unmapped_count), ("waiting", 1))

    def test_facts_without_shipment_understand_the_code_when_the_shipment_appears(self):
        self.ingest(milestone([("po", "PO-9")], None, raw_code="ZZ9"))
        self.noted("ZZ9").milestone_code = "delivered"
        self.shipment._declare(self.connection, [("po", "PO-9")])
        self.env.invalidate_all()
        self.assertEqual(self.shipment.state, "delivered")

    def test_the_partners_reason_is_understood(self):
        self.tell(milestone(self.shipment, "delayed", reasons=[{"code": "other", "raw": "STAU"}]))
        self.assertEqual(self.shipment.exception_reason, "other")
        self.noted("STAU", "reason").reason = "carrier_operations"
        self.assertEqual(self.shipment.exception_reason, "carrier_operations")
        other = self.new_shipment()
        self.tell(milestone(other, "delayed", reasons=[{"code": "other", "raw": "STAU"}]))
        self.assertEqual(other.exception_reason, "carrier_operations")

    def test_what_says_other_itself_is_not_noted(self):
        self.tell(milestone(self.shipment, "delayed", reasons=[{"code": "other", "raw": "BG"}]))
        self.assertEqual(self.connection.unmapped_count, 0)

    def test_the_partners_unit_is_understood_by_name_or_by_map(self):
        lines = [{"quantity": "1", "outcome": "accepted", "unit": unit} for unit in ("units", "KGM")]
        self.tell(fact("proof_of_delivery", self.shipment, quantities=lines))
        by_name, by_map = self.shipment.pod_ids.line_ids
        self.assertEqual(by_name.uom_id, self.env.ref("uom.product_uom_unit"))
        self.assertFalse(by_map.uom_id)
        self.assertFalse(self.noted("units", "unit"))
        self.noted("KGM", "unit").action_accept_suggestion()
        self.assertEqual(by_map.uom_id, self.env.ref("uom.product_uom_kgm"))

    def test_a_unit_is_understood_by_its_name_in_any_language_and_again_without_its_map(self):
        self.env["res.lang"]._activate_lang("de_DE")
        unit = self.env.ref("uom.product_uom_unit")
        unit.with_context(lang="de_DE").name = "Einheiten"
        line = {"quantity": "1", "outcome": "accepted", "unit": "einheiten"}
        self.tell(fact("proof_of_delivery", self.shipment, quantities=[line]))
        [told] = self.shipment.pod_ids.line_ids
        self.assertEqual(told.uom_id, unit)
        code_map = self.env["milepost.code.map"].create({
            "connection_id": self.connection.id, "kind": "unit", "raw_code": "einheiten",
            "uom_id": self.env.ref("uom.product_uom_dozen").id,
        })  # fmt: skip
        self.assertEqual(told.uom_id, self.env.ref("uom.product_uom_dozen"))
        code_map.uom_id = False
        self.assertEqual(told.uom_id, unit)

    def test_a_carriers_scac_is_borne_by_its_contact_from_then_on(self):
        carrier = self.env["res.partner"].create({"name": "Northwind Freight"})
        plan = [stop("p", 1, "pickup"), stop("d", 2, "delivery")]
        self.tell(itinerary(self.shipment, plan, carrier_scac="NWFR", carrier_name="northwind freight"))
        noted = self.noted("NWFR", "carrier")
        self.assertEqual(noted.suggestion, "Northwind Freight")
        noted.action_accept_suggestion()
        self.assertEqual(carrier.milepost_scac, "NWFR")
        self.tell(itinerary(self.new_shipment(), plan, carrier_scac="NWFR"))
        self.assertEqual(noted.seen_count, 1)

    def test_orders_name_customers_and_services_by_the_partners_codes(self):
        product = self.env["product.product"].create({"name": "Freight", "type": "service"})
        method = self.env["delivery.carrier"].create({"name": "Express", "product_id": product.id})
        for values in (
            {"kind": "customer", "raw_code": "C-77", "partner_id": self.customer.id},
            {"kind": "service", "raw_code": "EXP", "carrier_id": method.id},
        ):
            self.env["milepost.code.map"].create({"connection_id": self.connection.id, **values})
        shipment = self.new_shipment(carrier_id=method.id)
        shipment.action_order_transport()
        self.assertEqual(shipment.outbox_ids.payload["consignee"]["reference"], "C-77")
        self.assertEqual(shipment.outbox_ids.payload["service"], "EXP")

    def test_suggestions_come_from_the_published_lists_and_from_similar_names(self):
        suggest = {
            ("milestone", "X1", None): "Arrived at Delivery",
            ("milestone", "77-B", "out for delivry"): "Out for Delivery",
            ("milestone", "QQQ", "Kaffeepause"): False,
            ("reason", "AG", None): "Consignee Unavailable",
            ("unit", "KGM", None): "kg",
        }
        for (kind, raw_code, text), wanted in suggest.items():
            with self.subTest(raw_code):
                code_map = self.env["milepost.code.map"].new({
                    "connection_id": self.connection.id, "kind": kind, "raw_code": raw_code, "sample_text": text,
                })  # fmt: skip
                self.assertEqual(code_map.suggestion, wanted)

    def test_the_published_lists_name_canonical_codes_only(self):
        for table, known in ((MILESTONES, codes.MILESTONE_CODES), (REASONS, codes.REASONS)):
            self.assertLessEqual(set(table), {code for code, _label in known})

    def test_a_code_means_one_thing_of_its_own_kind(self):
        with self.assertRaises(ValidationError):
            self.env["milepost.code.map"].create({
                "connection_id": self.connection.id, "kind": "unit", "raw_code": "A", "milestone_code": "delivered",
            })  # fmt: skip

    def test_what_a_partner_sent_is_neither_changed_nor_deleted(self):
        self.tell(milestone(self.shipment, None, raw_code="ZZ9"))
        with self.assertRaises(UserError):
            self.noted("ZZ9").raw_code = "ZZ8"
        with self.assertRaises(UserError):
            self.noted("ZZ9").unlink()

    def test_only_operators_say_what_a_code_means(self):
        self.tell(milestone(self.shipment, None, raw_code="X1"))
        with self.assertRaises(AccessError):
            self.noted("X1").with_user(self.user_of("dispatcher")).action_accept_suggestion()
        self.noted("X1").with_user(self.user_of("integration_operator")).action_accept_suggestion()
        self.assertEqual(self.shipment.state, "at_delivery")

    def test_ten_thousand_waiting_facts_are_released_by_a_constant_number_of_queries_per_batch(self):
        def release(raw_code, shipments, facts_each):
            """Return the queries that mapping the code costs."""
            records = self.env["milepost.shipment"].union(*(self.new_shipment() for _ in range(shipments)))
            told = [
                milestone(record, None, number / 100, raw_code=raw_code)
                for record in records for number in range(facts_each)
            ]  # fmt: skip
            for start in range(0, len(told), 500):
                self.ingest(*told[start : start + 500])
            noted = self.noted(raw_code)
            self.assertEqual(noted.seen_count, shipments * facts_each)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            noted.write({"milestone_code": "in_transit"})
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
            self.assertEqual(set(records.mapped("state")), {"in_transit"})
            self.assertEqual(sum(records.mapped("unmapped_count")), 0)
            return queries

        release("WARM", 2, 1)
        few = release("FEW", 2, 2)
        many = release("MANY", 100, 100)
        self.assertLessEqual(many, few)
