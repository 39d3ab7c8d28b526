from collections import defaultdict
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.addons.milepost.arguments import day_of, record_of
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..billing import accrual
from ..billing.decimals import decimal
from ..billing.money import ZERO, rounded


class MilepostAccrual(models.Model):
    """Freight that carriers earned and did not bill yet, per shipment: what was accrued, and what a
    bill used up. The sum of a shipment's rows is what stands on the account of accrued freight.

    The rows up to a day are what was earned and unbilled as of that day. A day may be looked at
    again, or only now, when later days were looked at and bills came: what it changes is taken back
    on the next day that has a say, so that no other balance moves.
    """

    _name = "milepost.accrual"
    _description = "Freight Accrual"
    _inherit = ["milepost.accrual.entry"]
    _check_company_auto = True
    _order = "date desc, id desc"
    _rec_name = "shipment_id"

    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, readonly=True, ondelete="restrict", index=True, check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_id = fields.Many2one(
        "account.move", required=True, readonly=True, ondelete="restrict", index=True, check_company=True
    )
    carrier_invoice_id = fields.Many2one(
        "milepost.carrier.invoice",
        string="Carrier Bill",
        readonly=True,
        index="btree_not_null",
        check_company=True,
    )
    date = fields.Date(required=True, readonly=True, help="Of the entry.")
    day = fields.Date(
        compute="_compute_day", store=True, readonly=True, precompute=True,
        help="As of which day it counts; the entry is later where the period was locked.",
    )  # fmt: skip
    kind = fields.Selection(
        [("accrued", "Accrued"), ("billed", "Used Up by a Bill")], required=True, readonly=True
    )
    amount = fields.Monetary(required=True, readonly=True, help="Positive: more is accrued.")

    _company_date = models.Index("(company_id, date)")
    _shipment_day = models.Index("(shipment_id, day)")

    @api.depends("date")
    def _compute_day(self):
        for row in self:
            row.day = row.day or row.date

    @api.model
    def _cron_accrue(self):
        """On the first days of a month: accrue as of the end of the one before."""
        today = fields.Date.context_today(self)
        last = today.replace(day=1) - timedelta(days=1)
        for company in self.env["res.company"].search([("milepost_accrued_account_id", "!=", False)]):
            self._accrue(company, last)
            self.env["ir.cron"]._commit_progress(1)

    def accrue_now(self, day=None):
        """Bring the accruals of the user's company to the end of a day.

        :param day: a date or text as 2026-10-31; today by default
        :return: the action that shows the entry
        """
        user = self.env.user
        if user.has_group("milepost.group_bridge") or not user.has_group(
            "milepost_billing.group_finance_manager"
        ):
            raise AccessError(self.env._("Your role may not accrue freight."))
        today = fields.Date.context_today(self)
        day = day_of(self.env, day, today)
        if day > today:
            raise UserError(self.env._("Nothing is earned yet on %s: choose a day that is over.", day))
        move = self.sudo()._accrue(self.env.company, day)
        shipments = self.env["milepost.shipment"]
        return shipments._action_view("account.move", move.sudo(False), self.env._("Accrual"))

    @api.model
    def _accrue(self, company, day):
        """Entries that bring the accrual of each shipment to what was earned and unbilled by the end of a day.

        :return: the posted entry of the day; empty when nothing changed, so that a second run makes none
        """
        accounts = company._milepost_freight_accounts()
        shipments = self._concerned(company, day)
        shipments.lock_for_update()
        shipments.invalidate_recordset(["accrued_amount"])
        rows = self.search([("shipment_id", "in", shipments.ids)]).grouped("shipment_id")
        end = self._end_of(company, day)
        careful = self.env["milepost.billing.policy"]._careful_default(company)
        changes = defaultdict(dict)
        for shipment in shipments:
            own = rows.get(shipment, self.browse())
            policy = shipment.policy_id or careful
            target = self._earned(shipment, policy, end, self._unbilled(shipment, day))
            change = target - own._balance(day)
            if not change:
                continue
            changes[day, "accrued"][shipment] = change
            later = self._next_day(shipment, own, day)
            if later:
                changes[later][shipment] = -change
        moves = self.env["account.move"]
        for (on, kind), own in sorted(changes.items()):
            label = self.env._("Freight accrued by %s", fields.Date.to_string(on))
            moves |= self._enter(company, accounts, on, kind, label, own)
        return moves[:1]

    @api.model
    def _concerned(self, company, day):
        """Shipments that may have earned something unbilled by the day, or had something accrued by then."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """
            SELECT s.id FROM milepost_shipment s
             WHERE s.company_id = %(company)s AND s.picked_up_at <= %(end)s
               AND s.state NOT IN ('cancelled', 'declined')
               AND EXISTS (SELECT FROM milepost_expected_charge e
                            WHERE e.shipment_id = s.id AND e.side = 'cost' AND e.amount <> 0
                              AND NOT EXISTS (%(billed)s AND l.milepost_charge_type = e.charge_type))
             UNION
            SELECT shipment_id FROM milepost_accrual WHERE company_id = %(company)s AND day <= %(day)s
             GROUP BY shipment_id HAVING sum(amount) <> 0
             ORDER BY 1
            """,
            company=company.id, end=self._end_of(company, day), day=day, billed=self._billed(day),
        ))  # fmt: skip
        return self.env["milepost.shipment"].browse([id_ for (id_,) in rows])

    @api.model
    def _billed(self, day):
        """SQL of the lines `l` of the shipment `s` that its carriers billed by the day, reversed ones left out."""
        return SQL(
            """
            SELECT l.milepost_charge_type
              FROM milepost_carrier_invoice i
              JOIN account_move m ON m.milepost_carrier_invoice_id = i.id
              JOIN account_move_line l ON l.move_id = m.id
             WHERE i.shipment_id = s.id AND m.move_type = 'in_invoice' AND m.state = 'posted'
               AND m.date <= %(day)s AND l.milepost_charge_type IS NOT NULL
               AND NOT EXISTS (SELECT FROM account_move r WHERE r.reversed_entry_id = m.id
                                  AND r.state = 'posted' AND r.date <= %(day)s)
            """,
            day=day,
        )

    @api.model
    def _unbilled(self, shipment, day, without=None):
        """What of the expected cost no carrier has billed by a day, in company currency.

        It is the cost of the charge types that no bill names, and no more than the bills leave over: one
        bill over everything may stand under a single type.

        :param without: a bill that is left out
        """
        cost = decimal(shipment.expected_cost)
        bills = shipment.carrier_invoice_ids.bill_ids.filtered(
            lambda move: move != without and self._is_billed_by(move, day)
        )
        lines = bills.invoice_line_ids.filtered("milepost_charge_type")
        if not lines:
            return cost
        rows = shipment.expected_charge_ids._counts("cost")
        sheet = self.env["milepost.rate.engine"]._cost_sheet(shipment, rows)
        billed = set(lines.mapped("milepost_charge_type"))
        rest = sum((amount for key, amount in sheet.expected.items() if key not in billed), ZERO)
        rest = rest * cost / sheet.total if sheet.total else ZERO
        left = cost - sum((decimal(line.balance) for line in lines), ZERO)
        return rounded(max(min(rest, left), ZERO), shipment.cost_currency_id.decimal_places)

    @staticmethod
    def _is_billed_by(move, day):
        """Whether a carrier's bill stood on the books by the end of a day."""
        if move.state != "posted" or move.move_type != "in_invoice" or move.date > day:
            return False
        return not any(one.state == "posted" and one.date <= day for one in move.reversal_move_ids)

    def _balance(self, day):
        """What these rows of one shipment leave accrued as of a day."""
        return sum((decimal(row.amount) for row in self if row.day <= day), ZERO)

    @api.model
    def _next_day(self, shipment, rows, day):
        """(day, kind) of the next day after it that something was decided for or billed on; None without one."""
        days = [(row.day, row.kind) for row in rows if row.day > day]
        bills = shipment.carrier_invoice_ids.bill_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "in_invoice" and move.date > day
        )
        days += [(move.date, "billed") for move in bills]
        return min(days, default=None)

    @staticmethod
    def _end_of(company, day):
        """The end of a day where the company is, as naive UTC."""
        zone = ZoneInfo(company.partner_id.tz or "UTC")
        end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
        return end.astimezone(ZoneInfo("UTC")).replace(tzinfo=None) - timedelta(seconds=1)

    @api.model
    def _earned(self, shipment, policy, end, cost):
        """What was earned by an instant of a cost in company currency."""
        picked = shipment.picked_up_at
        # The delivery that is known counts; a plan only until then.
        days = shipment.transit_days
        arrival = shipment.delivered_at or (not days and shipment.planned_delivery_at)
        if arrival and picked:
            days = (arrival.date() - picked.date()).days
        progress = accrual.Progress(
            picked_up=bool(picked and picked <= end),
            delivered=bool(shipment.delivered_at and shipment.delivered_at <= end),
            transit_days_done=(end.date() - picked.date()).days if picked else 0,
            transit_days=days,
        )
        if shipment.state in ("cancelled", "declined"):
            return ZERO
        digits = shipment.cost_currency_id.decimal_places
        return accrual.earned(cost, policy.accrual_point, progress, digits)

    @api.model
    def control(self, company=None):
        """The check of the month's end: the account's balance against the open accruals.

        :param company: the company or its id; the user's own by default
        :return: {ledger, open, difference} in the company's currency; the difference must be 0
        """
        self.check_access("read")
        company = record_of(self.env, "res.company", company) if company else self.env.company
        company.check_access("read")
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
    def action_control(self):
        """Say on the screen whether the account holds what is open, of the user's own company."""
        found = self.control()
        currency = self.env.company.currency_id
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if found["difference"] else "success",
                "sticky": bool(found["difference"]),
                "title": self.env._("Accrued freight"),
                "message": self.env._(
                    "Ledger: %(ledger)s. Open accruals: %(open)s. Difference: %(difference)s.",
                    **{name: currency.format(amount) for name, amount in found.items()},
                ),
            },
        }

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
