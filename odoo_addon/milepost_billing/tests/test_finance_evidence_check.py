"""A pack is verified, by itself and against Odoo, and downloaded by who may have it."""

import base64
import hashlib
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, tagged

from ..evidence.canonical import canonical, safe_name
from ..evidence.chain import entry_hash, head_of
from ..evidence.verify import verify
from .billing_case import PDF
from .evidence_case import EvidenceCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceEvidenceCheck(EvidenceCase):
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
        told = {"values": {}, "path": paper, "code": "missing", "fault": "it is missing"}
        self.assertEqual(faults(**{paper: None}), [told])
        told = {**told, "path": "extra.pdf", "code": "not_listed", "fault": "the manifest does not list it"}
        self.assertEqual(faults(**{"extra.pdf": b"x"}), [told])
        self.assertIn("no manifest", faults(**{"manifest.json": b"{}"})[0]["fault"])
        self.assertIn("no readable ZIP", verify(io.BytesIO(b"paper"))[0]["fault"])
        # Who changes the audit and the manifest's hash of it still breaks the chain.
        told = json.loads(files[holds])
        told[0]["audit"][0]["data"] = "{}"
        changed = self.reforged(files, holds, told)
        self.assertIn("the entry was changed", verify(io.BytesIO(changed))[0]["fault"])

    def test_what_is_found_is_said_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        files = self.files(self.pack(self.invoiced(self.proven(held=True))))
        [paper] = [name for name in files if "/proofs/" in name]
        [holds] = [name for name in files if name.endswith("/holds.json")]
        told = json.loads(files[holds])
        told[0]["audit"][0]["data"] = "{}"
        changed = self.reforged({**files, paper: b"another"}, holds, told)
        packed = base64.b64encode(changed).decode()
        check = self.env["milepost.evidence.verify"].with_context(lang="de_DE").create({"content": packed})
        check.action_verify()
        self.assertIn("sein Inhalt wurde geändert", check.faults)
        self.assertIn("der Eintrag wurde geändert", check.faults)
        self.assertNotIn("was changed", check.faults)

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
