from odoo import api, fields, models
from odoo.fields import Command


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "milepost.managed"]

    milepost_shipment_ids = fields.Many2many(
        "milepost.shipment", string="Shipments", copy=False, groups="milepost.group_viewer",
        check_company=True,
    )  # fmt: skip
    milepost_shipment_count = fields.Integer(
        compute="_compute_milepost_shipment_count", groups="milepost.group_viewer"
    )

    milepost_managed_by_id = fields.Many2one(
        "milepost.connection", string="Managed By", copy=False, readonly=True, ondelete="restrict",
        index="btree_not_null", groups="milepost.group_viewer", check_company=True,
        help="Who was to move the goods when the order was confirmed. What is set up later does not change it.",
    )  # fmt: skip
    milepost_handed_back_at = fields.Datetime(
        string="Handed Back to Odoo", copy=False, readonly=True, groups="milepost.group_viewer",
        help="Since then nothing of the order is managed, whatever connections do.",
    )  # fmt: skip
    milepost_origin_id = fields.Many2one(
        "res.partner",
        string="Picked Up At",
        check_company=True,
        help="Where goods that are not ours are fetched. Empty: our warehouse.",
    )
    milepost_notice = fields.Char(
        string="Why No Transport Is Ordered", compute="_compute_milepost_notice", compute_sudo=True
    )

    @api.depends("milepost_shipment_ids")
    def _compute_milepost_shipment_count(self):
        for order in self:
            order.milepost_shipment_count = len(order.milepost_shipment_ids)

    @api.depends(
        "state", "partner_shipping_id", "milepost_origin_id", "order_line.product_id", "milepost_shipment_ids"
    )
    def _compute_milepost_notice(self):
        for order in self:
            wanted = (
                order.state == "sale"
                and not order.milepost_shipment_ids
                and order._milepost_sells_transport()
            )
            order.milepost_notice = wanted and order._milepost_obstacle()

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sale")._milepost_decide()
        return orders

    def write(self, vals):
        confirmed = self.filtered(lambda one: vals.get("state") == "sale" and one.state != "sale")
        result = super().write(vals)
        confirmed._milepost_decide()
        if "client_order_ref" in vals or vals.get("state") == "cancel":
            self.env["milepost.outbox"]._watch_orders(self.sudo().milepost_shipment_ids)
        return result

    def action_view_milepost_shipments(self):
        self.ensure_one()
        return self.milepost_shipment_ids._action_view(
            "milepost.shipment", self.milepost_shipment_ids, self.env._("Shipments")
        )

    def _action_confirm(self):
        result = super()._action_confirm()
        self._milepost_follow()
        return result

    def _milepost_decide(self):
        """Keep who is to move what was ordered just now; nobody, where no connection is responsible yet.

        A connection that leaves it to people to order transport counts, too: what is sold as transport
        is carried out by it.
        """
        for order in self.sudo():
            carrier, warehouse = order.carrier_id, order.warehouse_id
            operation = warehouse.out_type_id
            connection = self.env["milepost.connection"]._of(order.company_id, carrier)
            wish = carrier.milepost_transport or operation.milepost_transport
            managed = wish != "never" and connection._manages(
                order.company_id, warehouse, operation, carrier, order.partner_id
            )
            if managed or not any(line._milepost_has_left() for line in order.order_line):
                order.milepost_managed_by_id = connection if managed else False

    def _milepost_sells_transport(self):
        """Whether the order sells transport and nothing of ours that a transfer would carry."""
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: not line.display_type and line.product_uom_qty > 0)
        goods = lines.filtered(lambda line: line.product_id.type == "consu")
        return not goods and any(lines.mapped("milepost_is_transport"))

    def _milepost_ends(self):
        """(from, to) of what is moved for the order."""
        here = self.warehouse_id.partner_id or self.company_id.partner_id
        return self.milepost_origin_id or here, self.partner_shipping_id

    def _milepost_obstacle(self):
        """Why no transport can be ordered, or False; a connection that leaves it to people is none."""
        connection = self.env["milepost.connection"]._of(self.company_id, self.carrier_id)
        origin, destination = self._milepost_ends()
        if connection.auto_transport_order and origin == destination:
            return self.env._(
                "No transport is ordered: the goods would stay at %(place)s. Say where they are picked up.",
                place=origin.display_name,
            )
        return False

    def _milepost_follow(self):
        """Make and order the shipment of orders that sell transport alone, as a transfer's would be."""
        for order in self.sudo():
            if not order._milepost_sells_transport() or order.milepost_shipment_ids:
                continue
            connection = self.env["milepost.connection"]._of(order.company_id, order.carrier_id)
            managed = connection.auto_transport_order and order.milepost_managed_by_id
            if managed and not order._milepost_obstacle():
                shipment = (
                    self.env["milepost.shipment"].sudo().create(order._prepare_milepost_shipment(connection))
                )
                shipment.action_order_transport()

    def _prepare_milepost_shipment(self, connection):
        origin, destination = self._milepost_ends()
        return {
            "company_id": self.company_id.id,
            "connection_id": connection.id,
            "direction": "service",
            "partner_id": self.partner_id.id,
            "carrier_id": self.carrier_id.id,
            "origin_id": origin.id,
            "destination_id": destination.id,
            "ready_at": self.commitment_date or self.date_order,
            "due_at": self.commitment_date or self.expected_date,
            "sale_order_ids": [Command.set(self.ids)],
        }
