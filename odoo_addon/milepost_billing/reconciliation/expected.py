"""What shipments cost and are sold for by contract: rates in force at pickup, detention by the times."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from ..billing import detention, fuel
from ..billing.decimals import decimal
from ..billing.errors import BillingError, RateGap
from ..billing.money import ZERO
from ..billing.sentences import charge_term, say
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
    """The amounts of one shipment; by charge type what could not be computed (`faults`), and of which
    tables none is in force any more (`gaps`)."""

    amounts: list = field(default_factory=list)
    faults: dict = field(default_factory=dict)
    gaps: dict = field(default_factory=dict)


class Rates:
    """All rates and fuel prices of some companies, read once for a batch."""

    def __init__(self, env, companies):
        rates = env["milepost.rate"].search([("company_id", "parent_of", companies.ids)])
        self.by_partner = defaultdict(list)
        for rate in rates:
            self.by_partner[rate.company_id, rate.side, rate._partner()].append(rate)
        prices = env["milepost.fuel.price"].search([("company_id", "parent_of", companies.ids)])
        self.prices = defaultdict(list)
        for one in prices:
            price = fuel.Price(aware(one.effective_from), decimal(one.price))
            self.prices[one.company_id, one.fuel_index].append(price)

    def of(self, shipment, side, day):
        """{charge type: the most specific rate in force}, and gaps: tables of which none is in force."""
        partners = partners_of(shipment, side)
        levels = levels_of(shipment)
        candidates = [
            rate
            for company in levels
            for partner in (*partners, partners.browse())
            for rate in self.by_partner[company, side, partner]
        ]
        customers = partners.ids if side == "sell" else ()
        origin = shipment.origin_id.zip
        destination = shipment.destination_id.zip
        chosen, known = {}, set()
        for rate in candidates:
            if not rate._covers(shipment.carrier_id, origin, destination):
                continue
            known.add(rate.charge_type)
            if rate._in_force(day):
                best = chosen.get(rate.charge_type)
                # Of two levels the first one wins: a branch's own rate comes before an inherited one.
                closer = best is None or rate.company_id == best.company_id
                if best is None or (closer and rate._specificity(customers) > best._specificity(customers)):
                    chosen[rate.charge_type] = rate
        whose = whose_rates(shipment, side)
        gaps = {
            charge_type: say("no_rate_in_force", charge=charge_term(charge_type), whose=whose, day=day)
            for charge_type in sorted(known - set(chosen))
        }
        return chosen, gaps

    def contract(self, shipment, side, pickup):
        """The amounts of a side that are frozen at pickup, without detention."""
        chosen, gaps = self.of(shipment, side, pickup.date())
        result = Contract(gaps=gaps)
        linehaul = ZERO
        for rate in sorted(chosen.values(), key=lambda one: (ORDER[one.method], one.id)):
            if rate.method == "detention":
                result.amounts.append(Amount(rate.charge_type, rate, ZERO, say("by_times")))
                continue
            try:
                amount = rate._amount(
                    linehaul, decimal(shipment.distance), lambda index: self._price(shipment, index, pickup)
                )
            except BillingError as error:
                result.faults[rate.charge_type] = say("said_of", name=rate.name, what=error.said)
                continue
            if rate.charge_type == "linehaul":
                linehaul = amount
            result.amounts.append(Amount(rate.charge_type, rate, amount, rate._basis()))
        return result

    def _price(self, shipment, index, pickup):
        prices = next(filter(None, (self.prices[one, index] for one in levels_of(shipment))), [])
        if not prices:
            raise RateGap(say("no_fuel_prices", index=index))
        return fuel.price_at(prices, aware(pickup))


def levels_of(shipment):
    """The shipment's company and those that it is a branch of, the nearest first."""
    return list(reversed(shipment.company_id.sudo().parent_ids))


def partners_of(shipment, side):
    """Whose rates apply: the carrier's, or those of the customer and its parent, the nearest first."""
    if side == "cost":
        return shipment.carrier_partner_id
    return shipment.partner_id | shipment.partner_id.commercial_partner_id


def whose_rates(shipment, side):
    """Name of the one whose contract it is."""
    partner = partners_of(shipment, side)[:1]
    return partner.display_name or say("the_carrier" if side == "cost" else "the_customer")


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
            fault = fault or say("said_of", name=stop.display_name, what=one.text)
        elif one.amount:
            basis = say("said_of", name=stop.display_name, what=one.text)
            amounts.append(Amount(rate.charge_type, rate, one.amount, basis, stop))
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
    missing = "arrival" if not stop.arrived_at else "departure"
    return say("said_of", name=stop.display_name, what=say(f"{missing}_unreported"))
