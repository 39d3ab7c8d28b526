"""The facts that both sides of the contract must judge alike (tests/canonical/exchange_fixtures.test.ts)."""

import json
from pathlib import Path

from odoo.tests import tagged

from .. import codes
from ..contract import Fault, canonical_identifier, check_fact, fact_key
from ..contract.checker import SCHEMAS
from .common import MilepostCase

FIXTURES = Path(__file__).parent / "fixtures" / "exchange"


def read(name):
    return json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))


@tagged("post_install", "-at_install", "milepost")
class TestContract(MilepostCase):
    def test_what_the_contract_takes_is_stored(self):
        models = self.env["milepost.fact"]._models_by_kind()
        facts = [case["fact"] for case in read("accepted") if case["fact"]["kind"] in models]
        for case in read("accepted"):
            with self.subTest(case["why"]):
                self.assertIsNone(check_fact(case["fact"]))
                self.assertEqual(fact_key(case["fact"]), case["fact"]["key"])
        self.env.ref("base.USD").active = True
        shipment = self.new_shipment()
        shipment._declare(self.connection, [("po", "PO-4711")])
        self.tell(*facts)
        stored = sum(model.search_count([("shipment_id", "=", shipment.id)]) for model in models.values())
        self.assertEqual(stored, len(facts))

    def test_a_fact_of_our_own_has_the_key_that_the_bridge_would_give_it(self):
        for case in read("keys"):
            with self.subTest(case["why"]):
                self.assertEqual(fact_key(case["fact"]), case["key"])

    def test_identifiers_are_written_as_the_bridge_writes_them(self):
        for case in read("identifiers"):
            with self.subTest(case["written"]):
                self.assertEqual(canonical_identifier(case["type"], case["written"]), case["canonical"])
                self.assertEqual(canonical_identifier(case["type"], case["canonical"]), case["canonical"])

    def test_what_the_contract_refuses_is_rejected_at_the_same_place(self):
        for case in read("refused"):
            with self.subTest(case["why"]), self.assertRaises(Fault) as raised:
                check_fact(case["fact"])
            self.assertEqual(raised.exception.path, case["path"], case["why"])

    def test_the_selections_are_those_of_the_contract(self):
        kinds = {one["properties"]["kind"]["const"]: one["properties"] for one in SCHEMAS["fact"]["oneOf"]}
        step = kinds["milestone"]
        for labelled, schema in (
            (codes.MILESTONE_CODES, step["code"]),
            (codes.CLASSIFIERS, step["classifier"]),
            (codes.CONDITIONS, step["conditions"]["items"]),
            (codes.REASONS, step["reasons"]["items"]["properties"]["code"]),
            (codes.IDENTIFIER_TYPES, step["identifiers"]["items"]["properties"]["type"]),
            (codes.PRECISIONS, step["occurred"]["properties"]["precision"]),
            (codes.STOP_KINDS, step["stop"]["properties"]["kind"]),
        ):
            self.assertEqual([code for code, _label in labelled], schema["enum"])
