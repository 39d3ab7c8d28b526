"""What a shipment should cost and what of that was billed and approved, by charge type."""

from dataclasses import dataclass, field
from decimal import Decimal

from ..billing.money import ZERO


@dataclass
class CostSheet:
    """Costs of one shipment in the currency of its contract.

    `open` says per charge type why what was billed is not settled yet; `faults` why nothing can be
    expected (a gap in the rates).
    """

    currency: object
    expected: dict = field(default_factory=dict)
    approved: dict = field(default_factory=dict)
    open: dict = field(default_factory=dict)
    faults: dict = field(default_factory=dict)
    detention_fault: str = ""

    @property
    def total(self) -> Decimal:
        """All that is expected."""
        return sum(self.expected.values(), ZERO)

    @property
    def paid(self) -> Decimal:
        """All that was approved for payment."""
        return sum(self.approved.values(), ZERO)
