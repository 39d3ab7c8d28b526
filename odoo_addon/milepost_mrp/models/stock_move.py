from odoo import fields, models


class StockMove(models.Model):
    """The parts of a kit remember what one kit was made of, whatever becomes of its bill of materials."""

    _inherit = "stock.move"

    milepost_recipe = fields.Json(
        readonly=True,
        help="What one kit needed, by product and in its unit, when its parts were ordered from stock.",
    )

    def _merge_moves_fields(self):
        """Moves of one part that were ordered at different times: the latest recipe counts."""
        values = super()._merge_moves_fields()
        if recipes := self.sorted("id").filtered("milepost_recipe").mapped("milepost_recipe"):
            values["milepost_recipe"] = recipes[-1]
        return values
