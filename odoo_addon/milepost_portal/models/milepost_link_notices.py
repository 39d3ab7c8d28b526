from odoo import api, fields, models


class MilepostLinkNotices(models.Model):
    """A link by which a customer says which notices he wants."""

    _inherit = "milepost.link"

    purpose = fields.Selection(selection_add=[("notices", "Notices")], ondelete={"notices": "cascade"})

    @api.model
    def _for_notices(self, shipment, partner):
        """The customer's link of this shipment; it lasts for a year, as long as mails are kept."""
        found = self.sudo().search([
            ("shipment_id", "=", shipment.id), ("purpose", "=", "notices"), ("partner_id", "=", partner.id),
            ("revoked_at", "=", False),
        ], limit=1)  # fmt: skip
        return found or self._make(shipment, "notices", 365, partner_id=partner.id, email=partner.email)
