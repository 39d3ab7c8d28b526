from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..billing import charge_match, decide
from ..billing.decimals import decimal
from ..billing.sentences import say
from .milepost_carrier_invoice import LIVE_STATES

# Of what it is said to be, what excuses a bill beside another one. A correction is not among them:
# what it replaced is off the books before bills are compared, and beside any other it is a second bill.
KINDS = {"balance_due": "balance_due", "adjustment": "balance_due"}
OWN_REFERENCES = ("shipment", "shipment_id", "entity")
BOLS = ("bol", "mbol")


class MilepostPayableMatch(models.AbstractModel):
    """Which shipment a carrier's bill is for, whether it was billed before, and what replaces it."""

    _name = "milepost.payable.match"
    _description = "Matching of Carrier Bills"
    _inherit = ["milepost.payable.duplicate"]

    @api.model
    def _match_unmatched(self, invoices):
        """Find the shipments of bills that no identifier placed."""
        self._prepare(invoices)
        for company, own in invoices.grouped("company_id").items():
            candidates = self._candidates(company, own)
            for invoice in own:
                known = self._assigned_before(invoice)
                if known:
                    # What a person said of one version of a bill holds for the next.
                    invoice.write({
                        "shipment_id": known.shipment_id.id, "matched_how": "person",
                        "matched_by_id": known.matched_by_id.id,
                    })  # fmt: skip
                    self.env["milepost.retraction"]._follow(invoice)
                    continue
                found = charge_match.match(self._as_bill(invoice), candidates)
                if found.shipment:
                    invoice.write({"shipment_id": found.shipment, "matched_how": found.how})
                    self.env["milepost.retraction"]._follow(invoice)
                elif invoice.matched_how != "none":
                    invoice.matched_how = "none"

    @api.model
    def _assigned_before(self, invoice):
        """An earlier version of the same bill that a person gave its shipment."""
        if not invoice.source_event:
            return invoice.browse()
        return invoice.search([
            ("connection_id", "=", invoice.connection_id.id), ("source_event", "=", invoice.source_event),
            ("matched_how", "=", "person"), ("shipment_id", "!=", False),
        ], order="id desc", limit=1)  # fmt: skip

    @api.model
    def _prepare(self, invoices):
        """Lines, carrier and normalised PRO of bills that were just received."""
        self.env["milepost.carrier.invoice.line"]._read_from(invoices)
        invoices.line_ids.mapped("amount")
        self._find_carriers(invoices.filtered(lambda one: not one.carrier_partner_id))
        for invoice in invoices:
            bases = {
                "pro_base": invoice.pro or invoice.number, "number_base": invoice.number,
                "corrects_base": invoice.corrects,
            }  # fmt: skip
            for name, text in bases.items():
                base = charge_match.normalise_pro(text).base if text else False
                if invoice[name] != base:
                    invoice[name] = base
            if invoice.shipment_id and not invoice.matched_how:
                invoice.matched_how = "identifier"

    @api.model
    def _find_carriers(self, invoices):
        """Give bills their carrier: the contact with their SCAC, else who moved the shipment."""
        partners = self.env["res.partner"]
        for company, own in invoices.grouped("company_id").items():
            by_scac = partners._milepost_of_scacs(company, set(own.mapped("carrier_scac")) - {False})
            for invoice in own:
                mover = invoice.shipment_id.carrier_partner_id
                mover = mover.filtered_domain(partners._check_company_domain(company))
                if carrier := by_scac.get(invoice.carrier_scac) or mover:
                    invoice.carrier_partner_id = carrier

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
            "credit" if invoice._is_credit else KINDS.get(invoice.correction, "original"),
            frozenset().union(*(names[name] for name in OWN_REFERENCES)),
            frozenset().union(*(names[name] for name in BOLS)),
            invoice.ship_date or None,
            invoice.shipment_id.id or None,
        )

    @api.model
    def _judge_unmatched(self, invoices):
        """Bills without a shipment are held, and say so."""
        self._settle_corrections(self._alike(invoices))
        plan = []
        for invoice in invoices:
            if invoice.state not in LIVE_STATES:
                continue
            bill = self._as_bill(invoice)
            found = charge_match.match(bill, self._candidates(invoice.company_id, invoice))
            names = self.env["milepost.shipment"].browse(found.candidates).mapped("name")
            text = say("several_shipments", shipments=names) if names else say("no_shipment")
            payable = decide.Payable(
                invoice.id, abs(decimal(invoice.total)), found.hold or "NO_MATCH", text,
                not_adding_up=self._not_adding_up(invoice),
            )  # fmt: skip
            decided = decide.payable_holds(payable)
            policy = self.env["milepost.billing.policy"]._careful_default(invoice.company_id)
            plan.append((invoice.hold_ids, decided, self._hold_scope(invoice, policy)))
            if invoice.state != "held":
                invoice.write({"state": "held", "ever_held": True})
        self.env["milepost.hold"]._apply(plan)
        invoices.filtered("is_dirty").write({"is_dirty": False})

    # Corrections
