import base64
import hashlib
import uuid

from odoo import api, fields, models
from odoo.addons.milepost.contract import CONTRACT, fact_key, instant_text
from odoo.addons.milepost.ingestion.ingest import ingest
from odoo.exceptions import UserError

from ..uploads import LARGEST, SUFFIX, Refused, media_type


class MilepostLinkFacts(models.Model):
    """What comes in by a link becomes facts of the shipment, by the one door that all facts take."""

    _inherit = "milepost.link"

    def _tell(self, facts):
        """Store facts under the link, and decide about the shipment again.

        :param facts: facts of the contract without key, message and identifiers
        :raises UserError: the shipment has no connection, its carrier may not say so, or somebody else
            is writing it
        """
        self.ensure_one()
        shipment, connection = self.shipment_id, self.shipment_id.connection_id
        if not connection:
            raise UserError(self.env._("%s has no transport connection to store this under.", shipment.name))
        message = f"link-{self.id}-{uuid.uuid4()}"
        now = instant_text(fields.Datetime.now())
        told = []
        for fact in facts:
            whole = {
                "identifiers": [{"type": "shipment", "value": shipment.name}], "applies_to": "one",
                "recorded_at": now, **fact,
            }  # fmt: skip
            told.append({**whole, "key": fact_key(whole), "message": message})
        if self.purpose == "carrier":
            self._check_authority(connection, told)
        batch = {
            "contract": CONTRACT,
            "messages": [{
                "id": message, "sha256": told[0]["key"], "received_at": now, "mapping": "link@1",
                "channel": "replay", "link": self.id,
            }],
            "facts": told,
        }  # fmt: skip
        # Nothing of it came by the connection: it was not heard by this.
        for verdict in ingest(self.env(su=True), connection.sudo(), batch, is_partner=False):
            if verdict["status"] == "retry":
                raise UserError(self.env._("The shipment is being changed right now. Please send it again."))
            if verdict["status"] not in ("accepted", "duplicate"):
                raise UserError(
                    self.env._("This was not taken: %s", verdict.get("reason") or verdict["status"])
                )

    @api.model
    def _document(self, name, content, largest=LARGEST):
        """A document of the contract.

        :raises UserError: for a file that may not come in
        """
        try:
            kind = media_type(content, largest)
        except Refused as refused:
            raise UserError(self._refusal(refused.why, largest)) from refused
        self._check_harmless(content)
        return {
            "name": f"{name}.{SUFFIX[kind]}", "media_type": kind, "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "content_base64": base64.b64encode(content).decode(),
        }  # fmt: skip

    @api.model
    def _refusal(self, why, largest):
        return {
            "empty": self.env._("The file is empty."),
            "large": self.env._("The file is larger than %s MB.", largest >> 20),
            "heic": self.env._(
                "This is a HEIC picture. Send it as JPEG, or photograph with “Most Compatible”."
            ),
            "type": self.env._("Send a PDF, or a picture as JPEG, PNG or TIFF."),
        }[why]

    @api.model
    def _check_harmless(self, _content):
        """Hook: for a virus scanner. Raises UserError for a file that must not be kept."""
