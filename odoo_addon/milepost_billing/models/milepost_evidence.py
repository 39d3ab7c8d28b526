import base64
import hashlib
import tempfile
from dataclasses import dataclass

from odoo import api, models
from odoo.addons.milepost.arguments import record_of
from odoo.exceptions import AccessError, UserError, ValidationError

from ..evidence import documents, facts, policies, shipments
from ..evidence.canonical import canonical, safe_name
from ..evidence.chain import head_of
from ..evidence.pack import PackWriter

# Where a pack may start, by the word for it in the route.
SOURCES = {
    "invoice": "account.move",
    "shipment": "milepost.shipment",
    "carrier_invoice": "milepost.carrier.invoice",
}
LIMIT_PARAMETER = "milepost.evidence_max_mb"
LIMIT_MB = 500
#: A larger pack is downloaded: over RPC the whole of it stands in memory, twice.
RPC_LIMIT_MB = 50
FACTS = ("itinerary_ids", "milestone_ids", "pod_ids", "charge_ids", "carrier_invoice_ids")


@dataclass
class Scope:
    """What a pack is about."""

    title: str
    moves: models.Model
    shipments: models.Model


class MilepostEvidence(models.AbstractModel):
    """Puts together what proves an invoice: papers, facts, charges, holds, with the hash of each."""

    _name = "milepost.evidence"
    _description = "Evidence Pack"
    _inherit = ["milepost.evidence.check"]

    @api.model
    def pack(self, model, record_id):
        """The pack for programs.

        :param model: account.move, milepost.shipment or milepost.carrier.invoice
        :return: {name, size, sha256, content_base64}
        """
        with tempfile.TemporaryFile() as file:
            name, size = self._write(model, record_id, file)
            if size > RPC_LIMIT_MB << 20:
                raise UserError(self.env._(
                    "The pack has %(size)s MB, more than a call may carry (%(limit)s MB): download it.",
                    size=size >> 20, limit=RPC_LIMIT_MB,
                ))  # fmt: skip
            file.seek(0)
            content = file.read()
        return {
            "name": name,
            "size": size,
            "sha256": hashlib.sha256(content).hexdigest(),
            "content_base64": base64.b64encode(content).decode(),
        }

    # Who, and about what

    @api.model
    def _check_finance(self):
        if not self.env["milepost.hold"]._finance_role():
            raise AccessError(self.env._("Evidence is for finance: your role may not take it."))

    @api.model
    def _scope(self, model, record_id):
        """What the pack is about, once it is clear that the user may read all of it."""
        self._check_finance()
        if model not in SOURCES.values():
            raise ValidationError(self.env._("There is no evidence of “%s”.", model))
        record = record_of(self.env, model, record_id)
        record.check_access("read")
        whole = record.sudo()
        if model == "account.move":
            moves = documents.family_of(whole)
            found = whole.milepost_shipment_ids | whole.milepost_carrier_invoice_id.shipment_id
            title = documents.name_of(whole)
        elif model == "milepost.shipment":
            moves, found, title = whole.invoice_ids | whole.carrier_invoice_ids.bill_ids, whole, whole.name
        else:
            moves, found, title = whole.bill_ids, whole.shipment_id, whole.number
        if not found:
            raise UserError(self.env._("%s belongs to no shipment: there is nothing to prove it.", title))
        # Read past the record rules, so that a part that the user may not see is refused and not left out.
        for part in (moves, found):
            part.with_env(self.env).check_access("read")
        language = whole.company_id.partner_id.lang or "en_US"
        context = {"lang": language, "tz": "UTC", "bin_size": False}
        return Scope(
            title, moves.with_context(**context).sorted("id"), found.with_context(**context).sorted("id")
        )

    # What goes in

    @api.model
    def _write(self, model, record_id, file):
        """Write the pack into a binary file object; returns (file name, size in bytes)."""
        scope = self._scope(model, record_id)
        self.env.flush_all()
        self._check_size(scope)
        writer = PackWriter(file)
        for move in scope.moves:
            self._add_document(writer, move)
        holds = []
        for shipment in scope.shipments:
            holds += self._add_shipment(writer, shipment)
        audit = {
            "holds": [
                {"hold": one["id"], "entries": len(one["audit"]), "head": one["audit_head"]} for one in holds
            ],
            "head": head_of((one["id"], one["audit_head"]) for one in holds),
        }
        about = {
            "about": scope.title,
            "scope": {"model": model, "id": record_id},
            "company": scope.shipments[:1].company_id.name,
            "database": self.env["ir.config_parameter"].sudo().get_param("database.uuid"),
            "documents": scope.moves.mapped("display_name"),
            "shipments": scope.shipments.mapped("name"),
            "audit": audit,
        }
        writer.add("index.html", self._index(scope, writer.files, holds, audit), {"kind": "index"})
        writer.close(about)
        file.seek(0, 2)
        return f"evidence-{safe_name(scope.title)}.zip", file.tell()

    @api.model
    def _check_size(self, scope):
        papers = scope.shipments.pod_ids.document_ids | documents.papers_of(scope.moves)
        size = sum(papers.mapped("file_size"))
        limit = int(self.env["ir.config_parameter"].sudo().get_param(LIMIT_PARAMETER, LIMIT_MB))
        if size > limit << 20:
            raise UserError(self.env._(
                "The papers of %(title)s have %(size)s MB, more than a pack may have (%(limit)s MB): take the "
                "packs of its shipments, or raise %(parameter)s.",
                title=scope.title, size=size >> 20, limit=limit, parameter=LIMIT_PARAMETER,
            ))  # fmt: skip

    @api.model
    def _add_document(self, writer, move):
        name = documents.name_of(move)
        origin = {"kind": "document", "model": "account.move", "document": move.display_name}
        writer.add(f"documents/{name}.json", canonical(documents.document_of(move)), origin)
        for paper in documents.papers_of(move):
            self._add_paper(
                writer, f"documents/{name}/{safe_name(paper.name)}", paper, {**origin, "kind": "attachment"}
            )

    @api.model
    def _add_shipment(self, writer, shipment):
        """Everything of one shipment; returns its holds as they went in."""
        folder = f"shipments/{safe_name(shipment.name)}"
        origin = {"shipment": shipment.name}
        holds = [shipments.hold_of(hold) for hold in shipment.hold_ids.sorted("id")]
        for kind, content in (
            ("shipment", shipments.shipment_of(shipment)),
            ("policy", policies.policy_of(shipment)),
            ("charges", shipments.charges_of(shipment)),
            ("holds", holds),
        ):
            writer.add(f"{folder}/{kind}.json", canonical(content), {**origin, "kind": kind})
        self._add_facts(writer, folder, origin, shipment)
        for pod in shipment.pod_ids.sorted(lambda one: (one.said_at, one.key)):
            for paper in pod.document_ids.sorted("id"):
                self._add_paper(writer, f"{folder}/proofs/{pod.key[:12]}-{safe_name(paper.name)}", paper, {
                    **origin, "kind": "proof", "fact": pod.key, "connection": pod.connection_id.code,
                    "message": pod.message_uid or None, "received_sha256": paper.description,
                })  # fmt: skip
        return holds

    @api.model
    def _add_facts(self, writer, folder, origin, shipment):
        """One file a kind, one fact a line, in the order in which they were said."""
        retractions = self.env["milepost.retraction"].sudo().search([("shipment_id", "=", shipment.id)])
        for records in (*(shipment[name] for name in FACTS), retractions):
            ordered = records.sorted(lambda one: (one.said_at, one.key))
            if ordered:
                lines = [canonical(facts.fact_of(one)) for one in ordered]
                kind = records._fact_kind
                writer.add(
                    f"{folder}/facts/{kind}.jsonl", b"\n".join(lines) + b"\n",
                    {**origin, "kind": "facts", "facts": kind, "count": len(lines)},
                )  # fmt: skip

    @api.model
    def _add_paper(self, writer, path, paper, origin):
        writer.add(path, paper.raw or b"", {**origin, "name": paper.name, "media_type": paper.mimetype})
        paper.invalidate_recordset(["raw", "datas"])

    @api.model
    def _index(self, scope, files, holds, audit):
        by_shipment = {}
        for one in files:
            by_shipment.setdefault(one.origin.get("shipment"), []).append(one)
        spoken = self.with_context(lang=scope.shipments.env.lang).env
        page = spoken["ir.qweb"]._render(
            "milepost_billing.evidence_index",
            {
                "scope": scope, "files": by_shipment, "audit": audit,
                "holds": {one["id"]: one for one in holds},
                # The chains hash the codes; people read what they are called.
                "events": spoken["milepost.hold.audit"]._event_labels(),
            },
        )  # fmt: skip
        return b"<!DOCTYPE html>\n" + str(page).strip().encode()

    @api.model
    def _download(self, record):
        """The action that downloads the pack of a record."""
        self._check_finance()
        record.ensure_one()
        words = {model: word for word, model in SOURCES.items()}
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/milepost/evidence/{words[record._name]}/{record.id}",
        }
