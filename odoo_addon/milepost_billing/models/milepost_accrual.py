from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..billing import accrual
from ..billing.decimals import decimal
from ..billing.money import ZERO


class MilepostAccrual(models.Model):
    """Freight that carriers earned and did not bill yet, per shipment: what was accrued, and what a
    bill used up. The sum of a shipment's rows is what stands on the account of accrued freight."""

    _name = "milepost.accrual"
    _description = "Freight Accrual"
    _order = "date desc, id desc"
    _rec_name = "shipment_id"

    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_id = fields.Many2one("account.move", required=True, readonly=True, ondelete="restrict", index=True)
    carrier_invoice_id = fields.Many2one("milepost.carrier.invoice", readonly=True, index="btree_not_null")
    date = fields.Date(required=True, readonly=True)
    kind = fields.Selection(
        [("accrued", "Accrued"), ("billed", "Used Up by a Bill")], required=True, readonly=True
    )
    amount = fields.Monetary(required=True, readonly=True, help="Positive: more is accrued.")

    _company_date = models.Index("(company_id, date)")

    @api.model
    def _cron_accrue(self):
        """On the first days of a month: accrue as of the end of the one before."""
        today = fields.Date.context_today(self)
        last = today.replace(day=1) - timedelta(days=1)
        for company in self.env["res.company"].search([("milepost_accrued_account_id", "!=", False)]):
            self._accrue(company, last)
            self.env["ir.cron"]._commit_progress(1)

    def accrue_now(self, day=None):
        """The button: bring the accruals of the user's company to the end of a day."""
        user = self.env.user
        if user.has_group("milepost.group_bridge") or not user.has_group(
            "milepost_billing.group_finance_manager"
        ):
            raise AccessError(self.env._("Your role may not accrue freight."))
        move = self.sudo()._accrue(self.env.company, day or fields.Date.context_today(self))
        shipments = self.env["milepost.shipment"]
        return shipments._action_view("account.move", move.sudo(False), self.env._("Accrual"))

    @api.model
    def _accrue(self, company, day):
        """One entry that brings the accrual of each shipment to what was earned by the end of a day.

        :return: the posted entry; empty when nothing changed, so that a second run makes none
        """
        accounts = company._milepost_freight_accounts()
        shipments = self._unbilled(company, day)
        shipments.lock_for_update()
        shipments.invalidate_recordset(["accrued_amount"])
        end = self._end_of(company, day)
        careful = self.env["milepost.billing.policy"]._careful_default(company)
        changes = {}
        for shipment in shipments:
            target = self._earned(shipment, shipment.policy_id or careful, end)
            items = accrual.accrue(target, decimal(shipment.accrued_amount))
            if items:
                changes[shipment] = target - decimal(shipment.accrued_amount)
        if not changes:
            return self.env["account.move"]
        lines = []
        for shipment, amount in changes.items():
            lines += [
                self._line(accounts["freight"], shipment, amount),
                self._line(accounts["accrued"], shipment, -amount),
            ]
        label = self.env._("Freight accrued by %s", fields.Date.to_string(day))
        move = self._post(company, day, label, lines)
        self._record(move, "accrued", changes)
        return move

    @api.model
    def _unbilled(self, company, day):
        """Shipments that may have earned something by the day, or had something accrued before."""
        return self.env["milepost.shipment"].search(
            [
                ("company_id", "=", company.id),
                ("expected_cost", "!=", 0),
                ("picked_up_at", "<=", self._end_of(company, day)),
                # Shipments without any bill, too: `not in` would ask for a bill that is not posted.
                "!",
                ("carrier_invoice_ids.bill_ids.state", "in", ["posted"]),
            ],
            order="id",
        )

    @staticmethod
    def _end_of(company, day):
        """The end of a day where the company is, as naive UTC."""
        zone = ZoneInfo(company.partner_id.tz or "UTC")
        end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
        return end.astimezone(ZoneInfo("UTC")).replace(tzinfo=None) - timedelta(seconds=1)

    @api.model
    def _earned(self, shipment, policy, end):
        planned = shipment.planned_delivery_at or shipment.delivered_at
        days = shipment.transit_days
        if not days and planned and shipment.picked_up_at:
            days = (planned.date() - shipment.picked_up_at.date()).days
        progress = accrual.Progress(
            picked_up=bool(shipment.picked_up_at and shipment.picked_up_at <= end),
            delivered=bool(shipment.delivered_at and shipment.delivered_at <= end),
            transit_days_done=(end.date() - shipment.picked_up_at.date()).days
            if shipment.picked_up_at
            else 0,
            transit_days=days,
        )
        digits = shipment.cost_currency_id.decimal_places
        return accrual.earned(decimal(shipment.expected_cost), policy.accrual_point, progress, digits)

    @api.model
    def _use_up(self, bills):
        """A posted bill of a carrier takes the place of what was accrued: the rest is released.

        The bill itself debits freight; this entry takes the accrued part out again, so that the
        month of the transport bears the cost.
        """
        for company, moves in bills.grouped("company_id").items():
            if not company.milepost_accrued_account_id:
                continue
            for bill in moves:
                shipment = bill.milepost_carrier_invoice_id.shipment_id
                shipment.lock_for_update()
                shipment.invalidate_recordset(["accrued_amount"])
                accrued = decimal(shipment.accrued_amount)
                if not accrued:
                    continue
                accounts = company._milepost_freight_accounts()
                lines = [
                    self._line(accounts["accrued"], shipment, accrued),
                    self._line(accounts["freight"], shipment, -accrued),
                ]
                move = self._post(
                    company, bill.date, self.env._("Accrual of %s", bill.ref or bill.name), lines
                )
                self._record(move, "billed", {shipment: -accrued}, bill.milepost_carrier_invoice_id)

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
    def _record(self, move, kind, changes, carrier_invoice=None):
        self.create([
            {
                "shipment_id": shipment.id, "company_id": move.company_id.id, "move_id": move.id,
                "carrier_invoice_id": carrier_invoice.id if carrier_invoice else False,
                "date": move.date, "kind": kind, "amount": float(amount),
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

    @api.model
    def control(self, company=None):
        """The check of the month's end: the account's balance against the open accruals.

        :return: {ledger, open, difference} in the company's currency; the difference must be 0
        """
        self.check_access("read")
        company = company or self.env.company
        accounts = company._milepost_freight_accounts()
        [[balance]] = self.env["account.move.line"].sudo()._read_group(
            [
                ("account_id", "=", accounts["accrued"].id), ("parent_state", "=", "posted"),
                ("company_id", "=", company.id),
            ],
            aggregates=["balance:sum"],
        )  # fmt: skip
        [[total]] = self._read_group([("company_id", "=", company.id)], aggregates=["amount:sum"])
        digits = company.currency_id
        ledger, open_amount = digits.round(-(balance or 0)), digits.round(total or 0)
        return {"ledger": ledger, "open": open_amount, "difference": digits.round(ledger - open_amount)}

    @api.model
    def _overdue(self, company, today):
        """Shipments whose accrual waits for a bill longer than the policy says: a person must look."""
        found = self.env["milepost.shipment"]
        oldest = self._read_group(
            [("company_id", "=", company.id), ("shipment_id.accrued_amount", "!=", 0)],
            ["shipment_id"], ["date:min"],
        )  # fmt: skip
        for shipment, since in oldest:
            days = shipment._billing_policy().accrual_review_days
            if accrual.is_overdue(since, today, days):
                found |= shipment
        return found

    def action_overdue(self):
        shipments = self._overdue(self.env.company, fields.Date.context_today(self))
        action = shipments._action_view("milepost.shipment", shipments, self.env._("Accruals Without a Bill"))
        return {**action, "view_mode": "list,form", "domain": [("id", "in", shipments.ids)], "res_id": False}
