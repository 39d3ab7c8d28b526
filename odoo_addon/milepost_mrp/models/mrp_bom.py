from odoo import api, models
from odoo.addons.milepost_billing.billing.decimals import decimal
from odoo.addons.milepost_billing.billing.money import ZERO


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    @api.model
    def _milepost_needs(self, exploded_lines_data, kits):
        """What one kit needs of an explosion into parts (`mrp.bom.explode`).

        Services are no part: they are not moved. Nor is what the bill of materials needs none of.

        :param kits: how many kits were exploded, in the kit's own unit
        :return: {product id as text: quantity in the product's unit as text}
        """
        needs = {}
        for line, data in exploded_lines_data:
            product = line.product_id
            if product.type == "service" or not data["qty"] or not kits:
                continue
            quantity = line.product_uom_id._compute_quantity(data["qty"], product.uom_id, round=False)
            needs[product.id] = needs.get(product.id, ZERO) + decimal(quantity) / decimal(kits)
        return {str(product_id): str(need) for product_id, need in needs.items()}
