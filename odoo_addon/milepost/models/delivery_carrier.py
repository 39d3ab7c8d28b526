from odoo import api, fields, models
from odoo.tools import ormcache


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    milepost_connection_id = fields.Many2one(
        "milepost.connection",
        string="Transport Connection",
        help="Who moves deliveries of this shipping method. Empty: the company's default connection.",
    )
    milepost_transport = fields.Selection(
        [("always", "Always"), ("never", "Never")],
        string="Needs Transport",
        help="Whether transfers of this shipping method are shipments: always, also receipts whose freight "
        "we pay; never, such as what customers fetch. Empty: as the operation type says.",
    )
    milepost_in_guide = fields.Boolean(
        string="In Routing Guide",
        help="Takes transfers that name no shipping method, the first in order that is available for them "
        "(destination, weight, volume, tags); when its partner refuses or declines the load, the next one "
        "takes it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        carriers = super().create(vals_list)
        if any("milepost_in_guide" in vals for vals in vals_list):
            self.env.registry.clear_cache()
        return carriers

    def write(self, vals):
        done = super().write(vals)
        if "milepost_in_guide" in vals:
            self.env.registry.clear_cache()
        return done

    @api.model
    @ormcache()
    def _milepost_is_guided(self):
        """Whether there is a routing guide: without one a confirmed transfer costs no query more."""
        guided = self.sudo().with_context(active_test=False)
        return bool(guided.search_count([("milepost_in_guide", "=", True)], limit=1))

    @api.model
    def _milepost_guide(self, picking):
        """The routing guide of a transfer: the shipping methods that may carry it, the first to be asked first.

        What fits is Odoo's own rule for shipping methods (`available_carriers`).
        """
        if not self._milepost_is_guided():
            return self.browse()
        own = self.sudo()._check_company_domain(picking.company_id)
        guide = self.sudo().search([("milepost_in_guide", "=", True), *own])
        _origin, destination = picking._milepost_ends()
        fitting = guide.available_carriers(destination, picking) if guide else guide
        connections = self.env["milepost.connection"]
        return fitting.filtered(lambda one: connections._of(picking.company_id, one))
