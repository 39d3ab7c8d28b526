from odoo import SUPERUSER_ID, models
from odoo.fields import Domain

from ..billing import authority
from ..billing.decimals import decimal

#: Holds that compare a charge with its contract: who made the contract's rate does not release them.
BY_RATE = frozenset({"charge_variance", "unexpected_charge", "det_evidence", "charge_pending"})


class MilepostHoldPeople(models.AbstractModel):
    """Who created or edited what a hold was decided on, as it stands now: they do not release it."""

    _name = "milepost.hold.people"
    _description = "People Behind a Hold"

    def _people(self):
        """Everybody who entered or edited what the hold rests on, on the cost and on the sell side."""
        self.ensure_one()
        hold = self.sudo()
        invoice = hold.carrier_invoice_id
        shipment = hold.shipment_id or invoice.shipment_id
        invoices = shipment.carrier_invoice_ids | invoice
        requests = shipment.expected_charge_ids.filtered(lambda one: one.origin == "request")
        rates = hold._rates_meant(shipment)
        limits = hold.policy_id.limit_ids
        people = hold.touched_by_ids.union(
            requests._editors(), requests.approved_by_id,
            rates._editors(), hold._fuel_prices(rates, shipment)._editors(),
            hold.policy_id._editors(), limits.create_uid, limits.write_uid,
            shipment.stop_ids.times_by_id, shipment.teller_ids, shipment.pod_ids.reviewed_by_id,
            shipment.billable_ids.disposed_by_id,
            invoices.matched_by_id,
            shipment.browse(shipment.ids if hold.side == "ar" else ())._who_sold(),
        )  # fmt: skip
        return people.filtered(lambda user: user.id != SUPERUSER_ID)

    def _rates_meant(self, shipment):
        """The contract rates that the hold compares with: of its charge, or of all for a sum."""
        rates = shipment.expected_charge_ids.rate_id
        if self.reason not in BY_RATE:
            return rates.browse()
        kind, _colon, charge_type = (self.subject or "").partition(":")
        if kind != "charge":
            return rates
        own = rates.filtered(lambda rate: rate.charge_type == charge_type)
        if own.filtered(lambda rate: rate.method == "percent"):
            own |= rates.filtered(lambda rate: rate.charge_type == "linehaul")
        return own

    def _fuel_prices(self, rates, shipment):
        """The published prices that fuel rates were read at."""
        prices = self.env["milepost.fuel.price"].sudo()
        indexes = {rate.fuel_index for rate in rates if rate.method in ("fuel_formula", "fuel_bracket")}
        at = shipment.picked_up_at or shipment.planned_pickup_at or shipment.create_date
        for index in sorted(filter(None, indexes)):
            domain = Domain("company_id", "parent_of", shipment.company_id.id) & Domain(
                "fuel_index", "=", index
            )
            prices |= prices.search(
                domain & Domain("effective_from", "<=", at), order="effective_from desc", limit=1
            )
        return prices

    def _as_held(self):
        """The hold as the rules of authority see it, its amount in the company's currency."""
        self.ensure_one()
        company = self.company_id.currency_id
        day = (self.opened_at or self.create_date).date()
        amount = self.currency_id._convert(self.amount, company, self.company_id, day)
        return authority.Held(
            self.reason.upper(),
            self.severity,
            decimal(company.round(amount)),
            decimal(self.percent) if self.has_percent else None,
            frozenset(self._people().ids),
        )
