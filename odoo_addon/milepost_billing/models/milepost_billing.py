import logging
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from psycopg2 import OperationalError

from ..billing import policy as policy_rules
from ..by_rule import Rule, writing
from ..reconciliation.billing_inputs import BillingInputs

# Facts about a shipment wait while it is decided on: a larger batch is no faster and keeps them longer.
BATCH = 100
# While facts of a shipment come in, deciding about it would send the next ones back at its lock.
RESTS_AFTER = timedelta(seconds=2)
# Of those that do not rest yet so few at once that their locks are soon gone.
MOVING_BATCH = 10
BILLS_AT_ONCE = 500

_logger = logging.getLogger(__name__)


class MilepostBilling(models.AbstractModel):
    """Decides about changed shipments: reads a batch with a constant number of queries, asks the
    rules of `billing/`, writes in bulk. It never looks at a single shipment alone."""

    _name = "milepost.billing"
    _description = "Billing Validation"
    _inherit = ["milepost.billing.records"]

    @api.model
    def _cron_validate(self):
        """Validate what changed, batch by batch, each committed."""
        self.env["milepost.hold"]._expire()
        unmatched = self._place_unmatched()
        self.env["ir.cron"]._commit_progress(len(unmatched))
        # Beside the cron nobody writes facts meanwhile: whoever calls this wants all of it.
        resting = bool(self.env.context.get("cron_id"))
        failed = self.env["milepost.shipment"]
        while shipments := self._changed(BATCH, resting, failed):
            failed |= self._validate_apart(shipments)
            remaining = self._count_changed(resting, failed)
            if not self.env["ir.cron"]._commit_progress(len(shipments), remaining=remaining):
                return
        if resting:
            self._validate_moving(failed)

    @api.model
    def _validate_moving(self, failed=()):
        """A few of the shipments whose facts still come; the cron looks again when they may rest."""
        shipments = self._changed(MOVING_BATCH, failed=failed)
        failed = [*failed, *self._validate_apart(shipments)]
        self.env["ir.cron"]._commit_progress(len(shipments), remaining=0)
        if self._count_changed(failed=failed):
            cron = self.env["ir.cron"].sudo().browse(self.env.context["cron_id"])
            cron._trigger(at=fields.Datetime.now() + RESTS_AFTER)

    @api.model
    def _wake(self):
        """Have the validation run now instead of within its minute, whatever makes it necessary.

        A trigger that waits already will do: were there one for every batch of facts, the cron would
        work through thousands of them. A trigger that a running validation is about to remove may be
        taken for one that waits; then it is the minute after all.
        """
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id("milepost_billing.cron_billing_validation")
        waiting = [("cron_id", "=", cron_id), ("call_at", "<=", fields.Datetime.now())]
        if cron_id and not self.env["ir.cron.trigger"].sudo().search_count(waiting, limit=1):
            self.env["ir.cron"].sudo().browse(cron_id)._trigger()

    @api.model
    def _catch_up(self):
        """Decide about all that changed, in this very transaction."""
        self._place_unmatched()
        failed = self.env["milepost.shipment"]
        while shipments := self._changed(BATCH, failed=failed):
            failed |= self._validate_apart(shipments)

    @api.model
    def _place_unmatched(self):
        """Bills without a shipment: find one, or hold them."""
        unmatched = self._unmatched(BILLS_AT_ONCE)
        payable = self.env["milepost.payable"]
        payable._withdraw_unmatched(unmatched)
        payable._match_unmatched(unmatched)
        unmatched.filtered("shipment_id").shipment_id._billing_changed()
        payable._judge_unmatched(unmatched.filtered(lambda one: not one.shipment_id))
        return unmatched

    @api.model
    def _unmatched(self, limit):
        """Bills without a shipment that nobody has looked at since they came."""
        return self.env["milepost.carrier.invoice"].search(
            [("is_dirty", "=", True), ("shipment_id", "=", False)], limit=limit, order="id"
        )

    @api.model
    def _changed(self, limit, resting=False, failed=()):
        """Shipments whose facts changed since they were decided on; locked, others' are skipped.

        :param resting: only those whose facts come no more just now
        :param failed: those that were tried in this round
        """
        self.env["milepost.shipment"].flush_model(["rev", "billing_rev"])
        rows = self.env.execute_query(SQL(
            """SELECT id FROM milepost_shipment WHERE billing_rev <> rev AND %s AND id <> ALL(%s)
                ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
            self._rests(resting), [one.id for one in failed], limit,
        ))  # fmt: skip
        return self.env["milepost.shipment"].browse([id_ for (id_,) in rows])

    @api.model
    def _count_changed(self, resting=False, failed=()):
        [[count]] = self.env.execute_query(SQL(
            "SELECT count(*) FROM milepost_shipment WHERE billing_rev <> rev AND %s AND id <> ALL(%s)",
            self._rests(resting), [one.id for one in failed],
        ))  # fmt: skip
        return count

    @api.model
    def _rests(self, resting):
        return SQL("write_date <= %s", fields.Datetime.now() - RESTS_AFTER) if resting else SQL("true")

    @api.model
    def _validate_apart(self, shipments):
        """Decide about a batch; when it fails about each half, so that one shipment stops no other.

        What fails by itself stays as it was decided before, says why, and is tried with the next round.

        :return: the shipments that failed
        """
        try:
            with self.env.cr.savepoint():
                self._validate(shipments)
            return shipments.browse()
        except OperationalError:
            # Somebody else wrote first: the whole transaction is run again, nothing is wrong with anyone.
            raise
        except Exception as error:
            if len(shipments) == 1:
                _logger.exception("shipment %s cannot be decided", shipments.id)
                shipments._note_billing_problem(error)
                return shipments
        half = len(shipments) // 2
        return self._validate_apart(shipments[:half]) | self._validate_apart(shipments[half:])

    @api.model
    def _validate(self, shipments, now=None):
        """Decide about the shipments and write what changed.

        :param now: the instant that is taken for now, for tests and for looking back
        """
        if not shipments:
            return
        shipments = writing(shipments.with_context(tracking_disable=True, mail_notrack=True), Rule.VALIDATING)
        now = now or fields.Datetime.now()
        facts = BillingInputs(shipments, now)
        self._fill_carriers(shipments)
        policies = self._policies(shipments, facts)
        expected = self.env["milepost.rate.engine"]._expect(shipments, policies)
        proven = {one: facts.prove(one, policies[one.id]) for one in shipments}
        proofs = {one: proof for one, (proof, _lines) in proven.items()}
        settled = self.env["milepost.payable"]._judge(shipments, facts, policies, expected, proofs)
        decisions = {
            one: self._decide(one, facts, policies[one.id], proven[one], expected[one], settled[one])
            for one in shipments
        }
        self._write_pods(decisions, now)
        self._write_holds(shipments, decisions)
        released = self._released(decisions)
        self._write_billables(shipments, decisions, released)
        self._write_proposals(shipments, decisions)
        self._write_shipments(shipments, facts, decisions, released, now)
        shipments.billable_ids.sale_line_id._milepost_release()
        self.env["milepost.late.charge"]._note_margins(shipments, decisions)

    @api.model
    def _decide(self, shipment, facts, policy, proven, expected, settled):
        """The Decision about billing the customer, with the holds that addons' rules call for.

        Back-tests ask here, too.

        :param proven: (proof.Proof, {goods key: quantities.Line})
        :param expected: costs.Expected
        :param settled: costs.Settled
        """
        decision = facts.decide(shipment, policy, *proven, expected, settled)
        further = self._further_holds(shipment, decision) if decision.delivered else []
        return replace(decision, holds=[*decision.holds, *further])

    @api.model
    def _further_holds(self, shipment, decision):
        """[billing.holds.Decided] by rules that another addon brings; nothing here writes.

        It is asked about delivered shipments only, and what it no longer returns is cleared.
        """
        return []

    @api.model
    def _fill_carriers(self, shipments):
        unknown = shipments.filtered(lambda s: not s.carrier_partner_id and s.carrier_scac)
        for company, own in unknown.grouped("company_id").items():
            by_scac = self.env["res.partner"]._milepost_of_scacs(company, set(own.mapped("carrier_scac")))
            for shipment in own:
                shipment.carrier_partner_id = by_scac.get(shipment.carrier_scac)

    @api.model
    def _policies(self, shipments, facts):
        """{shipment id: policy}. A truck is decided on as one: of several customers the strictest counts,
        or whoever names a lenient one first would free the goods of the others."""
        cases, customers = {}, {one: one._customers() for one in shipments}
        for shipment, partners in customers.items():
            for partner in partners:
                cases[shipment.id, partner.id] = (
                    shipment.company_id,
                    policy_rules.Case(
                        customers=partner._milepost_ancestry(),
                        carrier=shipment.carrier_id.id or None,
                        service=shipment.service or None,
                        value=facts.value(shipment),
                        day=(shipment.picked_up_at or shipment.create_date).date(),
                    ),
                )
        found = self.env["milepost.billing.policy"]._resolve(cases)
        policies = {
            one: max((found[one.id, partner.id] for partner in partners), key=lambda own: own._strictness())
            for one, partners in customers.items()
        }
        return {one.id: one._bound_policy(policy) for one, policy in policies.items()}
