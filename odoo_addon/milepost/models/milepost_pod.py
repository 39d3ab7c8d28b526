from odoo import api, fields, models

from .. import codes


class MilepostPod(models.Model):
    """A proof of delivery: who took what, when, and the paper for it."""

    _name = "milepost.pod"
    _description = "Proof of Delivery"
    _inherit = ["milepost.fact", "mail.thread"]
    _order = "delivered_at desc, id desc"
    _rec_name = "signer"

    stop_ref = fields.Json(readonly=True)
    stop_id = fields.Many2one("milepost.stop", readonly=True, ondelete="set null")
    delivered_at = fields.Datetime(readonly=True)
    delivered_zone = fields.Char(string="Time Zone", readonly=True)
    signer = fields.Char(readonly=True)
    signed = fields.Boolean(readonly=True)
    remark = fields.Char(readonly=True)
    line_ids = fields.One2many("milepost.pod.line", "pod_id", string="Quantities", readonly=True)
    document_ids = fields.Many2many("ir.attachment", string="Documents", readonly=True)
    document_count = fields.Integer(readonly=True)
    is_clean = fields.Boolean(
        readonly=True, help="Everything was accepted: no quantity is short, refused or damaged."
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
    )

    _fact_unique = models.UniqueIndex(
        "(connection_id, key, shipment_id) NULLS NOT DISTINCT", "This fact is stored already."
    )
    _shipment_index = models.Index("(shipment_id)")
    _waiting_index = models.Index(
        "USING gin (identifiers jsonb_path_ops) WHERE shipment_id IS NULL"
    )

    @api.depends("document_ids")
    def _compute_preview(self):
        for pod in self:
            documents = pod.document_ids.sorted("id")
            pdf = documents.filtered(lambda d: d.mimetype == "application/pdf")[:1]
            image = documents.filtered(lambda d: d.mimetype in ("image/png", "image/jpeg"))[:1]
            pod.preview_pdf = pdf.datas
            pod.preview_image = image.datas


class MilepostPodLine(models.Model):
    """What became of one quantity."""

    _name = "milepost.pod.line"
    _description = "Delivered Quantity"
    _order = "id"

    pod_id = fields.Many2one("milepost.pod", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="pod_id.company_id", store=True)
    goods = fields.Char(readonly=True)
    description = fields.Char(readonly=True)
    quantity = fields.Float(digits=(16, 6), readonly=True)
    unit = fields.Char(readonly=True)
    outcome = fields.Selection(codes.QUANTITY_OUTCOMES, required=True, readonly=True)
    reason = fields.Selection(codes.REASONS, readonly=True)
