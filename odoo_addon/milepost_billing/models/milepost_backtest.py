from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_amount

from ..billing.decimals import decimal
from ..billing.money import ZERO
from .milepost_backtest_replay import BATCH

#: Up to so many shipments the answer comes at once; more are worked off by the cron.
AT_ONCE = 1000


class MilepostBacktest(models.Model):
    """A changed billing policy over past shipments: what it would have held, and what no longer.

    The proposal is a policy of its own, archived, so that it applies to nothing. Nothing that was
    really decided is written: the answers stand in lines of their own.
    """

    _name = "milepost.backtest"
    _description = "Policy Back-Test"
    _inherit = ["milepost.backtest.replay"]
    _check_company_auto = True
    _order = "id desc"

    name = fields.Char(required=True)
    policy_id = fields.Many2one(
        "milepost.billing.policy", required=True, readonly=True, ondelete="cascade", check_company=True
    )
    proposal_id = fields.Many2one(
        "milepost.billing.policy", string="Proposal", required=True, readonly=True, ondelete="restrict",
        help="The policy as proposed; archived, so that it applies to nothing.", check_company=True,
    )  # fmt: skip
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="Delivered From", required=True)
    date_to = fields.Date(string="Until", required=True)
    scope = fields.Selection(
        [("policy", "Shipments Under This Policy"), ("all", "All Shipments of the Company")],
        default="policy",
        required=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("done", "Done")],
        default="draft", required=True, readonly=True, copy=False,
    )  # fmt: skip
    until = fields.Datetime(string="Known Until", readonly=True, copy=False)
    shipment_count = fields.Integer(string="Shipments", readonly=True, copy=False)
    done_count = fields.Integer(string="Looked At", readonly=True, copy=False)
    last_shipment_id = fields.Integer(readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    line_ids = fields.One2many("milepost.backtest.line", "backtest_id", readonly=True)
    summary = fields.Html(compute="_compute_summary", sanitize=False)
    would_hold_count = fields.Integer(string="Would Be Held", compute="_compute_answer", store=True)
    would_hold_amount = fields.Monetary(compute="_compute_answer", store=True)
    new_count = fields.Integer(string="Newly Held", compute="_compute_answer", store=True)
    new_amount = fields.Monetary(compute="_compute_answer", store=True)
    gone_count = fields.Integer(string="No Longer Held", compute="_compute_answer", store=True)
    gone_amount = fields.Monetary(compute="_compute_answer", store=True)

    limit_ids = fields.One2many(related="proposal_id.limit_ids", readonly=False)
    over_amount = fields.Monetary(related="proposal_id.over_amount", readonly=False)
    over_percent = fields.Float(related="proposal_id.over_percent", readonly=False)
    document_amount = fields.Monetary(related="proposal_id.document_amount", readonly=False)
    document_percent = fields.Float(related="proposal_id.document_percent", readonly=False)
    cumulative_amount = fields.Monetary(related="proposal_id.cumulative_amount", readonly=False)
    cumulative_percent = fields.Float(related="proposal_id.cumulative_percent", readonly=False)
    auto_approve_amount = fields.Monetary(related="proposal_id.auto_approve_amount", readonly=False)
    tax_tolerance = fields.Monetary(related="proposal_id.tax_tolerance", readonly=False)
    late_window_days = fields.Integer(related="proposal_id.late_window_days", readonly=False)
    pay_needs_pod = fields.Boolean(related="proposal_id.pay_needs_pod", readonly=False)
    quantity_policy = fields.Selection(related="proposal_id.quantity_policy", readonly=False)
    pod_gate = fields.Selection(related="proposal_id.pod_gate", readonly=False)
    pod_need_signer = fields.Boolean(related="proposal_id.pod_need_signer", readonly=False)
    pod_need_signature = fields.Boolean(related="proposal_id.pod_need_signature", readonly=False)
    pod_need_document = fields.Boolean(related="proposal_id.pod_need_document", readonly=False)
    pod_need_quantities = fields.Boolean(related="proposal_id.pod_need_quantities", readonly=False)
    reference_required = fields.Boolean(related="proposal_id.reference_required", readonly=False)
    pass_through_pending = fields.Selection(related="proposal_id.pass_through_pending", readonly=False)

    @api.depends("done_count", "shipment_count")
    def _compute_progress(self):
        for test in self:
            test.progress = 100 * test.done_count / test.shipment_count if test.shipment_count else 0

    @api.depends("state")
    def _compute_answer(self):
        for test in self:
            figures = test.figures()
            for name in ("would_hold", "new", "gone"):
                test[f"{name}_count"] = figures[name]["documents"]
                test[f"{name}_amount"] = float(figures[name]["amount"])

    @api.depends("state")
    def _compute_summary(self):
        for test in self:
            labels = {
                name: dict(test.line_ids._fields[name]._description_selection(self.env))
                for name in ("side", "reason")
            }
            test.summary = self.env["ir.qweb"]._render(
                "milepost_billing.backtest_summary",
                {"figures": test.figures(), "labels": labels, "money": test._money},
            )

    def _money(self, figure):
        return format_amount(self.env, float(figure["amount"]), self.currency_id)

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for test in self:
            if test.date_from > test.date_to:
                raise ValidationError(self.env._("The period ends before it begins."))

    @api.ondelete(at_uninstall=False)
    def _check_not_running(self):
        if self.filtered(lambda test: test.state == "running"):
            raise UserError(self.env._("Wait until the back-test is done."))

    def unlink(self):
        proposals = self.sudo().proposal_id
        result = super().unlink()
        proposals.unlink()
        return result

    @api.model
    def _propose(self, policy):
        """A new back-test of a policy over the last three months, with a copy of it to change."""
        self._check_role()
        policy.check_access("write")
        today = fields.Date.context_today(self)
        proposal = policy.copy({"name": self.env._("%s (proposal)", policy.name), "active": False})
        return self.create({
            "name": self.env._("%(policy)s, tested on %(day)s", policy=policy.name, day=today),
            "policy_id": policy.id, "proposal_id": proposal.id,
            "date_from": fields.Date.subtract(today, months=3), "date_to": today,
        })  # fmt: skip

    @api.model
    def _check_role(self):
        if not self.env["milepost.hold"]._finance_role():
            raise AccessError(self.env._("Your role may not test policies."))

    # Actions

    def action_run(self):
        """Answer at once, or by the cron when there is much to look at."""
        for test in self:
            test._check_role()
            test.check_access("write")
            if test.state == "running":
                raise UserError(self.env._("The back-test runs already."))
            test = test.sudo()
            test.line_ids.unlink()
            test.write({
                "state": "running", "until": fields.Datetime.now(), "done_count": 0, "last_shipment_id": 0,
                "shipment_count": self.env["milepost.shipment"].sudo().search_count(test._domain()),
            })  # fmt: skip
            if test.shipment_count <= AT_ONCE:
                while test._step():
                    pass
            else:
                self.env.ref("milepost_billing.cron_backtest").sudo()._trigger()

    def action_reset(self):
        """Back to the draft, to change the proposal."""
        self.check_access("write")
        self.sudo().line_ids.unlink()
        self.sudo().write({"state": "draft", "done_count": 0, "shipment_count": 0})

    def action_view_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": "milepost.backtest.line", "name": self.name,
            "view_mode": "list,pivot,graph", "domain": [("backtest_id", "=", self.id)],
            "context": {f"search_default_{self.env.context.get('milepost_effect', 'would_hold')}": 1},
        }  # fmt: skip

    @api.model
    def _cron_run(self):
        """Work off what runs, batch by batch, each committed."""
        for test in self.search([("state", "=", "running")], order="id"):
            while test._step():
                left = test.shipment_count - test.done_count
                if not self.env["ir.cron"]._commit_progress(BATCH, remaining=left):
                    return
            self.env["ir.cron"]._commit_progress(1)

    # The answer

    def figures(self):
        """What the back-test found, for the screen and for programs.

        A document is a shipment (customer invoices) or a carrier's bill. Over its reasons it counts
        once, with the largest hold. Amounts are decimal text in the company's currency.

        :return: {was_held, held_now, would_hold, new, gone: {documents, amount}, reasons: [{side,
            reason, was_held, held_now, would_hold, new, gone: {documents, amount}}]}
        """
        self.ensure_one()
        kinds = ("was_held", "held_now", "would_hold")
        whole = {kind: defaultdict(lambda: ZERO) for kind in kinds}
        reasons = defaultdict(lambda: {kind: defaultdict(lambda: ZERO) for kind in kinds})
        lines = self.line_ids
        lines.fetch(["shipment_id", "carrier_invoice_id", "side", "reason", "amount", *kinds])
        for line in lines:
            document = line._document()
            amount = decimal(line.amount)
            for kind in filter(lambda kind, line=line: line[kind], kinds):
                own = reasons[line.side, line.reason][kind]
                own[document] += amount
                whole[kind][document] = max(whole[kind][document], amount)
        digits = self.currency_id.decimal_places

        def sums(found):
            now, then = found["held_now"], found["would_hold"]
            # People read documents: one that keeps another hold is neither new nor gone.
            found = {
                **found,
                "new": {one: then[one] for one in then if one not in now},
                "gone": {one: now[one] for one in now if one not in then},
            }
            return {
                kind: {"documents": len(parts), "amount": f"{sum(parts.values(), ZERO):.{digits}f}"}
                for kind, parts in found.items()
            }

        return {
            **sums(whole),
            "reasons": [
                {"side": side, "reason": reason, **sums(found)}
                for (side, reason), found in sorted(reasons.items())
            ],
        }
