from odoo import fields, models

from ..billing.decimals import decimal
from ..billing.money import ZERO, rounded


class MilepostCarrierInvoiceBooking(models.AbstractModel):
    """What of a carrier bill is approved and not booked yet, with its taxes, as a vendor bill."""

    _name = "milepost.carrier.invoice.booking"
    _description = "Booking of Carrier Bills"

    def _booked(self):
        """{charge type: booked amount in the bill's currency} over all bills that stand."""
        booked = {}
        standing = (self.bill_ids - self.taken_back_ids).filtered(lambda move: move.state != "cancel")
        for line in standing.invoice_line_ids:
            if line.milepost_charge_type:
                sign = 1 if line.move_id.move_type == "in_invoice" else -1
                booked[line.milepost_charge_type] = booked.get(
                    line.milepost_charge_type, ZERO
                ) + sign * decimal(line.price_subtotal)
        return booked

    def _to_book(self):
        """{charge type: amount in the bill's currency} that is approved and not booked."""
        self.ensure_one()
        digits = self.currency_id.decimal_places
        approved = {key: decimal(amount) for key, amount in (self.approved_by_type or {}).items()}
        total = sum(approved.values(), ZERO)
        ratio = decimal(1)
        if self.contract_currency_id != self.currency_id and self.compared_amount:
            ratio = decimal(self.net_amount) / decimal(self.compared_amount)
        if total and decimal(self.approved_amount) != total:
            # The document is over its limit: every line gives its share.
            ratio *= decimal(self.approved_amount) / total
        wanted = {key: rounded(amount * ratio, digits) for key, amount in approved.items()}
        booked = self._booked()
        rest = {key: wanted.get(key, ZERO) - booked.get(key, ZERO) for key in {*wanted, *booked}}
        return {key: amount for key, amount in sorted(rest.items()) if amount}

    def _taxes_meant(self, own):
        """The taxes of this bill: what the carrier's own tax codes mean, else the company's for transport.

        A carrier under reverse charge bills no tax, whatever its codes say.

        :param own: the company's taxes of transport bought of this carrier
        """
        mapped = self._mapped_taxes()
        is_reverse = own and self._tax_on(own, decimal(100)) == ZERO
        return own if is_reverse or not mapped else mapped

    def _mapped_taxes(self):
        """What the codes of the tax lines mean; nothing unless each of them is mapped."""
        lines = self.line_ids.filtered(lambda line: line.charge_type == "tax")
        maps = lines.sudo().mapped("code_map_id")
        is_whole = lines and all(line.code_map_id for line in lines)
        return maps.tax_id if is_whole else self.env["account.tax"]

    def _tax_on(self, taxes, net):
        """The tax on a net amount, a Decimal in the bill's currency."""
        if not taxes:
            return ZERO
        partner = self.carrier_partner_id
        result = taxes.compute_all(float(net), currency=self.currency_id, partner=partner)
        tax = decimal(result["total_included"]) - decimal(result["total_excluded"])
        return rounded(tax, self.currency_id.decimal_places)

    def _line_taxes(self):
        """Of a bill's lines: the taxes that the carrier named; else what the product brings along."""
        mapped = self._mapped_taxes()
        own = self.env["milepost.payable"]._purchase_taxes(self.company_id, self.carrier_partner_id)
        return {"tax_ids": [(6, 0, mapped.ids)]} if mapped and self._taxes_meant(own) == mapped else {}

    def _book(self):
        """Make and post the bill (or refund) of what is approved; what is disputed stays out of it."""
        self.ensure_one()
        rest = self._to_book()
        total = sum(rest.values(), ZERO)
        moves = self.env["account.move"]
        if rest:
            sign = 1 if total >= ZERO else -1
            product = self.env["milepost.billing.policy"]._charge_product(self.company_id)
            labels = dict(self.line_ids._fields["charge_type"]._description_selection(self.env))
            moves = moves.with_company(self.company_id).create({
                "move_type": "in_invoice" if sign > 0 else "in_refund",
                "company_id": self.company_id.id,
                "partner_id": self.carrier_partner_id.id,
                "currency_id": self.currency_id.id,
                "invoice_date": self.bill_date,
                "invoice_date_due": self.due_date or False,
                # What is owed after a dispute is a cost of the month in which that was settled.
                **({"date": fields.Date.context_today(self)} if self.bill_ids else {}),
                "ref": self.number if not self.bill_ids else f"{self.number} / {len(self.bill_ids) + 1}",
                "invoice_origin": self.shipment_id.name,
                "milepost_carrier_invoice_id": self.id,
                "milepost_shipment_ids": [(4, self.shipment_id.id)],
                "invoice_line_ids": [
                    (0, 0, {
                        "product_id": product.id,
                        "name": f"{labels[key]}, {self.shipment_id.name}",
                        "quantity": 1,
                        "price_unit": float(sign * amount),
                        "milepost_charge_type": key,
                        **self._freight_account(),
                        **self._line_taxes(),
                    })
                    for key, amount in rest.items()
                ] + self._dispute_lines(total),
            })  # fmt: skip
            if self.shipment_id._billing_policy().auto_post:
                moves._post(soft=False)
                self.shipment_id.claim_ids._offset_settled()
        self.to_book_amount = 0
        return moves

    def _freight_account(self):
        """Where the company keeps its freight; the product's own account when it does not say."""
        account = self.company_id.milepost_freight_account_id
        return {"account_id": account.id} if account else {}
