"""What was decided of one shipment."""

from dataclasses import dataclass

from ..billing import quantities
from ..billing.errors import RateGap
from ..billing.money import ZERO, rounded
from . import currency_rates


@dataclass(frozen=True)
class Decision:
    """`items` and `lines` are the goods by key; `dispositions` {(goods key, reason): disposition}.

    `sheet` is the CostSheet, `settled` what of it the carriers' bills were approved for.
    """

    policy: object
    proof: object
    items: dict
    lines: dict
    dispositions: dict
    charges: object
    sheet: object
    settled: object
    holds: list
    delivered: bool

    def is_frozen(self, shipment):
        """Whether the proof was withdrawn after the invoice: that changes nothing that was billed."""
        return bool(shipment.posted_at and self.proof.coverage.missing)

    def disposed(self, key):
        """{reason: disposition} of one kind of goods."""
        return {reason: one for (own, reason), one in self.dispositions.items() if own == key}

    def proposals(self, shipment):
        """{(goods key, reason, kind): (quantity, amount)} that people are asked to make."""
        found = {}
        freight = self._freight(shipment)
        for key, line in self.lines.items():
            for one in quantities.differences(line):
                for kind in one.proposals:
                    amount = one.amount
                    if kind == "claim":
                        amount = quantities.claim_amount(one, line, freight)
                    found[key, one.reason, kind] = (one.quantity, amount)
        return found

    def _freight(self, shipment):
        """The expected linehaul in the currency in which the goods are sold, at the pickup's rate.

        Without an exchange rate the claim is for the goods alone: a guess would be asked of the carrier.
        """
        amount, currency = self.sheet.expected.get("linehaul", ZERO), self.sheet.currency
        own = shipment.currency_id
        if not amount or currency == own:
            return amount
        day = (shipment.picked_up_at or shipment.create_date).date()
        try:
            units = currency_rates.units(shipment.env, currency, own, shipment.company_id, day)
        except RateGap:
            return ZERO
        return rounded(amount / units, own.decimal_places)
