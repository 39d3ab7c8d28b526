"""Branches read what their company set up."""

from odoo import SUPERUSER_ID, api

RULES = (
    "milepost_billing.rule_billing_policy_company",
    "milepost_billing.rule_billing_limit_company",
    "milepost_billing.rule_rate_company",
    "milepost_billing.rule_rate_bracket_company",
    "milepost_billing.rule_fuel_price_company",
)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in RULES:
        # Reading is what the rule beside it says, which lets branches read.
        env.ref(name).perm_read = False
    # What was applied of a policy is read by whoever reads the policy.
    env.ref(
        "milepost_billing.rule_policy_version_company"
    ).domain_force = '[("company_id", "parent_of", company_ids)]'
