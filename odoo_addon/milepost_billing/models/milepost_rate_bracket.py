from odoo import fields, models


class MilepostRateBracket(models.Model):
    """Fuel surcharge for a range of prices, both ends included."""

    _name = "milepost.rate.bracket"
    _description = "Fuel Bracket"
    _order = "rate_id, low"

    rate_id = fields.Many2one("milepost.rate", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="rate_id.company_id", store=True)
    low = fields.Float(digits=(16, 4), required=True)
    high = fields.Float(digits=(16, 4), required=True)
    value = fields.Float(digits=(16, 4), required=True, help="Per unit of distance.")

    _range = models.Constraint("CHECK (low <= high)", "A bracket must end above its beginning.")
