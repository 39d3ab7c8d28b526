from odoo import fields, models


class MilepostBillingPolicy(models.Model):
    _inherit = "milepost.billing.policy"

    kits = fields.Selection(
        [("whole", "Whole Kits"), ("fraction", "Fractions of a Kit, Too")],
        default="whole", required=True, tracking=True,
        help="Whole kits: what is proven of a kit's parts beyond whole kits waits. Fractions: it is billed "
        "as the fraction of a kit that its scarcest part allows.",
    )  # fmt: skip

    def _counts_fractions(self):
        return self.kits == "fraction"

    def _strictness(self):
        return (*super()._strictness(), self.kits == "whole")
