from odoo import models

# What is told of a place by its stop alone: without a stop nobody knows whose place it is.
AT_A_DOOR = frozenset({
    "arrived_delivery", "delivery_attempted", "delivered", "partially_delivered", "refused", "returned",
})  # fmt: skip


def owns(partner, owner):
    """Whether `owner` is the partner's company, an address of it or a company below it (`child_of`)."""
    company = partner.commercial_partner_id
    while owner and owner != company:
        owner = owner.parent_id
    return bool(owner)


class MilepostShipmentCustomers(models.Model):
    """What of a truck is whose: where it carries goods of several customers, each knows his own.

    Called as superuser, once access was checked. What is unloaded for several customers at one stop has
    one paper: it is shown to none of them, and none of them signs for it.
    """

    _inherit = "milepost.shipment"

    def _portal_customers(self):
        """Who is told of the shipment: its customer and whose orders it carries, one of each company."""
        self.ensure_one()
        orders = self.line_ids.sale_line_id.order_id if self.line_ids else self.sale_order_ids
        everybody = self.partner_id | orders.sorted("id").partner_id
        first = everybody.browse()
        for own in everybody.grouped("commercial_partner_id").values():
            first |= own.filtered("email")[:1] or own[:1]
        return first

    def _portal_customer(self):
        """The customer whom this environment works for: who is logged in, or the reader of a mail; else the
        shipment's own."""
        if self.env.user._is_portal():
            # Whatever the context says: that comes from outside.
            return self.env.user.partner_id
        partner = self.env["res.partner"].browse(self.env.context.get("milepost_customer"))
        return partner or self.partner_id

    def _portal_orders(self):
        """The orders of the customer whom a mail of this environment is for."""
        return self._orders_of(self._portal_customer())

    def _portal_eta(self):
        """When the customer whom a mail of this environment is for expects his goods; or nothing."""
        return self._times_of(self._portal_customer())["eta"]

    def _owner_of(self, line):
        """Whose goods a line is."""
        return line.sale_line_id.order_id.partner_id or line.picking_id.partner_id or self.partner_id

    def _owners(self, lines):
        owners = self.env["res.partner"]
        for line in lines:
            owners |= self._owner_of(line)
        return owners

    def _is_shared(self):
        """Whether goods or orders of several companies are on the truck."""
        self.ensure_one()
        everybody = self.partner_id | self.sale_order_ids.partner_id | self._owners(self.line_ids)
        return len(everybody.commercial_partner_id) > 1

    def _is_customer(self, partner):
        """Whether goods or orders of the partner's company are on the truck."""
        self.ensure_one()
        everybody = self.partner_id | self.sale_order_ids.partner_id | self._owners(self.line_ids)
        return any(owns(partner, owner) for owner in everybody)

    def _orders_of(self, partner):
        """The orders of which the partner may know."""
        if not self._is_shared():
            return self.sale_order_ids
        return self.sale_order_ids.filtered(lambda order: owns(partner, order.partner_id))

    def _lines_of(self, partner):
        """The goods of which the partner may know."""
        if not self._is_shared():
            return self.line_ids
        return self.line_ids.filtered(lambda line: owns(partner, self._owner_of(line)))

    def _lines_at(self, stop):
        """What is unloaded at a stop."""
        return self.line_ids.filtered(lambda line: line._stop() == stop)

    def _deliveries(self):
        return self.stop_ids.filtered(lambda stop: stop.kind == "delivery" and stop.in_plan)

    def _drops_of(self, partner):
        """The stops at which goods of the partner are unloaded."""
        if not self._is_shared():
            return self._deliveries()
        own = self._lines_of(partner)
        return self._deliveries().filtered(lambda stop: self._lines_at(stop) & own)

    def _is_of_several(self, stop):
        """Whether goods of several companies are unloaded at a stop, or nobody knows whose."""
        if not self._is_shared():
            return False
        return len(self._owners(self._lines_at(stop)).commercial_partner_id) != 1

    def _stops_of(self, partner):
        """The deliveries that are the partner's alone: he sees their papers and signs for them."""
        return self._drops_of(partner).filtered(lambda stop: not self._is_of_several(stop))

    def _destination_of(self, partner):
        """(name, city) of where the partner's goods go."""
        if not self._is_shared():
            return self.destination_id.name or "", self.destination_id.city or ""
        last = self._drops_of(partner)[-1:]
        return last.partner_id.name or "", last.city or ""

    def _times_of(self, partner):
        """When the partner's goods are expected, and when they came: {eta, planned, delivered, estimate}."""
        drops = self._drops_of(partner)
        last = drops[-1:]
        if not self._is_shared():
            return {
                "eta": self.eta, "planned": self.planned_delivery_at or self.due_at,
                "delivered": self.delivered_at, "estimate": self._last_delivery().estimated_milestone_id,
            }  # fmt: skip
        came = drops.mapped("completed_at")
        return {
            "eta": last.estimated_arrival, "planned": last.planned_arrival or last.due_at,
            "delivered": max(came) if came and all(came) else False, "estimate": last.estimated_milestone_id,
        }  # fmt: skip

    def _proofs_of(self, partner):
        """The proofs of which the partner may know: of a shared truck those of his own stops."""
        if not self._is_shared():
            return self.pod_ids
        own = self._stops_of(partner)
        return self.pod_ids.filtered(lambda pod: (pod.stop_id or pod.assigned_stop_id) in own)

    def _is_of(self, milestone, partner):
        """Whether something that happened concerns the partner: what happens at other customers' does not."""
        stop = milestone.stop_id
        return not self._is_shared() or stop.kind != "delivery" or stop in self._drops_of(partner)

    def _place_of(self, milestone):
        """Where it happened, as far as customers may know."""
        stop = milestone.stop_id
        if not stop and milestone.code in AT_A_DOOR and self._is_shared():
            return ""
        return milestone.place_name or stop.city or stop.name or ""
