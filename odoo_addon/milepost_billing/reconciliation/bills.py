"""Carriers' bills of one shipment: what each was compared with, and what was approved so far."""

from ..billing.money import ZERO
from ..billing.sentences import say
from .costs import Settled


class ApprovedBills:
    """What the bills of one shipment were approved for so far, by charge type."""

    def __init__(self, sheet):
        self.sheet = sheet
        self.approved, self.open = {}, {}
        self.credits = {}

    def add_credit(self, compared):
        for charge_type, amount in compared.items():
            self.credits[charge_type] = self.credits.get(charge_type, ZERO) - amount

    def fold_credits(self, compared):
        """Take credits from what was billed too much; give the rest and what was taken."""
        rest, taken = dict(compared), {}
        for charge_type, amount in compared.items():
            expected = self.sheet.expected.get(charge_type, ZERO)
            over = self.approved.get(charge_type, ZERO) + amount - expected
            part = min(self.credits.get(charge_type, ZERO), max(over, ZERO))
            if part > ZERO:
                rest[charge_type] = amount - part
                taken[charge_type] = part
                self.credits[charge_type] -= part
        return rest, taken

    def use_credits(self, compared):
        """What of a credit lowers the cost itself: the part that no dispute took; below zero."""
        used = {}
        for charge_type, amount in compared.items():
            part = min(-amount, self.credits.get(charge_type, ZERO))
            if part:
                used[charge_type] = -part
                self.credits[charge_type] -= part
        return used

    def take(self, invoice, judged, approved, blocking):
        for charge_type, amount in approved.items():
            self.approved[charge_type] = self.approved.get(charge_type, ZERO) + amount
        subjects = {one.subject: one.explanation for one in blocking}
        # That a bill came twice is the carrier's matter: what the first, right one settled stays settled.
        repeated = any(one.reason in ("DUPLICATE", "DUP_SUSPECT") for one in blocking)
        for charge_type in judged.compared:
            if repeated and charge_type in self.approved:
                continue
            why = subjects.get(f"charge:{charge_type}") or next(
                (text for subject, text in subjects.items() if not subject.startswith("charge:")), None
            )
            if why:
                self.open[charge_type] = say("said_of", name=invoice.number, what=why)

    def settled(self):
        """What the bills come to, for what the customer is charged."""
        return Settled(dict(self.approved), dict(self.open))


class JudgedBill:
    """A bill compared with what was expected."""

    def __init__(self, payable, compared, credited, difference, result, credit):
        self.payable, self.compared, self.credited = payable, compared, credited
        self.difference, self.result, self.credit = difference, result, credit

    @property
    def expected(self):
        return self.result.document.expected if self.result else ZERO

    def approved(self, blocked):
        """{charge type: what may be paid}, where `blocked` are the subjects that still hold."""
        if not self.result:
            return {}
        return {
            one.key: one.pay if f"charge:{one.key}" in blocked else one.invoiced for one in self.result.lines
        }

    def capped(self, approved, blocked):
        """The sum of it, where the document or the shipment as a whole is over its limit."""
        total = sum(approved.values(), ZERO)
        if self.result and approved:
            for subject in ("document", "cumulative"):
                if subject in blocked:
                    total = min(total, getattr(self.result, subject).pay)
        return total

    def verdicts(self):
        if not self.result:
            return False
        rows = (*self.result.lines, self.result.document, self.result.cumulative)
        return [
            {
                "key": one.key, "expected": str(one.expected), "invoiced": str(one.invoiced),
                "variance": str(one.variance), "limit": str(one.limit), "pay": str(one.pay),
                "percent": str(one.percent) if one.percent is not None else None,
                "hold": one.hold, "warning": one.warning,
            }
            for one in rows
        ]  # fmt: skip
