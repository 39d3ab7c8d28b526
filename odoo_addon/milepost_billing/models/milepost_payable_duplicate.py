from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..billing import charge_match, corrections
from ..billing.sentences import SENTENCES, say
from ..by_rule import Rule, is_writing
from ..reconciliation.effective_facts import effective
from .milepost_carrier_invoice import LIVE_STATES

# What people decided of a hold stays with its bill.
DECIDED = ("released", "rejected")


class MilepostPayableDuplicate(models.AbstractModel):
    """Whether a bill was billed before, and what it replaces: a function of the set of bills."""

    _name = "milepost.payable.duplicate"
    _description = "Duplicates and Corrections of Carrier Bills"

    @api.model
    def _alike(self, invoices):
        """Bills that may be the same as these or correct them: by number, PRO or shipment."""
        found = invoices
        # Twice: a correction of a correction names the first bill by way of the second.
        for _step in range(2):
            bases = {*found.mapped("pro_base"), *found.mapped("number_base"), *found.mapped("corrects_base")}
            bases |= {
                charge_match.normalise_pro(whole).base
                for one in found
                for whole in corrections.wholes(one.number) + corrections.wholes(one.corrects or "")
            }
            names = Domain.OR(
                Domain(name, "in", sorted(bases - {False, ""}))
                for name in ("pro_base", "number_base", "corrects_base")
            )
            found |= invoices.search_fetch(
                Domain("company_id", "in", found.company_id.ids)
                & (names | Domain("shipment_id", "in", found.shipment_id.ids))
            )
        return found.sorted("id")

    @api.model
    def _by_name(self, bills):
        """{number, PRO or shipment: bills that bear it}: comparing all with all would take minutes."""
        found = defaultdict(list)
        for one in bills:
            for name in {one.pro_base, one.shipment_id}:
                found[name].append(one)
        return found

    @api.model
    def _precedence(self, invoice):
        """Sorts bills by who was first: what is booked stays first, whatever is said later.

        What takes the place of another bill takes it in this order, too.
        """
        first = min(invoice | invoice.replaces_ids, key=lambda one: (one.said_at, one.id))
        booked = any(move.state == "posted" for move in invoice.bill_ids - invoice.taken_back_ids)
        return (not booked, first.said_at, first.received_at or first.said_at, first.id)

    @api.model
    def _duplicate(self, invoice, by_name):
        """Whether it was billed before, among the bills that stand."""
        own = self._precedence(invoice)
        before = (
            invoice.union(*by_name[invoice.pro_base], *by_name[invoice.shipment_id])
            .filtered(
                lambda one: (
                    one.company_id == invoice.company_id
                    and one.state in LIVE_STATES
                    and self._precedence(one) < own
                )
            )
            .sorted(self._precedence)
        )
        found = charge_match.duplicate_of(self._as_bill(invoice), [self._as_bill(one) for one in before])
        values = {"duplicate_of_id": found.of or False, "duplicate_kind": found.kind if found.of else False}
        if invoice.duplicate_of_id.id != values["duplicate_of_id"]:
            invoice.write(values)
        return found

    @api.model
    def _as_word(self, invoice):
        return corrections.BillVersion(
            invoice.id,
            invoice.carrier_partner_id.id or invoice.carrier_scac or None,
            invoice.number,
            invoice.pro or invoice.number,
            invoice.correction,
            invoice.corrects or "",
            (invoice.said_at, invoice.received_at or invoice.said_at),
            invoice._is_credit,
            invoice.shipment_id.id or None,
            frozenset(one["value"] for one in invoice.identifiers or ()),
        )

    @api.model
    def _settle_corrections(self, bills):
        """Take off the books what other bills replaced or cancelled, and bring back what none does any more."""
        counting = bills.filtered(lambda one: not one.retracted and not one.superseded)
        for own in counting.grouped("company_id").values():
            found = corrections.standing([self._as_word(one) for one in own])
            for invoice in own:
                verdict = found[invoice.id]
                by = invoice.browse(verdict.by or [])
                if verdict.asks and invoice.state == "superseded":
                    self._revive(invoice)
                elif not verdict.asks and invoice.state in LIVE_STATES:
                    # Of a copy nothing was decided that the replacement must know.
                    self._supersede(invoice, by if not invoice.duplicate_of_id else None)

    @api.model
    def _revive(self, invoice):
        """What took the bill's place was itself withdrawn: it asks for money again."""
        if invoice.replaced_by_id:
            self._follow(invoice.replaced_by_id, invoice)
        invoice.write({"state": "received", "replaced_by_id": False, "is_dirty": True})
        invoice.shipment_id._billing_changed()

    @api.model
    def _follow(self, old, new):
        """What was decided of a bill holds for the one that took its place, while its facts are the same."""
        twins = {(hold.side, hold.reason, hold.subject): hold for hold in new.hold_ids if not hold.is_manual}
        holds = old.hold_ids.with_context(tracking_disable=True)
        for hold in holds:
            twin = None if hold.is_manual else twins.get((hold.side, hold.reason, hold.subject))
            if twin:
                if twin.state in DECIDED:
                    continue
                # One after the other: written together they would both be the new bill's for a moment.
                for one, bill in ((twin, new.browse()), (hold, new), (twin, old)):
                    one.carrier_invoice_id = bill
                    one.flush_recordset(["carrier_invoice_id"])
            else:
                hold.write({"carrier_invoice_id": new.id, "shipment_id": new.shipment_id.id})
        self.env.flush_all()
        (old | new).invalidate_recordset(["hold_ids"])

    @api.model
    def _duplicate_text(self, duplicate):
        if not duplicate.hold:
            return ""
        other = self.env["milepost.carrier.invoice"].browse(duplicate.of)
        if duplicate.hold == "DUPLICATE":
            return say("billed_before", number=other.number, day=other.bill_date)
        kind = f"kind_{duplicate.kind}"
        return say(
            "billed_this_shipment", number=other.number, day=other.bill_date,
            kind=say(kind) if kind in SENTENCES else duplicate.kind,
        )  # fmt: skip

    @api.model
    def _write_survival(self, invoices, alive, withdrawn, outdated):
        newest = {(one.connection_id, one.source_event): one for one in alive if one.source_event}
        for invoice in invoices:
            values = {"retracted": invoice.id in withdrawn, "superseded": invoice.id in outdated}
            if invoice.retracted != values["retracted"] or invoice.superseded != values["superseded"]:
                invoice.write(values)
                if True not in values.values() and invoice.state == "superseded":
                    self._revive(invoice)
            newer = (
                newest.get((invoice.connection_id, invoice.source_event)) if values["superseded"] else None
            )
            if newer and invoice.state == "rejected":
                self._reject_again(invoice, newer)
            if True in values.values() and invoice.state in LIVE_STATES:
                self._supersede(invoice, newer)

    @api.model
    def _withdraw_unmatched(self, invoices):
        """Bills without a shipment that the sender, or a newer reading of the message, takes back."""
        words = self.env["milepost.retraction"]._about(invoices)
        said = words.filtered("target_key")
        for invoice in invoices:
            self._write_survival(invoice, *effective(invoice, said))

    @api.model
    def _reject_again(self, invoice, newer):
        """A bill that a person rejected stays so when it is told again with the same amounts."""
        same = invoice.total == newer.total and invoice.currency_id == newer.currency_id
        if same and invoice.lines == newer.lines and newer.state in LIVE_STATES:
            newer.state = "rejected"
            newer.message_post(body=self.env._("Rejected as the version of it that came before."))

    @api.model
    def _supersede(self, invoice, replacement):
        """A bill that was replaced or withdrawn: its booking is reversed, its holds move on."""
        invoice.write({
            "state": "superseded", "replaced_by_id": replacement.id if replacement else False,
            "approved_amount": 0, "disputed_amount": 0, "to_book_amount": 0, "approved_by_type": False,
            "dispute_booked_amount": 0,
        })  # fmt: skip
        for move in invoice.bill_ids.filtered(
            lambda one: one.state == "posted" and not one.reversed_entry_id and not one.reversal_move_ids
        ):
            today = fields.Date.context_today(self)
            reference = self.env._("Replaced: %s", invoice.number)
            move._reverse_moves([{"ref": reference, "invoice_date": today}], cancel=True)
            # Counted no more: a bill that comes to life again is booked again.
            invoice.taken_back_ids = [(4, move.id)]
        invoice.bill_ids.filtered(lambda one: one.state == "draft").button_cancel()
        if invoice.shipment_id and not is_writing(self.env, Rule.VALIDATING):
            invoice.shipment_id._billing_changed()
        if replacement:
            self._follow(invoice, replacement)
        left = invoice.hold_ids.filtered(lambda hold: hold.is_open and not hold.is_manual)
        left._clear(fields.Datetime.now())
