from collections import defaultdict
from datetime import timezone
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..billing import cutoff, decide, holds, ledger, money
from ..billing import policy as policy_rules
from ..billing.decimals import decimal
from . import milepost_billing_facts

BATCH = 500


def aware(value):
    """Odoo's naive UTC as an aware instant."""
    return value and value.replace(tzinfo=timezone.utc)


def naive(value):
    """An aware instant as Odoo stores it."""
    return value and value.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)


class MilepostBilling(models.AbstractModel):
    """Decides about changed shipments: reads a batch with a constant number of queries, asks the
    rules of `billing/`, writes in bulk. It never looks at a single shipment alone."""

    _name = "milepost.billing"
    _description = "Billing Validation"

    @api.model
    def _cron_validate(self):
        """Validate what changed, batch by batch, each committed."""
        self.env["milepost.hold"]._expire()
        while shipments := self._changed(BATCH):
            self._validate(shipments)
            remaining = self._count_changed()
            if not self.env["ir.cron"]._commit_progress(len(shipments), remaining=remaining):
                break
        invoices = self.env["milepost.carrier.invoice"].search([("is_dirty", "=", True)], limit=BATCH)
        invoices._validate()
        self.env["ir.cron"]._commit_progress(len(invoices))

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
        shipments = (shipments | shipments.picking_ids.milepost_shipment_ids).with_context(
            tracking_disable=True, mail_notrack=True
        )
        if not shipments:
            return
        now = now or fields.Datetime.now()
        facts = milepost_billing_facts.Facts(shipments, now)
        self._fill_carriers(shipments)
        policies = self._policies(shipments, facts)
        self.env["milepost.payable"]._freeze_expected(shipments, facts)
        decisions = {}
        for shipment in shipments:
            decisions[shipment] = self._decide(shipment, facts, policies[shipment.id], now)
        self._write_pods(facts, decisions, now)
        self._write_holds(shipments, decisions)
        self._write_billables(shipments, facts, decisions)
        self._write_shipments(shipments, facts, decisions, now)
        self._release_sale_lines(shipments)

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
            partner = shipment.partner_id
            ancestry = [int(one) for one in (partner.parent_path or "").split("/") if one] if (
                "parent_path" in partner._fields
            ) else (partner | partner.commercial_partner_id).ids
            cases[shipment.id] = (
                shipment.company_id,
                policy_rules.Case(
                    customers=tuple(ancestry),
                    carrier=shipment.carrier_id.id or None,
                    service=shipment.service or None,
                    value=facts.value(shipment),
                    day=(shipment.picked_up_at or shipment.create_date).date(),
                ),
            )
        return self.env["milepost.billing.policy"]._resolve(cases)

    @api.model
    def _decide(self, shipment, facts, policy, now):
        """Ask the rules about one shipment; nothing is read from the database here."""
        proof = facts.proof(shipment, policy._pod_checks(), aware(now), policy)
        goods = facts.goods(shipment, proof)
        charges = facts.sell_charges(shipment, policy)
        receivable = decide.Receivable(
            delivered=shipment.state in ("delivered", "partially_delivered", "refused", "returned"),
            value=facts.value(shipment),
            coverage=proof.coverage,
            stop_labels=proof.labels,
            pods=proof.pods,
            lines=tuple(goods.lines.values()) if not proof.coverage.missing else (),
            dispositions=goods.dispositions,
            pending_charges=charges.pending,
            missing_rate=charges.fault,
            reference_needed=policy.reference_required,
            reference=facts.reference(shipment),
            already_posted=bool(shipment.posted_at),
        )
        digits = shipment.currency_id.decimal_places
        decided = decide.receivable_holds(receivable, digits)
        return milepost_billing_facts.Decision(policy, proof, goods, charges, decided, receivable.delivered)

    @api.model
    def _write_pods(self, facts, decisions, now):
        states = defaultdict(list)
        for decision in decisions.values():
            for pod_id, state in decision.proof.states.items():
                states[state].append(pod_id)
        for state, ids in states.items():
            pods = self.env["milepost.pod"].browse(ids).with_context(tracking_disable=True)
            changed = pods.filtered(lambda pod, wanted=state: pod.state != wanted)
            changed.write({"state": state})
            if state == "validated":
                changed.filtered(lambda pod: not pod.validated_at).write({"validated_at": now})
        for decision in decisions.values():
            for pod_id, (faults, stop_id) in decision.proof.notes.items():
                pod = self.env["milepost.pod"].browse(pod_id)
                if (pod.fault or "") != faults:
                    pod.fault = faults
                if stop_id and pod.stop_id.id != stop_id:
                    pod.stop_id = stop_id

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
                "touched_by_ids": [(6, 0, sorted(decision.proof.touched | decision.goods.touched))],
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
            known = [
                holds.Existing(
                    hold.id, hold.side, hold.reason.upper(), hold.subject or "", hold.state,
                    hold.fingerprint or "", decimal(hold.amount), hold.is_manual,
                )
                for hold in existing
            ]  # fmt: skip
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
                    **values, **self._hold_values(one), "state": "open", "closed_at": False,
                    "opened_at": now, "released_by_id": False, "release_code": False,
                    "release_reason": False, "approved_by_ids": [(5,)],
                })  # fmt: skip
                events["reopened"] |= hold
            events["auto_cleared"] |= Hold.browse(changes.clear)
            stale = Hold.browse(changes.kept).filtered(
                lambda h, v=values: h.is_open and h.shadow != v["shadow"]
            )
            stale.write({"shadow": values["shadow"]})
        cleared = events["auto_cleared"]
        cleared.write({"state": "auto_cleared", "closed_at": now})
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
    def _write_billables(self, shipments, facts, decisions):
        """Upsert what is billable; rows that are gone and were never invoiced go away."""
        Billable = self.env["milepost.billable"]
        known = {(row.shipment_id.id, row.key): row for row in shipments.billable_ids}
        creates, gone = [], Billable
        seen = set()
        for shipment, decision in decisions.items():
            blocked = self._is_blocked(shipment, decision)
            decision.released = decision.delivered and not blocked
        for shipment, decision in decisions.items():
            peers = shipment.picking_ids.milepost_shipment_ids & shipments
            released = all(decisions[peer].released for peer in peers | shipment)
            shadow = decision.policy.mode == "shadow"
            for values in decision.billables(shipment, shadow):
                values["released"] = released or shadow and decision.delivered
                seen.add((shipment.id, values["key"]))
                row = known.get((shipment.id, values["key"]))
                if not row:
                    creates.append({
                        "shipment_id": shipment.id, "company_id": shipment.company_id.id,
                        "currency_id": shipment.currency_id.id, **values,
                    })  # fmt: skip
                    continue
                changed = {
                    name: value for name, value in values.items() if not _equal(row, name, value)
                }
                if changed:
                    row.write(changed)
        for key, row in known.items():
            if key not in seen:
                if row.invoiced_amount or row.absorbed_amount or row.move_line_ids:
                    row.write({"billable_qty": 0, "amount": 0, "cost_amount": 0})
                else:
                    gone |= row
        gone.unlink()
        if creates:
            Billable.create(creates)
        shipments.invalidate_recordset(["billable_ids"])
        self._allocate_invoiced(shipments)

    @api.model
    def _is_blocked(self, shipment, decision):
        return bool(shipment.hold_ids._blocking())

    @api.model
    def _allocate_invoiced(self, shipments):
        """What of the billables is invoiced: of a sales order line first what no shipment carries,
        then its shipments in the order in which they became ready."""
        rows = shipments.billable_ids
        lines = rows.sale_line_id
        by_line = self.env["milepost.billable"].search([("sale_line_id", "in", lines.ids)]).grouped("sale_line_id")
        for line, own in by_line.items():
            left = line.qty_invoiced - line._milepost_unmanaged_qty()
            order = own.sorted(lambda r: (
                not r.released, r.shipment_id.billing_ready_at or fields.Datetime.now(), r.id,
            ))  # fmt: skip
            last = order[-1:]
            for row in order:
                quantity = left if row == last else max(min(left, row.billable_qty), 0)
                if quantity < 0:
                    quantity = 0
                left -= quantity
                amount = row.currency_id.round(quantity * row.price_unit)
                if abs(row.invoiced_qty - quantity) > 1e-6 or row.invoiced_amount != amount:
                    row.write({"invoiced_qty": quantity, "invoiced_amount": amount})
        for row in rows.filtered(lambda r: r.kind in ("charge", "allowance")):
            live = row.move_line_ids.filtered(lambda aml: aml.parent_state != "cancel")
            amount = row.currency_id.round(sum(-aml.amount_currency for aml in live))
            if row.invoiced_amount != amount:
                row.invoiced_amount = amount

    @api.model
    def _write_shipments(self, shipments, facts, decisions, now):
        for shipment, decision in decisions.items():
            rows = shipment.billable_ids
            billable = sum((decimal(row.amount) for row in rows), money.ZERO)
            invoiced = sum((decimal(row.invoiced_amount) for row in rows), money.ZERO)
            absorbed = sum((decimal(row.absorbed_amount) for row in rows), money.ZERO)
            released = bool(rows) and all(row.released for row in rows) or (
                not rows and decision.released
            )
            parts = ledger.buckets(billable, invoiced, absorbed, blocked=not released)
            ready_at = shipment.billing_ready_at or now if released else False
            if not decision.delivered:
                state = "waiting"
            elif not released:
                state = "held"
            elif parts.waiting > 0:
                state = "ready"
            else:
                state = "invoiced" if invoiced else "nothing"
            due = ready_at and naive(cutoff.cycle_of(decision.policy._cutoff(), aware(ready_at)))
            delivered_at = shipment.delivered_at
            values = {
                "policy_id": decision.policy.id or False,
                "billing_rev": shipment.rev,
                "billing_state": state,
                "billing_ready_at": ready_at,
                "billing_due_at": due,
                "pod_validated_at": decision.proof.validated_at,
                "charges_final_at": shipment.charges_final_at
                or (now if decision.delivered and not decision.charges.pending else False),
                "ever_held": shipment.ever_held or (decision.delivered and not released),
                "supply_date": delivered_at
                and cutoff.supply_date(aware(delivered_at), decision.proof.zone),
                "billing_value": float(facts.value(shipment)),
                "billable_amount": float(parts.billable),
                "invoiced_amount": float(parts.invoiced),
                "held_amount": float(parts.held),
                "waiting_amount": float(parts.waiting),
                "absorbed_amount": float(parts.absorbed),
                "expected_cost": float(sum(facts.expected(shipment).values(), Decimal(0))),
            }
            if shipment.posted_at:
                # Frozen with the posted invoice.
                values.pop("supply_date")
            changed = {n: v for n, v in values.items() if not _equal(shipment, n, v)}
            if changed:
                shipment.write(changed)

    @api.model
    def _release_sale_lines(self, shipments):
        """Tell the sales order lines how much of them is proven and free."""
        lines = shipments.billable_ids.sale_line_id
        if not lines:
            return
        sums = defaultdict(float)
        groups = self.env["milepost.billable"]._read_group(
            [("sale_line_id", "in", lines.ids), ("released", "=", True)],
            ["sale_line_id"],
            ["billable_qty:sum"],
        )
        for line, quantity in groups:
            sums[line] = quantity
        for line in lines:
            if abs(line.milepost_released_qty - sums[line]) > 1e-6:
                line.milepost_released_qty = sums[line]
                if line.milepost_is_transport:
                    line.qty_delivered = sums[line]


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
