"""What a shipment should cost and be sold for, and what its carriers' bills were approved for, by charge type."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from ..billing.money import ZERO
from .sell import SellSheet


@dataclass(frozen=True)
class CostSheet:
    """Expected costs of one shipment in the currency of its contract.

    `faults` say per charge type why nothing can be expected (a gap in the rates).
    """

    currency: object
    expected: Mapping[str, Decimal] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    detention_fault: str = ""

    @property
    def total(self) -> Decimal:
        """All that is expected."""
        return sum(self.expected.values(), ZERO)


@dataclass(frozen=True)
class Expected:
    """What the contracts of one shipment let us expect, on both sides."""

    cost: CostSheet
    sell: SellSheet


@dataclass(frozen=True)
class Settled:
    """What the bills of one shipment were approved for; `open` says why the rest is not settled yet."""

    approved: Mapping[str, Decimal] = field(default_factory=dict)
    open: Mapping[str, str] = field(default_factory=dict)

    @property
    def paid(self) -> Decimal:
        """All that was approved for payment."""
        return sum(self.approved.values(), ZERO)
