from odoo import fields, models


class MilepostFuelPrice(models.Model):
    """A published fuel price; it counts until the next one of its index."""

    _name = "milepost.fuel.price"
    _description = "Fuel Price"
    _check_company_domain = models.check_company_domain_parent_of
    _check_company_auto = True
    _inherit = ["milepost.touched"]
    _order = "fuel_index, effective_from desc"
    _rec_name = "fuel_index"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    fuel_index = fields.Char(required=True)
    effective_from = fields.Datetime(required=True, help="For example Tuesday 00:01, in your time zone.")
    price = fields.Float(digits=(16, 4), required=True)

    _price_unique = models.UniqueIndex(
        "(company_id, fuel_index, effective_from)", "This index has a price of that time already."
    )
    _price_positive = models.Constraint("CHECK (price > 0)", "A fuel price must be above zero.")
