"""Tax on a carrier's invoice, judged apart from the charges: a wrong tax is no price variance."""

from dataclasses import dataclass
from decimal import Decimal

from .money import ZERO
from .sentences import say


@dataclass(frozen=True)
class TaxVerdict:
    """`hold` is TAX_MISMATCH or None."""

    expected: Decimal
    billed: Decimal
    hold: str | None = None
    text: str = ""


def judge_tax(
    expected: Decimal,
    billed: Decimal,
    reverse_charge: bool = False,
    tolerance: Decimal = Decimal("0.05"),
) -> TaxVerdict:
    """The billed tax against what the company's own tax computation gives.

    A reverse-charge carrier must bill no tax: then nothing is expected.

    :param tolerance: for rounding per line, inclusive
    """
    if abs(billed - expected) <= tolerance:
        return TaxVerdict(expected, billed)
    code = "tax_under_reverse_charge" if reverse_charge else "tax_differs"
    return TaxVerdict(expected, billed, "TAX_MISMATCH", say(code, billed=billed, expected=expected))


def adds_up(lines: list[Decimal], net: Decimal, tax: Decimal, total: Decimal) -> str | None:
    """Whether an invoice adds up; the sentence that says where it does not."""
    summed = sum(lines, ZERO)
    if lines and summed != net:
        return say("bill_lines_do_not_sum", sum=summed, net=net)
    if net + tax != total:
        return say("bill_tax_does_not_sum", net=net, tax=tax, sum=net + tax, total=total)
    return None
