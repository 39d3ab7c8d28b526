from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .milepost_billing_kpi import AGING, HUMAN_EVENTS

#: The steps from delivery to the posted invoice, in their order.
PARTS = ("carrier_reporting", "bridge", "pod_wait", "charge_wait", "review_wait", "posting_wait")
#: Records of a part of the waterfall, those that spent most in it first.
MOST = 500


class MilepostBillingLagRecords(models.AbstractModel):
    """The records behind each figure."""

    _name = "milepost.billing.lag.records"
    _description = "Records Behind the Billing Lag"

    @api.model
    @api.readonly
    def records(self, key, domain=None):
        """The action that shows what a figure counts.

        :param key: `<figure>` or `<figure>/<part of it>`, as the board names them
        :param domain: the one of the figures
        """
        self._check_reader()
        figure, _slash, part = str(key).partition("/")
        shown = self._shown_domain(domain)
        shipments = self._shipments_behind(figure, part, shown)
        if shipments is not None:
            return self._open("milepost.shipment", self.env._("Shipments"), shown & shipments)
        found = self._others_behind(figure, part, shown)
        if found is None:
            raise UserError(self.env._("There is no figure “%s”.", key))
        return self._open(*found)

    @api.model
    def _open(self, model, name, domain):
        return {
            "type": "ir.actions.act_window", "res_model": model, "name": name,
            "domain": list(Domain(domain)), "views": [(False, "list"), (False, "form")],
        }  # fmt: skip

    @api.model
    def _shipments_behind(self, figure, part, shown):
        """The condition of a figure that counts shipments; None for the others."""
        now = fields.Datetime.now()
        ready, posted = Domain("billing_ready_at", "!=", False), Domain("posted_at", "!=", False)
        needs_proof = Domain("policy_id", "=", False) | Domain("policy_id.pod_gate", "=", "pod")
        proven = Domain("pod_validated_at", "!=", False)
        waited = Domain("emergency_at", "=", False)
        lags = {"readiness": (Domain.TRUE, ready), "posting": (ready, posted), "whole": (Domain.TRUE, posted)}
        if figure in lags:
            since, till = lags[figure]
            return waited & since & (~till if part == "open" else till)
        if figure == "proof":
            return waited & (needs_proof & ~proven if part == "open" else proven)
        if figure == "missing_pod":
            hours = timedelta(hours=self.env.company.milepost_pod_due_hours)
            return needs_proof & ~proven & Domain("delivered_at", "<", now - hours)
        if figure == "first_pass":
            return ready & Domain("ever_held", "=", True)
        if figure == "unbilled":
            return ~posted & Domain("billing_state", "!=", "nothing") & self._aged(part, now)
        if figure == "part":
            return Domain("id", "in", self._slowest(part, shown, now))
        if figure in ("on_time_last", "otif"):
            late = Domain("punctuality", "=", "late")
            short = Domain(
                "billable_ids", "any",
                Domain("kind", "in", ("goods", "part")) & (Domain("short_qty", ">", 0) | Domain("refused_qty", ">", 0)),
            )  # fmt: skip
            return late if figure == "on_time_last" else late | short
        if figure == "on_time_first":
            return Domain("due_at", "!=", False)
        if figure == "billing_accuracy":
            return Domain("id", "in", self._corrected(shown))
        return None

    @api.model
    def _aged(self, part, now):
        if not part:
            return Domain.TRUE
        low, high = AGING[int(part)]
        aged = Domain("delivered_at", "<=", now - timedelta(days=low))
        return aged if high is None else aged & Domain("delivered_at", ">", now - timedelta(days=high + 1))

    @api.model
    def _others_behind(self, figure, part, shown):
        """(model, name, domain) of a figure that counts something else."""
        of_shown = Domain("shipment_id", "any", shown)
        blocking = of_shown & Domain("severity", "!=", "warn") & Domain("shadow", "=", False)
        bills = of_shown & Domain("state", "!=", "superseded") & Domain("document", "=", "invoice")
        invoices, holds = "milepost.carrier.invoice", "milepost.hold"
        name = self.env._("Carrier Bills")
        if figure == "charge_exceptions":
            excepted = Domain("ever_held", "=", True) | Domain("hold_ids.side", "=", "ap")
            return invoices, name, bills & excepted
        if figure == "touchless":
            touched = Domain("matched_how", "=", "person") | Domain(
                "hold_ids.audit_ids.event", "in", HUMAN_EVENTS
            )
            return invoices, name, bills & Domain("state", "=", "payable") & touched
        if figure == "charge_exception_value":
            reasons = Domain("reason", "in", ("charge_variance", "unexpected_charge"))
            return holds, self.env._("Holds"), blocking & reasons & Domain("side", "=", "ap")
        if figure == "hold_pareto":
            side, _slash, reason = part.partition("/")
            kind = Domain("side", "=", side) & Domain("reason", "=", reason)
            return holds, self.env._("Holds"), blocking & kind
        if figure == "hold_cost":
            return holds, self.env._("Holds"), blocking
        if figure == "false_holds":
            return holds, self.env._("Released Holds"), blocking & Domain("state", "=", "released")
        if figure == "late_charge_leak":
            leaks = of_shown & Domain("kind", "=", "leak")
            return "milepost.late.charge", self.env._("Absorbed Charges"), leaks
        if figure == "detention_recovery":
            charges = of_shown & Domain("charge_type", "=", "detention")
            return "milepost.charge", self.env._("Detention"), charges
        stops = of_shown & Domain("in_plan", "=", True)
        if figure == "dwell":
            return "milepost.stop", self.env._("Stops"), stops & Domain("departed_at", "!=", False)
        if figure == "completeness":
            silent = Domain("kind", "in", ("pickup", "delivery")) & Domain(
                "completed_milestone_id", "=", False
            )
            return "milepost.stop", self.env._("Stops Not Heard Of"), stops & silent
        if figure == "event_latency":
            actual = of_shown & Domain("classifier", "=", "actual")
            return "milepost.milestone", self.env._("Milestones"), actual
        return None

    @api.model
    def _slowest(self, part, shown, now):
        """Shipments that spent time in the part, or wait in it now; `<part>/open` only those."""
        name, _slash, which = part.partition("/")
        if name not in PARTS:
            raise UserError(self.env._("There is no figure “%s”.", part))
        at = PARTS.index(name) + 1
        seconds = SQL(f"s{at} - s{at - 1}" if at > 1 else "s1")
        waiting = SQL("NOT posted AND stage = %s", name)
        spent = SQL("posted AND %s > 0", seconds)
        rows = self.env.execute_query(SQL(
            "%s SELECT id FROM marks WHERE %s ORDER BY %s DESC, id LIMIT %s",
            self._with(self._shown(shown), now), waiting if which == "open" else spent, seconds, MOST,
        ))  # fmt: skip
        return [id_ for (id_,) in rows]

    @api.model
    def _corrected(self, shown):
        """Shipments of invoices that a later note corrects."""
        rows = self.env.execute_query(SQL(
            """
            SELECT DISTINCT link.shipment_id
              FROM milepost_shipment_move link
              JOIN account_move m ON m.id = link.move_id AND m.state = 'posted'
               AND m.move_type = 'out_invoice' AND m.debit_origin_id IS NULL
              JOIN account_move note ON note.state = 'posted'
               AND (note.reversed_entry_id = m.id OR note.debit_origin_id = m.id)
             WHERE link.shipment_id IN %s
            """,
            self._shown(shown),
        ))  # fmt: skip
        return [id_ for (id_,) in rows]
