from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import format_datetime

from .milepost_billing_run_carriers import BATCH, _logger


class MilepostBillingRun(models.Model):
    """One billing run: what was ready at the cut-off became invoices, notes and carrier bills."""

    _name = "milepost.billing.run"
    _description = "Billing Run"
    _inherit = [
        "milepost.billing.run.late", "milepost.billing.run.carriers", "milepost.billing.run.preview",
    ]  # fmt: skip
    _check_company_auto = True
    _order = "at desc, id desc"
    _rec_name = "at"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    at = fields.Datetime(required=True, readonly=True, help="The cut-off: what was ready by then is in.")
    user_id = fields.Many2one("res.users", readonly=True)
    shipment_count = fields.Integer(readonly=True)
    move_ids = fields.One2many("account.move", "milepost_run_id", string="Documents", readonly=True)
    move_count = fields.Integer(string="Number of Documents", compute="_compute_move_count")
    problem = fields.Text(readonly=True, help="What could not be invoiced, and why.")

    @api.depends("at")
    @api.depends_context("tz", "lang")
    def _compute_display_name(self):
        for run in self:
            at = format_datetime(self.env, run.at, dt_format="short") if run.at else ""
            run.display_name = self.env._("Billing Run %s", at)

    @api.depends("move_ids")
    def _compute_move_count(self):
        for run in self:
            run.move_count = len(run.move_ids)

    @api.model
    def _cron_run(self):
        """Invoice what is due in every company, one transaction per batch."""
        now = fields.Datetime.now()
        for company in self.env["res.company"].search([]):
            while self._run(company, now):
                if not self.env["ir.cron"]._commit_progress(1):
                    return
            self._bill_carriers(company)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def run_now(self):
        """The button: invoice what is due in the user's company; returns the action that shows it."""
        user = self.env.user
        if user.has_group("milepost.group_bridge") or not user.has_group(
            "milepost_billing.group_billing_analyst"
        ):
            raise AccessError(self.env._("Your role may not run the billing."))
        self.env["account.move"].check_access("create")
        engine = self.sudo()
        company = self.env.company
        self.env["milepost.billing"].sudo()._catch_up()
        # Taken after the decisions: what became due while they were made is due.
        now = fields.Datetime.now()
        runs = self.browse()
        while run := engine._run(company, now):
            runs |= run
            if run.problem:
                break
        moves = runs.move_ids | engine._bill_carriers(company)
        shipments = self.env["milepost.shipment"]
        return shipments._action_view("account.move", moves.sudo(False), self.env._("Billed"))

    @api.model
    def _run(self, company, now, limit=BATCH):
        """Invoice one batch of what is due; returns the run, an empty record when nothing is.

        :param now: the instant of the run, naive UTC
        """
        shipments = self._due(company, now, limit)
        if not shipments:
            return self.browse()
        run = self.create({
            "company_id": company.id, "at": now, "user_id": self.env.uid,
            "shipment_count": len(shipments),
        })  # fmt: skip
        problems = [problem for groups in self._waves(shipments) for problem in run._try_invoice(groups)]
        if problems:
            run.problem = "\n".join(problems)
            _logger.warning("billing run %s: %s", run.id, run.problem)
        return run

    @api.model
    def _due(self, company, now, limit):
        """Ready shipments whose cut-off is reached, locked; with each all others of its invoice.

        What another run holds is left to it. The lock is an update: a run that read the shipments
        before another one invoiced them fails and is run again.
        """
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """
            WITH due AS (
                SELECT id, partner_id, currency_id, policy_id FROM milepost_shipment
                 WHERE company_id = %(company)s AND billing_state = 'ready' AND billing_due_at <= %(now)s
                   AND billing_rev = rev
            ), picked AS (
                SELECT DISTINCT partner_id, currency_id, policy_id,
                       -- Of these each has an invoice of its own, and none waits for the others.
                       CASE WHEN policy.consolidation = 'shipment' THEN first.id END AS shipment_id
                  FROM (SELECT * FROM due ORDER BY id LIMIT %(limit)s) first
                  LEFT JOIN milepost_billing_policy policy ON policy.id = first.policy_id
            )
            SELECT s.id FROM milepost_shipment s
              JOIN due ON due.id = s.id
              JOIN picked ON picked.partner_id IS NOT DISTINCT FROM due.partner_id
               AND picked.currency_id = due.currency_id
               AND picked.policy_id IS NOT DISTINCT FROM due.policy_id
               AND (picked.shipment_id IS NULL OR picked.shipment_id = due.id)
             ORDER BY s.id FOR NO KEY UPDATE OF s SKIP LOCKED
            """,
            company=company.id, now=now, limit=limit,
        ))  # fmt: skip
        shipments = self.env["milepost.shipment"].browse([id_ for (id_,) in rows])
        return shipments.with_company(company).with_context(tracking_disable=True, mail_notrack=True)

    @api.model
    def _postpone(self, shipments):
        """What failed is tried again with the next day's run and does not block this one."""
        self.env.execute_query(SQL(
            "UPDATE milepost_shipment SET billing_due_at = billing_due_at + interval '1 day'"
            " WHERE id IN %s RETURNING id", tuple(shipments.ids),
        ))  # fmt: skip
        shipments.invalidate_recordset(["billing_due_at"])

    @api.model
    def _groups(self, shipments):
        """Shipments that go on one invoice, by their policy."""
        groups = defaultdict(lambda: shipments.browse())
        for shipment in shipments:
            policy = shipment._billing_policy()
            key = (shipment.partner_id, shipment.currency_id, policy.id or 0)
            if policy.consolidation == "shipment":
                key = (*key, shipment)
            groups[key] |= shipment
        return list(groups.values())

    @api.model
    def _waves(self, shipments):
        """Lists of groups that are invoiced together: of one policy, and no two of them could come
        together on one invoice of Odoo's."""
        shipments.mapped("sale_order_ids.partner_invoice_id")
        waves = []
        for group in self._groups(shipments):
            policy, orders = group[:1].policy_id, group.sale_order_ids
            by_order = self._is_by_order(group)
            keys = set(orders.ids if by_order else orders.partner_invoice_id.ids)
            for kind, taken, groups in waves:
                if kind == (policy, by_order) and not taken & keys:
                    taken |= keys
                    groups.append(group)
                    break
            else:
                waves.append(((policy, by_order), keys, [group]))
        return [groups for _kind, _taken, groups in waves]

    @api.model
    def _is_by_order(self, group):
        """Whether each order of the group has an invoice of its own."""
        consolidation = group[:1]._billing_policy().consolidation
        return consolidation == "order" or (consolidation == "shipment" and len(group.sale_order_ids) == 1)

    def _try_invoice(self, groups):
        """Invoice groups together; returns the problems.

        When one fails the others are tried without it: one customer's trouble does not keep the
        others' invoices back.
        """
        try:
            with self.env.cr.savepoint():
                self._invoice(groups)
            return []
        except (UserError, ValidationError) as error:
            if len(groups) == 1:
                self._postpone(groups[0])
                return [f"{', '.join(groups[0].mapped('name'))}: {error}"]
        half = len(groups) // 2
        return self._try_invoice(groups[:half]) + self._try_invoice(groups[half:])

    def _invoice(self, groups):
        """Make and post the documents of groups of one policy, each of shipments of one customer."""
        self.ensure_one()
        shipments = groups[0].union(*groups)
        shipments._claim_for_invoice()
        policy = shipments[:1]._billing_policy()
        with self._running(shipments):
            moves = self._late_documents(shipments, policy)
            moves |= self._sales_invoices(shipments, self._is_by_order(groups[0]))
            moves |= self._charge_invoices(groups)
            self._date(moves)
            if moves and policy.auto_post and not self._is_preview():
                moves._post(soft=False)
        shipments._recount_money()

    @api.model
    @contextmanager
    def _running(self, shipments):
        """Within it the shipments' decisions are current (they were locked as they were picked), and
        what documents bill is counted once, at the end.

        In the transaction's own data: a context can be sent by anybody.
        """
        data = self.env.cr.precommit.data
        data["milepost.run"] = shipments
        try:
            yield
        finally:
            data.pop("milepost.run", None)

    @api.model
    def _is_running(self):
        return "milepost.run" in self.env.cr.precommit.data

    @api.model
    def _decided(self):
        """Shipments that a run of this transaction took with a current decision."""
        ids = self.env.cr.precommit.data.get("milepost.run", self.env["milepost.shipment"]).ids
        return self.env["milepost.shipment"].browse(ids)

    def _document_values(self):
        """What every document of the run bears from its making on."""
        return {"milepost_run_id": self.id, "invoice_date": fields.Date.context_today(self)}

    @api.model
    def _date(self, moves):
        """Nothing is booked into a locked period: the first open day takes it."""
        for move in moves:
            locks = move._get_violated_lock_dates(move.invoice_date, bool(move.line_ids.tax_ids))
            if locks:
                move.invoice_date = max(lock for lock, _field in locks) + timedelta(days=1)

    def _sales_invoices(self, shipments, by_order):
        """Through the sales orders, so that whatever extends their invoicing extends this too."""
        rows = shipments.billable_ids.filtered(lambda row: row.released and row.sale_line_id)
        orders = rows.filtered(lambda row: row.open_qty > 0).sale_line_id.order_id.sorted("id")
        if not orders:
            return self.env["account.move"]
        charges = defaultdict(list)
        for charge in shipments.billable_ids.filtered(lambda row: row._is_open_charge()):
            # With the goods of whoever pays for it, in its own currency.
            goods = (rows & charge._of_same_customer()).filtered(lambda row: row.open_qty > 0)
            own = goods.sale_line_id.order_id
            if carrier := (own & charge._sold_by())[:1] or own[:1]:
                charges[carrier.id].append(charge.id)
        context = {
            "milepost_shipments": frozenset(shipments.ids),
            "milepost_charges": dict(charges),
            "milepost_document": self._document_values(),
            "raise_if_nothing_to_invoice": False,
        }
        # Read for all; Odoo goes from order to order.
        orders.order_line.milepost_billable_ids.mapped("released")
        moves = orders.with_context(**context)._create_invoices(grouped=by_order, final=True)
        return moves.with_env(self.env)

    def _charge_invoices(self, groups):
        """Charges without goods: transport itself is what the company sells."""
        values = []
        for group in groups:
            rows = group.billable_ids.filtered(lambda row: row._is_open_charge())
            # An allowance alone makes no invoice.
            payers = {row.shipment_id: row._customer() for row in rows if row.open_amount > 0}
            if payers:
                own = rows.filtered(lambda row, by=payers: by.get(row.shipment_id) == row._customer())
                values.append(self._charge_invoice_values(own))
        return self.env["account.move"].create(values)

    def _charge_invoice_values(self, rows):
        first = rows[:1].shipment_id
        partner = first.partner_id or first.sale_order_ids[:1].partner_invoice_id
        if not partner:
            raise UserError(self.env._("%s names no customer to invoice.", first.name))
        bill_to = self.env["res.partner"].browse(partner.address_get(["invoice"])["invoice"])
        return {
            **self._document_values(),
            "move_type": "out_invoice",
            "company_id": first.company_id.id,
            "partner_id": bill_to.id,
            "partner_shipping_id": (first.destination_id or partner).id,
            "currency_id": first.currency_id.id,
            "invoice_origin": ", ".join(rows.shipment_id.mapped("name"))[:2000],
            "ref": ", ".join(filter(None, rows.shipment_id.mapped("customer_reference")))[:2000] or False,
            "invoice_line_ids": [fields.Command.create(row._prepare_charge_line()) for row in rows],
        }
