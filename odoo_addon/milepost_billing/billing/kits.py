"""What is sold as a whole and moved in parts, such as a kit: how many wholes some parts make up."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .money import ZERO


@dataclass(frozen=True)
class Part:
    """What one whole needs of a part, and the rounding of the part's unit."""

    need: Decimal
    rounding: Decimal = Decimal("0.01")


def wholes(available: Mapping, parts: Mapping[Hashable, Part], fractions: bool = False) -> Decimal:
    """How many wholes the available parts make up.

    As Odoo 19 counts (`mrp`, `stock.move._compute_kit_quantities`): the scarcest part decides, each
    ratio is rounded as the part's unit is, and what is left over makes no whole.

    :param available: {part: quantity in the unit of its need}
    :param parts: {part: what one whole needs of it}, at least one
    :param fractions: count what is left over as the fraction of a whole that it is
    """
    ratios = [available.get(key, ZERO) / part.need for key, part in parts.items()]
    if fractions:
        return max(min(ratios), ZERO)
    rounded = [
        (ratio / part.rounding).quantize(Decimal(1), ROUND_HALF_UP) * part.rounding
        for ratio, part in zip(ratios, parts.values(), strict=True)
    ]
    return max(min(rounded) // 1, ZERO)


def shares(
    carried: Iterable[tuple[Hashable, Mapping, bool]],
    parts: Mapping[Hashable, Part],
    base: Mapping | None = None,
    fractions: bool = False,
) -> dict[Hashable, Decimal]:
    """How many wholes each of several carriers completes, of parts that travel apart.

    Whoever brings the last part completes the whole: the shares of those that count sum to the wholes
    that all their parts make up, and never to more.

    :param carried: (carrier, {part: quantity}, whether others may count on it) in the order of counting
    :param base: parts that need no carrier
    """
    there, found = dict(base or {}), {}
    for carrier, own, counts in carried:
        with_own = {key: there.get(key, ZERO) + own.get(key, ZERO) for key in {*there, *own}}
        before = wholes(there, parts, fractions)
        found[carrier] = wholes(with_own, parts, fractions) - before
        if counts:
            there = with_own
    return found
