from odoo import models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    """What the till may settle of an order line: what is handed over there, and what is proven."""

    _inherit = "sale.order.line"

    def _milepost_check_till(self, order):
        """Refuse what an order of the till settles of the line beyond what may be billed.

        :raises UserError: how much too much, and what to do
        """
        room = self._milepost_till_room(order)
        if room is None or room >= -self._milepost_tolerance():
            return
        over = self.env["milepost.words"]._quantity(-room)
        if self._milepost_unproven_qty() > 0:
            raise UserError(self.env._(
                "%(over)s of %(what)s cannot be paid here: their arrival is not proven. Lower the quantity; "
                "they are invoiced once it is.\n%(why)s",
                over=over, what=self.display_name, why=self._milepost_till_why(),
            ))  # fmt: skip
        raise UserError(self.env._(
            "%(over)s of %(what)s cannot be paid here: they are billed already, or were not ordered. Lower "
            "the quantity, and sell what is handed over beyond the order as a product of its own.",
            over=over, what=self.display_name,
        ))  # fmt: skip

    def _milepost_till_why(self):
        holds = self.milepost_billable_ids.shipment_id.hold_ids._blocking()
        return self.order_id.milepost_waiting_why or holds._explain()

    def _milepost_till_room(self, order=None):
        """How much more of the line may be settled; below zero, how much is settled too much.

        :param order: pos.order whose lines count, too, though it is not paid yet
        :return: None where that is the till's own business
        """
        self.ensure_one()
        line = self.sudo()
        if line.id not in line._milepost_gates() or line._milepost_is_taken_off():
            return None
        paid = line._milepost_till_lines()
        billed = line._milepost_billed(lambda one: one.parent_state != "cancel")
        travels = line.product_id.type == "service" or line._milepost_gone_qty()
        if not travels and billed == line._milepost_till_qty(paid):
            # Nothing of it left or is invoiced: even more than was ordered may be handed over.
            return None
        about = line._milepost_till_qty(line._milepost_till_lines(order) - paid)
        return line.product_uom_qty - line._milepost_unproven_qty() - billed - about

    def _milepost_unproven_qty(self):
        """What of the line waits for proof: of goods what has left, of a service all of it."""
        if self.product_id.type == "service":
            return self.product_uom_qty - self._milepost_allowed()
        proven = sum(row._milepost_allowed() for row in self.milepost_billable_ids)
        return max(self._milepost_gone_qty() - proven, 0.0)

    def _milepost_is_taken_off(self):
        """A down payment that was made: the till takes it off what is paid."""
        return self.is_downpayment and self._milepost_follows()

    def read_converted(self):
        """The till is given no more to settle than what may be billed.

        :raises UserError: nothing may be, for it waits for proof
        """
        items = super().read_converted()
        gated = self.sudo().browse(self._milepost_gates())
        given = 0.0
        for item in items:
            line = self.sudo().browse(item["id"])
            # By what was delivered or invoiced the till reckons what is left to be settled.
            done = max(item["qty_delivered"], item["qty_invoiced"])
            line._milepost_narrow(item, done)
            is_service = line.product_id.type == "service"
            given += max(item["qty_to_invoice"] if is_service else item["product_uom_qty"] - done, 0.0)
        waiting = gated.filtered("milepost_waiting_qty").order_id
        if waiting and not given:
            raise UserError(self.env._(
                "%(order)s cannot be paid here yet: the arrival of its goods is not proven. It is invoiced "
                "once it is.\n%(why)s",
                order=waiting[0].name, why=waiting[0].milepost_waiting_why or "",
            ))  # fmt: skip
        return items

    def _milepost_narrow(self, item, done):
        """Lower what the till is given of the line to what is left to be billed, in the product's unit."""
        room = self._milepost_till_room()
        if room is not None:
            room = self._convert_qty(self, max(room, 0.0), "s2p")
            item["qty_to_invoice"] = min(item["qty_to_invoice"], room)
            item["product_uom_qty"] = min(item["product_uom_qty"], done + room)
