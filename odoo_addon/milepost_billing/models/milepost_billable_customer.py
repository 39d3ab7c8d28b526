from odoo import models


class MilepostBillableCustomer(models.AbstractModel):
    """Whose a billable is: a truck may carry the goods of several customers, and each pays his own."""

    _name = "milepost.billable.customer"
    _description = "Customer of a Billable"

    def _sold_by(self):
        """The orders that it is billed with: goods and what is taken off for their damage with the order
        that sold them, charges with those of the shipment's customer."""
        self.ensure_one()
        if self.kind == "allowance":
            goods = self.shipment_id.billable_ids.filtered(
                lambda row: row.kind in ("goods", "part") and row.goods_key == self.goods_key
            )
            damaged = goods.filtered("damaged_qty") or goods
            return (damaged.sale_line_id | damaged.part_of_id).order_id
        if self.sale_line_id or self.part_of_id:
            return (self.sale_line_id | self.part_of_id).order_id
        orders, customer = self.shipment_id.sale_order_ids, self.shipment_id.partner_id.commercial_partner_id
        return orders.filtered(lambda order: order.partner_id.commercial_partner_id == customer) or orders

    def _customer(self):
        """Who pays for it."""
        self.ensure_one()
        payer = self._sold_by()[:1].partner_invoice_id or self.shipment_id.partner_id
        return payer.commercial_partner_id

    def _of_same_customer(self):
        """The shipment's billables of the same customer and currency."""
        customer = self._customer()
        return self.shipment_id.billable_ids.filtered(
            lambda row: row.currency_id == self.currency_id and row._customer() == customer
        )

    def _last_invoice(self):
        """The posted invoice of its shipment and customer that debit and credit notes refer to."""
        return self._last_posted(self._of_same_customer().move_line_ids)

    def _prepaid_invoice(self):
        """The posted invoice, or receipt, of its goods that names no shipment: made before they travelled."""
        lines = self._of_same_customer().sale_line_id.invoice_lines
        return self._last_posted(lines.filtered(lambda line: not line.milepost_billable_id))

    def _last_posted(self, lines):
        """Of their posted invoices the last one in its currency: a note takes the invoice's, and bears
        its amount."""
        posted = lines.move_id.filtered(
            lambda move: (
                move.state == "posted" and move.move_type in ("out_invoice", "out_receipt")
                and not move.debit_origin_id and move.currency_id == self.currency_id
            )
        )  # fmt: skip
        return posted.sorted("id")[-1:]

    def _supplied_on(self):
        """The last day on which what these rows bill was delivered: of goods by their own stops."""
        days = []
        for shipment, rows in self.grouped("shipment_id").items():
            own = [day for day in rows.mapped("supply_date") if day]
            days += own or [day for day in (shipment.supply_date,) if day]
        return max(days, default=False)

    def _is_to_document(self):
        """Whether a run could bill, or credit, what is open of it: a credit wants a posted invoice."""
        return self.open_amount > 0 or bool(self._last_invoice() or self._prepaid_invoice())
