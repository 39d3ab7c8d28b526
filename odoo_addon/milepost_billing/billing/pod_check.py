"""Proof of delivery: does it hold up, and does it cover every delivery stop?"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from .sentences import say

EARTH_RADIUS_MILES = 3958.7613


@dataclass(frozen=True)
class Checks:
    """The policy's demands on a POD."""

    need_signer: bool = True
    need_signature: bool = True
    need_document: bool = True
    need_quantities: bool = False
    early_minutes: int = 15
    future_minutes: int = 5
    radius_miles: Decimal | None = Decimal(1)
    #: `pod` or `pod_or_delivered`
    gate: str = "pod"


@dataclass(frozen=True)
class Pod:
    """A POD as stated. `hashes` are the SHA-256 of its files."""

    id: int
    stop: int | None
    delivered_at: datetime | None = None
    signer: str | None = None
    signed: bool = False
    has_quantities: bool = False
    hashes: frozenset[str] = frozenset()
    readable: bool = True
    latitude: float | None = None
    longitude: float | None = None
    revoked: bool = False
    #: it tells a delivery that lies after its own receipt
    is_ahead: bool = False


@dataclass(frozen=True)
class DeliveryStop:
    """A delivery stop as derived from the milestones."""

    id: int
    label: str = ""
    arrived_at: datetime | None = None
    delivered: bool = False
    latitude: float | None = None
    longitude: float | None = None
    radius_miles: Decimal | None = None


@dataclass(frozen=True)
class Fault:
    """Why a POD does not count: a stable code and the sentence for the user."""

    code: str
    text: str


@dataclass(frozen=True)
class Coverage:
    """Which delivery stops are proven. `percent` counts stops."""

    covered: tuple[int, ...]
    missing: tuple[int, ...]
    percent: Decimal


def faults(
    pod: Pod,
    stop: DeliveryStop | None,
    checks: Checks,
    now: datetime,
    used_elsewhere: frozenset[str] = frozenset(),
) -> list[Fault]:
    """Every reason against the POD; an empty list means that it is valid."""
    found = []
    if pod.revoked:
        found.append(Fault("revoked", say("proof_withdrawn")))
    if stop is None:
        found.append(Fault("stop", say("proof_without_stop")))
    if checks.need_signer and not pod.signer:
        found.append(Fault("signer", say("proof_without_signer")))
    if checks.need_signature and not pod.signed:
        found.append(Fault("signature", say("proof_without_signature")))
    if checks.need_quantities and not pod.has_quantities:
        found.append(Fault("quantities", say("proof_without_quantities")))
    if checks.need_document and not pod.hashes:
        found.append(Fault("document", say("proof_without_document")))
    if not pod.readable:
        found.append(Fault("unreadable", say("proof_unreadable")))
    if pod.hashes & used_elsewhere:
        found.append(Fault("duplicate", say("proof_used_elsewhere")))
    found.extend(_time_faults(pod, stop, checks, now))
    found.extend(_place_faults(pod, stop, checks))
    return found


def _time_faults(pod, stop, checks, now):
    if pod.delivered_at is None:
        return [Fault("time", say("proof_without_time"))]
    if pod.is_ahead or pod.delivered_at > now + timedelta(minutes=checks.future_minutes):
        return [Fault("time", say("proof_in_the_future"))]
    if stop is not None and stop.arrived_at is not None:
        early = stop.arrived_at - pod.delivered_at
        if early > timedelta(minutes=checks.early_minutes):
            minutes = int(early.total_seconds() // 60)
            return [Fault("time", say("proof_too_early", minutes=minutes))]
    return []


def _place_faults(pod, stop, checks):
    if stop is None or None in (pod.latitude, pod.longitude, stop.latitude, stop.longitude):
        return []
    radius = stop.radius_miles if stop.radius_miles is not None else checks.radius_miles
    if radius is None:
        return []
    miles = distance_miles(pod.latitude, pod.longitude, stop.latitude, stop.longitude)
    if miles <= float(radius):
        return []
    return [Fault("place", say("proof_too_far", miles=Decimal(f"{miles:.1f}")))]


def distance_miles(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance (haversine)."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    a = (
        math.sin((phi2 - phi1) / 2) ** 2
        + math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_MILES * math.asin(min(1.0, math.sqrt(a)))


def coverage(
    stops: Iterable[DeliveryStop],
    proven: Iterable[int],
    gate: str = "pod",
) -> Coverage:
    """Which delivery stops are covered by a validated POD.

    `proven` are the stop ids of validated PODs. The status "delivered" alone counts only when
    the gate is `pod_or_delivered`.
    """
    proven = set(proven)
    stops = list(stops)
    covered = [one.id for one in stops if one.id in proven or (gate == "pod_or_delivered" and one.delivered)]
    missing = tuple(one.id for one in stops if one.id not in covered)
    percent = Decimal(100 * len(covered)) / len(stops) if stops else Decimal(0)
    return Coverage(tuple(covered), missing, percent.quantize(Decimal("0.01")))
