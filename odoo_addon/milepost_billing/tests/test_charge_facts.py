"""Charges as facts: stored to the last decimal, and read by what the partner's codes mean."""

from odoo.addons.milepost.contract.checker import SCHEMAS
from odoo.addons.milepost.tests.common import MilepostCase, fact, itinerary, milestone, stop
from odoo.tests import tagged

from .. import codes
from ..standard_codes import CHARGE_TYPES


@tagged("post_install", "-at_install", "milepost")
class TestChargeFacts(MilepostCase):
    def setUp(self):
        super().setUp()
        self.shipment = self.new_shipment()

    def noted(self, raw_code, kind):
        return self.env["milepost.code.map"].search([
            ("connection_id", "=", self.connection.id), ("kind", "=", kind), ("raw_code", "=", raw_code),
        ])  # fmt: skip

    def charge(self, raw_code, **more):
        return fact(
            "charge", self.shipment, side="cost", charge_type="misc", amount="9.50",
            currency=self.company.currency_id.name, raw_code=raw_code, **more,
        )  # fmt: skip

    def test_a_currency_that_odoo_does_not_know_is_rejected(self):
        told = fact(
            "charge",
            self.shipment,
            side="cost",
            charge_type="fuel",
            amount="12.50",
            currency="XQZ",
            raw_code="FUE",
        )
        [verdict] = self.ingest(told)
        self.assertEqual((verdict["status"], verdict["path"]), ("rejected", "/currency"))

    def test_money_keeps_every_decimal(self):
        currency = self.company.currency_id.name
        told = fact(
            "charge", self.shipment, side="cost", charge_type="fuel", amount="1234567.89", currency=currency,
            quantity="3.000001", raw_code="FUE",
        )  # fmt: skip
        self.tell(told)
        self.env.cr.execute(
            "SELECT amount::text, quantity::text FROM milepost_charge WHERE shipment_id = %s",
            [self.shipment.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [("1234567.89", "3.000001")])

    def test_the_partners_charge_is_understood(self):
        self.tell(self.charge("TOLLZ", description="Maut"))
        self.noted("TOLLZ", "charge_type").charge_type = "toll_border_customs"
        self.assertEqual(self.shipment.charge_ids.charge_type, "toll_border_customs")
        self.tell(self.charge("TOLLZ", description="Maut A1"))
        self.assertEqual(self.shipment.charge_ids.mapped("charge_type"), ["toll_border_customs"] * 2)

    def test_what_says_miscellaneous_itself_is_not_noted(self):
        self.tell(
            self.charge("MSC"), milestone(self.shipment, "delayed", reasons=[{"code": "other", "raw": "BG"}])
        )
        self.assertEqual(self.connection.unmapped_count, 0)

    def test_a_carriers_scac_gives_shipments_their_carrier(self):
        carrier = self.env["res.partner"].create({"name": "Northwind Freight"})
        plan = [stop("p", 1, "pickup"), stop("d", 2, "delivery")]
        self.tell(itinerary(self.shipment, plan, carrier_scac="NWFR", carrier_name="northwind freight"))
        noted = self.noted("NWFR", "carrier")
        self.assertEqual(noted.suggestion, "Northwind Freight")
        noted.action_accept_suggestion()
        self.assertEqual((carrier.milepost_scac, self.shipment.carrier_partner_id), ("NWFR", carrier))
        self.tell(itinerary(self.new_shipment(), plan, carrier_scac="NWFR"))
        self.assertEqual(noted.seen_count, 1)

    def test_suggestions_come_from_the_published_list(self):
        for raw_code, text, wanted in (("FUE", None, "Fuel"), ("LUMPER_FEE", "lumper", "Lumper")):
            with self.subTest(raw_code):
                code_map = self.env["milepost.code.map"].new({
                    "connection_id": self.connection.id, "kind": "charge_type", "raw_code": raw_code,
                    "sample_text": text,
                })  # fmt: skip
                self.assertEqual(code_map.suggestion, wanted)

    def test_the_published_list_and_the_selection_are_those_of_the_contract(self):
        kinds = {one["properties"]["kind"]["const"]: one["properties"] for one in SCHEMAS["fact"]["oneOf"]}
        known = [code for code, _label in codes.CHARGE_TYPES]
        self.assertEqual(known, kinds["charge"]["charge_type"]["enum"])
        self.assertLessEqual(set(CHARGE_TYPES), set(known))
