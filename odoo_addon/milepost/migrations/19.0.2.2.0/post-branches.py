"""Branches read what their company set up."""

from odoo import SUPERUSER_ID, api

RULES = (
    "milepost.rule_connection_company",
    "milepost.rule_code_map_company",
)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in RULES:
        # Reading is what the rule beside it says, which lets branches read.
        env.ref(name).perm_read = False
