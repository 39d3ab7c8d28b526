from odoo import models

from ..billing import late_charge
from ..billing.decimals import decimal
from ..billing.money import ZERO
from ..billing.quantities import SMALLEST


class MilepostBillableReturns(models.AbstractModel):
    """What is still open of goods: what came back before it was invoiced is not to be."""

    _name = "milepost.billable.returns"
    _description = "Open Quantities of Billables"

    def _live_lines(self):
        return self.move_line_ids.filtered(lambda line: line.parent_state != "cancel")

    def _given(self):
        """What people credited of goods."""
        credited = self._live_lines().filtered(lambda line: line.move_id._milepost_is_persons_credit())
        return -sum((decimal(line._milepost_quantity()) for line in credited), ZERO)

    def _prepaid(self):
        """{row: quantity} that was invoiced before the goods travelled; by row in the order of their making.

        Once it is decided what is billed of a row, all that it shipped: what did not arrive is credited.
        """
        found = {}
        for line in self.sale_line_id:
            left = decimal(line._milepost_prepaid_qty())
            for row in line.milepost_billable_ids.sorted("id"):
                if left <= SMALLEST:
                    break
                own = sum((decimal(one._milepost_quantity()) for one in row._live_lines()), ZERO)
                most = max(row.billable_qty, row.shipped_qty if row.released else 0.0)
                # What was credited of it stays credited: it is covered once.
                found[row] = min(left, max(decimal(most) - max(own, ZERO), ZERO))
                left -= found[row]
        return found

    def _open_goods(self, prepaid):
        """{row: quantity that is to be invoiced, or credited} of all rows of these rows' order lines.

        What came back and was not credited is taken off what is open: of its own shipment first, then of
        the others. So a replacement is billed once what it replaces was credited, and never beside it.

        :param prepaid: {row: quantity} that was invoiced before the goods travelled
        """
        found = {}
        for line in self.sale_line_id:
            rows, credits, gross = line.milepost_billable_ids, {}, {}
            loose = decimal(line._milepost_loose_credited_qty())
            for row in rows:
                billed = sum((decimal(one._milepost_quantity()) for one in row._live_lines()), ZERO)
                open_ = decimal(row.billable_qty) - billed - prepaid.get(row, ZERO)
                # Of an invoice from before they travelled people credit goods without naming a shipment.
                credited = max(min(loose, open_), ZERO)
                found[row] = late_charge.without_credited(open_, row._given() + credited)
                credits[row] = row._given() + credited
                gross[row] = billed + prepaid.get(row, ZERO) + credits[row]
                loose -= credited
            waiting = any(found[row] > ZERO for row in rows)
            lost = line._milepost_lost() if waiting else {}
            back = decimal(line._milepost_without(lost)) if lost else ZERO
            own = {row: decimal(line._milepost_lost_of(lost, row.shipment_id)) for row in rows if lost}
            if back > ZERO:
                # Credits of what had been invoiced and came back, whichever row they name; others have
                # another reason.
                over = (max(gross[row] - (decimal(row.billable_qty) - own[row]), ZERO) for row in rows)
                back -= min(sum(over, ZERO), sum(credits.values(), ZERO))
                back -= decimal(line._milepost_refunded_qty())
            for row in rows.sorted(lambda one, own=own: (not own.get(one), -one.id)):
                taken = max(min(found[row], back), ZERO)
                found[row] -= taken
                back -= taken
        return found
