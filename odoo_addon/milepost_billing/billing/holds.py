"""Holds: which must be open for the facts as they are, and what changes in those that exist."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from .money import rounded

#: Receivable and payable reasons with their default severity.
AR_REASONS = {
    "POD_MISSING": "soft",
    "POD_INVALID": "soft",
    "POD_REVOKED": "warn",
    "PROOF_DUE": "warn",
    "FACT_AHEAD": "soft",
    "QTY_SHORT": "soft",
    "QTY_OVER": "soft",
    "QTY_REFUSED": "soft",
    "DAMAGE": "soft",
    "CHARGE_PENDING": "soft",
    "RATE_MISSING": "hard",
    "REF_MISSING": "hard",
    "ORDER_CANCELLED": "hard",
    "CUSTOMER_DISPUTE": "soft",
    "CREDIT": "soft",
    "MANUAL": "soft",
}
AP_REASONS = {
    "NO_MATCH": "hard",
    "AMBIGUOUS": "hard",
    "DUPLICATE": "soft",
    "DUP_SUSPECT": "soft",
    "CHARGE_VARIANCE": "soft",
    "UNEXPECTED_CHARGE": "soft",
    "DET_EVIDENCE": "soft",
    "TAX_MISMATCH": "soft",
    "CURRENCY": "hard",
    "RATE_MISSING": "hard",
    "CLAIM_OPEN": "soft",
    "BANK_CHANGED": "soft",
    "POD_MISSING": "soft",
    "NOT_ADDING_UP": "hard",
    "WINDOW_EXPIRED": "soft",
    "MANUAL": "soft",
}
#: Only the part that they name is kept back, the rest of a bill is paid.
PARTIAL_REASONS = frozenset({"CHARGE_VARIANCE", "UNEXPECTED_CHARGE", "DET_EVIDENCE"})
#: Opened and closed by people only.
MANUAL_REASONS = frozenset({"MANUAL", "CUSTOMER_DISPUTE", "CREDIT", "BANK_CHANGED"})

OPEN_STATES = frozenset({"open", "in_review"})
#: A rejected release leaves the thing blocked; `expired` and `auto_cleared` do not.
BLOCKING_STATES = frozenset({"open", "in_review", "rejected"})


@dataclass(frozen=True)
class Decided:
    """A hold that the facts call for.

    `subject` tells holds of one reason apart (a stop, a charge, a line). `basis` are the values
    that it was decided on; the fingerprint is their hash, so that a rewritten document with the
    same values stays released and other values reopen the hold.
    """

    side: str
    reason: str
    subject: str
    severity: str
    amount: Decimal
    explanation: str
    percent: Decimal | None = None
    remedy: str = ""
    basis: tuple = field(default=())
    #: of a carrier's bill: the rest of it is paid
    is_partial: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two holds the same one."""
        return (self.side, self.reason, self.subject)

    @property
    def fingerprint(self) -> str:
        """Hash of the facts."""
        return fingerprint(self.key, self.basis)


@dataclass(frozen=True)
class Existing:
    """A stored hold. `manual` ones are never touched by the rules."""

    id: int
    side: str
    reason: str
    subject: str
    state: str
    fingerprint: str
    #: None where the money is not compared
    amount: Decimal | None = None
    manual: bool = False
    #: decimal places that amounts are stored with
    digits: int = 2

    def is_decided_for(self, one: Decided) -> bool:
        """Whether what was decided of this hold covers what is held now: the same facts, and no more money."""
        return self.fingerprint == one.fingerprint and (
            self.amount is None or rounded(abs(one.amount), self.digits) <= self.amount
        )

    def says(self, one: Decided) -> bool:
        """Whether the stored hold says exactly this."""
        return self.fingerprint == one.fingerprint and (
            self.amount is None or rounded(abs(one.amount), self.digits) == self.amount
        )

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two holds the same one."""
        return (self.side, self.reason, self.subject)


@dataclass(frozen=True)
class Changes:
    """What to write: new holds, holds to reopen, to refresh while open, to clear."""

    open: tuple[Decided, ...] = ()
    reopen: tuple[tuple[int, Decided], ...] = ()
    refresh: tuple[tuple[int, Decided], ...] = ()
    clear: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.open or self.reopen or self.refresh or self.clear)


def fingerprint(*parts: object) -> str:
    """SHA-256 over values; decimals count by value (44.4 = 44.40), the rest by their text."""
    return hashlib.sha256(json.dumps(_plain(parts), sort_keys=True).encode()).hexdigest()


def _plain(value):
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(one) for one in value), key=str)
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)


def diff(existing: Iterable[Existing], decided: Iterable[Decided]) -> Changes:
    """The steps from the stored holds to the decided ones.

    Deciding the same facts twice changes nothing. A released (or rejected) hold stays so while
    its fingerprint is the same and its money does not grow, and is reopened otherwise; one that
    cleared itself reopens whenever the facts call for it again.
    """
    stored = {one.key: one for one in existing if not one.manual}
    wanted = {one.key: one for one in decided}
    opened, reopened, refreshed, kept = [], [], [], []
    for key, one in wanted.items():
        known = stored.get(key)
        if known is None:
            opened.append(one)
        elif known.state in OPEN_STATES:
            (kept.append(known.id) if known.says(one) else refreshed.append((known.id, one)))
        elif known.state in ("auto_cleared", "expired") or not known.is_decided_for(one):
            reopened.append((known.id, one))
        else:
            kept.append(known.id)
    clear = [one.id for key, one in stored.items() if key not in wanted and one.state in OPEN_STATES]
    return Changes(tuple(opened), tuple(reopened), tuple(refreshed), tuple(clear), tuple(kept))


def blocks(state: str, severity: str) -> bool:
    """Whether a hold stops billing; a warning never does."""
    return severity != "warn" and state in BLOCKING_STATES
