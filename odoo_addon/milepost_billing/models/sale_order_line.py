from collections import defaultdict

from odoo import api, fields, models

from .milepost_ledger import SMALLEST


class SaleOrderLine(models.Model):
    """What travels with Milepost is invoiced when it is proven; the rest as Odoo does it."""

    _inherit = "sale.order.line"

    qty_delivered_method = fields.Selection(selection_add=[("milepost", "Proof of Delivery")])
    milepost_is_by_order = fields.Boolean(
        string="Sold on Ordered Quantities", compute="_compute_milepost_is_by_order", store=True,
        precompute=True, help="As the product was when it was ordered.",
    )  # fmt: skip
    milepost_billable_ids = fields.One2many(
        "milepost.billable", "sale_line_id", groups="milepost.group_viewer"
    )
    milepost_managed_qty = fields.Float(
        string="Shipped With Milepost", compute="_compute_milepost_managed_qty", store=True,
        digits="Product Unit", help="Of this only what is proven is invoiced.",
    )  # fmt: skip
    milepost_released_qty = fields.Float(
        string="Proven", readonly=True, copy=False, digits="Product Unit",
        help="Proven, undisputed and not held.",
    )  # fmt: skip

    @api.depends("product_id", "state")
    def _compute_milepost_is_by_order(self):
        """Decided when the order is confirmed: not `product_id.invoice_policy`, which may change under
        way and must not free what waits."""
        for line in self:
            if not line._milepost_has_left():
                line.milepost_is_by_order = line.product_id.invoice_policy == "order"

    @api.depends(
        "move_ids.state", "move_ids.quantity", "move_ids.product_uom_qty", "product_uom_qty",
        "move_ids.milepost_line_ids", "move_ids.milepost_managed_by_id", "order_id.milepost_shipment_ids",
        "order_id.milepost_managed_by_id", "order_id.milepost_handed_back_at", "milepost_is_transport",
        "milepost_is_by_order",
    )  # fmt: skip
    def _compute_milepost_managed_qty(self):
        used = self.env["milepost.ledger"]._is_used()
        for line in self:
            if not used or line.display_type:
                line.milepost_managed_qty = 0.0
            elif line.milepost_is_transport:
                line.milepost_managed_qty = line.product_uom_qty if line._milepost_is_moved() else 0.0
            else:
                line.milepost_managed_qty = line._milepost_moved_qty()

    def _milepost_is_moved(self):
        """Whether what is billed as ordered (transport, ordered goods, a fee) is ours: a connection was
        responsible when the order was confirmed, or a shipment of it was made."""
        order = self.order_id.sudo()
        return not order.milepost_handed_back_at and bool(
            order.milepost_managed_by_id or order.with_context(active_test=False).milepost_shipment_ids
        )

    def _milepost_counts(self, move):
        """Whether what a delivery moves of the line is ours.

        Sold on delivered quantities, what left while a connection was responsible; on ordered
        quantities, what is to leave, too, of orders that were confirmed while one was.
        """
        if not self.milepost_is_by_order:
            return move.state == "done" and move._milepost_is_transport()
        if not self._milepost_is_moved():
            return False
        manager = self.order_id.sudo().milepost_managed_by_id
        # Whoever says meanwhile that such goods do not travel frees them by moving them, not before.
        waits = move.state != "done" and manager.auto_transport_order
        return move._milepost_is_transport() and bool(manager or move.milepost_line_ids) or waits

    @api.depends("milepost_is_transport", "order_id.milepost_handed_back_at")
    def _compute_qty_delivered_method(self):
        super()._compute_qty_delivered_method()
        if self.env["milepost.ledger"]._is_leaving():
            return
        for line in self:
            freed = line.is_expense or line.order_id.sudo().milepost_handed_back_at
            if line.milepost_is_transport and not freed:
                line.qty_delivered_method = "milepost"

    def _prepare_qty_delivered(self):
        delivered = super()._prepare_qty_delivered()
        for line in self:
            if line.qty_delivered_method == "milepost":
                delivered[line] = line.milepost_released_qty
        return delivered

    @api.depends(
        "milepost_managed_qty", "milepost_released_qty", "order_id.order_line.milepost_managed_qty",
        "order_id.order_line.milepost_released_qty", "order_id.milepost_managed_by_id",
        "order_id.milepost_handed_back_at",
    )  # fmt: skip
    def _compute_qty_to_invoice(self):
        super()._compute_qty_to_invoice()
        gates = self._milepost_gates()
        for line in self:
            if line.state != "sale":
                continue
            if gates.get(line.id) == "first":
                line.qty_to_invoice = min(line.qty_to_invoice, max(line._milepost_allowed(), 0.0))
            elif line.id in gates or (line.milepost_managed_qty and line._milepost_is_looked_on()):
                target = line.milepost_released_qty + line._milepost_free_qty(gates)
                target -= max(line._milepost_credited_qty(), line._milepost_lost_qty(line.id in gates))
                target -= line._milepost_receipt_qty()
                least = min(line.qty_to_invoice, 0.0)
                line.qty_to_invoice = target - line.qty_invoiced
                # What was invoiced before it travelled is not credited because it is not proven yet.
                if line.qty_to_invoice < least and line._milepost_waits_for_more(gates):
                    line.qty_to_invoice = least
            elif line.milepost_managed_qty and line.qty_to_invoice > 0:
                # Billed as ordered: what people credited of it stays credited all the same, but for goods
                # that replace it.
                rows = line.sudo().milepost_billable_ids.filtered("released")
                open_qty = max(sum(rows.mapped("open_qty")), 0.0)
                given = float(sum(row._given() for row in rows)) + line._milepost_loose_credited_qty()
                given += line._milepost_refunded_qty(travelled=False)
                line.qty_to_invoice = max(line.qty_to_invoice - given, min(line.qty_to_invoice, open_qty))
        self._milepost_follow_items()

    def _milepost_follow_items(self):
        """A combo is a heading of its items: it is invoiced with the first of them, and not without any."""
        items = self.filtered("combo_item_id")
        for line in self.filtered(lambda one: one.product_id.type == "combo") | items.linked_line_id:
            if not any(one.combo_item_id and one.qty_to_invoice for one in line.linked_line_ids):
                line.qty_to_invoice = 0.0

    def _milepost_is_looked_on(self):
        """In shadow mode shipments are billed as Odoo bills, and what people credit stays credited."""
        return not self.milepost_is_by_order or self.milepost_is_transport

    def _milepost_free_qty(self, gates=None):
        """What of the line is billed without proof: what does not travel; all, where nothing waits."""
        self.ensure_one()
        gates = self._milepost_gates() if gates is None else gates
        if self.id in gates:
            return self._milepost_unmanaged_qty()
        return max(self._milepost_base_qty() - self.milepost_released_qty, 0.0)

    def _milepost_unmanaged_qty(self):
        """What of the line does not travel with Milepost and is invoiced as Odoo does it."""
        self.ensure_one()
        if self._milepost_is_of_parts():
            return self._milepost_unmanaged_wholes()
        return max(self._milepost_base_qty() - self.milepost_managed_qty, 0.0)

    def _milepost_receipt_qty(self):
        """What sales receipts bill: Odoo does not count them as invoiced."""
        receipts = self.invoice_lines.filtered(
            lambda line: line.move_id.move_type == "out_receipt" and line.parent_state != "cancel"
        )
        return sum(line._milepost_quantity() for line in receipts)

    def _milepost_credited_qty(self):
        """What people credited and nobody invoiced again: it is not to be invoiced."""
        self.ensure_one()
        rows = self.sudo().milepost_billable_ids.filtered("released")
        return sum(max(row.billable_qty - row.invoiced_qty - max(row.open_qty, 0.0), 0.0) for row in rows)

    def _milepost_prepaid_qty(self):
        """What was invoiced without saying of which shipment, beyond what does not travel."""
        self.ensure_one()
        return self._milepost_loose_qty() - self._milepost_unmanaged_qty()

    def _milepost_loose_qty(self):
        """What was invoiced without saying of which shipment."""
        self.ensure_one()
        return sum(
            line._milepost_quantity()
            for line in self.invoice_lines
            if line.parent_state != "cancel" and not line.milepost_billable_id
        )

    def _milepost_loose_credited_qty(self):
        """What people credited without saying of which shipment."""
        self.ensure_one()
        return -sum(
            line._milepost_quantity()
            for line in self.invoice_lines
            if line.parent_state != "cancel"
            and not line.milepost_billable_id
            and line.move_id._milepost_is_persons_credit()
        )

    def _milepost_release(self):
        """Bring the proven quantity of the lines up to date."""
        self = self.sudo()
        sums = defaultdict(float)
        groups = (
            self.env["milepost.billable"]
            .sudo()
            ._read_group(
                [("sale_line_id", "in", self.ids), ("released", "=", True)],
                ["sale_line_id"],
                ["billable_qty:sum"],
            )
        )
        for line, quantity in groups:
            sums[line.id] = quantity
        for line in self:
            if abs(line.milepost_released_qty - sums[line.id]) > SMALLEST:
                line.milepost_released_qty = sums[line.id]
                if line.qty_delivered_method == "milepost":
                    # Of goods Odoo counts the moves, at the price of a query a line where kits are sold.
                    self.env.add_to_compute(self._fields["qty_delivered"], line)
        credited = self.filtered(lambda line: line._milepost_credited_qty() > SMALLEST)
        self.env.add_to_compute(self._fields["qty_to_invoice"], credited)
        credited.modified(["qty_to_invoice"])
        # Where nothing of it is billed the proven quantity does not change, and it waits no more.
        declined = self.filtered(lambda line: line._milepost_declined_qty() > SMALLEST)
        declined.modified(["milepost_released_qty"])

    def _milepost_rows(self):
        """The billables that an invoice of now may bill; in a billing run those of its shipments."""
        self.ensure_one()
        rows = self.sudo().milepost_billable_ids.filtered(
            lambda row: row.released and row.open_qty > SMALLEST
        )
        due = self.env.context.get("milepost_shipments")
        return rows.filtered(lambda row: row.shipment_id.id in due) if due is not None else rows

    def _prepare_invoice_lines_vals_list(self, **optional_values):
        """One invoice line per shipment, so that each is known to be billed once."""
        vals_list = super()._prepare_invoice_lines_vals_list(**optional_values)
        if self.is_downpayment or self.env.context.get("milepost_parts"):
            vals_list = [self._milepost_in_parts(vals) for vals in vals_list]
        if self.display_type or not self.qty_to_invoice or not self._milepost_is_by_shipment():
            return vals_list
        [vals] = vals_list
        if self.qty_to_invoice < 0:
            return self._milepost_credit_lines(vals)
        left, result = self.qty_to_invoice, []
        for row in self._milepost_rows().sorted("id"):
            quantity = min(row.open_qty, left)
            if quantity > SMALLEST:
                price = row._prepare_kept_price()
                result.append({**vals, **price, "quantity": quantity, "milepost_billable_id": row.id})
                left -= quantity
        rest = min(left, self._milepost_rest()) if left > SMALLEST else 0.0
        if rest > SMALLEST:
            result.append({**vals, "quantity": rest})
        return result

    def _milepost_is_by_shipment(self):
        """Whether its documents say of which shipment they are: it left with us, or was proven by a
        partner who was faster than the warehouse. What is not ours costs no query."""
        if self.milepost_managed_qty or not (self.milepost_released_qty or self.qty_invoiced):
            return bool(self.milepost_managed_qty)
        return bool(self.sudo().milepost_billable_ids) and not self.order_id.milepost_handed_back_at

    def _milepost_credit_lines(self, vals):
        """Credit what was billed last first, so that each shipment knows what of it was credited."""
        left, result = -self.qty_to_invoice, []
        for row in self.sudo().milepost_billable_ids.sorted("id", reverse=True):
            quantity = min(max(row.invoiced_qty, 0.0), left)
            if quantity > SMALLEST:
                terms = row._prepare_credit_terms()
                result.append({**vals, **terms, "quantity": -quantity, "milepost_billable_id": row.id})
                left -= quantity
        if left > SMALLEST:
            result.append({**vals, "quantity": -left})
        return result

    def _milepost_rest(self):
        """What does not travel and is not invoiced yet."""
        return max(self._milepost_free_qty() - self._milepost_loose_qty(), 0.0)
