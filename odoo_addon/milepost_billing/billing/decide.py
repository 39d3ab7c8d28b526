"""The two decisions on one base of facts: may we bill the customer, may we pay the carrier?"""

from dataclasses import dataclass
from decimal import Decimal

from .holds import AP_REASONS, AR_REASONS, PARTIAL_REASONS, Decided
from .money import ZERO
from .pod_check import Coverage, Fault
from .quantities import Difference, Line, differences
from .tax_check import TaxVerdict
from .tolerance import Result


@dataclass(frozen=True)
class PodFacts:
    """A POD with what was found against it."""

    id: int
    stop: int | None
    label: str
    faults: tuple[Fault, ...] = ()
    hashes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Receivable:
    """All that decides whether a shipment is billed. Amounts in the shipment's currency."""

    delivered: bool
    value: Decimal = ZERO
    coverage: Coverage | None = None
    stop_labels: tuple[tuple[int, str], ...] = ()
    pods: tuple[PodFacts, ...] = ()
    lines: tuple[Line, ...] = ()
    #: line key → (disposition, facts it was made on)
    dispositions: tuple[tuple[int | str, str, str], ...] = ()
    pending_charges: tuple[tuple[str, Decimal, str], ...] = ()
    missing_rate: str = ""
    reference_needed: bool = False
    reference: str = ""
    already_posted: bool = False


def receivable_holds(facts: Receivable, digits: int = 2) -> list[Decided]:
    """The AR holds that the facts call for; nothing is held before the delivery."""
    if not facts.delivered:
        return []
    found = [*_pod_holds(facts), *_quantity_holds(facts, digits)]
    for charge_type, amount, why in facts.pending_charges:
        found.append(
            _ar(
                "CHARGE_PENDING",
                f"charge:{charge_type}",
                amount,
                f"{charge_type} is charged to the customer and not settled yet: {why}",
                "settle the carrier invoice, get what was not reported, or release the hold",
                (amount, why),
            )
        )
    if facts.missing_rate:
        found.append(
            _ar(
                "RATE_MISSING",
                "rate",
                facts.value,
                facts.missing_rate,
                "complete the rate table",
                (facts.missing_rate,),
            )
        )
    if facts.reference_needed and not facts.reference:
        found.append(
            _ar(
                "REF_MISSING",
                "reference",
                facts.value,
                "the customer demands its order number on the invoice",
                "enter the customer's reference on the sales order",
                (facts.value,),
            )
        )
    return found


def _pod_holds(facts):
    labels = dict(facts.stop_labels)
    revoked = [pod for pod in facts.pods if any(f.code == "revoked" for f in pod.faults)]
    invalid = [pod for pod in facts.pods if pod.faults and pod not in revoked]
    if facts.already_posted:
        for pod in revoked:
            yield Decided(
                "ar",
                "POD_REVOKED",
                f"pod:{pod.id}",
                "warn",
                facts.value,
                f"the proof of {pod.label} was withdrawn after the invoice was posted",
                remedy="ask for a new proof, or credit the invoice",
                facts=pod.hashes,
            )
        return
    missing = facts.coverage.missing if facts.coverage else ()
    for stop in missing:
        bad = [pod for pod in invalid if pod.stop == stop]
        label = labels.get(stop, str(stop))
        if bad:
            codes = sorted({fault.code for pod in bad for fault in pod.faults})
            text = "; ".join(fault.text for pod in bad for fault in pod.faults)
            yield _ar(
                "POD_INVALID",
                f"stop:{stop}",
                facts.value,
                f"{label}: {text}",
                "get a correct proof of delivery",
                (codes, sorted(pod.id for pod in bad)),
            )
        else:
            yield _ar(
                "POD_MISSING",
                f"stop:{stop}",
                facts.value,
                f"{label} has no valid proof of delivery (coverage {facts.coverage.percent:f} %)",
                "get the proof of delivery from the carrier",
                (stop,),
            )
    if missing:
        return
    # A proof that names no stop proves nothing, but must not be lost from sight.
    for pod in invalid:
        if pod.stop is None:
            text = "; ".join(fault.text for fault in pod.faults)
            yield Decided(
                "ar",
                "POD_INVALID",
                f"pod:{pod.id}",
                "warn",
                ZERO,
                text,
                remedy="assign the proof to a stop",
                facts=(pod.id,),
            )


def _quantity_holds(facts, digits):
    disposed = {(key, reason): basis for key, reason, basis in facts.dispositions}
    for line in facts.lines:
        for one in differences(line, digits):
            basis = difference_basis(one)
            if disposed.get((one.line, one.reason)) == basis:
                continue
            yield _ar(
                one.reason,
                f"line:{one.line}",
                one.amount,
                one.text,
                f"decide what to bill ({', '.join(one.proposals)} proposed)",
                (basis,),
            )


def difference_basis(difference: Difference) -> str:
    """What a disposition was made on: another quantity needs another decision."""
    return f"{difference.quantity.normalize():f}"


def _ar(reason, subject, amount, text, remedy, facts=()):
    severity = AR_REASONS[reason]
    return Decided("ar", reason, subject, severity, amount, text, remedy=remedy, facts=facts)


@dataclass(frozen=True)
class Payable:
    """All that decides whether a carrier's invoice is paid."""

    invoice: int
    total: Decimal
    match_hold: str | None = None
    match_text: str = ""
    duplicate_hold: str | None = None
    duplicate_text: str = ""
    not_adding_up: str = ""
    currency_fault: str = ""
    rate_fault: str = ""
    tax: TaxVerdict | None = None
    result: Result | None = None
    detention_fault: str = ""
    #: ids of the deliveries without a valid proof, where the contract pays against one
    unproven: tuple[int, ...] = ()
    #: (id, amount) of the open claims that the contract offsets
    claims: tuple[tuple[int, Decimal], ...] = ()
    #: days between what the agreed window counts from and the bill, where it is over
    days_late: int = 0


def payable_holds(facts: Payable) -> list[Decided]:
    """The AP holds that the facts call for.

    A bill that matches no shipment or was billed before is not compared with anything: only the
    first thing that is wrong with it is said.
    """
    total = facts.total
    if facts.not_adding_up:
        why = facts.not_adding_up
        return [_ap("NOT_ADDING_UP", total, why, "ask the carrier for a corrected invoice", (why,))]
    if facts.match_hold:
        return [_ap(facts.match_hold, total, facts.match_text, "choose the shipment", (facts.match_text,))]
    if facts.duplicate_hold == "DUPLICATE":
        return [_duplicate(facts)]
    found = [_duplicate(facts)] if facts.duplicate_hold else []
    found += _what_is_wrong_with_the_bill(facts)
    if facts.result:
        found += _variances(facts.result)
    return found + _what_the_contract_asks(facts)


def _ap(reason, amount, text, remedy, values=(), subject="document", percent=None):
    return Decided(
        "ap", reason, subject, AP_REASONS[reason], amount, text,
        percent=percent, remedy=remedy, facts=values, is_partial=reason in PARTIAL_REASONS,
    )  # fmt: skip


def _duplicate(facts):
    remedy, text = "reject the invoice, or say what it is", facts.duplicate_text
    return _ap(facts.duplicate_hold, facts.total, text, remedy, (text,))


def _what_is_wrong_with_the_bill(facts):
    """Currency, rates, tax and the evidence of detention."""
    found = []
    if facts.currency_fault:
        why = facts.currency_fault
        found.append(_ap("CURRENCY", facts.total, why, "enter the rate", (why,)))
    if facts.rate_fault:
        why = facts.rate_fault
        found.append(_ap("RATE_MISSING", facts.total, why, "complete the rate table", (why,)))
    if facts.tax and facts.tax.hold:
        tax, remedy = facts.tax, "ask the carrier for a corrected invoice"
        values = (tax.billed, tax.expected)
        found.append(_ap("TAX_MISMATCH", abs(tax.billed - tax.expected), tax.text, remedy, values, "tax"))
    if facts.detention_fault:
        why, remedy = facts.detention_fault, "get the missing time from the carrier"
        found.append(_ap("DET_EVIDENCE", ZERO, why, remedy, (why,), "charge:detention"))
    return found


def _what_the_contract_asks(facts):
    """Proof, claims and the window in which a carrier may bill."""
    found, total = [], facts.total
    if facts.unproven:
        text, remedy = "the contract pays against a valid proof", "get the proof of delivery from the carrier"
        found.append(_ap("POD_MISSING", total, text, remedy, facts.unproven))
    if facts.claims:
        text = "a claim is open and the contract offsets it"
        found.append(_ap("CLAIM_OPEN", total, text, "settle the claim", facts.claims))
    if facts.days_late:
        text, remedy = "billed after the agreed window", "reject it, or accept it late"
        found.append(_ap("WINDOW_EXPIRED", total, text, remedy, (facts.days_late,)))
    return found


def _variances(result):
    for verdict in result.holds:
        subject = verdict.key if verdict.key in ("document", "cumulative") else f"charge:{verdict.key}"
        scope = "" if subject.startswith("charge") else f"{verdict.key}: "
        if verdict.hold == "UNEXPECTED_CHARGE":
            text = f"{verdict.key}: {verdict.invoiced} billed, nothing was expected"
        else:
            percent = f" ({verdict.percent} %)" if verdict.percent is not None else ""
            text = (
                f"{scope}{verdict.key if not scope else 'total'}: {verdict.invoiced} billed, "
                f"{verdict.expected} expected: {verdict.variance:+}{percent}, "
                f"limit {verdict.limit}"
            )
        yield _ap(
            verdict.hold,
            verdict.variance,
            text,
            "dispute it, or get a corrected invoice",
            (verdict.expected, verdict.invoiced),
            subject,
            verdict.percent,
        )
