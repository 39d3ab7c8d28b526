import base64
import hashlib
import uuid

from odoo import api, fields, models
from odoo.addons.milepost.contract import CONTRACT, fact_key, instant_text
from odoo.addons.milepost.ingestion.ingest import ingest
from odoo.exceptions import AccessError, UserError
from odoo.tools.mimetypes import guess_mimetype

MEDIA_TYPES = ("application/pdf", "image/png", "image/jpeg", "image/tiff")


class MilepostSupplyProof(models.TransientModel):
    """A proof of delivery that came on paper or by mail, entered by a person.

    It goes the way of every fact and is checked like every proof. Who supplies it counts as having
    touched what the holds of the shipment are about, and so releases none of them.
    """

    _name = "milepost.supply.proof"
    _description = "Supply a Proof of Delivery"

    shipment_id = fields.Many2one("milepost.shipment", required=True, readonly=True)
    stop_id = fields.Many2one(
        "milepost.stop", string="Delivery", required=True,
        domain="[('shipment_id', '=', shipment_id), ('kind', '=', 'delivery'), ('in_plan', '=', True)]",
    )  # fmt: skip
    delivered_at = fields.Datetime(string="Delivered", required=True)
    signer = fields.Char(string="Signed By", required=True)
    document = fields.Binary(required=True, attachment=False, help="PDF, PNG, JPEG or TIFF.")
    document_name = fields.Char()
    is_clean = fields.Boolean(string="Everything Was Accepted", default=True)
    line_ids = fields.One2many("milepost.supply.proof.line", "proof_id", string="Differences")
    remark = fields.Char()

    @api.model
    def _open(self, shipment, stop):
        """The dialog for one delivery of a shipment."""
        self._check_supplier()
        shipment.check_access("read")
        stops = shipment.stop_ids.filtered(lambda one: one.kind == "delivery" and one.in_plan)
        stop = stop or stops[:1]
        return {
            "type": "ir.actions.act_window", "name": self.env._("Supply a Proof of Delivery"),
            "res_model": self._name, "views": [(False, "form")], "target": "new",
            "context": {
                "default_shipment_id": shipment.id,
                "default_stop_id": stop.id,
                "default_delivered_at": fields.Datetime.to_string(
                    stop.completed_at or shipment.delivered_at or fields.Datetime.now()
                ),
            },
        }  # fmt: skip

    @api.model
    def _check_supplier(self):
        user = self.env.user
        if user.has_group("milepost.group_bridge") or not (
            user.has_group("milepost.group_dispatcher")
            or user.has_group("milepost_billing.group_billing_analyst")
        ):
            raise AccessError(self.env._("Your role may not supply proofs of delivery."))

    def action_supply(self):
        """Store the proof as a fact and decide about the shipment again, at once."""
        self.ensure_one()
        self._check_supplier()
        self.shipment_id.check_access("read")
        shipment = self.shipment_id.sudo()
        if not shipment.connection_id:
            raise UserError(
                self.env._("%s has no transport connection to store a proof under.", shipment.name)
            )
        fact = self._fact()
        batch = {
            "contract": CONTRACT,
            "messages": [{
                "id": fact["message"], "sha256": fact["key"], "received_at": fact["recorded_at"],
                "mapping": "manual@1", "channel": "replay",
            }],
            "facts": [fact],
        }  # fmt: skip
        # A person's word by his role: not the partner's, who neither was heard nor needs the authority.
        [verdict] = ingest(self.sudo().env, shipment.connection_id, batch, is_partner=False)
        if verdict["status"] not in ("accepted", "duplicate"):
            raise UserError(self.env._(
                "The proof was not taken: %s", verdict.get("reason") or verdict["status"]
            ))  # fmt: skip
        pods = self.env["milepost.pod"].sudo().search([
            ("key", "=", fact["key"]), ("connection_id", "=", shipment.connection_id.id),
        ])  # fmt: skip
        pods.write({"reviewed_by_id": self.env.uid})
        self.shipment_id.action_validate_billing()
        return {"type": "ir.actions.act_window_close"}

    def _fact(self):
        """The fact in the exchange's contract."""
        content = base64.b64decode(self.document)
        media_type = guess_mimetype(content)
        if media_type not in MEDIA_TYPES:
            raise UserError(self.env._("The document must be a PDF, PNG, JPEG or TIFF file."))
        now = instant_text(fields.Datetime.now())
        fact = {
            "kind": "proof_of_delivery",
            "message": str(uuid.uuid4()),
            "identifiers": [{"type": "shipment", "value": self.shipment_id.name}],
            "applies_to": "one",
            "recorded_at": now,
            "stop": {"id": self.stop_id.key},
            "delivered": {"at": instant_text(self.delivered_at), "precision": "minute"},
            "signer": self.signer,
            "signed": True,
            "documents": [{
                "name": self.document_name or "pod",
                "media_type": media_type,
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "content_base64": base64.b64encode(content).decode(),
            }],
        }  # fmt: skip
        if self.remark:
            fact["remark"] = self.remark
        lines = self.env["milepost.supply.proof.line"] if self.is_clean else self.line_ids
        if lines:
            fact["quantities"] = [line._quantity() for line in lines]
        return {**fact, "key": fact_key(fact)}
