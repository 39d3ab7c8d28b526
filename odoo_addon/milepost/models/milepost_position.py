from odoo import api, fields, models


class MilepostPosition(models.AbstractModel):
    """Where something is, as the facts say."""

    _name = "milepost.position"
    _description = "Position"
    _inherit = ["milepost.derived"]

    latitude = fields.Float(digits=(10, 6), readonly=True, copy=False, derived="facts")
    longitude = fields.Float(digits=(10, 6), readonly=True, copy=False, derived="facts")
    position_text = fields.Char(string="Position", compute="_compute_position_text")

    @api.depends("latitude", "longitude")
    @api.depends_context("lang")
    def _compute_position_text(self):
        """Degrees with their side, as on a chart; empty where nothing is known."""
        for record in self:
            lat, lon = record.latitude, record.longitude
            north = self.env._("N") if lat >= 0 else self.env._("S")
            east = self.env._("E") if lon >= 0 else self.env._("W")
            known = bool(lat or lon)
            record.position_text = known and f"{abs(lat):.4f}° {north}, {abs(lon):.4f}° {east}"
