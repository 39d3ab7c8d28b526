"""Conservation: what is billable is invoiced, waits for a run, is held, or was absorbed."""

from dataclasses import dataclass
from decimal import Decimal

from .errors import BillingError
from .money import ZERO


@dataclass(frozen=True)
class Buckets:
    """Money of one shipment, in its currency."""

    billable: Decimal = ZERO
    invoiced: Decimal = ZERO
    waiting: Decimal = ZERO
    held: Decimal = ZERO
    absorbed: Decimal = ZERO

    def check(self) -> "Buckets":
        """Itself, or an error when money appeared or vanished."""
        parts = self.invoiced + self.waiting + self.held + self.absorbed
        if parts != self.billable:
            raise BillingError(f"{self.billable} are billable, the parts sum to {parts}")
        return self


def buckets(
    billable: Decimal,
    invoiced: Decimal,
    absorbed: Decimal = ZERO,
    blocked: bool = False,
) -> Buckets:
    """Distribute what is billable. What is neither invoiced nor absorbed waits or is held.

    A correction downwards after the invoice makes `open` negative: a credit note is waiting.
    """
    open_amount = billable - invoiced - absorbed
    return Buckets(
        billable,
        invoiced,
        ZERO if blocked else open_amount,
        open_amount if blocked else ZERO,
        absorbed,
    ).check()
