from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..arguments import record_of
from ..ingestion.ahead import is_ahead
from ..ingestion.tables import utc

#: A person's word on a proof.
REVIEW = ("review", "review_reason", "reviewed_by_id")


class MilepostPod(models.Model):
    """A proof of delivery: who took what, when, and the paper for it."""

    _name = "milepost.pod"
    _description = "Proof of Delivery"
    _check_company_auto = True
    _inherit = ["milepost.fact", "mail.thread"]
    _mail_post_access = "read"
    _order = "delivered_at desc, id desc"
    _rec_name = "signer"
    _fact_kind = "proof_of_delivery"
    _fact_moment = "delivered_at"
    _fact_has_standing = True

    stop_ref = fields.Json(readonly=True, fact=True)
    stop_id = fields.Many2one("milepost.stop", readonly=True, ondelete="set null", check_company=True)
    delivered_at = fields.Datetime(readonly=True, fact=True)
    delivered_zone = fields.Char(string="Time Zone", readonly=True, fact=True)
    is_ahead = fields.Boolean(
        string="Ahead of Its Receipt", readonly=True, fact=True,
        help="It says to prove what lies after its receipt, so it is not believed until it is corrected.",
    )  # fmt: skip
    signer = fields.Char(readonly=True, fact=True)
    signed = fields.Boolean(readonly=True, fact=True)
    remark = fields.Char(readonly=True, fact=True)
    line_ids = fields.One2many("milepost.pod.line", "pod_id", string="Quantities", readonly=True)
    document_ids = fields.Many2many("ir.attachment", string="Documents", readonly=True)
    document_count = fields.Integer(readonly=True, fact=True)
    is_clean = fields.Boolean(
        readonly=True,
        help="Everything was accepted: no quantity is short, refused or damaged.",
        fact=True,
    )
    preview_pdf = fields.Binary(string="Paper", compute="_compute_preview")
    preview_image = fields.Binary(string="Picture", compute="_compute_preview")
    state = fields.Selection(
        [
            ("received", "Received"),
            ("validated", "Validated"),
            ("rejected", "Rejected"),
            ("superseded", "Superseded"),
        ],
        default="received",
        required=True,
        readonly=True,
        fact=True,
    )

    document_hashes = fields.Json(readonly=True, help="SHA-256 of the files.", fact=True)
    fault = fields.Char(readonly=True, help="Why the proof does not count.")
    validated_at = fields.Datetime(readonly=True)
    review = fields.Selection([("validated", "Validated"), ("rejected", "Rejected")], readonly=True)
    review_reason = fields.Char(readonly=True)
    reviewed_by_id = fields.Many2one("res.users", readonly=True)
    assigned_stop_id = fields.Many2one(
        "milepost.stop",
        readonly=True,
        ondelete="set null",
        help="The stop that a person named.",
        check_company=True,
    )

    _fact_unique = models.UniqueIndex(
        "(connection_id, key, shipment_id) NULLS NOT DISTINCT", "This fact is stored already."
    )
    _shipment_index = models.Index("(shipment_id)")
    _waiting_index = models.Index("USING gin (identifiers jsonb_path_ops) WHERE shipment_id IS NULL")
    _hashes_index = models.Index("USING gin (document_hashes) WHERE document_hashes IS NOT NULL")

    @api.model
    def _lies_ahead(self, fact, context):
        """Whether the delivery that it proves lies after the receipt of the message that brings it."""
        received, delivered = context.messages[fact["message"]]["received_at"], fact.get("delivered")
        return bool(delivered) and is_ahead(delivered, received, context.clock_tolerance)

    @api.model
    def _prepare_fact_row(self, fact, context):
        delivered = fact.get("delivered") or {}
        quantities = fact.get("quantities") or []
        return {
            **super()._prepare_fact_row(fact, context),
            "stop_ref": fact.get("stop"),
            "delivered_at": utc(delivered["at"]) if delivered else None,
            "delivered_zone": delivered.get("zone"),
            "is_ahead": self._lies_ahead(fact, context),
            "signer": fact.get("signer"),
            "signed": fact.get("signed", False),
            "remark": fact.get("remark"),
            "document_count": len(fact.get("documents") or ()),
            "is_clean": all(line["outcome"] == "accepted" for line in quantities),
            "state": "received",
            "document_hashes": sorted({document["sha256"] for document in fact.get("documents") or ()})
            or None,
        }

    @api.model
    def _prepare_waiting(self):
        """What people said of the proof was about the shipment that it had."""
        nothing = dict.fromkeys(("fault", "validated_at", "assigned_stop_id", *REVIEW), False)
        return {**super()._prepare_waiting(), **nothing, "state": "received"}

    def _wait(self):
        """A person's no is about the paper, wherever it turns up: else whoever takes its number away and
        gives it back would have it counted."""
        refused = self.filtered(lambda pod: pod.review == "rejected")
        super(MilepostPod, self - refused)._wait()
        if refused:
            kept = {"state", *REVIEW}
            values = {name: value for name, value in refused._prepare_waiting().items() if name not in kept}
            refused.with_context(tracking_disable=True, mail_notrack=True).write(values)

    @api.model
    def _copy_parts(self, origins):
        """Quantities and papers: without them a proof of a shortage would be a clean one."""
        for copy, origin in (
            (self.browse(id_).sudo(), self.browse(of).sudo()) for id_, of in origins.items()
        ):
            for line in origin.line_ids:
                line.copy({"pod_id": copy.id})
            papers = [paper.copy({"res_id": copy.id}).id for paper in origin.document_ids]
            if papers:
                quiet = copy.with_context(mail_notrack=True, tracking_disable=True)
                quiet.write({"document_ids": [Command.set(papers)]})
        self.env.flush_all()

    def _leave_to_others(self):
        """A person's no stays here, too: it waits for a shipment itself, or with the one that waits."""
        refused = self.filtered(lambda pod: pod.review == "rejected")
        for pod in refused:
            place = [("connection_id", "=", pod.connection_id.id), ("key", "=", pod.key)]
            waiting = self.search([*place, ("shipment_id", "=", False)])
            if waiting:
                kept = pod.read(["state", *REVIEW], load=None)[0]
                waiting.write({name: value for name, value in kept.items() if name != "id"})
                pod.unlink()
            else:
                pod._wait()
        super(MilepostPod, self - refused)._leave_to_others()

    @api.model
    def _codes_in(self, fact):
        for line in fact.get("quantities") or ():
            if line.get("unit"):
                yield "unit", line["unit"], line.get("description")

    def action_validate(self):
        """A person's yes, where the policy wants one; the checks must hold all the same."""
        self._review("validated", None)

    def action_reject(self, reason=None):
        """A person's no."""
        if not reason:
            raise ValidationError(self.env._("Say why the proof is rejected."))
        self._review("rejected", reason)

    def assign_stop(self, stop_id):
        """A person's word on which delivery a proof is for that names none."""
        self._check_reviewer()
        stop = record_of(self.env, "milepost.stop", stop_id)
        for pod in self.sudo():
            if stop.shipment_id != pod.shipment_id or stop.kind != "delivery":
                raise ValidationError(self.env._("Choose a delivery stop of the shipment."))
            pod.write({"assigned_stop_id": stop.id, "reviewed_by_id": self.env.uid})
        self.sudo()._review_changed()

    def _review(self, review, reason):
        self._check_reviewer()
        self.sudo().write(
            {
                "review": review,
                "review_reason": reason or False,
                "reviewed_by_id": self.env.uid,
            }
        )
        self.sudo()._review_changed()

    def _review_changed(self):
        """A person's word counts; an addon that checks proofs has the last word."""
        for pod in self.filtered("review"):
            pod.state = pod.review
        self.shipment_id._facts_changed()

    @api.model
    def _reviewer_groups(self):
        """Whose word counts about proofs."""
        return ["milepost.group_dispatcher"]

    def _check_reviewer(self):
        self.check_access("read")
        user = self.env.user
        if user.has_group("milepost.group_bridge") or not any(
            user.has_group(group) for group in self._reviewer_groups()
        ):
            raise AccessError(self.env._("Your role may not review proofs of delivery."))

    @api.depends("is_ahead")
    def _compute_standing(self):
        super()._compute_standing()
        self.filtered(lambda pod: pod.is_ahead and pod.standing == "counts").standing = "ahead"

    @api.depends("shipment_id.name", "signer")
    def _compute_display_name(self):
        """By the shipment that it proves: several proofs bear one signer's name."""
        for pod in self:
            named = filter(None, (pod.shipment_id.name, pod.signer))
            pod.display_name = " · ".join(named) or self.env._("Proof of Delivery")

    @api.depends("document_ids")
    def _compute_preview(self):
        for pod in self:
            documents = pod.document_ids.sorted("id")
            pdf = documents.filtered(lambda d: d.mimetype == "application/pdf")[:1]
            image = documents.filtered(lambda d: d.mimetype in ("image/png", "image/jpeg"))[:1]
            pod.preview_pdf = pdf.datas
            pod.preview_image = image.datas
