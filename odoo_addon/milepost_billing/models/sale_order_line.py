from collections import defaultdict

from odoo import api, fields, models

SMALLEST = 1e-6


class SaleOrderLine(models.Model):
    """What travels with Milepost is invoiced when it is proven; the rest as Odoo does it."""

    _inherit = "sale.order.line"

    qty_delivered_method = fields.Selection(selection_add=[("milepost", "Proof of Delivery")])
    milepost_is_transport = fields.Boolean(related="product_id.milepost_transport")
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

    @api.depends(
        "move_ids.state", "move_ids.quantity", "move_ids.product_uom_qty", "product_uom_qty",
        "move_ids.picking_id.milepost_shipment_ids", "order_id.milepost_shipment_ids", "product_id",
    )  # fmt: skip
    def _compute_milepost_managed_qty(self):
        for line in self:
            if line.milepost_is_transport:
                managed = bool(line.order_id.sudo().milepost_shipment_ids)
                line.milepost_managed_qty = line.product_uom_qty if managed else 0.0
                continue
            by_order = line.product_id.invoice_policy == "order"
            total = 0.0
            for move in line.move_ids:
                if not move.sudo().picking_id.milepost_shipment_ids or move.state == "cancel":
                    continue
                if not move._milepost_is_delivery():
                    continue
                if move.state == "done" or by_order:
                    quantity = move.quantity if move.state == "done" else move.product_uom_qty
                    total += move.product_uom._compute_quantity(quantity, line.product_uom_id)
            line.milepost_managed_qty = total

    def _compute_qty_delivered_method(self):
        super()._compute_qty_delivered_method()
        for line in self:
            if line.milepost_is_transport and not line.is_expense:
                line.qty_delivered_method = "milepost"

    def _prepare_qty_delivered(self):
        delivered = super()._prepare_qty_delivered()
        for line in self:
            if line.qty_delivered_method == "milepost":
                delivered[line] = line.milepost_released_qty
        return delivered

    @api.depends("milepost_managed_qty", "milepost_released_qty")
    def _compute_qty_to_invoice(self):
        super()._compute_qty_to_invoice()
        for line in self:
            if line.state != "sale" or not line.milepost_managed_qty:
                continue
            target = line.milepost_released_qty + line._milepost_unmanaged_qty()
            target -= max(line._milepost_credited_qty(), line._milepost_returned_qty())
            # What was invoiced before it travelled is not credited because it is not proven yet.
            line.qty_to_invoice = max(target - line.qty_invoiced, min(line.qty_to_invoice, 0.0))

    def _milepost_unmanaged_qty(self):
        """What of the line does not travel with Milepost and is invoiced as Odoo does it."""
        self.ensure_one()
        by_order = self.product_id.invoice_policy == "order"
        base = self.product_uom_qty if by_order else self.qty_delivered
        return max(base - self.milepost_managed_qty, 0.0)

    def _milepost_credited_qty(self):
        """What people credited and nobody invoiced again: it is not to be invoiced."""
        self.ensure_one()
        rows = self.sudo().milepost_billable_ids.filtered("released")
        return sum(max(row.billable_qty - row.invoiced_qty - max(row.open_qty, 0.0), 0.0) for row in rows)

    def _milepost_returned_qty(self):
        """What came back after it was proven, by returns that say that they are to be credited."""
        self.ensure_one()
        back = self.move_ids.filtered(
            lambda move: move.state == "done" and move.to_refund and move.origin_returned_move_id
            and move.location_dest_id.usage == "internal"
        )  # fmt: skip
        return sum(move.product_uom._compute_quantity(move.quantity, self.product_uom_id) for move in back)

    def _milepost_prepaid_qty(self):
        """What was invoiced without saying of which shipment, beyond what does not travel."""
        self.ensure_one()
        loose = sum(
            line._milepost_quantity()
            for line in self.invoice_lines
            if line.parent_state != "cancel" and not line.milepost_billable_id
        )
        return loose - self._milepost_unmanaged_qty()

    def _milepost_release(self):
        """Bring the proven quantity of the lines up to date."""
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
        if not self.milepost_managed_qty or self.display_type or not self.qty_to_invoice:
            return vals_list
        [vals] = vals_list
        if self.qty_to_invoice < 0:
            return self._milepost_credit_lines(vals)
        left, result = self.qty_to_invoice, []
        for row in self._milepost_rows().sorted("id"):
            quantity = min(row.open_qty, left)
            if quantity > SMALLEST:
                result.append({**vals, "quantity": quantity, "milepost_billable_id": row.id})
                left -= quantity
        rest = min(left, self._milepost_rest())
        if rest > SMALLEST:
            result.append({**vals, "quantity": rest})
        return result

    def _milepost_credit_lines(self, vals):
        """Credit what was billed last first, so that each shipment knows what of it was credited."""
        left, result = -self.qty_to_invoice, []
        for row in self.sudo().milepost_billable_ids.sorted("id", reverse=True):
            quantity = min(max(row.invoiced_qty, 0.0), left)
            if quantity > SMALLEST:
                result.append({**vals, "quantity": -quantity, "milepost_billable_id": row.id})
                left -= quantity
        if left > SMALLEST:
            result.append({**vals, "quantity": -left})
        return result

    def _milepost_rest(self):
        """What does not travel and is not invoiced yet."""
        return max(-self._milepost_prepaid_qty(), 0.0)
