import base64
import hashlib

from odoo import api, models
from odoo.addons.milepost_billing.evidence.canonical import canonical, safe_name
from odoo.addons.milepost_billing.evidence.plain import plain

# What was kept of a link and of what came by it; never its token.
KEPT = (
    "purpose", "partner_id", "email", "touched_by_ids", "in_doubt", "create_date", "opened_at", "expires_at",
    "revoked_at", "signed_at", "signer", "address", "device",
)  # fmt: skip


class MilepostEvidence(models.AbstractModel):
    """A pack has the links that signatures and carriers' words came by, and the drawings themselves."""

    _inherit = "milepost.evidence"

    @api.model
    def _add_shipment(self, writer, shipment):
        holds = super()._add_shipment(writer, shipment)
        links = shipment.link_ids.filtered(lambda link: link.pod_ids or link.signed_at).sorted("id")
        folder = f"shipments/{safe_name(shipment.name)}"
        if links:
            content = canonical([self._link(link) for link in links])
            writer.add(f"{folder}/links.json", content, {"shipment": shipment.name, "kind": "links"})
        for link in links.filtered("drawing"):
            writer.add(f"{folder}/signatures/{link.id}.png", self._drawing(link), {
                "shipment": shipment.name, "kind": "signature", "link": link.id, "media_type": "image/png",
            })  # fmt: skip
        return holds

    @api.model
    def _drawing(self, link):
        return base64.b64decode(link.drawing)

    @api.model
    def _link(self, link):
        """What is known of a link by which something came."""
        drawing = hashlib.sha256(self._drawing(link)).hexdigest() if link.drawing else None
        return {
            "id": link.id, **plain(link, *KEPT), "made_by": link._maker().name or None,
            "stop": link.stop_id.key or None, "said": link.said or None, "drawing_sha256": drawing,
            "proofs": sorted(link.pod_ids.mapped("key")),
        }  # fmt: skip
