"""Quantities: shipped = accepted + short + refused; accepted = good + damaged; over is outside.

What differs becomes a hold and a proposal for a person; stock is never rewritten here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from .errors import BillingError
from .money import HUNDRED, ZERO, rounded, share
from .sentences import say, say_all

#: Hold reason → the kinds of disposition that settle it.
DISPOSITIONS = {
    "QTY_SHORT": ("bill_accepted", "bill_shipped"),
    "QTY_OVER": ("bill_shipped", "bill_over"),
    "QTY_REFUSED": ("bill_accepted",),
    "DAMAGE": ("bill_accepted", "allowance", "bill_good"),
}

#: The quantities of a Line.
COUNTED = ("shipped", "accepted", "damaged", "short", "refused", "over")

#: Less than this is none: the remainder of a division, or of a float.
SMALLEST = Decimal("0.000001")

#: (hold reason, what differs, its sentence, of what it is a part, what is proposed)
DIFFERENCES = (
    ("QTY_SHORT", "short", "goods_short", "shipped", ("adjustment", "claim")),
    ("QTY_OVER", "over", "goods_over", "shipped", ("adjustment",)),
    ("QTY_REFUSED", "refused", "goods_refused", "shipped", ("return",)),
    ("DAMAGE", "damaged", "goods_damaged", "accepted", ("scrap", "claim")),
)


@dataclass(frozen=True)
class Line:
    """One line of goods as proven. `damaged` is part of what was accepted."""

    key: int | str
    shipped: Decimal
    accepted: Decimal
    damaged: Decimal = ZERO
    short: Decimal = ZERO
    refused: Decimal = ZERO
    over: Decimal = ZERO
    #: Of one unit of what is not accepted.
    unit_price: Decimal = ZERO
    #: Of one unit of what is damaged, where that is another.
    damaged_price: Decimal | None = None
    #: What it is, where it is not what is sold.
    label: str = ""
    #: Of a lot or package its name.
    name: str = ""
    #: Lines of its lots or packages, where each was proven by itself.
    portions: tuple = ()

    @property
    def good(self) -> Decimal:
        """Accepted and undamaged."""
        return self.accepted - self.damaged

    def price_of(self, what: str) -> Decimal:
        """The price of one unit of what became of it, by the name of its quantity here."""
        own = self.damaged_price if what == "damaged" else None
        return self.unit_price if own is None else own


@dataclass(frozen=True)
class Difference:
    """A difference that stops billing until someone disposes of it."""

    reason: str
    line: int | str
    quantity: Decimal
    amount: Decimal
    text: str
    #: `return`, `scrap`, `adjustment`, `claim`
    proposals: tuple[str, ...]


def reconcile(
    key: int | str,
    shipped: Decimal,
    outcomes: Iterable[tuple[str, Decimal]],
    unit_price: Decimal = ZERO,
    digits: int | None = None,
) -> Line:
    """Read the POD rows of one line of goods.

    `outcomes` are (outcome, quantity) rows as in the canonical model. A POD without rows is
    clean: everything shipped was accepted. A row for accepted goods that leaves a rest makes the
    rest short; without one, accepted is what short and refused leave over.

    `digits` are those that stock is counted with: a proof in another unit may have more.
    """
    sums = dict.fromkeys(("accepted", "accepted_damaged", "short", "refused", "over"), ZERO)
    rows = list(outcomes)
    for outcome, quantity in rows:
        if outcome not in sums:
            raise BillingError(f'unknown outcome "{outcome}"')
        if quantity < ZERO:
            raise BillingError(say("quantity_negative", quantity=quantity, goods=outcome))
        sums[outcome] += quantity
    if digits is not None:
        sums = _countable(sums, digits)
    short, refused, damaged = sums["short"], sums["refused"], sums["accepted_damaged"]
    accepted_stated = any(outcome == "accepted" for outcome, _quantity in rows)
    accepted = sums["accepted"] + damaged if accepted_stated else shipped - short - refused
    over = sums["over"]
    rest = shipped - accepted - short - refused
    if rest > ZERO:
        short += rest
    elif rest < ZERO:
        # More accepted than shipped and nobody called it over: the excess is the over.
        over += -rest
        accepted += rest
    if accepted < ZERO or damaged > accepted:
        raise BillingError(say("quantities_do_not_add_up", shipped=shipped))
    return Line(key, shipped, accepted, damaged, short, refused, over, unit_price)


def together(
    key: int | str, portions: Iterable[Line], unit_price: Decimal = ZERO, digits: int | None = None
) -> Line:
    """The Line of goods of which each portion was proven by itself: what one has too much is none of another's.

    :param digits: those that stock is counted with; portions may have more
    """
    portions = tuple(portions)
    sums = {name: sum((getattr(one, name) for one in portions), ZERO) for name in COUNTED}
    if digits is not None:
        parts = _countable({name: sums[name] for name in ("accepted", "short", "refused")}, digits)
        sums = {name: rounded(quantity, digits) for name, quantity in sums.items()} | parts
        sums["damaged"] = min(sums["damaged"], sums["accepted"])
        portions = tuple(_with_digits(one, digits) for one in portions)
    return Line(key, **sums, unit_price=unit_price, portions=portions)


def _with_digits(portion, digits):
    """What of a portion is shown: its quantities with the digits of stock."""
    return replace(portion, **{name: rounded(getattr(portion, name), digits) for name in COUNTED})


def _countable(sums, digits):
    """Round sums so that nothing is lost: each is what it adds to the rounded total of those before it.

    Rounded one by one, 9.995 accepted and 0.005 short of 10 would be 10.00 and 0.01, and one too many.
    """
    counted, total, before = {}, ZERO, ZERO
    for outcome, quantity in sums.items():
        total += quantity
        counted[outcome] = rounded(total, digits) - before
        before += counted[outcome]
    return counted


def differences(line: Line, digits: int = 2) -> list[Difference]:
    """What of a line must be disposed of before it is billed."""

    found = []
    for reason, what, sentence, of, proposals in DIFFERENCES:
        if quantity := getattr(line, what):
            text = say_all(
                _told(one, sentence, {"quantity": getattr(one, what), of: getattr(one, of)})
                for one in line.portions or (line,)
                if getattr(one, what)
            )
            named = say("said_of", name=line.label, what=text) if line.label else text
            amount = rounded(quantity * line.price_of(what), digits)
            found.append(Difference(reason, line.key, quantity, amount, named, proposals))
    return found


def _told(line, sentence, numbers):
    """What differs of a line; of a portion by its name, where it has one."""
    text = say(sentence, **{name: plain(quantity) for name, quantity in numbers.items()})
    return say("said_of", name=line.name, what=text) if line.name else text


def billable(
    line: Line,
    quantity_policy: str = "accepted",
    over_accepted: bool = False,
) -> Decimal:
    """The quantity to bill: `accepted` (default), `shipped`, or `good` (without damaged).

    What came over is billed only when the customer accepted it and the stock was corrected.
    """
    if quantity_policy not in ("accepted", "shipped", "good"):
        raise BillingError(f'unknown quantity policy "{quantity_policy}"')
    base = {"accepted": line.accepted, "shipped": line.shipped, "good": line.good}[quantity_policy]
    return base + (line.over if over_accepted else ZERO)


def amount(quantity: Decimal, unit_price: Decimal, digits: int = 2) -> Decimal:
    """Quantity × price in the currency."""
    return rounded(quantity * unit_price, digits)


def damage_allowance(line: Line, percent: Decimal, digits: int = 2) -> Decimal:
    """The price reduction for damaged goods that the customer keeps."""
    return rounded(line.damaged * line.price_of("damaged") * percent / HUNDRED, digits)


def claim_amount(difference: Difference, line: Line, freight: Decimal, digits: int = 2) -> Decimal:
    """What the carrier owes for what differs of a line: the value of the goods and the freight pro rata."""
    return difference.amount + share(freight, difference.quantity, line.shipped, digits)


def plain(quantity: Decimal) -> Decimal:
    """The quantity as it is written: without zeros at its end, and never as a power of ten."""
    return Decimal(f"{quantity.normalize():f}")
