from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.addons.milepost.arguments import choice_of, count_of
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..billing import authority
from ..billing.decimals import decimal

# What a line of the board shows as it is stored.
LINE_FIELDS = [
    "side", "reason", "severity", "state", "explanation", "remedy", "said", "amount", "percent", "has_percent",
    "opened_at", "currency_id", "shipment_id", "carrier_invoice_id", "partner_id", "policy_id",
    "company_id", "user_id", "approved_by_ids", "touched_by_ids", "subject",
]  # fmt: skip

SIDES = ("ar", "ap")
GROUPS = ("reason", "customer", "carrier", "release")


class MilepostHoldBoard(models.AbstractModel):
    """What the board of invoice holds reads: the money that waits, by what it waits for."""

    _name = "milepost.hold.board"
    _description = "Board of Invoice Holds"

    @api.model
    @api.readonly
    def hold_board(self, domain=None, side="ar", group="reason", limit=40, limits=None):
        """Read the holds that block money, in groups, those with the most money first.

        What a shipment (a carrier's bill) has blocked counts once in a sum, however many holds it
        has; a line shows what its own hold is about beside it.

        :param domain: what the user searches for
        :param side: "ar" customer invoices, "ap" carrier bills
        :param group: reason, customer, carrier or release (who may release it)
        :param limit: lines per group; `limits` {group key: lines} for groups that show more
        :return: {now, role, release_codes, sides: [{key, count, totals}], groups: [{key, label,
            count, hold_ids, totals, oldest, holds}]}; totals [{currency_id, amount}], an amount for each
            currency; instants UTC
        """
        side = choice_of(self.env, side, SIDES, "ar")
        group = choice_of(self.env, group, GROUPS, "reason")
        limit = count_of(self.env, limit, 40)
        if limits and not isinstance(limits, dict):
            raise UserError(self.env._("Limits are given by group."))
        found = self.search_fetch(Domain(domain or []) & Domain("is_blocking", "=", True), LINE_FIELDS)
        blocked = found._blocked_documents()
        shown = found.filtered(lambda hold: hold.side == side)
        groups = defaultdict(self.browse)
        labels = {}
        for hold in shown:
            key, labels[key] = hold._board_group(group)
            groups[key] |= hold
        worth = {key: self._worth(holds, blocked) for key, holds in groups.items()}
        answer = []
        for key in sorted(groups, key=lambda key: (-worth[key], labels[key], key)):
            holds = groups[key].sorted(lambda h: (-h._worth(h, blocked), h.opened_at, h.id))
            answer.append({
                "key": key, "label": labels[key], "count": len(holds), "hold_ids": holds.ids,
                "totals": self._totals(holds, blocked),
                "oldest": fields.Datetime.to_string(min(holds.mapped("opened_at"))),
                "holds": holds[:count_of(self.env, (limits or {}).get(key, limit), limit)],
            })  # fmt: skip
        lines = self.union(*(one["holds"] for one in answer))._board_lines(blocked)
        for one in answer:
            one["holds"] = [lines[hold.id] for hold in one["holds"]]
        return {
            "now": fields.Datetime.to_string(fields.Datetime.now()),
            "role": self._finance_role() or False,
            "release_codes": self._fields["release_code"]._description_selection(self.env),
            "sides": [self._board_side(key, found, blocked) for key in SIDES],
            "groups": answer,
        }

    @api.model
    def _board_side(self, key, found, blocked):
        holds = found.filtered(lambda hold: hold.side == key)
        return {"key": key, "count": len(holds), "totals": self._totals(holds, blocked)}

    # Money

    def _document(self):
        """What the hold keeps back: a carrier's bill, or what is billable of a shipment."""
        self.ensure_one()
        if self.side == "ap":
            return self.sudo().carrier_invoice_id or self
        return self.shipment_id or self

    def _blocked_documents(self):
        """{document: (currency, amount that waits)} of what these holds keep back."""
        documents = {}
        for hold in self:
            document = hold._document()
            if document._name == "milepost.shipment":
                documents[document] = (document.currency_id, decimal(document.held_amount))
            elif document._name == "milepost.carrier.invoice" and document.state == "partial":
                rest = decimal(document.disputed_amount) - decimal(document.credited_amount)
                documents[document] = (document.contract_currency_id or document.currency_id, rest)
            elif document._name == "milepost.carrier.invoice":
                documents[document] = (document.currency_id, abs(decimal(document.total)))
            else:
                documents[document] = (hold.currency_id, decimal(hold.amount))
        return documents

    @api.model
    def _totals(self, holds, blocked):
        sums = defaultdict(Decimal)
        for document in dict.fromkeys(hold._document() for hold in holds):
            currency, amount = blocked[document]
            sums[currency] += amount
        order = sorted(sums, key=lambda currency: (currency != self.env.company.currency_id, currency.name))
        return [{"currency_id": currency.id, "amount": float(sums[currency])} for currency in order]

    @api.model
    def _worth(self, holds, blocked):
        """The sum in the user's currency, to sort by."""
        company = self.env.company
        day = fields.Date.context_today(self)
        sums = defaultdict(Decimal)
        for document in dict.fromkeys(hold._document() for hold in holds):
            currency, amount = blocked[document]
            sums[currency] += amount
        return sum(
            currency._convert(float(amount), company.currency_id, company, day, round=False)
            for currency, amount in sums.items()
        )

    # Lines

    def _board_group(self, group):
        """(key, label) of the group that the hold is in."""
        self.ensure_one()
        if group == "customer":
            return str(self.partner_id.id or ""), self.partner_id.display_name or self.env._("No customer")
        if group == "carrier":
            name = self._carrier_name()
            return name or "", name or self.env._("No carrier")
        if group == "release":
            needed = self._needed()
            return f"{needed.role or 'facts'}{needed.people}", self._needed_label(needed)
        labels = dict(self._fields["reason"]._description_selection(self.env))
        return self.reason, labels[self.reason]

    def _carrier_name(self):
        self.ensure_one()
        invoice, shipment = self.sudo().carrier_invoice_id, self.shipment_id
        partner = invoice.carrier_partner_id or shipment.carrier_partner_id
        return partner.name or invoice.carrier_name or shipment.carrier_name or ""

    def _needed(self):
        """The least role that may release the hold, and how many people it takes."""
        self.ensure_one()
        return authority.needed(self._as_held(), self._release_authority())

    def _milepost_waited_for(self):
        """What the hold waits for and who may release it, as a line for those who wait."""
        self.ensure_one()
        needed = self._needed()
        who = self._needed_label(needed)
        said = " ".join(filter(None, [self._explain(), self.remedy_shown]))
        return (
            said
            if needed.role is None
            else self.env._("%(hold)s Who may release it: %(who)s.", hold=said, who=who)
        )

    def _needed_label(self, needed):
        names = {
            "analyst": self.env._("Billing Analyst"),
            "manager": self.env._("Finance Manager"),
            "controller": self.env._("Controller"),
        }
        if needed.role is None:
            return self.env._("Only when its cause is fixed")
        if needed.people > 1:
            return self.env._("Two people, %s or above", names[needed.role])
        return names[needed.role]

    def _board_lines(self, blocked):
        """{id: line}; whether the user may release it, and why not."""
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        role, user, fixes = self._finance_role(), self.env.user, self._may_fix()
        waiting = self._waiting_proofs().shipment_id
        lines = {}
        for hold in self:
            currency, amount = blocked[hold._document()]
            why = hold._why_not_released() if role else self.env._("Your role may not decide on holds.")
            needed = hold._needed()
            lines[hold.id] = {
                "id": hold.id,
                "reason": reasons[hold.reason],
                "severity": hold.severity,
                "state": hold.state,
                "state_label": states[hold.state],
                "explanation": hold.explanation_shown,
                "remedy": hold.remedy_shown,
                "amount": hold.amount,
                "currency_id": hold.currency_id.id,
                "blocked_amount": float(amount),
                "blocked_currency_id": currency.id,
                "percent": hold.percent if hold.has_percent else False,
                "opened_at": fields.Datetime.to_string(hold.opened_at),
                "shipment_id": hold.shipment_id.id,
                "shipment": hold.shipment_id.name,
                "carrier_invoice_id": hold.carrier_invoice_id.id,
                "carrier_invoice": hold.sudo().carrier_invoice_id.number,
                "customer": hold.partner_id.display_name,
                "carrier": hold._carrier_name() or False,
                "reviewer": hold.user_id.name,
                "needs": self._needed_label(needed),
                "people": needed.people,
                "agreed": hold.approved_by_ids.mapped("name"),
                "may_release": not why,
                "why_not": why or False,
                "may_review": bool(role) and hold.state == "open",
                "is_mine": hold.user_id == user,
                "fix": (fixes and hold._fix(waiting)) or False,
            }
        return lines

    def _notify_boards(self):
        """Tell the open boards, per company, which holds changed; they read them themselves."""
        for company, holds in self.grouped("company_id").items():
            company._bus_send("milepost.hold/changed", {"ids": holds.ids})
