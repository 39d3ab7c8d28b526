"""What the customer is charged beside goods: contract prices, charges that partners name, costs passed on."""

from dataclasses import dataclass, field
from decimal import Decimal

from ..billing.decimals import decimal
from ..billing.errors import RateGap
from ..billing.money import HUNDRED, ZERO, rounded
from ..billing.sentences import charge_term, say, say_all
from . import currency_rates


@dataclass(frozen=True)
class Price:
    """One amount of the customer's contract, in the contract's currency; `rate` is None for a request."""

    charge_type: str
    amount: Decimal
    currency: object
    rate: object = None
    basis: str = ""


@dataclass(frozen=True)
class SellSheet:
    """The customer's contract for one shipment.

    `faults` say per charge type why there is no amount (no rate where the policy demands one, a gap
    in a table); `evidence` what was not reported that an amount depends on (a departure).
    """

    prices: list = field(default_factory=list)
    faults: dict = field(default_factory=dict)
    evidence: dict = field(default_factory=dict)


@dataclass(frozen=True)
class SellRow:
    """One charge type to bill, in the shipment's currency; `cost` is what it costs us."""

    charge_type: str
    amount: Decimal
    cost: Decimal = ZERO
    rate: int | None = None
    basis: str = ""


@dataclass
class SellCharges:
    """`pending` are (charge type, amount, why) that must be settled before the shipment is billed."""

    rows: list = field(default_factory=list)
    pending: tuple = ()
    fault: str = ""


def sell_charges(shipment, policy, told, expected, settled, day, posted):
    """The SellCharges of one shipment.

    A charge type is billed in one way: passed on where the policy says so, else by contract where a
    price applies, else as the partner names it.

    :param told: surviving milepost.charge records of side `sell`
    :param expected: costs.Expected
    :param settled: costs.Settled
    :param day: day of the exchange rates of what is told or passed on; contract prices take the pickup's
    :param posted: the shipment was invoiced: what is pending follows by a debit note
    """
    return _Seller(shipment, policy, expected, settled, day, posted).charges(told)


class _Seller:
    """Collects the rows of one shipment."""

    def __init__(self, shipment, policy, expected, settled, day, posted):
        self.shipment, self.policy = shipment, policy
        self.sheet, self.sold, self.settled = expected.cost, expected.sell, settled
        self.day = day
        self.posted = posted
        self.rows, self.pending, self.faults = [], [], {}

    def charges(self, told):
        passed = self.policy._pass_through_types()
        by_contract = self._contract(passed)
        if self.policy.bill_told_charges:
            self._told(told.filtered(lambda one: one.charge_type not in passed | by_contract))
        for charge_type in sorted(passed):
            self._passed_on(charge_type)
        return SellCharges(self.rows, tuple(self.pending), say_all(self.faults.values()))

    def _contract(self, passed):
        """Bill by contract; returns the charge types that it settles, by an amount or a fault."""
        pickup = (self.shipment.picked_up_at or self.shipment.create_date).date()
        by_type = {}
        for price in self.sold.prices:
            if price.charge_type not in passed:
                by_type.setdefault(price.charge_type, []).append(price)
        for charge_type, prices in sorted(by_type.items()):
            amounts = [self._here(charge_type, one.amount, one.currency, pickup) for one in prices]
            if charge_type in self.faults or not any(amounts):
                continue
            rates = [one.rate for one in prices if one.rate]
            basis = say_all(one.basis for one in prices if one.amount and one.basis)
            self.rows.append(
                SellRow(charge_type, sum(amounts, ZERO), rate=rates[0].id if rates else None, basis=basis)
            )
        required = self.policy._rate_types() - passed
        if not self.posted:
            for charge_type, text in sorted(self.sold.faults.items()):
                if charge_type not in passed and charge_type not in by_type:
                    self.faults[charge_type] = text
        for charge_type, text in self.sold.evidence.items():
            if charge_type not in passed and self._holds_pending():
                self.pending.append((charge_type, ZERO, text))
        return set(by_type) | required | set(self.faults)

    def _told(self, told):
        sums = {}
        for charge in told:
            amount = self._here(charge.charge_type, decimal(charge.amount), charge.currency_id, self.day)
            sums[charge.charge_type] = sums.get(charge.charge_type, ZERO) + amount
        for charge_type, amount in sorted(sums.items()):
            if charge_type in self.faults:
                continue
            if amount < ZERO and charge_type != "discount":
                said = rounded(amount, self.shipment.currency_id.decimal_places)
                self.pending.append((charge_type, abs(amount), say("below_zero", amount=said)))
            else:
                self.rows.append(SellRow(charge_type, amount))

    def _passed_on(self, charge_type):
        sheet, settled, policy = self.sheet, self.settled, self.policy
        expected = sheet.expected.get(charge_type, ZERO)
        approved = settled.approved.get(charge_type, ZERO)
        if policy.pass_through_basis == "expected":  # noqa: S105
            if charge_type in sheet.faults:
                self.faults[charge_type] = sheet.faults[charge_type]
            cost = expected
        else:
            why = settled.open.get(charge_type)
            if not why and expected and charge_type not in settled.approved:
                why = say("not_billed_yet")
            if why and self._holds_pending():
                amount = self._here(charge_type, max(expected, approved), sheet.currency, self.day)
                self.pending.append((charge_type, amount, why))
            cost = approved
        if cost:
            digits = self.shipment.currency_id.decimal_places
            amount = rounded(cost * (HUNDRED + policy._markup(charge_type)) / HUNDRED, digits)
            amount = self._here(charge_type, amount, sheet.currency, self.day)
            self.rows.append(SellRow(charge_type, amount, cost))

    def _holds_pending(self):
        return self.policy.pass_through_pending == "hold" and not self.posted  # noqa: S105

    def _here(self, charge_type, amount, currency, day):
        """An amount in the shipment's currency; without an exchange rate a fault, and nothing."""
        shipment = self.shipment
        own = shipment.currency_id
        if currency == own or not amount:
            return amount
        try:
            units = currency_rates.units(shipment.env, currency, own, shipment.company_id, day)
        except RateGap as gap:
            self.faults[charge_type] = say("said_of", name=charge_term(charge_type), what=gap.said)
            return ZERO
        return rounded(amount / units, own.decimal_places)
