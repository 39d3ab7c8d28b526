"""Who may release a hold: by role, amount, percentage and reason; four eyes; never one's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
DEFAULT_LEAST = {"DUP_SUSPECT": "manager", "DUPLICATE": "controller", "BANK_CHANGED": "controller"}


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
    """`allowed` by this user; `complete` when nobody else has to agree any more."""

    allowed: bool
    complete: bool = False
    why: str = ""


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
        return Answer(False, why="your role may not release a hold")
    if held.severity == "hard":
        return Answer(False, why="a hard hold goes only when its cause is fixed")
    if user in held.touched_by:
        return Answer(False, why="you created or edited what this hold is about")
    least = authority.least.get(held.reason)
    if least and ROLES.index(role) < ROLES.index(least):
        return Answer(False, why=f"{held.reason} needs a {least}")
    refusal = _beyond(held, authority.limits.get(role, Limits()))
    if refusal:
        return Answer(False, why=refusal)
    two = held.reason in authority.always_two or (
        authority.four_eyes_above is not None and abs(held.amount) > authority.four_eyes_above
    )
    if not two:
        return Answer(True, True)
    others = set(approvals) - {user}
    if others:
        return Answer(True, True)
    return Answer(True, False, "a second user must agree")


def _beyond(held: Held, limits: Limits) -> str:
    if limits.amount is not None and abs(held.amount) > limits.amount:
        return f"{abs(held.amount)} is above your limit of {limits.amount}"
    if limits.percent is None or held.reason in MANUAL_REASONS:
        return ""
    if held.percent is None:
        if held.reason in VARIANCE_REASONS:
            return "nothing was expected, so no percentage limit covers it"
        return ""
    if abs(held.percent) > limits.percent:
        return f"{held.percent} % is above your limit of {limits.percent} %"
    return ""
