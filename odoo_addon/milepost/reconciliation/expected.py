"""What shipments should cost by contract: rates in force at pickup, detention by the stops' times."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from ..billing import detention, fuel
from ..billing.decimals import decimal
from ..billing.errors import BillingError, RateGap
from ..billing.money import ZERO
from .instants import aware

# Rates that are taken of another rate's result come after it.
ORDER = {"flat": 0, "distance": 1, "percent": 2, "fuel_formula": 3, "fuel_bracket": 3, "detention": 4}


@dataclass
class Amount:
    """One expected amount; `stop` is set for detention."""

    charge_type: str
    rate: object
    amount: Decimal
    basis: str
    stop: object = None


@dataclass
class Contract:
    """The amounts of one shipment and what could not be computed, by charge type."""

    amounts: list = field(default_factory=list)
    faults: dict = field(default_factory=dict)


class Rates:
    """All rates and fuel prices of some companies, read once for a batch."""

    def __init__(self, env, companies):
        rates = env["milepost.rate"].search([("company_id", "in", companies.ids)])
        self.by_carrier = defaultdict(list)
        for rate in rates:
            self.by_carrier[rate.company_id, rate.carrier_partner_id].append(rate)
        prices = env["milepost.fuel.price"].search([("company_id", "in", companies.ids)])
        self.prices = defaultdict(list)
        for one in prices:
            price = fuel.Price(aware(one.effective_from), decimal(one.price))
            self.prices[one.company_id, one.fuel_index].append(price)

    def of(self, shipment, day):
        """{charge type: the most specific rate in force}, and faults of tables that ended."""
        company, carrier = shipment.company_id, shipment.carrier_partner_id
        candidates = self.by_carrier[company, carrier.browse()]
        if carrier:
            candidates = candidates + self.by_carrier[company, carrier]
        origin = shipment.origin_id.zip
        destination = shipment.destination_id.zip
        chosen, known = {}, set()
        for rate in candidates:
            if not rate._covers(shipment.carrier_id, origin, destination):
                continue
            known.add(rate.charge_type)
            if rate._in_force(day):
                best = chosen.get(rate.charge_type)
                if best is None or rate._specificity() > best._specificity():
                    chosen[rate.charge_type] = rate
        gaps = {
            charge_type: f"no {charge_type} rate of {carrier.display_name or 'the carrier'} is in force on {day}"
            for charge_type in sorted(known - set(chosen))
        }
        return chosen, gaps

    def contract(self, shipment, pickup):
        """The amounts that are frozen at pickup, without detention."""
        chosen, faults = self.of(shipment, pickup.date())
        result = Contract(faults=faults)
        linehaul = ZERO
        for rate in sorted(chosen.values(), key=lambda one: (ORDER[one.method], one.id)):
            if rate.method == "detention":
                result.amounts.append(Amount(rate.charge_type, rate, ZERO, "by the times at the stops"))
                continue
            try:
                amount = rate._amount(
                    linehaul, decimal(shipment.distance), lambda index: self._price(shipment, index, pickup)
                )
            except BillingError as error:
                result.faults[rate.charge_type] = f"{rate.name}: {error}"
                continue
            if rate.charge_type == "linehaul":
                linehaul = amount
            result.amounts.append(Amount(rate.charge_type, rate, amount, rate._basis()))
        return result

    def _price(self, shipment, index, pickup):
        prices = self.prices[shipment.company_id, index]
        if not prices:
            raise RateGap(f"the fuel index “{index}” has no prices")
        return fuel.price_at(prices, aware(pickup))


def detention_of(shipment, rate):
    """([Amount per stop], what is missing) by the stops' times under one detention rate."""
    terms = rate._terms()
    stops = [
        stop for stop in shipment.stop_ids
        if stop.in_plan and stop.kind in ("pickup", "delivery") and (stop.arrived_at or stop.departed_at)
    ]  # fmt: skip
    visits = {stop: _visit(stop) for stop in stops}
    digits = rate.currency_id.decimal_places
    missing = [stop for stop in stops if not (stop.arrived_at and stop.departed_at)]
    if rate.detention_scope == "shipment":
        if missing:
            return [], _missing_text(missing[0])
        one = detention.cumulative(list(visits.values()), terms, digits)
        if one.hold:
            return [], one.text
        return [Amount(rate.charge_type, rate, one.amount, one.text)] if one.amount else [], ""
    amounts, fault = [], ""
    for stop, visit in visits.items():
        one = detention.detention(visit, terms, digits)
        if one.hold:
            fault = fault or f"{stop.display_name}: {one.text}"
        elif one.amount:
            amounts.append(
                Amount(rate.charge_type, rate, one.amount, f"{stop.display_name}: {one.text}", stop)
            )
    return amounts, fault


def _visit(stop):
    return detention.Visit(
        arrival=aware(stop.arrived_at) or None,
        departure=aware(stop.departed_at) or None,
        appointment=aware(stop.window_start or stop.planned_arrival) or None,
        unload_start=aware(stop.unload_started_at) or None,
        excluded_minutes=stop.excluded_minutes,
    )


def _missing_text(stop):
    name = "arrival" if not stop.arrived_at else "departure"
    return f"{stop.display_name}: the {name} was never reported"
