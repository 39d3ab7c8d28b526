"""Who may release a hold: by role, amount, percentage and reason; four eyes; never one's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from .holds import MANUAL_REASONS

#: From the least to the most.
ROLES = ("analyst", "manager", "controller")
#: Reasons whose percentage counts: without one (nothing was expected) no percentage is small.
VARIANCE_REASONS = frozenset({"CHARGE_VARIANCE", "UNEXPECTED_CHARGE"})


@dataclass(frozen=True)
class Limits:
    """What a role may release; None is no bound. `eyes` is how many people must agree."""

    amount: Decimal | None = Decimal(0)
    percent: Decimal | None = None
    eyes: int = 1


DEFAULT_LIMITS = {
    "analyst": Limits(Decimal(250), Decimal(5)),
    "manager": Limits(Decimal(2500)),
    "controller": Limits(None),
}
#: The least role for a reason.
DEFAULT_LEAST = {
    "DUP_SUSPECT": "manager", "DUPLICATE": "controller", "BANK_CHANGED": "controller",
    "PROOF_DUE": "manager",
}  # fmt: skip


@dataclass(frozen=True)
class Authority:
    """The policy's table. Above `four_eyes_above` two different users must agree."""

    limits: Mapping[str, Limits] = field(default_factory=lambda: dict(DEFAULT_LIMITS))
    least: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULT_LEAST))
    four_eyes_above: Decimal | None = Decimal(2500)
    always_two: frozenset[str] = frozenset({"DUPLICATE", "BANK_CHANGED"})


@dataclass(frozen=True)
class Held:
    """The hold as far as authority is concerned, its amount in the company's currency."""

    reason: str
    severity: str
    amount: Decimal
    percent: Decimal | None = None
    touched_by: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Answer:
    """`allowed` by this user; `complete` when nobody else has to agree any more.

    A refusal says why by its `code`: role, hard, touched, least (a higher role), amount, percent,
    unexpected; of the two limits `value` is above `limit`.
    """

    allowed: bool
    complete: bool = False
    code: str = ""
    value: Decimal = Decimal(0)
    limit: Decimal = Decimal(0)


@dataclass(frozen=True)
class Needed:
    """The least role that may release a hold, None when only the facts can; how many people."""

    role: str | None
    people: int = 1


def needed(held: Held, authority: Authority) -> Needed:
    """Who can release the hold, whoever that is: nobody who touched it is left out here."""
    for role in ROLES:
        answer = may_release(replace(held, touched_by=frozenset()), role, 0, authority)
        if answer.allowed:
            return Needed(role, 1 if answer.complete else 2)
    return Needed(None, 0)


def may_release(
    held: Held,
    role: str | None,
    user: int,
    authority: Authority,
    approvals: Iterable[int] = (),
) -> Answer:
    """Whether a user of a role may release the hold, alone or as one of two.

    :param role: the user's highest finance role, None for dispatchers and the bridge
    :param approvals: users who approved this release before, under the same fingerprint
    """
    if role not in ROLES:
        return Answer(False, code="role")
    if held.severity == "hard":
        return Answer(False, code="hard")
    if user in held.touched_by:
        return Answer(False, code="touched")
    least = authority.least.get(held.reason)
    if least and ROLES.index(role) < ROLES.index(least):
        return Answer(False, code="least")
    refusal = _beyond(held, authority.limits.get(role, Limits()))
    if refusal:
        return refusal
    two = held.reason in authority.always_two or (
        authority.four_eyes_above is not None and abs(held.amount) > authority.four_eyes_above
    )
    if not two:
        return Answer(True, True)
    others = set(approvals) - {user}
    if others:
        return Answer(True, True)
    return Answer(True, False)


def _beyond(held: Held, limits: Limits) -> Answer | None:
    """The refusal when the hold is above a limit of the role."""
    if limits.amount is not None and abs(held.amount) > limits.amount:
        return Answer(False, code="amount", value=abs(held.amount), limit=limits.amount)
    if limits.percent is None or held.reason in MANUAL_REASONS:
        return None
    if held.percent is None:
        return Answer(False, code="unexpected") if held.reason in VARIANCE_REASONS else None
    if abs(held.percent) > limits.percent:
        return Answer(False, code="percent", value=abs(held.percent), limit=limits.percent)
    return None
