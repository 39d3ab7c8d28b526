from odoo import api, fields, models
from odoo.tools import ormcache

# Shipping methods without a provider of their own: what goes by them is ordered by us. (`milepost` is kept
# for a method of ours.)
OURS = (False, "fixed", "base_on_rule", "milepost")


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    milepost_connection_id = fields.Many2one(
        "milepost.connection",
        string="Transport Connection",
        help="Who moves deliveries of this shipping method. Empty: the company's default connection.",
    )
    milepost_tracking_ids = fields.Many2many(
        "milepost.connection", "milepost_carrier_tracking", string="Followed By",
        help="Who is asked, beside the transport connection, what becomes of the tracking numbers of its "
        "transfers. Of the same step the word of the connection counts that takes precedence.",
    )  # fmt: skip
    milepost_transport = fields.Selection(
        [("always", "Always"), ("never", "Never")],
        string="Needs Transport",
        help="Whether transfers of this shipping method are shipments: always, also receipts whose freight "
        "we pay; never, such as what customers fetch. Empty: as the operation type says.",
    )
    milepost_in_guide = fields.Boolean(
        string="In Routing Guide",
        help="Takes transfers that name no shipping method, the first in order that is available for them "
        "(destination, weight, volume, tags) and whose conditions for the guide they meet; when its partner "
        "refuses or declines the load, the next one takes it.",
    )
    milepost_guide_warehouse_ids = fields.Many2many(
        "stock.warehouse", "milepost_guide_warehouse", string="From Warehouses",
        help="Takes by the guide only what leaves these. Empty: any.",
    )  # fmt: skip
    milepost_guide_country_ids = fields.Many2many(
        "res.country", "milepost_guide_country", string="From Countries",
        help="Takes by the guide only what is fetched there. Empty: anywhere.",
    )  # fmt: skip
    milepost_guide_zip_prefixes = fields.Char(
        string="From Zips", help="How zips of the place begin where it is fetched, separated by commas."
    )
    milepost_guide_partner_ids = fields.Many2many(
        "res.partner", "milepost_guide_partner", string="For Customers",
        help="Takes by the guide only what they ordered; their addresses and contacts count, too. Empty: "
        "everybody's.",
    )  # fmt: skip
    milepost_guide_service = fields.Selection(
        [("urgent", "Urgent Transfers"), ("normal", "Transfers That Are Not Urgent")],
        string="For Service", help="By the priority of the transfer. Empty: any.",
    )  # fmt: skip

    def _milepost_is_others(self):
        """Whether another provider's addon orders, labels and numbers what goes by this method."""
        return self.delivery_type not in OURS and self.milepost_transport != "always"

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

        What fits is Odoo's own rule for shipping methods (`available_carriers`: the destination's end of
        the lane, weight, volume, tags), and the guide's: the lane's origin, the customer, the service.
        """
        if not self._milepost_is_guided():
            return self.browse()
        own = self.sudo()._check_company_domain(picking.company_id)
        guide = self.sudo().search([("milepost_in_guide", "=", True), *own])
        origin, destination = picking._milepost_ends()
        fitting = guide.available_carriers(destination, picking) if guide else guide
        connections = self.env["milepost.connection"]
        return fitting.filtered(
            lambda one: one._milepost_takes(picking, origin) and connections._of(picking.company_id, one)
        )

    def _milepost_takes(self, picking, origin):
        """Whether a transfer meets the conditions under which the guide asks this shipping method.

        :param origin: the contact where the goods are fetched, may be empty
        """
        self.ensure_one()
        customer = (picking.sale_id.partner_id or picking.partner_id).commercial_partner_id
        prefixes = [one.strip() for one in (self.milepost_guide_zip_prefixes or "").split(",") if one.strip()]
        wanted = (
            (self.milepost_guide_warehouse_ids, picking.picking_type_id.warehouse_id),
            (self.milepost_guide_country_ids, origin.country_id),
            (self.milepost_guide_partner_ids.commercial_partner_id, customer),
        )
        service = "urgent" if picking.priority == "1" else "normal"
        return (
            all(not named or (one and one in named) for named, one in wanted)
            and (not prefixes or (origin.zip or "").upper().startswith(tuple(map(str.upper, prefixes))))
            and self.milepost_guide_service in (False, service)
        )
