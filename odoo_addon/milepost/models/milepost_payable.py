from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..billing import charge_match, currency, decide, tax_check, tolerance
from ..billing.decimals import decimal
from ..billing.errors import RateGap
from ..billing.money import ZERO, rounded
from ..reconciliation import expected as contracts
from ..reconciliation.costs import CostSheet
from ..reconciliation.words import counting
from .milepost_carrier_invoice import LIVE_STATES

KINDS = {
    "original": "original", "correction": "replacement", "rebill": "replacement",
    "cancelled": "replacement", "balance_due": "balance_due", "adjustment": "balance_due",
}  # fmt: skip
OWN_REFERENCES = ("shipment", "shipment_id", "entity")
BOLS = ("bol", "mbol")
# Of this only a part of a bill is kept back, the rest is paid.
PARTIAL = frozenset({"CHARGE_VARIANCE", "UNEXPECTED_CHARGE", "DET_EVIDENCE"})


class MilepostPayable(models.AbstractModel):
    """Decides about carriers' bills: match, duplicates, expected against invoiced, holds."""

    _name = "milepost.payable"
    _description = "Payable Validation"

    # What a shipment should cost

    @api.model
    def _expect(self, shipments, facts):
        """Write the expected charges that changed and give each shipment its CostSheet."""
        rates = contracts.Rates(self.env, shipments.company_id)
        for shipment in shipments:
            sheet = facts.sheets[shipment] = CostSheet(shipment.company_id.currency_id)
            contract = self._contract(shipment, rates, sheet)
            self._write_expected(shipment, contract)
        shipments.invalidate_recordset(["expected_charge_ids"])
        for shipment in shipments:
            self._sum_expected(shipment, facts.sheets[shipment])

    @api.model
    def _contract(self, shipment, rates, sheet):
        """The amounts that should stand; those of the contract are frozen with the pickup."""
        stored = shipment.expected_charge_ids.filtered(lambda one: one.origin == "contract")
        pickup = shipment.picked_up_at
        frozen = pickup and shipment.expected_at == pickup
        if frozen:
            amounts = [
                contracts.Amount(one.charge_type, one.rate_id, decimal(one.amount), one.basis or "")
                for one in stored
            ]
            sheet.faults = dict(shipment.expected_faults or {})
        else:
            day = pickup or shipment.planned_pickup_at or shipment.create_date
            contract = rates.contract(shipment, day)
            amounts, sheet.faults = contract.amounts, contract.faults
            # A table with a gap is not frozen: it is read again once somebody completed it.
            values = {
                "expected_at": pickup if pickup and not contract.faults else False,
                "expected_faults": contract.faults or False,
            }
            if any((shipment[name] or False) != value for name, value in values.items()):
                shipment.write(values)
        result = list(amounts)
        for one in amounts:
            if one.rate and one.rate.method == "detention":
                waiting, sheet.detention_fault = contracts.detention_of(shipment, one.rate)
                result += waiting
        return result

    @api.model
    def _write_expected(self, shipment, amounts):
        wanted = {}
        for one in amounts:
            by_time = one.stop or (one.rate.method == "detention" and one.amount)
            origin = "detention" if by_time else "contract"
            wanted[origin, one.charge_type, one.stop.id if one.stop else False] = one
        known = {}
        for row in shipment.expected_charge_ids.filtered(lambda one: one.origin != "request"):
            known[row.origin, row.charge_type, row.stop_id.id] = row
        creates = []
        for key, one in wanted.items():
            values = {
                "amount": float(one.amount),
                "rate_id": one.rate.id,
                "currency_id": one.rate.currency_id.id or shipment.company_id.currency_id.id,
                "basis": one.basis,
            }
            row = known.pop(key, None)
            if row is None:
                creates.append({
                    "shipment_id": shipment.id, "origin": key[0], "charge_type": key[1],
                    "stop_id": key[2], **values,
                })  # fmt: skip
            elif row.amount != values["amount"] or row.rate_id != one.rate or row.basis != one.basis:
                row.with_context(milepost_validating=True).write(values)
        for row in known.values():
            row.unlink()
        if creates:
            self.env["milepost.expected.charge"].with_context(milepost_validating=True).create(creates)

    @api.model
    def _sum_expected(self, shipment, sheet):
        rows = shipment.expected_charge_ids._counts()
        if len(rows.currency_id) == 1:
            sheet.currency = rows.currency_id
        day = (shipment.picked_up_at or shipment.create_date).date()
        for row in rows:
            amount = decimal(row.amount)
            if row.currency_id != sheet.currency:
                rate = row.currency_id._get_conversion_rate(
                    row.currency_id, sheet.currency, shipment.company_id, day
                )
                amount = rounded(amount * decimal(rate), sheet.currency.decimal_places)
            if amount:
                sheet.expected[row.charge_type] = sheet.expected.get(row.charge_type, ZERO) + amount

    # Match

    @api.model
    def _match_unmatched(self, invoices):
        """Find the shipments of bills that no identifier placed; the CompanyMismatch never happens."""
        self._prepare(invoices)
        for company, own in invoices.grouped("company_id").items():
            candidates = self._candidates(company, own)
            for invoice in own:
                found = charge_match.match(self._as_bill(invoice), candidates)
                if found.shipment:
                    invoice.write({"shipment_id": found.shipment, "matched_how": found.how})
                elif invoice.matched_how != "none":
                    invoice.matched_how = "none"

    @api.model
    def _prepare(self, invoices):
        """Lines, carrier and normalised PRO of bills that were just received."""
        self.env["milepost.carrier.invoice.line"]._read_from(invoices)
        scacs = {one.carrier_scac for one in invoices if one.carrier_scac and not one.carrier_partner_id}
        if scacs:
            partners = self.env["res.partner"].search([("milepost_scac", "in", sorted(scacs))])
            by_scac = {partner.milepost_scac: partner for partner in partners}
        for invoice in invoices:
            if not invoice.carrier_partner_id:
                partner = by_scac.get(invoice.carrier_scac) if invoice.carrier_scac else None
                partner = partner or invoice.shipment_id.carrier_partner_id
                if partner:
                    invoice.carrier_partner_id = partner
            base = charge_match.normalise_pro(invoice.pro or invoice.number).base
            if invoice.pro_base != base:
                invoice.pro_base = base
            if invoice.shipment_id and not invoice.matched_how:
                invoice.matched_how = "identifier"

    @api.model
    def _candidates(self, company, invoices):
        names = {(i["type"], i["value"]) for one in invoices for i in one.identifiers or ()}
        bases = {one.pro_base for one in invoices if one.pro_base}
        keys = sorted({base + suffix for base in bases for suffix in ("", "00", "01")})
        rows = self.env.execute_query(SQL(
            """
            SELECT link.shipment_id, i.type, i.value
              FROM milepost_identifier i
              JOIN milepost_identifier_shipment link ON link.identifier_id = i.id
             WHERE i.company_id = %(company)s
               AND (i.type, i.value) IN (SELECT * FROM unnest(%(types)s::varchar[], %(values)s::varchar[]))
            UNION
            SELECT link.shipment_id, i.type, i.value
              FROM milepost_identifier i
              JOIN milepost_identifier_shipment link ON link.identifier_id = i.id
             WHERE i.company_id = %(company)s AND i.type = 'pro'
               AND ltrim(regexp_replace(upper(i.value), '[^A-Z0-9]', '', 'g'), '0') = ANY (%(keys)s)
            """,
            company=company.id,
            types=[type_ for type_, _value in sorted(names)],
            values=[value for _type, value in sorted(names)],
            keys=keys,
        ))  # fmt: skip
        named = defaultdict(lambda: defaultdict(set))
        for shipment_id, type_, value in rows:
            named[shipment_id][type_].add(value)
        found = []
        for shipment in self.env["milepost.shipment"].browse(named):
            own = named[shipment.id]
            shipped = shipment.picked_up_at or shipment.planned_pickup_at
            found.append(charge_match.Candidate(
                shipment.id,
                shipment.carrier_partner_id.id or None,
                frozenset(own["pro"]),
                frozenset().union(*(own[name] for name in OWN_REFERENCES)),
                frozenset().union(*(own[name] for name in BOLS)),
                shipped.date() if shipped else None,
            ))  # fmt: skip
        return found

    @api.model
    def _as_bill(self, invoice):
        names = defaultdict(set)
        for identifier in invoice.identifiers or ():
            names[identifier["type"]].add(identifier["value"])
        return charge_match.Bill(
            invoice.id,
            invoice.carrier_partner_id.id or None,
            invoice.pro or invoice.number,
            decimal(invoice.total),
            invoice.currency_id.name,
            "credit" if invoice._is_credit else KINDS[invoice.correction],
            frozenset().union(*(names[name] for name in OWN_REFERENCES)),
            frozenset().union(*(names[name] for name in BOLS)),
            invoice.ship_date or None,
            invoice.shipment_id.id or None,
        )

    # Judge

    @api.model
    def _judge(self, shipments, facts, policies, proofs):
        """Decide about all bills of the shipments, oldest first, and write verdicts and holds."""
        invoices = shipments.carrier_invoice_ids
        if not invoices:
            return
        self._prepare(invoices)
        earlier = self._earlier(invoices)
        plan = []
        for shipment in shipments:
            own = shipment.carrier_invoice_ids.sorted("id")
            if not own:
                continue
            alive, withdrawn, outdated = counting(own, facts.retractions_of(shipment))
            self._write_survival(own, withdrawn, outdated)
            policy, sheet = policies[shipment.id], facts.sheets[shipment]
            ledger = _Ledger(sheet)
            for credit in alive.filtered(lambda one: one._is_credit and one.state in LIVE_STATES):
                ledger.add_credit(self._compared_lines(credit, shipment, sheet)[0])
            ordered = alive.sorted("id")
            # What was replaced must be out before anything is summed up.
            duplicates = {invoice: self._duplicate(invoice, earlier) for invoice in ordered}
            ordered = ordered.filtered(lambda one: one.state in LIVE_STATES)
            # Credits come last: first it shows what of them a dispute takes.
            for invoice in ordered.filtered(lambda one: not one._is_credit) + ordered.filtered(
                lambda one: one._is_credit
            ):
                duplicate = duplicates[invoice]
                judged = self._payable(invoice, shipment, policy, sheet, ledger, duplicate, proofs[shipment])
                decided = decide.payable_holds(judged.payable)
                plan.append((invoice.hold_ids, decided, self._hold_scope(invoice, policy)))
                self._write_verdict(invoice, judged, decided, policy, ledger)
            self._tell_sheet(sheet, ledger)
        self.env["milepost.billing"]._apply_holds(plan)
        invoices.filtered("is_dirty").write({"is_dirty": False})

    @api.model
    def _judge_unmatched(self, invoices):
        """Bills without a shipment are held, and say so."""
        plan = []
        for invoice in invoices:
            if invoice.state not in LIVE_STATES:
                continue
            bill = self._as_bill(invoice)
            found = charge_match.match(bill, self._candidates(invoice.company_id, invoice))
            names = self.env["milepost.shipment"].browse(found.candidates).mapped("name")
            text = (
                self.env._("it may be for %s", ", ".join(names)) if names
                else self.env._("no shipment bears its PRO, reference or bill of lading")
            )  # fmt: skip
            payable = decide.Payable(
                invoice.id, abs(decimal(invoice.total)), found.hold or "NO_MATCH", text,
                not_adding_up=self._not_adding_up(invoice),
            )  # fmt: skip
            decided = decide.payable_holds(payable)
            policy = self.env["milepost.billing.policy"]._careful_default(invoice.company_id)
            plan.append((invoice.hold_ids, decided, self._hold_scope(invoice, policy)))
            if invoice.state != "held":
                invoice.write({"state": "held", "ever_held": True})
        self.env["milepost.billing"]._apply_holds(plan)
        invoices.filtered("is_dirty").write({"is_dirty": False})

    @api.model
    def _hold_scope(self, invoice, policy):
        return {
            "shipment_id": invoice.shipment_id.id,
            "carrier_invoice_id": invoice.id,
            "company_id": invoice.company_id.id,
            "currency_id": (invoice.contract_currency_id or invoice.currency_id).id,
            "policy_id": policy.id or False,
            "shadow": policy.mode == "shadow",
            "touched_by_ids": [(6, 0, self._touched_by(invoice))],
        }

    @api.model
    def _touched_by(self, invoice):
        """People who entered what this bill is compared with cannot release its holds."""
        requests = invoice.shipment_id.expected_charge_ids.filtered(lambda one: one.origin == "request")
        people = requests.create_uid | requests.approved_by_id | invoice.matched_by_id
        return sorted((people | invoice.shipment_id.stop_ids.times_by_id).ids)

    @api.model
    def _write_survival(self, invoices, withdrawn, outdated):
        for invoice in invoices:
            values = {"retracted": invoice.id in withdrawn, "superseded": invoice.id in outdated}
            if invoice.retracted != values["retracted"] or invoice.superseded != values["superseded"]:
                invoice.write(values)
            if True in values.values() and invoice.state in LIVE_STATES:
                self._supersede(invoice, None)

    @api.model
    def _earlier(self, invoices):
        """Bills that may be the same as these: same PRO of the same carrier, or same shipment."""
        bases = sorted({one.pro_base for one in invoices if one.pro_base})
        same = self.env["milepost.carrier.invoice"].search_fetch([
            ("company_id", "in", invoices.company_id.ids),
            "|", ("pro_base", "in", bases), ("shipment_id", "in", invoices.shipment_id.ids),
        ])  # fmt: skip
        return (same | invoices).sorted("id")

    @api.model
    def _duplicate(self, invoice, earlier):
        """Whether it was billed before; a replacement takes the place of the bill it replaces."""
        before = earlier.filtered(
            lambda one: (
                one.id < invoice.id
                and one.company_id == invoice.company_id
                and one.state in LIVE_STATES
                and (one.pro_base == invoice.pro_base or one.shipment_id == invoice.shipment_id)
            )
        )
        found = charge_match.duplicate_of(self._as_bill(invoice), [self._as_bill(one) for one in before])
        if found.replaces and invoice.state in LIVE_STATES:
            replaced = self.env["milepost.carrier.invoice"].browse(found.replaces)
            self._supersede(replaced, invoice)
            # Copies of the bill that was replaced must not come to life in its place.
            for copy in before.filtered(
                lambda one: one.duplicate_of_id == replaced and one.state in LIVE_STATES
            ):
                self._supersede(copy, None)
            if invoice.correction == "cancelled":
                self._supersede(invoice, None)
        values = {"duplicate_of_id": found.of or False, "duplicate_kind": found.kind if found.of else False}
        if invoice.duplicate_of_id.id != values["duplicate_of_id"]:
            invoice.write(values)
        return found

    @api.model
    def _supersede(self, invoice, replacement):
        """A bill that was replaced or withdrawn: its booking is reversed, its holds move on."""
        invoice.write({
            "state": "superseded", "replaced_by_id": replacement.id if replacement else False,
            "approved_amount": 0, "disputed_amount": 0,
        })  # fmt: skip
        for move in invoice.bill_ids.filtered(
            lambda one: one.state == "posted" and not one.reversal_move_ids
        ):
            today = fields.Date.context_today(self)
            reference = self.env._("Replaced: %s", invoice.number)
            move._reverse_moves([{"ref": reference, "invoice_date": today}], cancel=True)
        invoice.bill_ids.filtered(lambda one: one.state == "draft").button_cancel()
        if replacement:
            invoice.hold_ids.with_context(tracking_disable=True).write({"carrier_invoice_id": replacement.id})
            (invoice | replacement).invalidate_recordset(["hold_ids"])
            return
        left = invoice.hold_ids.filtered(lambda hold: hold.is_open and not hold.is_manual)
        left.write({"state": "auto_cleared", "closed_at": fields.Datetime.now()})
        left._audit("auto_cleared")

    @api.model
    def _compared_lines(self, invoice, shipment, sheet):
        """({charge type: amount in contract currency}, exchange difference, currency fault)."""
        sums = defaultdict(Decimal)
        for line in invoice.line_ids:
            if line.charge_type != "tax":
                sums[line.charge_type] += decimal(line.amount)
        sign = -1 if invoice.document == "credit_note" and invoice.total > 0 else 1
        sums = {charge_type: sign * amount for charge_type, amount in sums.items()}
        if invoice.currency_id == sheet.currency:
            return sums, ZERO, ""
        digits = sheet.currency.decimal_places
        day = (shipment.picked_up_at or shipment.create_date).date()
        try:
            units = self._units(invoice.currency_id, sheet.currency, shipment.company_id, day)
            at_invoice = self._units(
                invoice.currency_id, sheet.currency, shipment.company_id, invoice.bill_date
            )
        except RateGap as gap:
            return sums, ZERO, str(gap)
        compared = {key: currency.convert(amount, units, digits) for key, amount in sums.items()}
        whole = currency.convert(sum(sums.values(), ZERO), at_invoice, digits)
        return compared, whole - sum(compared.values(), ZERO), ""

    @api.model
    def _units(self, billed, contract, company, day):
        """Units of the billed currency for one of the contract's; a missing rate is said, not guessed."""
        units = []
        for one in (billed, contract):
            if one == company.currency_id:
                units.append(Decimal(1))
                continue
            rate = self.env["res.currency.rate"].search(
                [
                    ("currency_id", "=", one.id), ("name", "<=", day),
                    ("company_id", "in", (False, company.root_id.id)),
                ],
                order="name desc", limit=1,
            )  # fmt: skip
            if not rate:
                raise RateGap(
                    self.env._("no exchange rate of %(name)s is known for %(day)s", name=one.name, day=day)
                )
            units.append(decimal(rate.rate))
        return units[0] / units[1]

    @api.model
    def _not_adding_up(self, invoice):
        """The sentence that says where the bill does not add up, or nothing."""
        lines = [decimal(line.amount) for line in invoice.line_ids if line.charge_type != "tax"]
        tax = sum((decimal(line.amount) for line in invoice.line_ids if line.charge_type == "tax"), ZERO)
        if not invoice.line_ids:
            return self.env._("it has no lines")
        if (
            invoice.document == "invoice"
            and any(line.amount < 0 and line.charge_type != "discount" for line in invoice.line_ids)
            and invoice.total > 0
        ):
            return self.env._("a line that is no discount is negative")
        return tax_check.adds_up(lines, sum(lines, ZERO), tax, decimal(invoice.total)) or ""

    @api.model
    def _tax_verdict(self, invoice, policy):
        net = sum((decimal(line.amount) for line in invoice.line_ids if line.charge_type != "tax"), ZERO)
        billed = sum((decimal(line.amount) for line in invoice.line_ids if line.charge_type == "tax"), ZERO)
        taxes = self._purchase_taxes(invoice.company_id, invoice.carrier_partner_id)
        digits = invoice.currency_id.decimal_places
        expected = ZERO
        if taxes:
            result = taxes.compute_all(
                float(net), currency=invoice.currency_id, partner=invoice.carrier_partner_id
            )
            expected = rounded(decimal(result["total_included"]) - decimal(result["total_excluded"]), digits)
        reverse = bool(taxes) and expected == ZERO
        return tax_check.judge_tax(expected, billed, reverse, decimal(policy.tax_tolerance))

    @api.model
    def _purchase_taxes(self, company, partner):
        """Taxes of transport bought of a carrier, after its fiscal position."""
        product = self.env["milepost.billing"]._charge_product(company)
        taxes = product.supplier_taxes_id._filter_taxes_by_company(company)
        position = self.env["account.fiscal.position"].with_company(company)._get_fiscal_position(partner)
        return position.map_tax(taxes) if position else taxes

    @api.model
    def _payable(self, invoice, shipment, policy, sheet, ledger, duplicate, proof):
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
            ""
            if invoice.carrier_partner_id
            else self.env._("no contact bears the carrier's SCAC “%s”", invoice.carrier_scac or "?"),
            duplicate.hold,
            self._duplicate_text(duplicate),
            self._not_adding_up(invoice),
            currency_fault,
            "; ".join(rate_faults),
            None if credit else self._tax_verdict(invoice, policy),
            result,
            sheet.detention_fault if "detention" in compared else "",
            policy.pay_needs_pod and bool(proof.coverage.missing),
            self._claim_open(shipment, policy),
            self._window_expired(invoice, shipment, policy, duplicate),
        )
        return _Judged(payable, compared, credited, difference, result, credit)

    @api.model
    def _duplicate_text(self, duplicate):
        if not duplicate.hold:
            return ""
        other = self.env["milepost.carrier.invoice"].browse(duplicate.of)
        if duplicate.hold == "DUPLICATE":
            return self.env._("%(number)s of %(day)s billed the same PRO and amount",
                              number=other.number, day=other.bill_date)  # fmt: skip
        kinds = {
            "balance_due": self.env._("balance due"), "same_amount": self.env._("same amount"),
        }  # fmt: skip
        return self.env._(
            "%(number)s of %(day)s billed this shipment already; class “%(kind)s”",
            number=other.number, day=other.bill_date, kind=kinds.get(duplicate.kind, duplicate.kind),
        )  # fmt: skip

    @api.model
    def _claim_open(self, shipment, policy):
        """Whether a claim keeps the freight back; claims extend it."""
        return False

    @api.model
    def _window_expired(self, invoice, shipment, policy, duplicate):
        days = policy.late_window_days
        if not days or invoice._is_credit:
            return False
        first = shipment.carrier_invoice_ids.filtered(
            lambda one: one.id < invoice.id and not one._is_credit
        ).sorted("id")[:1]
        since = first.bill_date or (shipment.delivered_at and shipment.delivered_at.date())
        return bool(since) and (invoice.bill_date - since).days > days

    @api.model
    def _write_verdict(self, invoice, judged, decided, policy, ledger):
        """Amounts and state of a bill, given which of its holds were released before."""
        stored = {(h.reason.upper(), h.subject or ""): h for h in invoice.hold_ids if not h.is_manual}
        blocking = []
        for one in decided:
            hold = stored.get((one.reason, one.subject))
            free = hold and hold.state == "released" and hold.fingerprint == one.fingerprint
            if not free and policy.mode != "shadow" and one.severity != "warn":
                blocking.append(one)
        blocking_manual = invoice.hold_ids.filtered(lambda h: h.is_manual and h.is_blocking)
        approved = judged.approved({one.subject for one in blocking})
        whole = any(one.reason not in PARTIAL for one in blocking) or bool(blocking_manual)
        if whole:
            approved = {}
        elif judged.credit:
            approved = ledger.use_credits(judged.compared)
        total = judged.capped(approved, {one.subject for one in blocking})
        ledger.take(invoice, judged, approved, blocking)
        asked = sum(judged.compared.values(), ZERO)
        state = "payable" if not blocking and not blocking_manual else "partial" if total > ZERO else "held"
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
    def _tell_sheet(self, sheet, ledger):
        sheet.approved = dict(ledger.approved)
        sheet.open = dict(ledger.open)


class _Ledger:
    """What the bills of one shipment were approved for so far, by charge type."""

    def __init__(self, sheet):
        self.sheet = sheet
        self.approved, self.open = {}, {}
        self.credits = {}

    def add_credit(self, compared):
        for charge_type, amount in compared.items():
            self.credits[charge_type] = self.credits.get(charge_type, ZERO) - amount

    def fold_credits(self, compared):
        """Take credits from what was billed too much; give the rest and what was taken."""
        rest, taken = dict(compared), {}
        for charge_type, amount in compared.items():
            expected = self.sheet.expected.get(charge_type, ZERO)
            over = self.approved.get(charge_type, ZERO) + amount - expected
            part = min(self.credits.get(charge_type, ZERO), max(over, ZERO))
            if part > ZERO:
                rest[charge_type] = amount - part
                taken[charge_type] = part
                self.credits[charge_type] -= part
        return rest, taken

    def use_credits(self, compared):
        """What of a credit lowers the cost itself: the part that no dispute took; below zero."""
        used = {}
        for charge_type, amount in compared.items():
            part = min(-amount, self.credits.get(charge_type, ZERO))
            if part:
                used[charge_type] = -part
                self.credits[charge_type] -= part
        return used

    def take(self, invoice, judged, approved, blocking):
        for charge_type, amount in approved.items():
            self.approved[charge_type] = self.approved.get(charge_type, ZERO) + amount
        subjects = {one.subject: one.explanation for one in blocking}
        for charge_type in judged.compared:
            why = subjects.get(f"charge:{charge_type}") or next(
                (text for subject, text in subjects.items() if not subject.startswith("charge:")), None
            )
            if why:
                self.open[charge_type] = f"{invoice.number}: {why}"


class _Judged:
    """A bill compared with what was expected."""

    def __init__(self, payable, compared, credited, difference, result, credit):
        self.payable, self.compared, self.credited = payable, compared, credited
        self.difference, self.result, self.credit = difference, result, credit

    @property
    def expected(self):
        return self.result.document.expected if self.result else ZERO

    def approved(self, blocked):
        """{charge type: what may be paid}, where `blocked` are the subjects that still hold."""
        if not self.result:
            return {}
        return {
            one.key: one.pay if f"charge:{one.key}" in blocked else one.invoiced for one in self.result.lines
        }

    def capped(self, approved, blocked):
        """The sum of it, where the document or the shipment as a whole is over its limit."""
        total = sum(approved.values(), ZERO)
        if self.result and approved:
            for subject in ("document", "cumulative"):
                if subject in blocked:
                    total = min(total, getattr(self.result, subject).pay)
        return total

    def verdicts(self):
        if not self.result:
            return False
        rows = (*self.result.lines, self.result.document, self.result.cumulative)
        return [
            {
                "key": one.key, "expected": str(one.expected), "invoiced": str(one.invoiced),
                "variance": str(one.variance), "limit": str(one.limit), "pay": str(one.pay),
                "percent": str(one.percent) if one.percent is not None else None,
                "hold": one.hold, "warning": one.warning,
            }
            for one in rows
        ]  # fmt: skip


def _same(record, name, value):
    field = record._fields[name]
    stored = record[name]
    if field.type == "many2one":
        return stored.id == (value or False)
    if field.type == "monetary":
        return abs(stored - value) < 1e-6
    return (stored or False) == (value or False)
