"""Which shipment a carrier's invoice is for, and whether it was billed before."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_SUFFIX = re.compile(r"^(?P<base>.{6,}?)[-/. ](?P<suffix>\d{2})$")


@dataclass(frozen=True)
class Pro:
    """A PRO number without the accidents of writing. `suffix` tells bills of one PRO apart."""

    base: str
    suffix: int = 0

    def __str__(self) -> str:
        return f"{self.base}-{self.suffix:02d}" if self.suffix else self.base


def normalise_pro(text: str) -> Pro:
    """Separators, case, leading zeros and a `-00` suffix are writing, not meaning.

    `0123456780-00` = `123456780`; `123456780-01` is another bill of the same PRO.
    """
    text = text.strip().upper()
    found = _SUFFIX.match(text)
    base, suffix = (found["base"], int(found["suffix"])) if found else (text, 0)
    base = re.sub(r"[^A-Z0-9]", "", base).lstrip("0")
    return Pro(base, suffix)


@dataclass(frozen=True)
class Candidate:
    """A shipment that an invoice may be for."""

    id: int
    carrier: int | None = None
    pros: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    bols: frozenset[str] = frozenset()
    ship_date: date | None = None


@dataclass(frozen=True)
class Bill:
    """What a carrier's invoice says of itself."""

    id: int
    carrier: int | None
    pro: str
    amount: Decimal
    currency: str = ""
    kind: str = "original"
    references: frozenset[str] = frozenset()
    bols: frozenset[str] = frozenset()
    ship_date: date | None = None
    shipment: int | None = None


@dataclass(frozen=True)
class Match:
    """`how` is pro, reference, bol, none; without a shipment, `hold` says why."""

    shipment: int | None
    how: str
    hold: str | None = None
    candidates: tuple[int, ...] = ()


def match(bill: Bill, candidates: Iterable[Candidate], bol_days: int = 3) -> Match:
    """Carrier + PRO, then our own reference, then BOL + ship date; the first that hits decides.

    Exactly one shipment must be left, else NO_MATCH or AMBIGUOUS.
    """
    candidates = list(candidates)
    pro = normalise_pro(bill.pro).base if bill.pro else ""
    steps = (
        ("pro", lambda one: _same_carrier(bill, one) and pro in _bases(one.pros)),
        ("reference", lambda one: not bill.references.isdisjoint(one.references)),
        ("bol", lambda one: _by_bol(bill, one, bol_days)),
    )
    for how, hits in steps:
        found = sorted({one.id for one in candidates if hits(one)})
        if len(found) == 1:
            return Match(found[0], how)
        if found:
            return Match(None, how, "AMBIGUOUS", tuple(found))
    return Match(None, "none", "NO_MATCH")


def _same_carrier(bill, one):
    return bill.carrier is None or one.carrier in (None, bill.carrier)


def _bases(pros):
    return {normalise_pro(one).base for one in pros}


def _by_bol(bill, one, days):
    if bill.bols.isdisjoint(one.bols):
        return False
    if bill.ship_date is None or one.ship_date is None:
        return True
    return abs((bill.ship_date - one.ship_date).days) <= days


@dataclass(frozen=True)
class Duplicate:
    """`hold` is DUPLICATE, DUP_SUSPECT or None; `replaces` is the bill to reverse."""

    hold: str | None
    kind: str
    of: int | None = None
    replaces: int | None = None


def duplicate_of(bill: Bill, earlier: Iterable[Bill]) -> Duplicate:
    """Whether the bill was billed before, among `earlier` live bills of the same carrier.

    Same PRO and amount: DUPLICATE. A replacement (B308 = RB) replaces the bill of its PRO. The
    same PRO with another amount, another suffix, or another PRO on the same shipment is a
    DUP_SUSPECT, unless the bill itself says that it is a balance due or a credit.
    """
    own = normalise_pro(bill.pro)
    live = [one for one in earlier if one.id != bill.id and one.carrier == bill.carrier]
    same_base = [one for one in live if own.base and normalise_pro(one.pro).base == own.base]
    if bill.kind == "replacement" and same_base:
        return Duplicate(None, "replacement", same_base[0].id, replaces=same_base[0].id)
    same = [
        one
        for one in same_base
        if normalise_pro(one.pro) == own
        and (one.amount, one.currency, one.kind) == (bill.amount, bill.currency, bill.kind)
    ]
    if same:
        return Duplicate("DUPLICATE", "same", same[0].id)
    if bill.kind in ("balance_due", "credit") or bill.amount < 0:
        return Duplicate(None, bill.kind)
    on_shipment = [one for one in live if bill.shipment is not None and one.shipment == bill.shipment]
    # A credit note bills nothing, however early it came.
    billed = [one for one in same_base + on_shipment if one.kind != "credit" and one.amount >= 0]
    for one in billed:
        kind = "same_amount" if one.amount == bill.amount else "balance_due"
        return Duplicate("DUP_SUSPECT", kind, one.id)
    return Duplicate(None, bill.kind)
