from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..billing import charge_match, decide
from ..billing.decimals import decimal
from .milepost_carrier_invoice import LIVE_STATES

KINDS = {
    "original": "original", "correction": "replacement", "rebill": "replacement",
    "cancelled": "replacement", "balance_due": "balance_due", "adjustment": "balance_due",
}  # fmt: skip
OWN_REFERENCES = ("shipment", "shipment_id", "entity")
BOLS = ("bol", "mbol")


class MilepostPayableMatch(models.AbstractModel):
    """Which shipment a carrier's bill is for, whether it was billed before, and what replaces it."""

    _name = "milepost.payable.match"
    _description = "Matching of Carrier Bills"

    @api.model
    def _match_unmatched(self, invoices):
        """Find the shipments of bills that no identifier placed."""
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
        invoices.line_ids.mapped("amount")
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
    def _earlier(self, invoices):
        """Bills that may be the same as these: same PRO of the same carrier, or same shipment."""
        bases = sorted({one.pro_base for one in invoices if one.pro_base})
        same = self.env["milepost.carrier.invoice"].search_fetch([
            ("company_id", "in", invoices.company_id.ids),
            "|", ("pro_base", "in", bases), ("shipment_id", "in", invoices.shipment_id.ids),
        ])  # fmt: skip
        return (same | invoices).sorted("id")

    @api.model
    def _alike(self, invoices):
        """{PRO or shipment: bills that bear it}: comparing all with all would take minutes."""
        found = defaultdict(list)
        for one in self._earlier(invoices):
            for name in (one.pro_base, one.shipment_id):
                found[name].append(one)
        return found

    @api.model
    def _duplicate(self, invoice, alike):
        """Whether it was billed before; a replacement takes the place of the bill it replaces."""
        before = (
            invoice.union(*alike[invoice.pro_base], *alike[invoice.shipment_id])
            .filtered(
                lambda one: (
                    one.id < invoice.id and one.company_id == invoice.company_id and one.state in LIVE_STATES
                )
            )
            .sorted("id")
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
    def _write_survival(self, invoices, withdrawn, outdated):
        for invoice in invoices:
            values = {"retracted": invoice.id in withdrawn, "superseded": invoice.id in outdated}
            if invoice.retracted != values["retracted"] or invoice.superseded != values["superseded"]:
                invoice.write(values)
            if True in values.values() and invoice.state in LIVE_STATES:
                self._supersede(invoice, None)

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
