from odoo import models

from ..billing import late_charge
from ..billing.decimals import decimal
from ..billing.money import ZERO


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
            back = decimal(line._milepost_lost_qty()) if waiting else ZERO
            came_from = line._milepost_came_from() if back > ZERO else rows.shipment_id.browse()
            if back > ZERO:
                own = rows.filtered(lambda row, of=came_from: row.shipment_id in of)
                stayed = sum((decimal(row.billable_qty) for row in own), ZERO) - back
                # Credits of what had been invoiced and came back; others have another reason.
                of_returns = sum((gross[row] for row in own), ZERO) - stayed
                of_returns = max(min(of_returns, sum((credits[row] for row in own), ZERO)), ZERO)
                back -= of_returns + decimal(line._milepost_refunded_qty())
            for row in rows.sorted(lambda one, of=came_from: (one.shipment_id not in of, -one.id)):
                taken = max(min(found[row], back), ZERO)
                found[row] -= taken
                back -= taken
        return found
