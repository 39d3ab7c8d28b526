from odoo import api, fields, models

from ..billing import tolerance
from ..billing.decimals import optional
from ..selections import charge_types


class MilepostBillingLimit(models.Model):
    """Tolerance and treatment of one charge type under a policy."""

    _name = "milepost.billing.limit"
    _description = "Billing Limit"
    _check_company_auto = True
    _order = "policy_id, charge_type"

    policy_id = fields.Many2one(
        "milepost.billing.policy", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")
    charge_type = fields.Selection(charge_types, required=True)
    over_amount = fields.Monetary(string="Over (Amount)")
    over_percent = fields.Float(string="Over (%)")
    under_amount = fields.Monetary(string="Under (Amount)")
    under_percent = fields.Float(string="Under (%)")
    pass_through = fields.Boolean(help="The customer pays what it costs, plus the markup.")
    markup_percent = fields.Float(string="Markup (%)", help="0: the policy's.")
    by_rate = fields.Boolean(
        string="By Sell Rate",
        help="The customer is billed by a contract rate; without one the shipment is held.",
    )
    product_id = fields.Many2one("product.product", help="What the customer is invoiced.", check_company=True)

    _one_way = models.Constraint(
        "CHECK (NOT (pass_through AND by_rate))",
        "A charge is passed on to the customer or billed by a sell rate, not both.",
    )
    _type_unique = models.UniqueIndex(
        "(policy_id, charge_type)", "The policy names this charge type already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        limits = super().create(vals_list)
        limits.policy_id._touch()
        return limits

    def write(self, vals):
        policies = self.policy_id
        result = super().write(vals)
        (policies | self.policy_id)._touch()
        return result

    def unlink(self):
        policies = self.policy_id
        result = super().unlink()
        policies.exists()._touch()
        return result

    def _over(self):
        return limit_of(self.over_amount, self.over_percent)

    def _under(self):
        return limit_of(self.under_amount, self.under_percent)


def limit_of(amount, percent):
    """0 does not bind; a limit of which neither part binds tolerates nothing."""
    return tolerance.Limit(optional(amount), optional(percent))
