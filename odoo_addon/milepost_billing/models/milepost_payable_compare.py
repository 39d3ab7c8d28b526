from collections import defaultdict
from decimal import Decimal

from odoo import api, models

from ..billing import currency, tax_check
from ..billing.decimals import decimal
from ..billing.errors import RateGap
from ..billing.money import ZERO
from ..billing.sentences import say
from ..reconciliation import currency_rates


class MilepostPayableCompare(models.AbstractModel):
    """A carrier's bill in the contract's currency, its sums, and its tax."""

    _name = "milepost.payable.compare"
    _description = "Comparison of Carrier Bills"

    @api.model
    def _compared_lines(self, invoice, shipment, sheet):
        """({charge type: amount in contract currency}, exchange difference, currency fault)."""
        sums = defaultdict(Decimal)
        for line in invoice.line_ids:
            if line.charge_type != "tax":
                sums[line.charge_type] += decimal(line.amount)
        sign = -1 if invoice.document == "credit_note" and invoice.total > 0 else 1
        sums = {charge_type: sign * amount for charge_type, amount in sums.items()}
        if invoice.currency_id == sheet.currency:
            return sums, ZERO, ""
        digits = sheet.currency.decimal_places
        day = (shipment.picked_up_at or shipment.create_date).date()
        try:
            units = currency_rates.units(
                self.env, invoice.currency_id, sheet.currency, shipment.company_id, day
            )
            at_invoice = currency_rates.units(
                self.env, invoice.currency_id, sheet.currency, shipment.company_id, invoice.bill_date
            )
        except RateGap as gap:
            return sums, ZERO, gap.said
        return *currency.compare(sums, units, at_invoice, digits), ""

    @api.model
    def _no_carrier(self, invoice):
        """The sentence that says why the bill has no carrier of ours, or nothing."""
        if invoice.carrier_partner_id:
            return ""
        return say("no_scac", scac=invoice.carrier_scac) if invoice.carrier_scac else say("scac_missing")

    @api.model
    def _not_adding_up(self, invoice):
        """The sentence that says where the bill does not add up, or nothing."""
        lines = [decimal(line.amount) for line in invoice.line_ids if line.charge_type != "tax"]
        tax = sum((decimal(line.amount) for line in invoice.line_ids if line.charge_type == "tax"), ZERO)
        if not invoice.line_ids:
            return say("bill_without_lines")
        if (
            invoice.document == "invoice"
            and any(line.amount < 0 and line.charge_type != "discount" for line in invoice.line_ids)
            and invoice.total > 0
        ):
            return say("bill_line_negative")
        return tax_check.adds_up(lines, sum(lines, ZERO), tax, decimal(invoice.total)) or ""

    @api.model
    def _tax_verdict(self, amounts, policy):
        """Whether the tax is right, by the amounts of `_tax_amounts`."""
        return tax_check.judge_tax(*amounts, decimal(policy.tax_tolerance))

    @api.model
    def _tax_amounts(self, invoice, taxes=None):
        """(expected, billed, whether the buyer owes the tax himself).

        :param taxes: the company's own of this carrier, when they are known
        """
        net = sum((decimal(line.amount) for line in invoice.line_ids if line.charge_type != "tax"), ZERO)
        billed = sum((decimal(line.amount) for line in invoice.line_ids if line.charge_type == "tax"), ZERO)
        if taxes is None:
            taxes = self._purchase_taxes(invoice.company_id, invoice.carrier_partner_id)
        taxes = invoice._taxes_meant(taxes)
        expected = invoice._tax_on(taxes, net)
        return expected, billed, bool(taxes) and expected == ZERO

    @api.model
    def _purchase_taxes(self, company, partner):
        """Taxes of transport bought of a carrier, after its fiscal position."""
        product = self.env["milepost.billing.policy"]._charge_product(company)
        taxes = product.supplier_taxes_id._filter_taxes_by_company(company)
        position = self.env["account.fiscal.position"].with_company(company)._get_fiscal_position(partner)
        return position.map_tax(taxes) if position else taxes
