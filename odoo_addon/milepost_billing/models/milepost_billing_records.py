from collections import defaultdict

from odoo import api, models
from odoo.addons.milepost.codes import DEAD_STATES

from ..billing import cutoff
from ..billing.decimals import decimal
from ..billing.sentences import packed
from ..evidence.policies import reads_otherwise
from ..reconciliation import services, wholes
from ..reconciliation.instants import aware, naive


class MilepostBillingRecords(models.AbstractModel):
    """What a decision writes: verdicts on proofs, holds, billables, proposals, the money of shipments."""

    _name = "milepost.billing.records"
    _description = "Records of Billing Decisions"

    @api.model
    def _write_pods(self, decisions, now):
        states = defaultdict(list)
        for shipment, decision in decisions.items():
            proof = decision.proof
            for pod in shipment.pod_ids:
                text, _stop_id = proof.notes[pod.id]
                if (pod.fault or "") != text:
                    pod.write({"fault": text or False, "fault_said": packed(text) if text else False})
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
        self.env["milepost.hold"]._apply(plan)

    @api.model
    def _released(self, decisions):
        """{shipment: whether nothing keeps its invoice back}, by the holds as they are stored now."""
        return {
            shipment: decision.policy.mode == "shadow"
            or (decision.delivered and not shipment.hold_ids._blocking())
            for shipment, decision in decisions.items()
        }

    @api.model
    def _write_billables(self, shipments, decisions, released):
        """Upsert what is billable; rows that are gone and were never invoiced go away."""
        Billable = self.env["milepost.billable"]
        known = {(row.shipment_id.id, row.key): row for row in shipments.billable_ids}
        creates, gone, seen = [], Billable, set()
        for shipment, rows in self._plan_billables(decisions, released).items():
            handed_back, frozen = shipment._is_handed_back(), decisions[shipment].is_frozen(shipment)
            for values in rows:
                values["released"] = released[shipment]
                if handed_back:
                    values = _as_invoiced(known.get((shipment.id, values["key"])))
                    if not values:
                        continue
                seen.add((shipment.id, values["key"]))
                row = known.get((shipment.id, values["key"]))
                if not row:
                    creates.append({
                        "shipment_id": shipment.id, "company_id": shipment.company_id.id,
                        "currency_id": shipment.currency_id.id, **values,
                    })  # fmt: skip
                    continue
                if frozen and values["kind"] in ("goods", "part"):
                    # A proof that is withdrawn after the invoice changes nothing that was billed.
                    continue
                changed = {name: value for name, value in values.items() if not _equal(row, name, value)}
                if changed:
                    row.write(changed)
            if frozen:
                seen |= {key for key, row in known.items() if row.shipment_id == shipment}
                kept = shipment.billable_ids.filtered(lambda row, now=released[shipment]: row.released != now)
                kept.write({"released": released[shipment]})
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
    def _plan_billables(self, decisions, released):
        """{shipment: values of its billables}; other shipments' wholes that change with them are written."""
        Billable, frozen = self.env["milepost.billable"], self.env["milepost.shipment"]
        plan = {}
        for shipment, decision in decisions.items():
            alive = shipment.state not in DEAD_STATES
            plan[shipment] = Billable._prepare_from_decision(shipment, decision) if alive else []
            if decision.is_frozen(shipment):
                frozen |= shipment
        for shipment, rows in wholes.add(plan, decisions, released, frozen).items():
            for values in rows:
                row = shipment.billable_ids.filtered(lambda one, key=values["key"]: one.key == key)
                row.write(values)
                row._count_invoiced()
            shipment._billing_changed()
        self._share_services(self.env["milepost.shipment"].union(*plan))
        return plan

    @api.model
    def _share_services(self, shipments):
        """Give other shipments of their orders what they bear of sold transport now.

        What is there is written at once, so that nothing is billed twice meanwhile; what is missing is
        made when they are decided.
        """
        for shipment, line, share in services.moved(shipments):
            row = shipment.billable_ids.filtered(lambda one, own=line: one.key == f"service:{own.id}")
            if row:
                row.write(row._prepare_service(shipment, line, share))
                row._count_invoiced()
            if row or shipment.billing_rev == shipment.rev:
                shipment._billing_changed()

    @api.model
    def _write_proposals(self, shipments, decisions):
        wanted = {
            shipment: decision.proposals(shipment) for shipment, decision in decisions.items()
            if not decision.is_frozen(shipment)
        }  # fmt: skip
        self.env["milepost.proposal"]._propose(wanted)

    @api.model
    def _write_shipments(self, shipments, facts, decisions, released, now):
        versions = self.env["milepost.policy.version"]._of([one.policy for one in decisions.values()])
        regated = self.env["sale.order"]
        for shipment, decision in decisions.items():
            sheet = decision.sheet
            company = shipment.company_id
            day = (shipment.picked_up_at or shipment.create_date).date()
            rate = decimal(
                sheet.currency._get_conversion_rate(sheet.currency, company.currency_id, company, day)
            )
            held = decision.delivered and not released[shipment]
            version = versions[decision.policy.company_id, decision.policy.id or False]
            values = {
                "policy_id": decision.policy.id or False,
                "policy_inputs": shipment._bound_inputs(),
                "billing_rev": shipment.rev,
                "billing_problem": False,
                "pod_validated_at": decision.proof.validated_at,
                "pod_coverage": float(decision.proof.coverage.percent),
                "covered_stops": decision.proof.covered_keys(shipment),
                "charges_final_at": (shipment.charges_final_at or now)
                if decision.delivered and not decision.charges.pending
                else False,
                "ever_held": shipment.ever_held or held,
                "billing_value": float(facts.value(shipment)),
                "expected_cost": company.currency_id.round(float(sheet.total * rate)),
                "approved_cost": company.currency_id.round(float(decision.settled.paid * rate)),
            }
            if not shipment.posted_at:
                # Frozen with the posted invoice.
                values["supply_date"] = facts.supply_day(shipment, decision.proof)
                values["policy_version_id"] = version.id
            values |= self._billing_state(shipment, decision, released[shipment], now)
            changed = {n: v for n, v in values.items() if not _equal(shipment, n, v)}
            if "policy_version_id" in changed and _asks_otherwise(shipment, decision.policy, version):
                regated |= shipment.sale_order_ids
            if changed:
                shipment.write(changed)
            if "billing_problem" in changed:
                self.env["milepost.issue"]._follow_decisions(shipment)
            if "pod_validated_at" in changed:
                self.env["milepost.outbox"]._tell_events_later(shipment)
        regated.order_line.modified(["milepost_managed_qty"])

    @api.model
    def _billing_state(self, shipment, decision, released, now):
        """State, cut-off and the money of a shipment; its parts sum to what is billable."""
        delivered = decision.delivered
        invoiced = any(shipment.billable_ids.mapped("invoiced_amount"))
        if not delivered and not invoiced:
            state = "waiting"
        elif not released:
            state = "held"
        elif shipment._is_to_document():
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


def _asks_otherwise(shipment, policy, version):
    """Whether its orders were billed by another policy up to now: another version decided before, or
    this one was chosen by what no order says. A version that only names more rules asks for the same."""
    before = shipment.policy_version_id
    if before:
        return reads_otherwise(before.rules, version.rules)
    shared = len(shipment._customers()) > 1
    return bool(shared or policy.service or policy.value_from or policy.value_to)


def _as_invoiced(row):
    """Of an order that was handed back what was invoiced is all that there was to bill; or nothing."""
    if not row or not row.move_line_ids:
        return None
    return {
        "key": row.key, "kind": row.kind, "billable_qty": row.invoiced_qty, "amount": row.invoiced_amount,
        "released": True,
    }  # fmt: skip


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
