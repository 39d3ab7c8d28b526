from odoo import api, fields, models

from ..billing import charge_match, decide, late_charge, tolerance
from ..billing.decimals import decimal
from ..billing.money import ZERO
from ..billing.sentences import say_all
from ..reconciliation.bills import ApprovedBills, JudgedBill
from ..reconciliation.costs import Settled
from ..reconciliation.effective_facts import effective
from .milepost_carrier_invoice import LIVE_STATES
from .milepost_claim import OPEN_STATES


class MilepostPayable(models.AbstractModel):
    """Decides about carriers' bills: expected against invoiced, and what of it is held.

    What is expected stands in `milepost.rate.engine`; which shipment a bill is for and how it is
    compared in what it inherits.
    """

    _name = "milepost.payable"
    _description = "Payable Validation"
    _inherit = ["milepost.payable.match", "milepost.payable.compare"]

    @api.model
    def _judge(self, shipments, facts, policies, expected, proofs):
        """Decide about all bills of the shipments, oldest first, and write verdicts and holds.

        :param policies: {shipment id: policy}
        :param expected: {shipment: costs.Expected}
        :param proofs: {shipment: proof.Proof}
        :return: {shipment: costs.Settled}
        """
        settled = dict.fromkeys(shipments, Settled())
        invoices = shipments.carrier_invoice_ids
        if not invoices:
            return settled
        self._prepare(invoices)
        for shipment in shipments:
            own = shipment.carrier_invoice_ids
            self._write_survival(own, *effective(own, facts.retractions_of(shipment)))
        alike = self._alike(invoices)
        # What was replaced must be out before anything is summed up.
        self._settle_corrections(alike)
        by_name = self._by_name(alike)
        plan = []
        for shipment in shipments.filtered("carrier_invoice_ids"):
            alive = shipment.carrier_invoice_ids.filtered(lambda one: one.state in LIVE_STATES)
            policy, sheet = policies[shipment.id], expected[shipment].cost
            ledger = ApprovedBills(sheet)
            for credit in alive.filtered(lambda one: one._is_credit):
                ledger.add_credit(self._compared_lines(credit, shipment, sheet)[0])
            # Credits come last: first it shows what of them a dispute takes.
            for invoice in alive.sorted(lambda one: (one._is_credit, self._precedence(one))):
                duplicate = self._duplicate(invoice, by_name)
                judged = self._payable(invoice, shipment, policy, sheet, ledger, duplicate, proofs[shipment])
                decided = self._holds_of(invoice, judged)
                plan.append((invoice.hold_ids, decided, self._hold_scope(invoice, policy)))
                self._write_verdict(invoice, judged, decided, policy, ledger)
            settled[shipment] = ledger.settled()
        self.env["milepost.hold"]._apply(plan)
        invoices.filtered("is_dirty").write({"is_dirty": False})
        return settled

    @api.model
    def _holds_of(self, invoice, judged):
        """[Decided] that a bill calls for; an addon adds those of its own rules.

        :param judged: reconciliation.bills.JudgedBill
        """
        return decide.payable_holds(judged.payable)

    @api.model
    def _hold_scope(self, invoice, policy):
        return {
            "shipment_id": invoice.shipment_id.id,
            "carrier_invoice_id": invoice.id,
            "company_id": invoice.company_id.id,
            "currency_id": (invoice.contract_currency_id or invoice.currency_id).id,
            "policy_id": policy.id or False,
            "shadow": policy.mode == "shadow",
        }

    @api.model
    def _payable(self, invoice, shipment, policy, sheet, ledger, duplicate, proof, tax=None):
        """The bill compared with what was expected; `tax` are its `_tax_amounts` when they are known."""
        compared, difference, currency_fault = self._compared_lines(invoice, shipment, sheet)
        digits = sheet.currency.decimal_places
        result, credited = None, {}
        credit = invoice._is_credit
        if not currency_fault and duplicate.hold != "DUPLICATE" and not credit:
            compared, credited = ledger.fold_credits(compared)
            result = tolerance.judge(
                [
                    tolerance.Line(
                        charge_type, charge_type, sheet.expected.get(charge_type, ZERO), amount,
                        approved_before=ledger.approved.get(charge_type, ZERO),
                    )
                    for charge_type, amount in sorted(compared.items())
                ],
                policy._tolerances(),
                sheet.total,
                sum(ledger.approved.values(), ZERO),
                digits,
            )  # fmt: skip
        rate_faults = [sheet.faults[one] for one in sorted(compared) if one in sheet.faults]
        payable = decide.Payable(
            invoice.id,
            abs(decimal(invoice.total)),
            None if invoice.carrier_partner_id else "NO_MATCH",
            self._no_carrier(invoice),
            duplicate.hold,
            self._duplicate_text(duplicate),
            self._not_adding_up(invoice),
            currency_fault,
            say_all(rate_faults),
            None if credit else self._tax_verdict(tax or self._tax_amounts(invoice), policy),
            result,
            sheet.detention_fault if "detention" in compared else "",
            policy._unproven_to_pay(proof),
            self._open_claims(shipment, policy),
            self._days_late(invoice, shipment, policy),
        )
        return JudgedBill(payable, compared, credited, difference, result, credit)

    @api.model
    def _open_claims(self, shipment, policy):
        """(id, amount) of open claims: they keep freight back only where the contract allows to offset them."""
        if not policy.claim_offsets:
            return ()
        claims = shipment.claim_ids.filtered(lambda one: one.state in OPEN_STATES).sorted("id")
        return tuple((one.id, decimal(one.amount)) for one in claims)

    @api.model
    def _days_late(self, invoice, shipment, policy):
        """Days since the first bill, or the delivery, of a bill after the agreed window; 0 within it."""
        if invoice._is_credit:
            return 0
        said = (invoice.said_at, invoice.id)
        first = shipment.carrier_invoice_ids.filtered(
            lambda one: not one._is_credit and (one.said_at, one.id) < said
        ).sorted(lambda one: (one.said_at, one.id))[:1]
        since = first.bill_date or (shipment.delivered_at and shipment.delivered_at.date()) or None
        return late_charge.days_late(since, invoice.bill_date, policy.late_window_days)

    @api.model
    def _settle(self, invoice, judged, decided, policy, ledger):
        """([what still holds], whether people hold it, {charge type: approved}, the sum of it).

        What was released while its facts were the same stays so.
        """
        stored = {(h.reason.upper(), h.subject or ""): h for h in invoice.hold_ids if not h.is_manual}
        blocking = []
        for one in decided:
            hold = stored.get((one.reason, one.subject))
            free = hold and hold.state == "released" and hold._existing().is_decided_for(one)
            if not free and policy.mode != "shadow" and one.severity != "warn":
                blocking.append(one)
        blocking_manual = invoice._holds_on_it().filtered(lambda h: h.is_manual and h.is_blocking)
        approved = judged.approved({one.subject for one in blocking})
        whole = any(not one.is_partial for one in blocking) or bool(blocking_manual)
        if whole:
            approved = {}
        elif judged.credit:
            approved = ledger.use_credits(judged.compared)
        total = judged.capped(approved, {one.subject for one in blocking})
        ledger.take(invoice, judged, approved, blocking)
        return blocking, bool(blocking_manual), approved, total

    @api.model
    def _write_verdict(self, invoice, judged, decided, policy, ledger):
        """Amounts and state of a bill."""
        blocking, blocked_by_people, approved, total = self._settle(invoice, judged, decided, policy, ledger)
        asked = sum(judged.compared.values(), ZERO)
        state = "payable" if not blocking and not blocked_by_people else "partial" if total > ZERO else "held"
        net = sum(line.amount for line in invoice.line_ids if line.charge_type != "tax")
        values = {
            "state": state,
            "contract_currency_id": ledger.sheet.currency.id,
            "net_amount": net,
            "tax_amount": sum(line.amount for line in invoice.line_ids if line.charge_type == "tax"),
            "compared_amount": float(asked + sum(judged.credited.values(), ZERO)),
            "exchange_difference": float(judged.difference),
            "expected_amount": float(judged.expected),
            "approved_amount": float(total),
            "disputed_amount": float(asked - total) if not judged.credit else 0.0,
            "credited_amount": float(sum(judged.credited.values(), ZERO)),
            "verdicts": judged.verdicts(),
            "approved_by_type": {key: str(amount) for key, amount in approved.items()} or False,
            "ever_held": invoice.ever_held or bool(blocking),
            "first_decided_at": invoice.first_decided_at or fields.Datetime.now(),
        }
        changed = {name: value for name, value in values.items() if not _same(invoice, name, value)}
        if changed:
            invoice.with_context(tracking_disable=True).write(changed)
        rest = float(sum(invoice._to_book().values(), ZERO)) if state != "held" else 0.0
        if abs(invoice.to_book_amount - rest) > 1e-6:
            invoice.to_book_amount = rest

    @api.model
    def _replay(self, shipment, invoices, retractions, sheet, policy, proof, bills):
        """What would be held of the bills known at some time; writes nothing.

        :param bills: reconciliation.replay.Bills of the batch
        :return: ([(invoice, [Decided])], costs.Settled)
        """
        alive, _withdrawn, _outdated = effective(invoices, retractions)
        standing = alive.filtered(lambda one: bills.stands(one, alive))
        ledger, found = ApprovedBills(sheet), []
        for credit in standing.filtered(lambda one: one._is_credit):
            ledger.add_credit(self._compared_lines(credit, shipment, sheet)[0])
        for invoice in standing.sorted(lambda one: (one._is_credit, one.said_at, one.id)):
            duplicate = charge_match.duplicate_of(bills.bill(invoice), bills.before(invoice, standing))
            judged = self._payable(
                invoice, shipment, policy, sheet, ledger, duplicate, proof, bills.tax(invoice)
            )
            decided = self._holds_of(invoice, judged)
            self._settle(invoice, judged, decided, policy, ledger)
            found.append((invoice, decided))
        return found, ledger.settled()


def _same(record, name, value):
    field = record._fields[name]
    stored = record[name]
    if field.type == "many2one":
        return stored.id == (value or False)
    if field.type == "monetary":
        return abs(stored - value) < 1e-6
    return (stored or False) == (value or False)
