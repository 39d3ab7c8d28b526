"""Which of a carrier's bills stand, given all that replace and cancel each other.

The answer is a function of the set of bills: it does not depend on the order in which they arrived
nor on how often one came.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .charge_match import normalise_pro

#: What takes the place of another bill (`rebill`: X12 B308 RB), and what takes one away.
REPLACING = frozenset({"correction", "rebill"})
CANCELLING = frozenset({"cancelled"})
# Of bills that were said at one time the correction is the later one, and a cancellation the last.
RANK = {"correction": 1, "rebill": 2, "cancelled": 3}


@dataclass(frozen=True)
class BillVersion:
    """A bill as far as corrections are concerned.

    :param pro: its PRO number or, without one, its number
    :param corrects: number or PRO of the bill that it corrects, where it says so
    :param said: sorts bills by when the carrier said them
    :param shipment: the one that it was matched with
    :param bears: what it calls its shipment
    """

    id: int
    carrier: int | None
    number: str
    pro: str
    correction: str = "original"
    corrects: str = ""
    said: tuple = ()
    is_credit: bool = False
    shipment: int | None = None
    bears: frozenset[str] = frozenset()

    @property
    def is_correcting(self) -> bool:
        """Whether it takes the place of another bill, or takes one away."""
        return self.correction in REPLACING | CANCELLING

    @property
    def order(self) -> tuple:
        """By when it was said, then by what it does."""
        return (self.said, RANK.get(self.correction, 0), self.id)

    @property
    def names(self) -> frozenset[str]:
        """The numbers that a correction may call it by."""
        return frozenset(str(normalise_pro(one)) for one in (self.number, self.pro) if one)


def wholes(number: str) -> list[str]:
    """The invoices of which a bill numbered INVOICE/SHIPMENT may be a part."""
    parts = number.split("/")
    return ["/".join(parts[:at]) for at in range(1, len(parts))]


@dataclass(frozen=True)
class Standing:
    """`asks` for money still; otherwise `by` is the bill that took its place, None when it was taken away."""

    asks: bool
    by: int | None = None


def standing(bills: Iterable[BillVersion]) -> dict[int, Standing]:
    """{id: Standing} of all bills of some carriers."""
    found = {}
    for family in _families(list(bills)):
        found |= _of_family(sorted(family, key=lambda one: one.order))
    return found


def _families(bills):
    """Bills that belong together: those of one name, and with each the corrections that go back to it."""
    head = {}

    def first(node):
        while head.setdefault(node, node) != node:
            node = head[node]
        return node

    for bill in bills:
        own = [one for one in bills if one.carrier == bill.carrier and one.id != bill.id]
        kind, name = _about(bill, own)
        head[first(bill.id)] = first(name if kind == "correction" else (bill.carrier, kind, name))
    families = defaultdict(list)
    for bill in bills:
        families[first(bill.id)].append(bill)
    return families.values()


def _about(bill, own):
    """What a bill is about, a node of the families: a bill's name, or the correction that it corrects."""
    if not bill.is_correcting:
        return _name(_as_read_before(bill, own))
    meant = _meant(bill, own)
    bills = [one for one in meant if not one.is_correcting]
    if bills:
        return _name(_as_read_before(min(bills, key=lambda one: one.order), own))
    if meant:
        return ("correction", min(meant, key=lambda one: one.order).id)
    return ("unknown", str(normalise_pro(bill.corrects or bill.number)))


def _name(bill):
    return "bill", (str(normalise_pro(bill.number)), str(normalise_pro(bill.pro)))


def _as_read_before(bill, own):
    """The same bill under the number of its invoice alone, where it was told so, too; else itself."""
    whole = _whole(bill.number, bill, own)
    before = [one for one in whole if not one.is_correcting and one.is_credit == bill.is_credit]
    return min(before, key=lambda one: one.order, default=bill)


def _whole(number, bill, own):
    """Of INVOICE/SHIPMENT the bills of INVOICE alone that are for this shipment.

    An X12 110 of one shipment was read so once; a correction of it that comes now names both.
    """
    found = []
    for invoice in wholes(number):
        shipment = str(normalise_pro(number[len(invoice) + 1 :]))
        found += [
            one
            for one in own
            if one.number == invoice
            and (
                one.shipment == bill.shipment is not None
                or shipment in {str(normalise_pro(name)) for name in one.bears}
            )
        ]
    return found


def _meant(bill, own):
    """The bills that a correction may mean: by the number that it names, else its own number, else its PRO.

    A credit note replaces credit notes alone; that it names the invoice which it credits is no
    correction of that invoice.
    """
    alike = [one for one in own if one.is_credit == bill.is_credit]
    same_number = _numbered(bill.number, bill, alike)
    if bill.correction in REPLACING:
        own = alike
    if bill.is_credit and (same_number or bill.correction in REPLACING):
        return same_number
    if bill.corrects:
        corrects = str(normalise_pro(bill.corrects))
        named = [one for one in own if corrects in one.names] or _whole(bill.corrects, bill, own)
        # Some name there what is no bill of theirs: under its own number it is about the one of that number.
        return named or [one for one in same_number if not one.is_correcting]
    if same_number:
        return same_number
    found = [one for one in own if bill.names & one.names]
    bases = {normalise_pro(name).base for name in bill.names}
    return found or [one for one in own if bases & {normalise_pro(name).base for name in one.names}]


def _numbered(number, bill, among):
    same = [one for one in among if str(normalise_pro(one.number)) == str(normalise_pro(number))]
    return same or _whole(number, bill, among)


def _of_family(family):
    """What the last correction leaves of a family, in the order in which it was said.

    A correction that came before everything it could mean is about the first bill after it: nobody
    cancels what he never sent, the two only crossed.
    """
    found = {bill.id: Standing(not bill.correction == "cancelled") for bill in family}
    last = max((at for at, one in enumerate(family) if one.is_correcting), default=None)
    if last is None:
        return found
    bill = family[last]
    by = bill.id if bill.correction in REPLACING else None
    for one in family[:last]:
        found[one.id] = Standing(False, by)
    if all(one.is_correcting for one in family[:last]):
        for one in family[last + 1 : last + 2]:
            found[one.id] = Standing(False, by)
    return found
