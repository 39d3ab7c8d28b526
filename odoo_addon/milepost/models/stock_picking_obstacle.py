from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang


class StockPickingObstacle(models.Model):
    """What keeps a transfer from travelling, and from being linked with what is another company's."""

    _inherit = "stock.picking"

    @api.constrains("milepost_shipment_ids")
    def _check_milepost_company(self):
        """Odoo checks no companies on transfers, and a shipment is linked from their side, too."""
        for picking in self.sudo():
            shipments = picking.milepost_shipment_ids
            if shipments - shipments.filtered_domain(shipments._check_company_domain(picking.company_id)):
                raise UserError(self.env._(
                    "%(picking)s and its shipments must belong to one company.", picking=picking.display_name
                ))  # fmt: skip

    def _milepost_left_text(self):
        """What of the transfer goes on none of its trucks, for whoever looks at it; or False."""
        left = [
            f"{formatLang(self.env, quantity, dp='Product Unit')} {move.product_id.display_name}"
            for move, quantity in (self._milepost_left() if self._milepost_carrying() else {}).items()
        ]
        return bool(left) and self.env._("On none of its trucks: %s. Order another one.", ", ".join(left))

    def _milepost_obstacle(self):
        """Why nothing can be ordered for the transfer, for whoever looks at it; or False."""
        origin, destination = self._milepost_ends()
        if not self._milepost_connection():
            return self.env._(
                "No transport is ordered: neither the shipping method nor the company has a connection."
            )
        if not destination or not origin:
            return self.env._("No transport is ordered: the transfer has no contact to go to or come from.")
        if origin == destination:
            return self.env._(
                "No transport is ordered: the goods would stay at %(place)s. Give the warehouses addresses "
                "of their own.",
                place=origin.display_name,
            )
        ends = origin | destination
        if foreign := ends - ends.filtered_domain(ends._check_company_domain(self.company_id)):
            return self.env._(
                "No transport is ordered: %(place)s is a contact of another company.",
                place=foreign[:1].display_name,
            )
        return False
