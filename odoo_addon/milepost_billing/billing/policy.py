"""Which billing policy applies: the most specific one whose conditions all hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Conditions:
    """When a policy applies. None means any; the value range is inclusive."""

    id: int
    customers: frozenset[int] | None = None
    carrier: int | None = None
    service: str | None = None
    value_from: Decimal | None = None
    value_to: Decimal | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    sequence: int = 10


@dataclass(frozen=True)
class Case:
    """What a shipment is matched by. `customers` is the customer and its parents, nearest first."""

    customers: tuple[int, ...] = ()
    carrier: int | None = None
    service: str | None = None
    value: Decimal = Decimal(0)
    day: date | None = None


def applies(policy: Conditions, case: Case) -> bool:
    """Whether every condition of the policy holds for the case."""
    return (
        (policy.customers is None or not policy.customers.isdisjoint(case.customers))
        and policy.carrier in (None, case.carrier)
        and policy.service in (None, case.service)
        and (policy.value_from is None or case.value >= policy.value_from)
        and (policy.value_to is None or case.value <= policy.value_to)
        and (policy.valid_from is None or case.day is None or case.day >= policy.valid_from)
        and (policy.valid_to is None or case.day is None or case.day <= policy.valid_to)
    )


def specificity(policy: Conditions, case: Case) -> tuple:
    """Order of precedence: customer (the nearer the better), carrier, service, value, then sequence.

    Lexicographic, so that one customer's policy beats any number of general conditions.
    """
    nearest = 0
    if policy.customers is not None:
        ranks = [rank for rank, one in enumerate(case.customers) if one in policy.customers]
        nearest = len(case.customers) - min(ranks) if ranks else 0
    return (
        nearest,
        policy.carrier is not None,
        policy.service is not None,
        policy.value_from is not None or policy.value_to is not None,
        -policy.sequence,
        -policy.id,
    )


def resolve(policies: Iterable[Conditions], case: Case) -> int | None:
    """The id of the policy that applies, None when none does (the safe default then counts)."""
    found = [one for one in policies if applies(one, case)]
    return max(found, key=lambda one: specificity(one, case)).id if found else None
