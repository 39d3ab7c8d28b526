from odoo import api, fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    _inherit = "stock.picking"

    milepost_shipment_ids = fields.Many2many(
        "milepost.shipment", "milepost_shipment_picking", "picking_id", "shipment_id",
        string="Shipments", copy=False, groups="milepost.group_viewer",
    )  # fmt: skip
    milepost_shipment_count = fields.Integer(
        compute="_compute_milepost_shipment_count", groups="milepost.group_viewer"
    )

    @api.depends("milepost_shipment_ids")
    def _compute_milepost_shipment_count(self):
        for picking in self:
            picking.milepost_shipment_count = len(picking.milepost_shipment_ids)

    def write(self, vals):
        result = super().write(vals)
        if {"partner_id", "carrier_id", "scheduled_date", "date_deadline", "sale_id"} & set(vals):
            self._watch_milepost_orders()
        return result

    def _watch_milepost_orders(self):
        self.env["milepost.outbox"]._watch_orders(self.sudo().milepost_shipment_ids)

    def action_confirm(self):
        """A confirmed delivery is a shipment; its order leaves in this very transaction."""
        result = super().action_confirm()
        self._make_milepost_shipments()
        return result

    def _make_milepost_shipments(self):
        """Make a shipment of each outgoing transfer whose connection orders by itself.

        As superuser: who confirms a delivery need not have a role with shipments.
        """
        for picking in self.sudo():
            if picking.picking_type_code != "outgoing" or picking.state in ("draft", "cancel", "done"):
                continue
            if picking.milepost_shipment_ids or not picking.move_ids:
                continue
            connection = self.env["milepost.connection"]._for_delivery(picking)
            if not connection.auto_transport_order:
                continue
            shipment = self.env["milepost.shipment"].sudo()._from_pickings(picking, connection)
            shipment.action_order_transport()

    def action_milepost_ship_together(self):
        """Make one shipment of the selected transfers."""
        self._check_may_ship()
        connections = self.env["milepost.connection"]
        for picking in self:
            connections |= connections._for_delivery(picking)
        if len(connections) != 1:
            raise UserError(self.env._("The transfers must belong to one transport connection."))
        if len(self.partner_id) > 1:
            raise UserError(self.env._("The transfers must go to one address."))
        if self.milepost_shipment_ids.outbox_ids.filtered(lambda item: item.state != "cancelled"):
            raise UserError(self.env._("One of the transfers is ordered already."))
        shipment = self.env["milepost.shipment"].sudo()._from_pickings(self, connections)
        shipment.action_order_transport()
        return shipment._action_view("milepost.shipment", shipment, self.env._("Shipment"))

    def action_milepost_order_transport(self):
        """Order the transport of the selected transfers, each by itself unless they go together already."""
        self._check_may_ship()
        for picking in self - self.filtered("milepost_shipment_ids"):
            connection = self.env["milepost.connection"]._for_delivery(picking)
            if not connection:
                raise UserError(
                    self.env._("No transport connection moves %(transfer)s.", transfer=picking.name)
                )
            self.env["milepost.shipment"].sudo()._from_pickings(picking, connection)
        shipments = self.milepost_shipment_ids
        shipments.sudo().action_order_transport()
        return shipments._action_view("milepost.shipment", shipments, self.env._("Shipments"))

    def _check_may_ship(self):
        """Shipments are made as superuser, for what a transfer needs of orders and partners."""
        self.check_access("read")
        self.env["milepost.shipment"].check_access("create")
        if any(p.picking_type_code != "outgoing" or p.state in ("draft", "cancel") for p in self):
            raise UserError(self.env._("Only confirmed deliveries can be shipped."))

    def action_view_milepost_shipments(self):
        self.ensure_one()
        return self.milepost_shipment_ids._action_view(
            "milepost.shipment", self.milepost_shipment_ids, self.env._("Shipments")
        )
