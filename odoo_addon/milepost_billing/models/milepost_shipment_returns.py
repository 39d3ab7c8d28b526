from odoo import models


class MilepostShipment(models.Model):
    """What of a shipment was refused, and what came back of it."""

    _inherit = "milepost.shipment"

    def _milepost_refused_qty(self, product):
        """How much of a product is not billed because it was refused, in the product's unit."""
        self.ensure_one()
        rows = self.sudo().billable_ids.filtered(
            lambda row: row.product_id == product and row.kind in ("goods", "part")
        )
        total = 0.0
        for key in set(rows.mapped("goods_key")):
            own = rows.filtered(lambda row, key=key: row.goods_key == key)
            lost = sum(
                (row.sale_line_id.product_uom_id or product.uom_id)._compute_quantity(
                    max(row.shipped_qty - row.billable_qty, 0.0), product.uom_id, round=False
                )
                for row in own
            )
            told = self.line_ids.move_id.filtered(lambda move: move.product_id == product)[:1].product_uom
            refused = sum(own.mapped("refused_qty"))
            refused = told._compute_quantity(refused, product.uom_id, round=False) if told else refused
            total += min(lost, refused)
        return total

    def _milepost_returns(self, product):
        """The returns of a product that the shipment brought, the first one first."""
        moves = self.sudo().line_ids.move_id.filtered(lambda move: move.product_id == product)
        return moves.returned_move_ids.filtered(lambda move: move._milepost_is_return()).sorted("id")
