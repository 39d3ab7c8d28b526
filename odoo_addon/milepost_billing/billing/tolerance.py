"""The ladder of tolerances: line, then document, then all approved invoices of the shipment.

A limit is the smaller of an amount and a percentage of what was expected, and is inclusive.
Being billed too little never holds; it only warns.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .money import HUNDRED, ZERO, percent_of, rounded


@dataclass(frozen=True)
class Limit:
    """How much may be too much. None is no bound; both None means no tolerance at all."""

    amount: Decimal | None = None
    percent: Decimal | None = None

    def of(self, expected: Decimal, digits: int = 2) -> Decimal:
        """The limit in money for an expected amount."""
        bounds = []
        if self.amount is not None:
            bounds.append(self.amount)
        if self.percent is not None:
            bounds.append(rounded(abs(expected) * self.percent / HUNDRED, digits))
        return min(bounds, default=ZERO)


@dataclass(frozen=True)
class Tolerances:
    """The policy's limits. `over` and `under` are per charge type, with `default_*` for others."""

    over: Mapping[str, Limit] = field(default_factory=dict)
    default_over: Limit = Limit()
    under: Mapping[str, Limit] = field(default_factory=dict)
    default_under: Limit = Limit(percent=Decimal(10))
    document: Limit = Limit()
    cumulative: Limit = Limit()
    auto_approve: Decimal = ZERO


@dataclass(frozen=True)
class Line:
    """One charge type of an invoice, in contract currency.

    `requested` is an approved request for the accessorial; `approved_before` is what earlier
    invoices of the shipment were approved for.
    """

    key: str
    charge_type: str
    expected: Decimal
    invoiced: Decimal
    requested: Decimal | None = None
    approved_before: Decimal = ZERO


@dataclass(frozen=True)
class Verdict:
    """What became of a line or of the whole. `pay` is what may be paid now."""

    key: str
    expected: Decimal
    invoiced: Decimal
    variance: Decimal
    percent: Decimal | None
    limit: Decimal
    hold: str | None
    pay: Decimal
    warning: str | None = None

    @property
    def dispute(self) -> Decimal:
        """What is not paid until it is settled."""
        return self.invoiced - self.pay


@dataclass(frozen=True)
class Result:
    """Verdicts per line, on the document and on the sum of the shipment's invoices."""

    lines: tuple[Verdict, ...]
    document: Verdict
    cumulative: Verdict

    @property
    def holds(self) -> list[Verdict]:
        """All verdicts that hold."""
        return [one for one in (*self.lines, self.document, self.cumulative) if one.hold]

    @property
    def pay(self) -> Decimal:
        """What may be paid: the passed lines and the expected part of the held ones."""
        return min(sum((one.pay for one in self.lines), ZERO), self.document.pay, self.cumulative.pay)

    @property
    def dispute(self) -> Decimal:
        """What the invoice asks above that."""
        return sum((one.invoiced for one in self.lines), ZERO) - self.pay


def judge_line(line: Line, tolerances: Tolerances, digits: int = 2) -> Verdict:
    """One line against its expected amount.

    Nothing expected is UNEXPECTED_CHARGE unless it was requested or lies within the threshold
    for automatic approval. What was approved before counts: a balance due is judged on the sum.
    """
    expected = rounded(max(line.expected, line.requested or ZERO), digits)
    before = rounded(line.approved_before, digits)
    invoiced = rounded(line.invoiced, digits)
    variance = before + invoiced - expected
    limit = tolerances.over.get(line.charge_type, tolerances.default_over).of(expected, digits)
    open_amount = max(expected - before, ZERO)
    hold, warning, pay = None, None, invoiced
    if expected == ZERO and variance > ZERO:
        limit = tolerances.auto_approve
        if variance > limit:
            hold, pay = "UNEXPECTED_CHARGE", ZERO
    elif variance > limit:
        hold, pay = "CHARGE_VARIANCE", min(open_amount, invoiced)
    elif variance < ZERO and before == ZERO:
        under = tolerances.under.get(line.charge_type, tolerances.default_under)
        if -variance > under.of(expected, digits):
            warning = "UNDER_BILLED"
    return Verdict(
        line.key, expected, invoiced, variance, percent_of(variance, expected), limit, hold, pay, warning
    )


def judge(
    lines: Iterable[Line],
    tolerances: Tolerances,
    shipment_expected: Decimal | None = None,
    approved_before: Decimal = ZERO,
    digits: int = 2,
) -> Result:
    """The whole ladder for one invoice.

    The document and the cumulative limit look at what the lines let pass (many small overcharges),
    for what a line holds is held already.

    :param shipment_expected: all that the shipment should cost; the lines' sum by default
    :param approved_before: what earlier invoices of the shipment were approved for, in sum
    """
    lines = list(lines)
    verdicts = tuple(judge_line(line, tolerances, digits) for line in lines)
    paid = sum((one.pay for one in verdicts), ZERO)
    expected = sum((one.expected for one in verdicts), ZERO)
    within = sum((_open(line, one) for line, one in zip(lines, verdicts, strict=True)), ZERO)
    document = _sum_verdict("document", within, paid, tolerances.document, expected, digits)
    whole = expected if shipment_expected is None else rounded(shipment_expected, digits)
    running = rounded(approved_before, digits)
    limit = tolerances.cumulative.of(whole, digits)
    total = running + paid
    over = total - whole
    # Only the first step that fails speaks: a salami is reported once.
    silent = not any(one.hold for one in (*verdicts, document))
    exceeded = running and _bounded(tolerances.cumulative) and over > limit
    hold = "CHARGE_VARIANCE" if silent and exceeded else None
    pay = max(min(paid, whole - running), ZERO) if hold else paid
    cumulative = Verdict(
        "cumulative", whole, total, over, percent_of(over, whole), limit, hold, pay if hold else paid
    )
    return Result(verdicts, document, cumulative)


def _open(line: Line, verdict: Verdict) -> Decimal:
    """What of the expectation is left for this invoice, given the earlier ones."""
    if verdict.hold:
        return verdict.pay
    return max(verdict.expected - line.approved_before, ZERO)


def _sum_verdict(key, expected, paid, limit, base, digits):
    variance = paid - expected
    allowed = limit.of(base, digits)
    hold = "CHARGE_VARIANCE" if _bounded(limit) and variance > allowed else None
    return Verdict(
        key,
        expected,
        paid,
        variance,
        percent_of(variance, expected),
        allowed,
        hold,
        min(expected, paid) if hold else paid,
    )


def _bounded(limit: Limit) -> bool:
    return limit.amount is not None or limit.percent is not None
