from odoo import fields, models

from ..billing.decimals import decimal
from ..billing.money import ZERO
from ..billing.quantities import SMALLEST
from ..reconciliation import goods

# So many cents a line may stray: half a one of its own, half a one of its tax, one of what is over.
ROUNDED_BY = 2


class MilepostBillableLines(models.AbstractModel):
    """How a billable stands on an invoice or a note."""

    _name = "milepost.billable.lines"
    _description = "Document Lines of Billables"

    def _here(self, line, amount):
        """An amount of a document's line in the currency of the row, at the rate of the document's day.

        The same figure in another currency is another amount.
        """
        if line.currency_id == self.currency_id:
            return decimal(amount)
        day = line.move_id.invoice_date or fields.Date.context_today(self)
        return decimal(line.currency_id._convert(float(amount), self.currency_id, line.company_id, day))

    def _booked(self, lines):
        """What document lines bill of the row, in its currency; credit notes take away."""
        return sum((self._here(line, -line.amount_currency) for line in lines), ZERO)

    def _prepare_charge_line(self):
        """The invoice line of what is open of a charge."""
        self.ensure_one()
        document = self._in_customers_language()
        policy = self.shipment_id._billing_policy()
        product = self.product_id
        if self.kind == "charge":
            product = policy._charge_product(self.company_id, self.charge_type)
        return {
            "display_type": "product",
            "product_id": product.id,
            "name": "\n".join(filter(None, (document._label(), document.basis_shown))),
            "quantity": 1,
            "price_unit": self.open_amount,
            "milepost_billable_id": self.id,
        }

    def _prepare_note_line(self, kind):
        """The line of a debit or credit note: its amount is what is open, whatever its sign."""
        self.ensure_one()
        if not self.sale_line_id:
            return {**self._prepare_charge_line(), "price_unit": abs(self.open_amount)}
        line = self.sale_line_id
        return {
            "display_type": "product",
            "product_id": line.product_id.id,
            "name": self._in_customers_language()._label(),
            "product_uom_id": line.product_uom_id.id,
            "quantity": abs(self.open_qty),
            "price_unit": line.price_unit,
            "discount": line.discount,
            "tax_ids": [(6, 0, line.tax_ids.ids)],
            "sale_line_ids": [(4, line.id)],
            "milepost_billable_id": self.id,
            **(self._prepare_credit_terms() if self.open_qty < 0 else self._prepare_kept_price()),
        }

    def _keeps_price(self):
        """Whether documents bill it at the price as stored, and the order says another by now.

        Not where a person billed it at one of his own: that stands, and the difference is absorbed.
        """
        self.ensure_one()
        price = decimal(self.price_unit)
        if abs(price - goods.price_of(self.sale_line_id)) < SMALLEST:
            return False
        lines = self._invoiced_lines()
        quantity = sum((decimal(line._milepost_quantity()) for line in lines), ZERO)
        # Each line is rounded for itself, and the price as it is stored.
        rounding = decimal(self.currency_id.rounding) * len(lines) + quantity * SMALLEST
        return quantity > ZERO and abs(self._booked(lines) - quantity * price) <= rounding / 2

    def _is_rounding(self, lines, difference):
        """Whether documents at the order's own terms bill goods at so much less, or more, than they are worth.

        Each line is rounded for itself, or all of a document together and what is over given to some of
        them, with their tax or without: what the documents say is then what there was to bill.
        """
        self.ensure_one()
        terms = self._terms_of(self.sale_line_id)
        own = all(line.currency_id == self.currency_id and self._terms_of(line) == terms for line in lines)
        return own and abs(difference) <= decimal(self.currency_id.rounding) * ROUNDED_BY * len(lines)

    def _prepare_kept_price(self):
        """The price of a document's line about goods whose order says another than their invoice."""
        if not self._keeps_price():
            return {}
        return self._terms_of(self._invoiced_lines()[-1])

    @staticmethod
    def _terms_of(line):
        return {
            "price_unit": line.price_unit, "discount": line.discount, "tax_ids": [(6, 0, line.tax_ids.ids)],
        }  # fmt: skip

    def _prepare_credit_terms(self):
        """What a credit takes from the invoice where the order says another tax, or price, by now: both,
        for a price with its tax is none without."""
        lines = self._invoiced_lines()
        is_taxed_otherwise = lines and lines[-1].tax_ids != self.sale_line_id.tax_ids
        return self._terms_of(lines[-1]) if is_taxed_otherwise else self._prepare_kept_price()

    def _invoiced_lines(self):
        """The lines of invoices that bill it."""
        return self.move_line_ids.filtered(
            lambda line: line.parent_state != "cancel" and line.move_id.move_type != "out_refund"
        ).sorted("id")

    def _in_customers_language(self):
        """The same record, whose words are those of the document's reader."""
        return self.with_context(lang=self._customer().lang or self.env.lang)

    def _label(self):
        what = self.description
        if self.charge_type:
            what = dict(self._fields["charge_type"]._description_selection(self.env))[self.charge_type]
        if self.kind == "allowance":
            what = self.env._("Allowance for damage: %s", what)
        return f"{what}, {self.shipment_id.name}"
