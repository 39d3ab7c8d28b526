from odoo import api, fields, models

from ..evidence.canonical import canonical
from ..evidence.policies import rules_of


class MilepostPolicyVersion(models.Model):
    """A billing policy's rules as they were applied: a policy that is edited later proves nothing."""

    _name = "milepost.policy.version"
    _description = "Billing Policy Version"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of
    _order = "id desc"
    _rec_name = "create_date"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    policy_id = fields.Many2one(
        "milepost.billing.policy", readonly=True, ondelete="set null", index="btree_not_null",
        help="Leave empty to apply the built-in conservative policy.", check_company=True,
    )  # fmt: skip
    rules = fields.Json(required=True, readonly=True)

    @api.model
    def _of(self, policies):
        """The version that says what each policy says now; a new one where none does.

        :param policies: policy records, the careful defaults among them (they have no row)
        :return: {(company, policy id or False): version}
        """
        wanted = {(policy.company_id, policy.id or False): policy for policy in policies}
        companies = [company.id for company, _id in wanted]
        newest = {}
        for version in self.sudo().search([("company_id", "in", companies)], order="id"):
            newest[version.company_id, version.policy_id.id] = version
        result, creates = {}, {}
        for (company, policy_id), policy in wanted.items():
            # Names in the rules must not depend on who validates.
            rules = rules_of(policy.sudo().with_context(lang=None))
            known = newest.get((company, policy_id))
            if known and canonical(known.rules) == canonical(rules):
                result[company, policy_id] = known
            else:
                creates[company, policy_id] = {
                    "company_id": company.id, "policy_id": policy_id, "rules": rules,
                }  # fmt: skip
        created = self.sudo().create(list(creates.values()))
        return result | dict(zip(creates, created, strict=True))
