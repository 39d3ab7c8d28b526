from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _milepost_ancestry(self):
        """Ids of the partner and of who stands above it, for the choice of a policy."""
        if "parent_path" in self._fields:
            return tuple(int(one) for one in (self.parent_path or "").split("/") if one)
        return tuple((self | self.commercial_partner_id).ids)
