"""The two decisions on one base of facts: may we bill the customer, may we pay the carrier?"""

from dataclasses import dataclass
from decimal import Decimal

from .holds import AP_REASONS, AR_REASONS, PARTIAL_REASONS, Decided
from .money import ZERO
from .pod_check import Coverage, Fault
from .quantities import Difference, Line, differences
from .sentences import Change, charge_term, proposal_term, say, say_all
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
    #: of delivered goods whose order was cancelled: its name, and what of them is not billed
    cancelled_orders: tuple[tuple[str, Decimal], ...] = ()
    already_posted: bool = False
    #: delivery stops that were proven when the invoice was posted and are not any more
    lost: tuple[int, ...] = ()
    #: of what is billable, what no posted document bills; counts once something is posted
    unbilled: Decimal = ZERO
    #: why people had it billed before it was proven, if they had; whether they agreed to all of it
    emergency: str = ""
    emergency_covers: bool = False
    #: the steps that partners told ahead of their receipt, by what identifies them
    ahead: tuple[str, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether it was delivered and every delivery has a valid proof."""
        return self.delivered and self.coverage is not None and not self.coverage.missing


def receivable_holds(facts: Receivable, digits: int = 2) -> list[Decided]:
    """The AR holds that the facts call for; before the delivery only what is told ahead, and an emergency."""
    due = [_proof_due(facts)] if facts.emergency and not facts.proven else []
    due += () if facts.emergency_covers and not facts.proven else _told_ahead(facts)
    if not facts.delivered:
        return [*due, *_revoked(facts)]
    found = [*due, *_pod_holds(facts), *_quantity_holds(facts, digits)]
    for charge_type, amount, why in facts.pending_charges:
        text = say("charge_pending", charge=charge_term(charge_type), why=why)
        subject, remedy = f"charge:{charge_type}", say("settle_bill_or_release")
        found.append(_ar("CHARGE_PENDING", subject, amount, text, remedy, (amount, why)))
    if facts.missing_rate:
        why = facts.missing_rate
        found.append(_ar("RATE_MISSING", "rate", facts.value, why, say("complete_rates"), (why,)))
    if facts.reference_needed and not facts.reference:
        words = say("reference_missing"), say("enter_reference")
        found.append(_ar("REF_MISSING", "reference", facts.value, *words, (facts.value,)))
    for name, amount in facts.cancelled_orders:
        words = say("order_cancelled", order=name), say("confirm_or_take_back")
        found.append(_ar("ORDER_CANCELLED", f"order:{name}", amount, *words, (amount,)))
    return found


def _proof_due(facts):
    return Decided(
        "ar", "PROOF_DUE", "shipment", "warn", facts.value,
        say("billed_without_proof", reason=facts.emergency), remedy=say("get_proof"), basis=(facts.emergency,),
    )  # fmt: skip


def _told_ahead(facts):
    """What is not believed does not count as delivered: without a word nobody would learn why it waits."""
    amount = facts.unbilled if facts.already_posted else facts.value
    if facts.ahead and (amount or not facts.already_posted):
        yield _ar("FACT_AHEAD", "shipment", amount, say("step_ahead"), say("get_correction"), facts.ahead)


def _revoked(facts):
    """What a posted invoice rests on and that is gone: a case that changes nothing."""
    revoked = [pod for pod in facts.pods if _is_revoked(pod)]
    gone = [(f"pod:{pod.id}", pod.label, pod.hashes) for pod in revoked]
    lost = set(() if facts.emergency else facts.lost) - {pod.stop for pod in revoked}
    gone += [(f"stop:{stop}", dict(facts.stop_labels).get(stop, str(stop)), ()) for stop in sorted(lost)]
    for subject, label, hashes in gone if facts.already_posted else ():
        words = say("proof_gone_after_invoice", stop=label), say("ask_for_proof_or_credit")
        yield _ar("POD_REVOKED", subject, facts.value, *words, hashes)


def _is_revoked(pod):
    return any(fault.code == "revoked" for fault in pod.faults)


def _pod_holds(facts):
    labels = dict(facts.stop_labels)
    invalid = [pod for pod in facts.pods if pod.faults and not _is_revoked(pod)]
    yield from _revoked(facts)
    if facts.already_posted and not facts.unbilled:
        return
    if facts.emergency_covers and not facts.proven:
        return
    value = facts.unbilled if facts.already_posted else facts.value
    missing = facts.coverage.missing if facts.coverage else ()
    for stop in missing:
        bad = [pod for pod in invalid if pod.stop == stop]
        label = labels.get(stop, str(stop))
        if bad:
            codes = sorted({fault.code for pod in bad for fault in pod.faults})
            text = say_all(fault.text for pod in bad for fault in pod.faults)
            yield _ar(
                "POD_INVALID",
                f"stop:{stop}",
                value,
                say("said_of", name=label, what=text),
                say("map_unit" if codes == ["unit"] else "get_correct_proof"),
                (codes, sorted(pod.id for pod in bad)),
            )
        else:
            words = say("stop_unproven", stop=label, percent=facts.coverage.percent), say("get_proof")
            yield _ar("POD_MISSING", f"stop:{stop}", value, *words, (stop,))
    if missing:
        return
    # A proof that names no stop proves nothing, but must not be lost from sight.
    for pod in invalid:
        if pod.stop is None:
            text = say_all(fault.text for fault in pod.faults)
            yield Decided(
                "ar", "POD_INVALID", f"pod:{pod.id}", "warn", ZERO, text,
                remedy=say("assign_proof"), basis=(pod.id,),
            )  # fmt: skip


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
                say("decide_quantity", proposals=[proposal_term(kind) for kind in one.proposals]),
                (basis,),
            )


def difference_basis(difference: Difference) -> str:
    """What a disposition was made on: another quantity needs another decision."""
    return f"{difference.quantity.normalize():f}"


def _ar(reason, subject, amount, text, remedy, basis=()):
    severity = AR_REASONS[reason]
    return Decided("ar", reason, subject, severity, amount, text, remedy=remedy, basis=basis)


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
        return [_ap("NOT_ADDING_UP", total, why, say("ask_for_correct_bill"), (why,))]
    if facts.match_hold:
        return [_ap(facts.match_hold, total, facts.match_text, say("choose_shipment"), (facts.match_text,))]
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
        percent=percent, remedy=remedy, basis=values, is_partial=reason in PARTIAL_REASONS,
    )  # fmt: skip


def _duplicate(facts):
    remedy, text = say("reject_or_explain"), facts.duplicate_text
    return _ap(facts.duplicate_hold, facts.total, text, remedy, (text,))


def _what_is_wrong_with_the_bill(facts):
    """Currency, rates, tax and the evidence of detention."""
    found = []
    if facts.currency_fault:
        why = facts.currency_fault
        found.append(_ap("CURRENCY", facts.total, why, say("enter_exchange_rate"), (why,)))
    if facts.rate_fault:
        why = facts.rate_fault
        found.append(_ap("RATE_MISSING", facts.total, why, say("complete_rates"), (why,)))
    if facts.tax and facts.tax.hold:
        tax, remedy = facts.tax, say("ask_for_correct_bill")
        values = (tax.billed, tax.expected)
        found.append(_ap("TAX_MISMATCH", abs(tax.billed - tax.expected), tax.text, remedy, values, "tax"))
    if facts.detention_fault:
        why, remedy = facts.detention_fault, say("get_missing_time")
        found.append(_ap("DET_EVIDENCE", ZERO, why, remedy, (why,), "charge:detention"))
    return found


def _what_the_contract_asks(facts):
    """Proof, claims and the window in which a carrier may bill."""
    found, total = [], facts.total
    if facts.unproven:
        text, remedy = say("contract_pays_against_proof"), say("get_proof")
        found.append(_ap("POD_MISSING", total, text, remedy, facts.unproven))
    if facts.claims:
        text = say("claim_is_open")
        found.append(_ap("CLAIM_OPEN", total, text, say("settle_claim"), facts.claims))
    if facts.days_late:
        text, remedy = say("billed_too_late"), say("reject_or_accept_late")
        found.append(_ap("WINDOW_EXPIRED", total, text, remedy, (facts.days_late,)))
    return found


def _variances(result):
    for verdict in result.holds:
        subject = verdict.key if verdict.key in ("document", "cumulative") else f"charge:{verdict.key}"
        if verdict.hold == "UNEXPECTED_CHARGE":
            text = say("charge_unexpected", charge=charge_term(verdict.key), billed=verdict.invoiced)
        else:
            text = _difference(verdict)
        yield _ap(
            verdict.hold,
            verdict.variance,
            text,
            say("dispute_or_correct"),
            (verdict.expected, verdict.invoiced),
            subject,
            verdict.percent,
        )


TOTALS = {"document": "total_of_document", "cumulative": "total_of_shipment"}


def _difference(verdict):
    """Billed against expected, of a charge type or of a whole."""
    values = {
        "charge": say(TOTALS[verdict.key]) if verdict.key in TOTALS else charge_term(verdict.key),
        "billed": verdict.invoiced, "expected": verdict.expected,
        "variance": Change(verdict.variance), "limit": verdict.limit,
    }  # fmt: skip
    if verdict.percent is None:
        return say("charge_differs", **values)
    return say("charge_differs_by", percent=verdict.percent, **values)
