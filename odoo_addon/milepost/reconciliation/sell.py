"""What the customer is charged beside goods: charges that partners name, and costs passed on."""

from dataclasses import dataclass, field
from decimal import Decimal

from ..billing.decimals import decimal
from ..billing.money import HUNDRED, ZERO, rounded


@dataclass(frozen=True)
class SellRow:
    """One charge type to bill, in the shipment's currency; `cost` is what it costs us."""

    charge_type: str
    amount: Decimal
    cost: Decimal = ZERO


@dataclass
class SellCharges:
    """`pending` are (charge type, amount, why) that must be settled before the shipment is billed."""

    rows: list = field(default_factory=list)
    pending: tuple = ()
    fault: str = ""


def sell_charges(shipment, policy, told, sheet, day, posted):
    """The SellCharges of one shipment.

    :param told: surviving milepost.charge records of side `sell`
    :param sheet: the CostSheet
    :param day: day of the exchange rates
    :param posted: the shipment was invoiced: what is pending follows by a debit note
    """
    company = shipment.company_id
    digits = shipment.currency_id.decimal_places

    def here(amount, currency):
        if currency == shipment.currency_id:
            return amount
        rate = currency._get_conversion_rate(currency, shipment.currency_id, company, day)
        return rounded(amount * decimal(rate), digits)

    passed = policy._pass_through_types()
    result = SellCharges()
    pending = []
    if policy.bill_told_charges:
        sums = {}
        for charge in told:
            if charge.charge_type not in passed:
                amount = here(decimal(charge.amount), charge.currency_id)
                sums[charge.charge_type] = sums.get(charge.charge_type, ZERO) + amount
        for charge_type, amount in sorted(sums.items()):
            if amount < ZERO and charge_type != "discount":
                pending.append((charge_type, abs(amount), f"the partner names {amount}, below zero"))
            else:
                result.rows.append(SellRow(charge_type, amount))
    for charge_type in sorted(passed):
        expected = sheet.expected.get(charge_type, ZERO)
        approved = sheet.approved.get(charge_type, ZERO)
        if policy.pass_through_basis == "expected":  # noqa: S105
            if charge_type in sheet.faults:
                result.fault = sheet.faults[charge_type]
            cost = expected
        else:
            why = sheet.open.get(charge_type)
            if not why and expected and charge_type not in sheet.approved:
                why = "the carrier has not billed it yet"
            if why and policy.pass_through_pending == "hold" and not posted:  # noqa: S105
                pending.append((charge_type, here(max(expected, approved), sheet.currency), why))
            cost = approved
        if cost:
            amount = rounded(cost * (HUNDRED + policy._markup(charge_type)) / HUNDRED, digits)
            result.rows.append(SellRow(charge_type, here(amount, sheet.currency), cost))
    result.pending = tuple(pending)
    return result
