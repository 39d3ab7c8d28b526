from odoo import api, fields, models
from odoo.tools import SQL

from ..billing import accrual
from ..billing.money import ZERO


class MilepostAccrualEntry(models.AbstractModel):
    """How accruals get into the books, and out of them when bills come."""

    _name = "milepost.accrual.entry"
    _description = "Entries of Accrued Freight"

    @api.model
    def _use_up(self, bills):
        """A posted bill of a carrier takes the place of what was accrued for its charges: that is released.

        The bill itself debits freight; these entries take the accrued part out again as of the bill's
        day, so that the month of the transport bears the cost; and on the later days that were closed
        without the bill, because it came only then.
        """
        for company, moves in bills.grouped("company_id").items():
            if not company.milepost_accrued_account_id:
                continue
            accounts = company._milepost_freight_accounts()
            for bill in moves:
                invoice = bill.milepost_carrier_invoice_id
                shipment = invoice.shipment_id
                shipment.lock_for_update()
                shipment.invalidate_recordset(["accrued_amount"])
                rows = self.search([("shipment_id", "=", shipment.id)])
                label = self.env._("Accrual of %s", bill.ref or bill.name)
                for day, change in self._released(shipment, rows, bill):
                    self._enter(company, accounts, day, "billed", label, {shipment: change}, invoice)

    @api.model
    def _released(self, shipment, rows, bill):
        """[(day, change)] that take out on the bill's day, and on later ones, what the bill is about."""
        found, moved = [], ZERO
        digits = shipment.cost_currency_id.decimal_places
        for day in sorted({bill.date, *(row.day for row in rows if row.day > bill.date)}):
            stood = rows._balance(day)
            before = self._unbilled(shipment, day, without=bill)
            kept = accrual.kept(stood, before, self._unbilled(shipment, day), digits)
            change = kept - stood - moved
            if change:
                found.append((day, change))
                moved += change
        return found

    @api.model
    def _enter(self, company, accounts, day, kind, label, changes, carrier_invoice=None):
        """One posted entry, and its rows, of {shipment: change} as of a day."""
        lines = []
        for shipment, amount in changes.items():
            lines += [
                self._line(accounts["freight"], shipment, amount),
                self._line(accounts["accrued"], shipment, -amount),
            ]
        move = self._post(company, day, label, lines)
        self._record(move, day, kind, changes, carrier_invoice)
        return move

    @api.model
    def _line(self, account, shipment, amount):
        """Positive amounts are debits."""
        return fields.Command.create(
            {
                "account_id": account.id,
                "partner_id": shipment.carrier_partner_id.id,
                "name": shipment.name,
                "debit": float(max(amount, ZERO)),
                "credit": float(max(-amount, ZERO)),
            }
        )

    @api.model
    def _post(self, company, day, label, lines):
        journal = company.milepost_accrual_journal_id
        move = self.env["account.move"].with_company(company).create({
            "move_type": "entry", "company_id": company.id, "journal_id": journal.id, "date": day,
            "ref": label, "line_ids": lines,
        })  # fmt: skip
        # In a locked period Odoo itself gives the entry the first open date.
        move._post(soft=False)
        return move

    @api.model
    def _record(self, move, day, kind, changes, carrier_invoice=None):
        self.create([
            {
                "shipment_id": shipment.id, "company_id": move.company_id.id, "move_id": move.id,
                "carrier_invoice_id": carrier_invoice.id if carrier_invoice else False,
                "date": move.date, "day": day, "kind": kind, "amount": float(amount),
            }
            for shipment, amount in changes.items()
        ])  # fmt: skip
        shipments = self.env["milepost.shipment"].union(*changes)
        shipments.flush_recordset(["accrued_amount"])
        # One statement: a month's end accrues for every shipment on the road.
        self.env.execute_query(SQL(
            """
            UPDATE milepost_shipment s SET accrued_amount = COALESCE(s.accrued_amount, 0) + change.amount
              FROM unnest(%s::int[], %s::numeric[]) change(id, amount) WHERE s.id = change.id
            RETURNING s.id
            """,
            shipments.ids, [changes[shipment] for shipment in shipments],
        ))  # fmt: skip
        shipments.invalidate_recordset(["accrued_amount"])
