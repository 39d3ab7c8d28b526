from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import MilepostCase


@tagged("post_install", "-at_install")
class TestBundle(MilepostCase):
    """Configuration goes from one company (elsewhere: one database) to another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere Ltd"})
        cls.site = cls.env["res.partner"].create({"name": "Dock 7", "ref": "DOCK-7"})
        cls.connection.write({"agreed_uptime": 97.5, "auto_transport_order": True, "precedence": 5})
        cls.env["milepost.code.map"].create([
            {"connection_id": cls.connection.id, "raw_code": "PU", "milestone_code": "picked_up"},
            {"connection_id": cls.connection.id, "raw_code": "D7", "kind": "place", "partner_id": cls.site.id},
            {"connection_id": cls.connection.id, "raw_code": "??"},
        ])  # fmt: skip
        operator = cls.user_of("integration_operator")
        operator.write({"company_ids": [(4, cls.elsewhere.id)]})
        bundle = cls.env["milepost.bundle"].with_user(operator)
        cls.here, cls.there = bundle.with_company(cls.company), bundle.with_company(cls.elsewhere)

    def test_what_was_tried_is_taken_over_by_its_keys_and_names(self):
        bundle = self.here.export_bundle()
        tried = self.there.import_bundle(bundle)
        connections = self.env["milepost.connection"].search([("company_id", "=", self.elsewhere.id)])
        self.assertFalse(connections)
        taken = self.there.import_bundle(bundle, dry_run=False)
        self.assertEqual(taken, tried)
        self.assertEqual(
            [(one["name"], one["is"]) for one in taken["changes"]],
            [("acme", "new"), ("acme / milestone / PU", "new"), ("acme / place / D7", "new")],
        )
        theirs = connections.search([("company_id", "=", self.elsewhere.id)])
        self.assertEqual((theirs.code, theirs.agreed_uptime, theirs.precedence), ("acme", 97.5, 5))
        maps = self.env["milepost.code.map"].search([("connection_id", "=", theirs.id)])
        self.assertEqual(maps.partner_id, self.site)
        self.assertEqual(self.there.export_bundle(), bundle)

    def test_what_acts_by_itself_is_begun_by_a_person(self):
        self.there.import_bundle(self.here.export_bundle(), dry_run=False)
        theirs = self.env["milepost.connection"].search([("company_id", "=", self.elsewhere.id)])
        self.assertFalse(theirs.auto_transport_order)

    def test_taking_it_again_changes_nothing_and_a_correction_changes_that_alone(self):
        bundle = self.here.export_bundle()
        self.there.import_bundle(bundle, dry_run=False)
        again = self.there.import_bundle(bundle, dry_run=False)
        self.assertEqual((again["changes"], again["same"]), ([], 3))
        self.connection.agreed_proof_hours = 12
        changed = self.there.import_bundle(self.here.export_bundle(), dry_run=False)
        self.assertEqual(
            changed["changes"],
            [{"model": "milepost.connection", "name": "acme", "is": "changed", "fields": ["agreed_proof_hours"]}],
        )  # fmt: skip

    def test_what_is_not_there_is_said_and_nothing_is_half(self):
        bundle = self.here.export_bundle()
        self.site.write({"ref": False, "active": False})
        report = self.there.import_bundle(bundle, dry_run=False)
        [problem] = report["problems"]
        self.assertIn("DOCK-7", problem)
        self.assertFalse(self.env["milepost.connection"].search([("company_id", "=", self.elsewhere.id)]))

    def test_it_is_taken_with_the_rights_of_whoever_takes_it(self):
        bundle = self.here.export_bundle()
        for role in ("viewer", "bridge"):
            caller = self.env["milepost.bundle"].with_user(self.user_of(role))
            report = caller.import_bundle(bundle, dry_run=False)
            self.assertEqual(report["refused"], ["milepost.connection", "milepost.code.map"], role)
        self.assertEqual(
            self.env["milepost.bundle"].with_user(self.bridge).export_bundle()["parts"], []
        )  # fmt: skip
        for wrong in ({"format": 2, "parts": []}, [], {"format": 1}):
            with self.assertRaises(ValidationError):
                self.there.import_bundle(wrong)
