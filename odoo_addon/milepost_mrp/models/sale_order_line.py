from decimal import Decimal

from odoo import models
from odoo.addons.milepost_billing.billing.decimals import decimal
from odoo.addons.milepost_billing.billing.kits import Part


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _milepost_parts(self):
        """A kit is what its parts were made by when they were ordered from stock, the latest of them.

        Of moves that are older than this addon: what the bill of materials says today.
        """
        self.ensure_one()
        moves = self.sudo().move_ids.filtered(lambda move: move.state != "cancel").sorted("id")
        moves = moves.filtered(lambda move: move.product_id != self.product_id)
        if not moves:
            return {}
        recipes = moves.filtered("milepost_recipe")
        needs = recipes[-1:].milepost_recipe or self._milepost_needs_today()
        products = self.env["product.product"].sudo().browse([int(id_) for id_ in needs])
        return {
            product: Part(Decimal(needs[str(product.id)]), decimal(product.uom_id.rounding))
            for product in products
        }

    def _milepost_needs_today(self):
        kit = self.product_id
        bom = (
            self.env["mrp.bom"].sudo()._bom_find(kit, company_id=self.company_id.id, bom_type="phantom")[kit]
        )
        if not bom:
            return {}
        ordered = self.product_uom_id._compute_quantity(self.product_uom_qty, kit.uom_id, round=False)
        boms = kit.uom_id._compute_quantity(ordered, bom.product_uom_id, round=False) / bom.product_qty
        return self.env["mrp.bom"]._milepost_needs(bom.explode(kit, boms)[1], ordered)
