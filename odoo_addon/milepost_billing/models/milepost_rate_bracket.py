from odoo import api, fields, models

from ..by_rule import Rule, is_writing


class MilepostRateBracket(models.Model):
    """Fuel surcharge for a range of prices, from `low` up to the next bracket's `low`.

    The published tables name the last price of a range (3.90 to 3.949, or 1.50 to 1.59): a price between
    it and the next range's first one (3.9495, 1.595) still belongs to the lower range.
    """

    _name = "milepost.rate.bracket"
    _description = "Fuel Bracket"
    _check_company_auto = True
    _order = "rate_id, low"

    rate_id = fields.Many2one(
        "milepost.rate", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="rate_id.company_id", store=True)
    low = fields.Float(digits=(16, 4), required=True)
    high = fields.Float(digits=(16, 4), required=True)
    value = fields.Float(digits=(16, 4), required=True, help="Per unit of distance.")

    _low_unique = models.UniqueIndex("(rate_id, low)", "The rate has a bracket from there already.")
    _range = models.Constraint("CHECK (low <= high)", "A bracket must end above its beginning.")

    @api.constrains("low", "high", "rate_id")
    def _check_joined(self):
        # What the form of the rate writes bracket by bracket is checked when it has written all.
        if not is_writing(self.env, Rule.BRACKETS):
            self.rate_id._check_brackets()

    @api.model_create_multi
    def create(self, vals_list):
        brackets = super().create(vals_list)
        brackets.rate_id._touch()
        return brackets

    def write(self, vals):
        rates = self.rate_id
        result = super().write(vals)
        (rates | self.rate_id)._touch()
        if "rate_id" in vals:
            rates._check_brackets()
        return result

    def unlink(self):
        rates = self.rate_id
        result = super().unlink()
        rates = rates.exists()
        rates._touch()
        if not is_writing(self.env, Rule.BRACKETS):
            rates._check_brackets()
        return result
