from odoo import api, models
from odoo.exceptions import AccessError

from .milepost_ledger import SMALLEST

# What makes a line something that Odoo bills in another way.
TURNING = {"product_id", "is_downpayment", "is_delivery", "is_expense"}
PRICES = {"price_unit", "discount", "tax_ids", "product_uom_qty", "product_uom_id"}


class SaleOrderLine(models.Model):
    """Which lines wait for proof, and how much of them may be billed (see `milepost.ledger`)."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._milepost_refuse_steering(vals)
        lines = super().create(vals_list)
        lines.order_id._milepost_edited()
        lines._milepost_share_transport()
        if any(vals.get("invoice_lines") for vals in vals_list):
            lines._milepost_check_links({line: line.invoice_lines.browse() for line in lines}, {})
        return lines

    def write(self, vals):
        self._milepost_refuse_steering(vals)
        if PRICES & set(vals) and self.env["milepost.ledger"]._is_used():
            # What is held and waits is worth what the order says now.
            self.sudo().milepost_billable_ids.shipment_id._billing_changed()
            self._milepost_share_transport()
            self.order_id._milepost_edited()
        if "invoice_lines" not in vals:
            return super().write(vals)
        before = {line: line.invoice_lines for line in self}
        ledger = self.env["milepost.ledger"]
        billed = ledger._billed(self.env["milepost.billable"], self.browse(self._milepost_gates()))
        result = super().write(vals)
        self._milepost_check_links(before, billed)
        return result

    def _milepost_share_transport(self):
        """Transport that is sold late, or more of it, is borne by shipments that were decided before."""
        transport = self.filtered(lambda line: line.milepost_is_transport and line.state == "sale")
        transport.sudo().order_id.milepost_shipment_ids._billing_changed()

    def _milepost_check_links(self, before, billed):
        """Documents were linked from this side: the same rules hold as from theirs."""
        gated = self.browse(self._milepost_gates())
        ledger = self.env["milepost.ledger"]
        for line in gated:
            now = line.invoice_lines
            changed = (before[line] - now) | (now - before[line])
            for one in changed.filtered(lambda one: one.parent_state == "posted"):
                one._milepost_refuse_history()
        ledger._check_kind(gated.invoice_lines)
        ledger._refuse_rise(billed, self.env["milepost.billable"], gated)

    def _milepost_refuse_steering(self, vals):
        """What is billed follows from proofs: the quantities that say so are written by nobody."""
        if self.env.su:
            return
        if {"milepost_managed_qty", "milepost_released_qty"} & set(vals):
            raise AccessError(
                self.env._("Proven quantities are computed from the shipments' proofs and cannot be edited.")
            )
        if {"qty_delivered", "qty_delivered_method"} & set(vals):
            own = [number for number, gate in self._milepost_gates().items() if gate == "proof"]
            if own:
                raise AccessError(self.env._(
                    "The delivered quantity of %(line)s is computed from its transfers and proofs.",
                    line=self.browse(own[0]).display_name,
                ))  # fmt: skip
        if turning := TURNING & set(vals):
            turned = self.filtered(
                lambda line: any(line._milepost_turns(name, vals[name]) for name in turning)
            )
            if gated := turned.browse(turned._milepost_gates()):
                raise AccessError(self.env._(
                    "%(line)s travels with Milepost: what it is does not change any more. "
                    "Order 0 of it and add another line.",
                    line=gated[0].display_name,
                ))  # fmt: skip

    def _milepost_turns(self, name, value):
        """Whether a field that says what the line is gets another value."""
        return self[name].id != value if name == "product_id" else self[name] != bool(value)

    def _milepost_gates(self):
        """{id of a line: what it waits for} of those that are billed only as they are proven.

        Goods and transport wait for their own proof ("proof"), a delivery fee and, by policy, a down
        payment for the first of its order ("first"). What the policy leaves to Odoo is not among them.
        """
        if not self or not self.env["milepost.ledger"]._is_used():
            return {}
        own = self.sudo().filtered(lambda line: not line.order_id.milepost_handed_back_at)
        candidates = own.filtered(lambda line: line._milepost_may_wait())
        if not candidates:
            return {}
        policies = candidates.order_id._milepost_policies()
        found = {}
        for line in candidates:
            gate = next(filter(None, (one._gate_of(line) for one in policies[line.order_id])), False)
            if gate == "first":
                gate = line._milepost_is_moved() and line._milepost_goods()._milepost_gates() and gate
            if gate:
                found[line.id] = gate
        return found

    def _milepost_may_wait(self):
        self.ensure_one()
        if self.display_type:
            return False
        if self._milepost_follows():
            return True
        if self.milepost_is_transport:
            return bool(self.milepost_managed_qty)
        return bool(self.milepost_managed_qty) or self._milepost_is_managed()

    def _milepost_follows(self):
        """Whether it is a down payment or a delivery fee, which follow the goods of their order.

        Not by the flag alone, which whoever edits an order can set: what is moved, or sold as
        transport, waits for its own proof.
        """
        self.ensure_one()
        flagged = (self.is_downpayment or self.is_delivery) and not self.milepost_is_transport
        return flagged and self.product_id.type != "consu" and not self.move_ids

    def _milepost_goods(self):
        """The lines of the order for whose first proof a delivery fee or a down payment may wait."""
        return self.order_id.order_line.filtered(lambda line: not line._milepost_follows())

    def _milepost_base_qty(self):
        """What Odoo alone would have billed in all if nothing had come back, which is taken off once."""
        self.ensure_one()
        if self.milepost_is_by_order:
            return self.product_uom_qty
        return self.qty_delivered + self._milepost_returned_qty()

    def _milepost_allowed(self):
        """How much of a gated line may be billed in all, in its unit."""
        self.ensure_one()
        line = self.sudo()
        if line._milepost_follows():
            proven = any(one.milepost_released_qty > 0 for one in line._milepost_goods())
            return max(line.product_uom_qty, 1.0) if proven else 0.0
        proven = sum(row._milepost_allowed() for row in line.milepost_billable_ids)
        # Odoo's own delivered quantity is without what came back, as what does not travel is.
        return line._milepost_unmanaged_qty() + max(proven - line._milepost_lost_qty(), 0.0)

    def _milepost_billed(self, counts):
        """How much of the line documents bill, in its unit.

        :param counts: tells which account.move.line count
        """
        self.ensure_one()
        lines = self.invoice_lines | self.sudo().milepost_billable_ids.move_line_ids
        return sum(line._milepost_quantity() for line in lines.filtered(counts))

    def _milepost_booked_amount(self, counts):
        """What documents bill of the line without tax, in their currency.

        :param counts: tells which account.move.line count
        """
        self.ensure_one()
        lines = self.invoice_lines | self.sudo().milepost_billable_ids.move_line_ids
        amounts = (line.price_subtotal * -line.move_id.direction_sign for line in lines.filtered(counts))
        return self.currency_id.round(sum(amounts))

    def _milepost_tolerance(self):
        """Half of the last digit of a quantity: what rounding alone may add."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return 10**-digits / 2 + SMALLEST

    def _milepost_refusal(self, over):
        """Why `over` more of the line cannot be billed."""
        if self.is_downpayment and self._milepost_follows():
            return self.env._(
                "%s: the policy has no down payment before the first proof.", self.order_id.name
            )
        holds = self.sudo().milepost_billable_ids.shipment_id.hold_ids._blocking()
        return self.env._(
            "%(line)s travels with Milepost and is invoiced when it is proven (%(over)s too much).\n%(why)s",
            line=self.display_name, over=self.env["milepost.words"]._quantity(over), why=holds._explain(),
        )  # fmt: skip
