import hashlib
import io
import json
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged

from ..evidence.canonical import safe_name
from ..evidence.policies import policy_of, rules_of
from ..evidence.verify import verify
from .billing_case import PDF, PICKUP
from .evidence_case import EvidenceCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceEvidence(EvidenceCase):
    """What one ZIP says of an invoice, and who may have it."""

    def test_the_pack_of_a_consolidated_invoice_has_the_papers_and_facts_of_every_shipment(self):
        first, second = self.proven(paper="one"), self.proven(40, paper="two")
        invoice = self.invoiced(first, second)
        content = self.pack(invoice)
        files = self.files(content)
        manifest = json.loads(files["manifest.json"])
        self.assertEqual(verify(io.BytesIO(content)), [])
        self.assertEqual(manifest["shipments"], [first.name, second.name])
        listed = {one["path"]: one for one in manifest["files"]}
        self.assertEqual(set(listed), set(files) - {"manifest.json"})
        for shipment, paper in ((first, b"one"), (second, b"two")):
            folder = f"shipments/{safe_name(shipment.name)}"
            [path] = [name for name in files if name.startswith(f"{folder}/proofs/")]
            self.assertEqual(files[path], PDF + paper)
            self.assertEqual(listed[path]["sha256"], hashlib.sha256(PDF + paper).hexdigest())
            self.assertEqual(listed[path]["size"], len(PDF + paper))
            origin = listed[path]["origin"]
            self.assertEqual(
                (origin["fact"], origin["connection"]), (shipment.pod_ids.key, self.connection.code)
            )
            for part in ("shipment", "policy", "charges", "holds"):
                self.assertIn(f"{folder}/{part}.json", files)
            [proof] = [
                json.loads(line) for line in files[f"{folder}/facts/proof_of_delivery.jsonl"].splitlines()
            ]
            self.assertEqual((proof["key"], proof["says"]["signer"]), (shipment.pod_ids.key, "J. Doe"))
            self.assertEqual(
                proof["message"],
                {"id": "m1", "path": None, "mapping": "otm5@1", "received_at": "2026-03-04T10:00:00Z"},
            )
            told = files[f"{folder}/facts/milestone.jsonl"].decode().splitlines()
            codes = {json.loads(line)["says"]["code"] for line in told}
            self.assertEqual(codes, {"picked_up", "arrived_delivery", "delivered"})
        document = json.loads(files[f"documents/{safe_name(invoice.name)}.json"])
        self.assertEqual((document["amount_total"], document["currency"]), ("1750.00", self.usd.name))
        self.assertEqual([line["shipment"] for line in document["lines"]], [first.name, second.name])
        page = files["index.html"].decode()
        for text in (invoice.name, first.name, listed[path]["sha256"], manifest["audit"]["head"]):
            self.assertIn(text, page)

    def test_the_same_state_gives_the_same_bytes_and_another_state_others(self):
        shipment = self.proven()
        invoice = self.invoiced(shipment)
        before = self.pack(invoice)
        self.env.invalidate_all()
        self.assertEqual(self.pack(invoice), before)
        self.assertEqual(self.pack(invoice, "controller"), before, "whoever takes it")
        self.facts(self.milestone(shipment, "loaded", PICKUP))
        self.assertNotEqual(self.pack(invoice), before)

    def test_a_release_stands_in_the_pack_with_who_when_and_why(self):
        self.expect(None, fuel=455.1)
        shipment = self.proven()
        self.facts(self.bill(shipment, [("fuel", "499.50")]))
        self.validate(shipment)
        hold = shipment.hold_ids.filtered(lambda one: one.side == "ap")
        hold.with_user(self.users["manager"]).action_release("evidence", "index sheet seen")
        self.validate(shipment)
        content = self.pack(shipment)
        folder = f"shipments/{safe_name(shipment.name)}"
        [told] = [one for one in self.read(content, f"{folder}/holds.json") if one["id"] == hold.id]
        self.assertEqual(
            (told["reason"], told["amount"], told["release_reason"], told["released_by_id"]),
            ("charge_variance", "44.40", "index sheet seen", "Manager"),
        )
        self.assertEqual([entry["event"] for entry in told["audit"]], ["opened", "released"])
        self.assertEqual(told["audit"][1]["user"], "Manager")
        self.assertIn("index sheet seen", told["audit"][1]["data"])
        self.assertEqual(told["audit_head"], hold.audit_head)
        charges = self.read(content, f"{folder}/charges.json")
        [bill] = charges["carrier_invoices"]
        self.assertEqual((bill["matched_how"], bill["approved_amount"]), ("identifier", "499.50"))
        self.assertEqual(bill["verdicts"][0]["hold"], "CHARGE_VARIANCE")
        self.assertEqual(charges["expected"][0]["amount"], "455.10")

    def test_the_page_says_in_the_companys_language_what_the_chain_keeps_as_codes(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.company.partner_id.lang = "de_DE"
        shipment = self.proven(held=True)
        hold = shipment.hold_ids
        content = self.pack(shipment)
        page = self.files(content)["index.html"].decode()
        german = hold.with_context(lang="de_DE")
        events = german.audit_ids.mapped("event")
        self.assertEqual(events, ["opened", "auto_cleared"])
        for event, words in zip(events, german.audit_ids.mapped("event_shown"), strict=True):
            self.assertNotIn(f": {event},", page)
            self.assertIn(f": {words},", page)
        self.assertNotEqual(german.explanation_shown, hold.explanation)
        self.assertIn(german.explanation_shown, page)
        [told] = self.read(content, f"shipments/{safe_name(shipment.name)}/holds.json")
        self.assertEqual([entry["event"] for entry in told["audit"]], events)
        self.assertEqual(told["explanation"], hold.explanation)
        self.assertEqual(verify(io.BytesIO(content)), [])

    def test_the_policy_stands_as_it_was_applied(self):
        shipment = self.proven()
        invoice = self.invoiced(shipment)
        self.policy.write({"quantity_policy": "shipped", "limit_ids": [Command.clear()]})
        self.validate(shipment)
        told = self.read(self.pack(invoice), f"shipments/{safe_name(shipment.name)}/policy.json")
        self.assertEqual((told["applied"]["quantity_policy"], told["changed_since"]), ("accepted", True))
        limits = {one["charge_type"]: one["over_percent"] for one in told["applied"]["limits"]}
        self.assertEqual(limits, {"linehaul": "2", "fuel": "3"})

    def test_a_policy_that_stays_has_one_version_for_all_shipments(self):
        one, other = self.proven(), self.proven()
        self.assertTrue(one.policy_version_id)
        self.assertEqual(one.policy_version_id, other.policy_version_id)
        self.policy.over_percent = 7
        self.validate(one)
        self.assertNotEqual(one.policy_version_id, other.policy_version_id)

    # Where a policy applies, and what Odoo keeps of every record.
    DECIDES_NOTHING = {
        "name", "active", "sequence", "company_id", "partner_ids", "carrier_id", "service", "value_from",
        "value_to", "valid_from", "valid_to", "limit_ids", "policy_id", "touched_by_ids", *MAGIC_COLUMNS,
    }  # fmt: skip

    def another(self, field, value):
        """A value of the field that it has not."""
        if field.type == "boolean":
            return not value
        if field.type == "selection":
            return next(one for one in field.get_values(self.env) if one != value)
        if field.type in ("integer", "float", "monetary"):
            return value + 1
        if field.type in ("many2one", "many2many"):
            return self.env[field.comodel_name].search([("id", "not in", value.ids)], limit=1)
        return "another"

    def test_every_field_that_decides_is_kept_with_what_was_decided(self):
        """A field that is added to policies or limits is in the version, or excepted here by name."""
        tried = 0
        before = rules_of(self.policy)
        for record in (self.policy, self.policy.limit_ids[0]):
            for name, field in record._fields.items():
                if not field.store or name in self.DECIDES_NOTHING or "message_" in name:
                    continue
                tried += 1
                with self.subTest(record=record._name, field=name):
                    policy = self.policy.new(origin=self.policy)
                    own = policy if record == self.policy else policy.limit_ids[0]
                    own[name] = self.another(field, own[name])
                    self.assertNotEqual(rules_of(policy), before)
        self.assertGreater(tried, 50)

    def test_a_version_that_is_older_than_a_rule_has_not_changed_by_it(self):
        shipment = self.proven()
        self.invoiced(shipment)
        older = dict(shipment.policy_version_id.rules)
        older.pop("ordered_goods")
        older["limits"] = [
            {name: value for name, value in limit.items() if name != "by_rate"} for limit in older["limits"]
        ]
        shipment.policy_version_id.rules = older
        self.assertFalse(policy_of(shipment)["changed_since"])
        # Nor is any order counted anew by it.
        other = self.shipment(self.order(10))
        other.policy_version_id = shipment.policy_version_id
        lines = self.registry["sale.order.line"]
        with patch.object(lines, "modified", autospec=True, side_effect=lines.modified) as counted:
            self.validate(other)
        self.assertNotEqual(other.policy_version_id, shipment.policy_version_id)
        changes = [names for records, names in (call.args[:2] for call in counted.call_args_list) if records]
        self.assertNotIn(["milepost_managed_qty"], changes)
        self.policy.limit_ids[0].over_percent = 9
        self.assertTrue(policy_of(shipment)["changed_since"])

    def test_a_late_debit_note_brings_its_invoice_along(self):
        self.policy.write({
            "pass_through_pending": "bill_rest",
            "limit_ids": [Command.create({"charge_type": "lumper", "pass_through": True, "markup_percent": 10})],
        })  # fmt: skip
        self.expect(None, lumper=120)
        shipment = self.proven()
        invoice = self.invoiced(shipment)
        self.facts(self.bill(shipment, [("lumper", 120)]))
        self.validate(shipment)
        [note] = self.run_billing()
        self.assertEqual(note.debit_origin_id, invoice)
        for taken in (note, invoice):
            content = self.pack(taken)
            told = self.read(content, f"documents/{safe_name(note.name)}.json")
            self.assertEqual(
                (told["debit_origin_id"], told["amount_untaxed"]), (invoice.display_name, "132.00")
            )
            self.assertIn(f"documents/{safe_name(invoice.name)}.json", self.files(content))
            self.assertEqual(self.read(content, "manifest.json")["shipments"], [shipment.name])

    def test_a_carriers_bill_and_a_draft_have_their_packs_too(self):
        self.policy.auto_post = False
        self.expect(None, linehaul=100)
        shipment = self.proven()
        self.facts(self.bill(shipment, [("linehaul", 100)]))
        self.validate(shipment)
        [bill] = self.env["milepost.billing.run"]._bill_carriers(self.company)
        [draft] = self.run_billing()
        self.assertEqual((bill.state, draft.state), ("draft", "draft"))
        for move in (bill, draft):
            content = self.pack(move)
            self.assertEqual(verify(io.BytesIO(content)), [])
            self.assertIn(f"documents/draft-{move.id}.json", self.files(content))
        held = self.pack(shipment.carrier_invoice_ids)
        self.assertIn(f"documents/draft-{bill.id}.json", self.files(held))

    def test_only_finance_takes_packs_and_never_the_bridge(self):
        invoice = self.invoiced(self.proven())
        bridge = self.users["bridge"]
        bridge.group_ids += self.env.ref("milepost_billing.group_controller") + self.env.ref(
            "account.group_account_manager"
        )
        accountant = self.make_user("accountant", ["account.group_account_manager", "milepost.group_viewer"])
        for user in (self.users["dispatcher"], bridge, accountant):
            for record in (invoice, invoice.milepost_shipment_ids):
                with self.subTest(user.login, record=record), self.refused(AccessError, "finance"):
                    self.pack(record, user)
            with self.refused(AccessError, "finance"):
                self.env["milepost.evidence"].with_user(user).verify("")
        # Who reads holds but no invoices gets no invoice either.
        clerk = self.make_user("clerk", ["milepost_billing.group_billing_analyst"])
        for record in (invoice, invoice.milepost_shipment_ids):
            with self.assertRaises(AccessError):
                self.pack(record, clerk)

    def test_another_companys_invoice_and_shipment_are_refused(self):
        invoice = self.invoiced(self.proven())
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user(
            "stranger", ["milepost_billing.group_controller", "account.group_account_manager"]
        )
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for record in (invoice, invoice.milepost_shipment_ids):
            with self.assertRaises(AccessError):
                self.pack(record, stranger)

    def test_what_has_no_shipment_or_is_too_large_is_refused_with_a_reason(self):
        move = self.env["account.move"].create({"move_type": "out_invoice", "partner_id": self.customer.id})
        with self.refused(UserError, "no shipment"):
            self.pack(move)
        with self.refused(ValidationError, "no evidence of"):
            self.pack(self.customer)
        invoice = self.invoiced(self.proven())
        self.env["ir.config_parameter"].set_param("milepost.evidence_max_mb", "-1")
        with self.refused(UserError, "more than a pack may have"):
            self.pack(invoice)

    def test_names_of_files_are_parts_of_a_path(self):
        self.assertEqual(safe_name("../../etc/passwd"), "etc-passwd")
        self.assertEqual(safe_name("INV/2026/00001"), "INV-2026-00001")
        self.assertEqual(safe_name("."), "unnamed")
        self.assertEqual(len(safe_name("x" * 300 + ".pdf")), 120)
        self.assertTrue(safe_name("x" * 300 + ".pdf").endswith(".pdf"))
