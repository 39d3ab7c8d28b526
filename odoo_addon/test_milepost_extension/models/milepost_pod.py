import re

from odoo import api, fields, models

RETURNED = re.compile(r"(\d+) pallets? back")


class MilepostPod(models.Model):
    """A column of a fact: written as it comes in, from what the fact says."""

    _inherit = "milepost.pod"

    pallets_back = fields.Integer(readonly=True, fact=True)

    @api.model
    def _prepare_fact_row(self, fact, context):
        told = RETURNED.search(fact.get("remark") or "")
        return {
            **super()._prepare_fact_row(fact, context),
            "pallets_back": int(told[1]) if told else 0,
        }
