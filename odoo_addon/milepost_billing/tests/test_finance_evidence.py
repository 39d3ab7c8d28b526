import base64
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from ..evidence.canonical import canonical, safe_name
from ..evidence.chain import entry_hash, head_of
from ..evidence.verify import verify
from .billing_case import PDF, PICKUP, BillingCase


class EvidenceCase(BillingCase):
    """Takes packs as the analyst does, opens them, and writes them again with something changed."""

    def pack(self, record, user="analyst"):
        user = self.users[user] if isinstance(user, str) else user
        answer = self.env["milepost.evidence"].with_user(user).pack(record._name, record.id)
        content = base64.b64decode(answer["content_base64"])
        self.assertEqual(hashlib.sha256(content).hexdigest(), answer["sha256"])
        self.assertEqual(len(content), answer["size"])
        return content

    @staticmethod
    def files(content):
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            return {name: pack.read(name) for name in pack.namelist()}

    def read(self, content, path):
        return json.loads(self.files(content)[path])

    @staticmethod
    def zipped(files):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as pack:
            for name, content in files.items():
                pack.writestr(name, content)
        return file.getvalue()

    def proven(self, quantity=100, paper=None, held=False):
        """A shipment that is ready to bill; `held`: it waited for its proof, so that there is an audit."""
        shipment = self.shipment(self.order(quantity))
        self.deliver(shipment)
        if held:
            self.validate(shipment)
        self.facts(self.pod(shipment, paper=paper))
        self.validate(shipment)
        return shipment

    def invoiced(self, *shipments):
        [invoice] = self.run_billing()
        self.assertEqual(set(invoice.milepost_shipment_ids), set(shipments))
        return invoice


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

    def test_every_change_of_a_pack_is_found(self):
        shipment = self.proven(held=True)
        files = self.files(self.pack(self.invoiced(shipment)))
        [paper] = [name for name in files if "/proofs/" in name]
        holds = f"shipments/{safe_name(shipment.name)}/holds.json"

        def faults(**changes):
            changed = {**files, **{name.replace("__", "."): value for name, value in changes.items()}}
            return verify(io.BytesIO(self.zipped({k: v for k, v in changed.items() if v is not None})))

        self.assertEqual(faults(), [])
        [fault] = faults(**{paper: files[paper] + b"!"})
        self.assertEqual(fault["path"], paper)
        self.assertIn("content was changed", fault["fault"])
        self.assertEqual(faults(**{paper: None}), [{"path": paper, "fault": "it is missing"}])
        self.assertEqual(
            faults(**{"extra.pdf": b"x"}), [{"path": "extra.pdf", "fault": "the manifest does not list it"}]
        )
        self.assertIn("no manifest", faults(**{"manifest.json": b"{}"})[0]["fault"])
        self.assertIn("no readable ZIP", verify(io.BytesIO(b"paper"))[0]["fault"])
        # Who changes the audit and the manifest's hash of it still breaks the chain.
        told = json.loads(files[holds])
        told[0]["audit"][0]["data"] = "{}"
        changed = self.reforged(files, holds, told)
        self.assertIn("the entry was changed", verify(io.BytesIO(changed))[0]["fault"])

    def reforged(self, files, holds, told):
        """The pack with other holds, and a manifest that lists them as if they had always been so."""
        manifest = json.loads(files["manifest.json"])
        content = canonical(told)
        for one in manifest["files"]:
            if one["path"] == holds:
                one.update(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
        heads = {one["id"]: one["audit_head"] for one in told}
        for one in manifest["audit"]["holds"]:
            one["head"] = heads[one["hold"]]
        manifest["audit"]["head"] = head_of(heads.items())
        return self.zipped({**files, holds: content, "manifest.json": canonical(manifest)})

    def test_a_forged_audit_is_unmasked_by_odoo_which_knows_the_heads(self):
        shipment = self.proven(held=True)
        content = self.pack(self.invoiced(shipment))
        files, holds = self.files(content), f"shipments/{safe_name(shipment.name)}/holds.json"
        told = json.loads(files[holds])
        previous = ""
        for entry in told[0]["audit"]:
            entry.update(user_id=entry["user_id"] + 1, previous=previous)
            previous = entry["hash"] = entry_hash(entry)
        told[0]["audit_head"] = previous
        forged = self.reforged(files, holds, told)
        self.assertEqual(verify(io.BytesIO(forged)), [], "by itself it adds up")
        evidence = self.env["milepost.evidence"].with_user(self.users["analyst"])
        [fault] = evidence.verify(base64.b64encode(forged).decode())
        self.assertIn("never had this head", fault["fault"])
        self.assertEqual(evidence.verify(base64.b64encode(content).decode()), [])
        with self.assertRaises(ValidationError):
            evidence.verify("no base64!")

    def test_n27_a_pack_is_verified_from_the_command_line_as_the_docs_say(self):
        whole = self.pack(self.invoiced(self.proven(held=True)))
        addon = Path(__file__).resolve().parents[1]
        with tempfile.TemporaryDirectory() as folder:
            good, bad = Path(folder, "good.zip"), Path(folder, "bad.zip")
            good.write_bytes(whole)
            files = self.files(whole)
            bad.write_bytes(self.zipped({**files, "index.html": b"changed"}))
            for command in (["-m", "evidence.verify"], ["evidence/verify.py"]):
                for path, code, text in ((good, 0, "all is as it was"), (bad, 1, "index.html: its content"),
                                         (Path(folder, "none.zip"), 2, "No such file")):  # fmt: skip
                    with self.subTest(command=command, path=path.name):
                        run = subprocess.run(
                            [sys.executable, "-B", *command, str(path)],
                            cwd=addon, capture_output=True, text=True, check=False,
                        )  # fmt: skip
                        self.assertEqual(run.returncode, code, run.stderr)
                        self.assertIn(text, run.stdout + run.stderr)

    def test_n27_odoo_says_where_it_differs_from_a_pack(self):
        invoice = self.invoiced(self.proven(held=True))
        content = base64.b64encode(self.pack(invoice)).decode()
        evidence = self.env["milepost.evidence"].with_user(self.users["analyst"])
        self.assertEqual(evidence.compare(content), [])
        shipment = invoice.milepost_shipment_ids
        self.facts(self.pod(shipment))
        self.validate(shipment)
        found = {one["path"]: one["difference"] for one in evidence.compare(content)}
        self.assertTrue([path for path in found if path.endswith("proof_of_delivery.jsonl")], found)
        self.assertTrue([path for path, text in found.items() if "does not" in text], found)

    def test_a_paper_that_was_changed_in_the_filestore_is_told_from_the_one_received(self):
        shipment = self.proven()
        shipment.pod_ids.document_ids.raw = PDF + b"another"
        [fault] = verify(io.BytesIO(self.pack(self.invoiced(shipment))))
        self.assertIn("not the file that was received", fault["fault"])

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


@tagged("finance", "post_install", "-at_install")
class TestEvidenceDownload(EvidenceCase, HttpCase):
    """The button and the route behind it."""

    def test_the_button_downloads_the_pack_and_the_route_asks_the_model_who_may(self):
        invoice = self.invoiced(self.proven())
        action = invoice.with_user(self.users["analyst"]).action_milepost_evidence()
        self.assertEqual(action["url"], f"/milepost/evidence/invoice/{invoice.id}")
        with self.assertRaises(AccessError):
            invoice.with_user(self.users["dispatcher"]).sudo(False).action_milepost_evidence()
        self.authenticate("analyst", "analystanalyst")
        answer = self.url_open(action["url"])
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "application/zip"))
        self.assertIn(f"evidence-{safe_name(invoice.name)}.zip", answer.headers["Content-Disposition"])
        self.assertEqual(answer.content, self.pack(invoice))
        shipment = invoice.milepost_shipment_ids
        [url] = [shipment.with_user(self.users["analyst"]).action_evidence()["url"]]
        self.assertEqual(verify(io.BytesIO(self.url_open(url).content)), [])
        self.authenticate("dispatcher", "dispatcherdispatcher")
        self.assertEqual(self.url_open(action["url"]).status_code, 403)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(action["url"]).url)
