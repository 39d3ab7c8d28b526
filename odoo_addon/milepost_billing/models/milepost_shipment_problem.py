from odoo import fields, models


class MilepostShipmentProblem(models.Model):
    """What cannot be decided says why, and stays as it was decided before."""

    _inherit = "milepost.shipment"

    billing_problem = fields.Text(
        string="Cannot Be Decided", readonly=True, copy=False, derived="billing",
        help="Why the last decision about billing failed. It is tried again by itself.",
    )  # fmt: skip

    _billing_problem_index = models.Index("(company_id) WHERE billing_problem IS NOT NULL")

    def _note_billing_problem(self, error):
        text = str(error) or type(error).__name__
        if self.billing_problem != text:
            self.with_context(tracking_disable=True).billing_problem = text
            self.env["milepost.issue"]._follow_decisions(self)
