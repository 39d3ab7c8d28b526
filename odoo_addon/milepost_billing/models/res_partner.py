from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _milepost_of_scacs(self, company, scacs):
        """{SCAC: the contact that bears it and with which the company may work}, the newest of several."""
        if not scacs:
            return {}
        own = self._check_company_domain(company)
        partners = self.search([("milepost_scac", "in", sorted(scacs)), *own], order="id")
        return {partner.milepost_scac: partner for partner in partners}

    def _milepost_ancestry(self):
        """Ids of the partner and of who stands above it, for the choice of a policy."""
        if "parent_path" in self._fields:
            return tuple(int(one) for one in (self.parent_path or "").split("/") if one)
        return tuple((self | self.commercial_partner_id).ids)
