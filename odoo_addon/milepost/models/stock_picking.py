from datetime import timedelta

from odoo import api, fields, models


class StockPicking(models.Model):
    """A transfer that leaves, or that somebody has fetched, is carried by shipments."""

    _inherit = "stock.picking"

    milepost_shipment_ids = fields.Many2many(
        "milepost.shipment", "milepost_shipment_picking", "picking_id", "shipment_id",
        string="Shipments", copy=False, groups="milepost.group_viewer",
    )  # fmt: skip
    milepost_shipment_count = fields.Integer(
        compute="_compute_milepost_shipment_count", groups="milepost.group_viewer"
    )
    milepost_notice = fields.Char(
        string="Why No Transport Is Ordered", compute="_compute_milepost_notice", compute_sudo=True
    )

    @api.depends("milepost_shipment_ids")
    def _compute_milepost_shipment_count(self):
        for picking in self:
            picking.milepost_shipment_count = len(picking.milepost_shipment_ids)

    @api.depends("partner_id", "carrier_id", "picking_type_id", "state", "milepost_shipment_ids")
    @api.depends_context("uid")
    def _compute_milepost_notice(self):
        """What keeps an open transfer that is to travel from having a shipment."""
        for picking in self:
            picking.milepost_notice = picking._milepost_left_text()
            if picking.state in ("draft", "done", "cancel") or picking.milepost_shipment_ids:
                continue
            if not picking._milepost_demand():
                continue
            if picking._milepost_is_expected():
                picking.milepost_notice = picking._milepost_obstacle() or picking._milepost_is_old()
            else:
                picking.milepost_notice = picking._milepost_left_to_people()

    def _milepost_is_expected(self):
        """Whether anybody counts on a shipment: the connection orders by itself, or somebody asked."""
        explicit = "always" in (self.carrier_id.milepost_transport, self.picking_type_id.milepost_transport)
        return explicit or bool(self._milepost_manager())

    def write(self, vals):
        parcels = self.env["milepost.parcel"].sudo()
        before = {}
        if "carrier_tracking_ref" in vals:
            before = {picking: parcels._numbers_of(picking.carrier_tracking_ref) for picking in self.sudo()}
        result = super().write(vals)
        if {"partner_id", "carrier_id", "scheduled_date", "date_deadline", "sale_id"} & set(vals):
            self.env["milepost.outbox"]._watch_transfers(self)
        if "carrier_tracking_ref" in vals:
            # Whoever writes it: a person, Odoo, a connector that printed the label.
            parcels._follow(self.sudo().milepost_shipment_ids, before)
        return result

    def _create_backorder(self, backorder_moves=None):
        """What stays behind leaves on the truck that was to have it, else on one of its own."""
        backorders = super()._create_backorder(backorder_moves=backorder_moves)
        backorders.sudo()._milepost_keep_trucks()
        (self | backorders)._milepost_follow()
        return backorders

    def _milepost_keep_trucks(self):
        """Of goods that several trucks share those stay with theirs that did not leave with the first:
        their orders stand, and another truck would come for the same goods."""
        lines = self.env["milepost.shipment.line"]
        for backorder in self:
            before = backorder.backorder_id
            lines._share(before.move_ids)
            trucks = before.milepost_shipment_ids.filtered(
                lambda one: one._is_carrying() and one._may_change()
            )
            for truck in trucks.sorted("id") if len(before._milepost_carrying()) > 1 else ():
                truck._keep_rest(before, backorder)

    # Configuration

    def _milepost_demand(self):
        """How the goods of a transfer are to travel.

        :return: "order" (with the connection that orders by itself), "make" (a person orders, or the
            shipping method's own provider did), or False: not with us
        """
        self.ensure_one()
        wish = self.carrier_id.milepost_transport or self.picking_type_id.milepost_transport
        if wish == "never":
            return False
        if self.carrier_id._milepost_is_others():
            return "make" if self._milepost_leaves() or self._milepost_return_demand() else False
        if wish == "always" or self._milepost_leaves():
            return "order"
        return self._milepost_return_demand()

    def _milepost_leaves(self):
        """Whether the goods leave the site: the last step of a delivery, whatever went before it."""
        return (
            self.picking_type_id.code == "outgoing"
            and self.location_dest_id.usage in ("customer", "supplier", "transit")
        )  # fmt: skip

    def _milepost_return_demand(self):
        """What comes back of a delivery that travelled with us is fetched as its type says."""
        came = self.move_ids.origin_returned_move_id.filtered("milepost_line_ids")
        wishes = set(came.picking_type_id.mapped("milepost_returns"))
        if "order" in wishes:
            return "order"
        return "make" if "make" in wishes else False

    def _milepost_connection(self):
        """Who moves the transfer: its shipping method's connection, else the company's default."""
        return self.env["milepost.connection"]._for_delivery(self)

    def _milepost_manager(self):
        """The connection that moves the transfer by itself, as it is set up at this moment; or none."""
        self.ensure_one()
        connection, operation = self._milepost_connection(), self.picking_type_id
        order = self.sale_id or self.move_ids.sale_line_id.order_id[:1]
        managed = (
            connection.auto_transport_order
            and not order.milepost_handed_back_at
            and connection._manages(
                self.company_id, operation.warehouse_id, operation, self.carrier_id,
                order.partner_id or self.partner_id,
            )
        )  # fmt: skip
        return connection if managed else connection.browse()

    def _milepost_is_old(self):
        """What to do where the transfer was confirmed before anybody made shipments of such transfers."""
        return bool(self._milepost_manager()) and self.env._(
            "No transport is ordered: the transfer was confirmed before the connection took over. Order it."
        )

    def _milepost_left_to_people(self):
        """What a dispatcher is told where nothing is ordered by itself; nobody else counts on it."""
        if self.carrier_id._milepost_is_others():
            return False
        connection = self._milepost_connection()
        if connection.auto_transport_order or not self.env.user.has_group("milepost.group_dispatcher"):
            return False
        if not connection:
            # Where nobody has a connection nobody is a dispatcher of ours yet.
            return (
                self.env["milepost.connection"]._is_any_of(self.company_id.id) and self._milepost_obstacle()
            )
        return self.env._(
            "No transport is ordered yet: Order Transport on Confirmation is off for %(connection)s, so a "
            "person orders it (Actions: Order Transport).",
            connection=connection.display_name,
        )

    def _milepost_ends(self):
        """(from, to): the addresses between which the goods travel; either may be empty."""
        self.ensure_one()
        here = self.picking_type_id.warehouse_id.partner_id or self.company_id.partner_id
        code = self.picking_type_id.code
        if code == "incoming":
            return self.partner_id, self.location_dest_id.warehouse_id.partner_id or here
        if code == "internal":
            there = self.location_dest_id.warehouse_id.partner_id or self.partner_id
            return self.location_id.warehouse_id.partner_id or here, there
        return here, self.partner_id or self._milepost_destination()

    def _milepost_direction(self):
        """What kind of journey it is (`direction` of milepost.shipment)."""
        self.ensure_one()
        if any(move._milepost_is_delivery() for move in self.move_ids):
            return "delivery"
        if self.move_ids.origin_returned_move_id:
            return "return"
        return "receipt" if self.picking_type_id.code == "incoming" else "resupply"

    def _milepost_due(self):
        """Until when the goods of these transfers are expected; a day after they are ready by default."""
        deadlines = [picking.date_deadline for picking in self if picking.date_deadline]
        ready = [picking.scheduled_date for picking in self if picking.scheduled_date]
        return max(deadlines, default=False) or max((day + timedelta(days=1) for day in ready), default=False)

    def _milepost_destination(self):
        """Where goods go that leave on a transfer without a contact: to the customer, the warehouse."""
        next_steps = self.move_ids.move_dest_ids
        there = self.sale_id.partner_shipping_id or next_steps.location_dest_id.warehouse_id.partner_id
        return there if len(there) == 1 else there.browse()

    # Shipments

    def _milepost_follow(self):
        """Have shipments follow these transfers: made where they are wanted, each move on one of them.

        As superuser: who confirms a delivery need not have a role with shipments. What keeps a
        transfer from travelling is said on it (`milepost_notice`) and stops nobody.
        """
        pickings = self.sudo().filtered(lambda picking: picking.state not in ("draft", "cancel"))
        pickings.milepost_shipment_ids._carry()
        for picking in pickings.filtered(lambda p: p.state != "done" and not p.milepost_shipment_ids):
            picking._milepost_ship()

    def _milepost_route(self):
        """Choose the first shipping method of the routing guide that fits, if there is one."""
        if first := self.env["delivery.carrier"]._milepost_guide(self)[:1]:
            self.carrier_id = first

    def _milepost_route_on(self):
        """Choose the shipping method that is asked next, after all that carried these transfers or were to.

        :return: it; none, where a person chose one that is in no guide, or nobody is left
        """
        asked = self.milepost_shipment_ids.carrier_id | self.carrier_id
        if not self.carrier_id or not all(carrier.milepost_in_guide for carrier in self.carrier_id):
            return asked.browse()
        guide = self.env["delivery.carrier"]._milepost_guide(self[0])
        following = (guide - asked)[:1]
        if following:
            self.carrier_id = following
        return following
