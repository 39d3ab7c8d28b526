from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..billing import cutoff, holds, policy as policy_rules
from ..billing.decimals import decimal
from ..reconciliation.facts import Facts
from ..reconciliation.goods import DEAD
from ..reconciliation.instants import aware, naive

# Facts about a shipment wait while it is decided on: a larger batch is no faster and keeps them longer.
BATCH = 100
BILLS_AT_ONCE = 500


class MilepostBilling(models.AbstractModel):
    """Decides about changed shipments: reads a batch with a constant number of queries, asks the
    rules of `billing/`, writes in bulk. It never looks at a single shipment alone."""

    _name = "milepost.billing"
    _description = "Billing Validation"

    @api.model
    def _cron_validate(self):
        """Validate what changed, batch by batch, each committed."""
        self.env["milepost.hold"]._expire()
        unmatched = self._place_unmatched()
        self.env["ir.cron"]._commit_progress(len(unmatched))
        while shipments := self._changed(BATCH):
            self._validate(shipments)
            if not self.env["ir.cron"]._commit_progress(len(shipments), remaining=self._count_changed()):
                break

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
        while shipments := self._changed(BATCH):
            self._validate(shipments)

    @api.model
    def _place_unmatched(self):
        """Bills without a shipment: find one, or hold them."""
        unmatched = self._unmatched(BILLS_AT_ONCE)
        payable = self.env["milepost.payable"]
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
    def _changed(self, limit):
        """Shipments whose facts changed since they were decided on; locked, others' are skipped."""
        self.env["milepost.shipment"].flush_model(["rev", "billing_rev"])
        rows = self.env.execute_query(SQL(
            """SELECT id FROM milepost_shipment WHERE billing_rev <> rev
                ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
            limit,
        ))  # fmt: skip
        return self.env["milepost.shipment"].browse([id_ for (id_,) in rows])

    @api.model
    def _count_changed(self):
        [[count]] = self.env.execute_query(
            SQL("SELECT count(*) FROM milepost_shipment WHERE billing_rev <> rev")
        )
        return count

    @api.model
    def _validate(self, shipments, now=None):
        """Decide about the shipments and write what changed.

        :param now: the instant that is taken for now, for tests and for looking back
        """
        if not shipments:
            return
        shipments = shipments.with_context(tracking_disable=True, mail_notrack=True, milepost_validating=True)
        now = now or fields.Datetime.now()
        facts = Facts(shipments, now)
        self._fill_carriers(shipments)
        policies = self._policies(shipments, facts)
        payable = self.env["milepost.payable"]
        self.env["milepost.contract"]._expect(shipments, facts, policies)
        proven = {one: facts.prove(one, policies[one.id]) for one in shipments}
        payable._judge(shipments, facts, policies, {one: proof for one, (proof, _lines) in proven.items()})
        decisions = {one: facts.decide(one, policies[one.id], *proven[one]) for one in shipments}
        self._write_pods(decisions, now)
        self._write_holds(shipments, decisions)
        self._write_billables(shipments, decisions)
        self._write_proposals(shipments, decisions)
        self._write_shipments(shipments, facts, decisions, now)
        shipments.billable_ids.sale_line_id._milepost_release()
        self.env["milepost.late.charge"]._note_margins(shipments, decisions)

    @api.model
    def _fill_carriers(self, shipments):
        unknown = shipments.filtered(lambda s: not s.carrier_partner_id and s.carrier_scac)
        if not unknown:
            return
        scacs = unknown.mapped("carrier_scac")
        partners = self.env["res.partner"].search([("milepost_scac", "in", scacs)])
        by_scac = {partner.milepost_scac: partner for partner in partners}
        for shipment in unknown:
            shipment.carrier_partner_id = by_scac.get(shipment.carrier_scac)

    @api.model
    def _policies(self, shipments, facts):
        cases = {}
        for shipment in shipments:
            cases[shipment.id] = (
                shipment.company_id,
                policy_rules.Case(
                    customers=shipment.partner_id._milepost_ancestry(),
                    carrier=shipment.carrier_id.id or None,
                    service=shipment.service or None,
                    value=facts.value(shipment),
                    day=(shipment.picked_up_at or shipment.create_date).date(),
                ),
            )
        found = self.env["milepost.billing.policy"]._resolve(cases)
        return {one.id: one._bound_policy(found[one.id]) for one in shipments}

    @api.model
    def _charge_product(self, company, policy=None, charge_type=None):
        """What a charge is booked as: the policy's product for the type, else the addon's own."""
        limits = policy.limit_ids if policy else self.env["milepost.billing.limit"]
        own = limits.filtered(lambda one: one.charge_type == charge_type and one.product_id)
        # By its id: `ref` asks the database each time whether the record is still there.
        id_ = self.env["ir.model.data"]._xmlid_to_res_id(
            "milepost_billing.product_transport", raise_if_not_found=True
        )
        return own.product_id[:1] or self.env["product.product"].with_company(company).browse(id_)

    @api.model
    def _write_pods(self, decisions, now):
        states = defaultdict(list)
        for shipment, decision in decisions.items():
            proof = decision.proof
            for pod in shipment.pod_ids:
                text, _stop_id = proof.notes[pod.id]
                if (pod.fault or "") != text:
                    pod.fault = text or False
                if pod.state != proof.states[pod.id]:
                    states[proof.states[pod.id]].append(pod.id)
        for state, ids in states.items():
            pods = self.env["milepost.pod"].browse(ids).with_context(tracking_disable=True)
            pods.write({"state": state})
            if state == "validated":
                pods.filtered(lambda pod: not pod.validated_at).write({"validated_at": now})

    @api.model
    def _write_holds(self, shipments, decisions):
        stored = shipments.hold_ids.filtered(lambda h: h.side == "ar").grouped("shipment_id")
        plan = []
        for shipment, decision in decisions.items():
            existing = stored.get(shipment, self.env["milepost.hold"])
            values = {
                "shipment_id": shipment.id,
                "company_id": shipment.company_id.id,
                "currency_id": shipment.currency_id.id,
                "policy_id": decision.policy.id or False,
                "shadow": decision.policy.mode == "shadow",
            }
            plan.append((existing, decision.holds, values))
        self._apply_holds(plan)

    @api.model
    def _apply_holds(self, plan):
        """Bring stored holds to what was decided, with one create and few writes.

        :param plan: [(existing holds, decided holds, values of new and changed ones)]
        """
        Hold = self.env["milepost.hold"].with_context(tracking_disable=True, mail_create_nolog=True)
        creates, events = [], defaultdict(lambda: Hold)
        now = fields.Datetime.now()
        for existing, decided, values in plan:
            known = [hold._existing() for hold in existing]
            changes = holds.diff(known, decided)
            for one in changes.open:
                creates.append({**values, **self._hold_values(one), "opened_at": now, "is_manual": False})
            for id_, one in changes.refresh:
                hold = Hold.browse(id_)
                hold.write({**values, **self._hold_values(one), "approved_by_ids": [(5,)]})
                events["changed"] |= hold
            for id_, one in changes.reopen:
                hold = Hold.browse(id_)
                hold.write({
                    **values, **self._hold_values(one), "state": "open", "closed_at": False, "outlasted": False,
                    "opened_at": now, "released_by_id": False, "release_code": False,
                    "release_reason": False, "approved_by_ids": [(5,)],
                })  # fmt: skip
                events["reopened"] |= hold
            events["auto_cleared"] |= Hold.browse(changes.clear)
            stale = Hold.browse(changes.kept).filtered(
                lambda h, v=values: h.is_open and h.shadow != v["shadow"]
            )
            stale.write({"shadow": values["shadow"]})
        events.pop("auto_cleared", Hold)._clear(now)
        if creates:
            Hold.create(creates)
        for event, changed in events.items():
            changed._audit(event)

    @api.model
    def _hold_values(self, decided):
        return {
            "side": decided.side,
            "reason": decided.reason.lower(),
            "subject": decided.subject,
            "severity": decided.severity,
            "amount": float(abs(decided.amount)),
            "percent": float(decided.percent or 0),
            "has_percent": decided.percent is not None,
            "explanation": decided.explanation,
            "remedy": decided.remedy,
            "fingerprint": decided.fingerprint,
        }

    @api.model
    def _write_billables(self, shipments, decisions):
        """Upsert what is billable; rows that are gone and were never invoiced go away."""
        Billable = self.env["milepost.billable"]
        known = {(row.shipment_id.id, row.key): row for row in shipments.billable_ids}
        creates, gone, seen = [], Billable, set()
        for shipment, decision in decisions.items():
            shadow = decision.policy.mode == "shadow"
            blocked = bool(shipment.hold_ids._blocking())
            decision.released = shadow or (decision.delivered and not blocked)
            frozen = bool(shipment.posted_at and decision.proof.coverage.missing)
            for values in decision.billables(shipment) if shipment.state not in DEAD else ():
                values["released"] = decision.released
                seen.add((shipment.id, values["key"]))
                row = known.get((shipment.id, values["key"]))
                if not row:
                    creates.append({
                        "shipment_id": shipment.id, "company_id": shipment.company_id.id,
                        "currency_id": shipment.currency_id.id, **values,
                    })  # fmt: skip
                    continue
                if frozen and values["kind"] == "goods":
                    # A proof that is withdrawn after the invoice changes nothing that was billed.
                    continue
                changed = {name: value for name, value in values.items() if not _equal(row, name, value)}
                if changed:
                    row.write(changed)
            if frozen:
                seen |= {key for key, row in known.items() if row.shipment_id == shipment}
        for key, row in known.items():
            if key not in seen:
                if row.absorbed_amount or row.move_line_ids:
                    row.write({"billable_qty": 0, "amount": 0, "cost_amount": 0})
                else:
                    gone |= row
        gone.unlink()
        if creates:
            Billable.create(creates)
        shipments.invalidate_recordset(["billable_ids"])
        shipments.billable_ids._count_invoiced()

    @api.model
    def _write_proposals(self, shipments, decisions):
        wanted = {
            shipment: decision.proposals(shipment) for shipment, decision in decisions.items()
            if not (shipment.posted_at and decision.proof.coverage.missing)
        }  # fmt: skip
        self.env["milepost.proposal"]._propose(wanted)

    @api.model
    def _write_shipments(self, shipments, facts, decisions, now):
        versions = self.env["milepost.policy.version"]._of([one.policy for one in decisions.values()])
        for shipment, decision in decisions.items():
            sheet = decision.sheet
            company = shipment.company_id
            day = (shipment.picked_up_at or shipment.create_date).date()
            rate = decimal(
                sheet.currency._get_conversion_rate(sheet.currency, company.currency_id, company, day)
            )
            held = decision.delivered and not decision.released
            values = {
                "policy_id": decision.policy.id or False,
                "policy_inputs": shipment._bound_inputs(),
                "billing_rev": shipment.rev,
                "pod_validated_at": decision.proof.validated_at,
                "pod_coverage": float(decision.proof.coverage.percent),
                "charges_final_at": (shipment.charges_final_at or now)
                if decision.delivered and not decision.charges.pending
                else False,
                "ever_held": shipment.ever_held or held,
                "billing_value": float(facts.value(shipment)),
                "expected_cost": company.currency_id.round(float(sheet.total * rate)),
                "approved_cost": company.currency_id.round(float(sheet.paid * rate)),
            }
            if not shipment.posted_at:
                # Frozen with the posted invoice.
                values["supply_date"] = facts.supply_day(shipment, decision.proof)
                values["policy_version_id"] = versions[
                    decision.policy.company_id, decision.policy.id or False
                ].id
            values |= self._billing_state(shipment, decision, now)
            changed = {n: v for n, v in values.items() if not _equal(shipment, n, v)}
            if changed:
                shipment.write(changed)

    @api.model
    def _billing_state(self, shipment, decision, now):
        """State, cut-off and the money of a shipment; its parts sum to what is billable."""
        released, delivered = decision.released, decision.delivered
        invoiced = any(shipment.billable_ids.mapped("invoiced_amount"))
        open_rows = shipment.billable_ids.filtered("open_amount")
        if not delivered and not invoiced:
            state = "waiting"
        elif not released:
            state = "held"
        elif open_rows:
            state = "ready"
        else:
            state = "invoiced" if invoiced else "nothing"
        was_ready = shipment.billing_state in ("ready", "invoiced")
        ready_at = (shipment.billing_ready_at or now) if released and delivered else False
        due = shipment.billing_due_at if was_ready and shipment.billing_state == state else False
        if state == "ready" and not due and delivered and decision.policy.mode != "shadow":
            # What comes after an invoice waits for the cut-off after itself.
            since = now if shipment.posted_at else ready_at
            due = naive(cutoff.cycle_of(decision.policy._cutoff(shipment.partner_id), aware(since)))
        return {
            "billing_state": state,
            "billing_ready_at": shipment.billing_ready_at if shipment.posted_at else ready_at,
            "billing_due_at": due if state == "ready" else False,
            **shipment._bucket_values(released),
        }


def _equal(record, name, value):
    field = record._fields[name]
    stored = record[name]
    if field.type == "many2one":
        return stored.id == (value or False)
    if field.type in ("float", "monetary"):
        return abs(stored - (value or 0)) < 1e-6
    if field.type == "json":
        return (stored or None) == (value or None)
    return (stored or False) == (value or False)
