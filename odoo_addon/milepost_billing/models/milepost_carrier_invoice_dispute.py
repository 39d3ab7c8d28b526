from odoo import fields, models

from ..billing.decimals import decimal
from ..billing.money import ZERO


class MilepostCarrierInvoiceDispute(models.AbstractModel):
    """Disputes on the books: what a carrier billed and is not owed waits on an account of its own.

    Only where the company names such an account, and only for bills in the contract's currency: the
    disputed part of another currency has no agreed rate. A dispute is lost when its holds are
    released, and won when the carrier's credit comes.
    """

    _name = "milepost.carrier.invoice.dispute"
    _description = "Disputed Part of a Carrier Bill"

    def _dispute_change(self):
        """By how much the dispute on the books must rise (or, negative, fall)."""
        self.ensure_one()
        account = self.company_id.milepost_disputed_account_id
        if not account or self.contract_currency_id != self.currency_id or self._is_credit:
            return ZERO
        return decimal(self.disputed_amount) - decimal(self.dispute_booked_amount)

    def _dispute_lines(self, billed):
        """Of a bill of `billed`: the disputed part on top, or what was disputed and is owed after all."""
        change = self._dispute_change()
        amount = change if change > ZERO else max(change, -billed)
        return [self._dispute_line(amount)] if amount and billed > ZERO else []

    def _dispute_line(self, amount):
        self.dispute_booked_amount = float(decimal(self.dispute_booked_amount) + amount)
        return fields.Command.create(
            {
                "name": self.env._("Disputed, %s", self.shipment_id.name),
                "account_id": self.company_id.milepost_disputed_account_id.id,
                "quantity": 1,
                "price_unit": float(amount),
                "tax_ids": False,
                "milepost_is_dispute": True,
            }
        )

    def _book_won_dispute(self):
        """The carrier gave in: a refund takes the disputed part off the books again."""
        moves = self.env["account.move"]
        for invoice in self:
            won = -invoice._dispute_change()
            if won <= ZERO:
                continue
            line = invoice._dispute_line(-won)
            line[2]["price_unit"] = float(won)
            move = moves.with_company(invoice.company_id).create(
                {
                    "move_type": "in_refund",
                    "company_id": invoice.company_id.id,
                    "partner_id": invoice.carrier_partner_id.id,
                    "currency_id": invoice.currency_id.id,
                    "invoice_date": fields.Date.context_today(self),
                    "ref": self.env._("Dispute of %s won", invoice.number),
                    "milepost_shipment_ids": [(4, invoice.shipment_id.id)],
                    "invoice_line_ids": [line],
                }
            )
            move._post(soft=False)
            moves |= move
        return moves
