"""Odoo's own tests in companies that all use Milepost (`tools/odoo/upstream`): what that is."""

from unittest.mock import patch

from odoo import api
from odoo.addons.base.models.res_company import ResCompany

MAKE_COMPANY = ResCompany.create


def use_milepost(companies, policy=None):
    """Each company gets a connection that takes all its deliveries and orders their transport itself.

    :param policy: values of a policy for each; the careful defaults without
    """
    env = companies.sudo().with_context(tracking_disable=True).env
    known = env["milepost.connection"].search([]).company_id
    env["milepost.connection"].create([
        {
            "name": "TMS", "code": "upstream", "source": "otm5", "company_id": company.id,
            "is_default": True, "auto_transport_order": True, "managed_from": "2000-01-01",
        }
        for company in companies - known
    ])  # fmt: skip
    if policy:
        env["milepost.billing.policy"].create(
            [{"name": "Upstream", "company_id": company.id, **policy} for company in companies]
        )


def new_companies_use_milepost(policy=None):
    """A patch: companies that tests make do, too, from their first moment."""

    @api.model_create_multi
    def create(self, vals_list):
        companies = MAKE_COMPANY(self, vals_list)
        use_milepost(companies, policy)
        return companies

    return patch.object(ResCompany, "create", create)
