"""Decides again about past shipments, under any policy, by the facts as they were known then.

A shipment is looked at whenever something new was known of it, from the delivery to the invoice; a
carrier's bill from when it came. What the rules would have held at any of these looks would have
been held, whatever cleared it later: that is what the stored holds say, too.

Nothing here writes.
"""

from collections import defaultdict
from datetime import timedelta

from ..billing import corrections
from ..billing.sentences import unpacked
from .billing_inputs import BillingInputs
from .costs import Expected
from .expected import detention_of
from .sell import SellSheet

# What comes within this time of each other is looked at together: the validation runs every minute.
TOGETHER = timedelta(minutes=5)
DELIVERY_CODES = ("delivered", "partially_delivered", "refused", "returned")


class Replay(BillingInputs):
    """Facts of a batch as of changing instants; `now` is the end of looking (naive UTC)."""

    def __init__(self, shipments, now):
        super().__init__(shipments, now)
        self.end = now
        self.payable = shipments.env["milepost.payable"]
        self.rates = shipments.env["milepost.rate.engine"]
        self.billing = shipments.env["milepost.billing"]
        self.bills = Bills(self.payable, shipments)
        self._told = self._first_told(shipments)
        self._values, self._faults = {}, {}

    # As of then

    def known(self, records):
        """Of some facts those that stood in Odoo then."""
        found = records.filtered(lambda one: one.create_date <= self.now)
        # A filter forgets the batch that its records are read with.
        return found.with_prefetch(records._prefetch_ids)

    def is_posted(self, shipment):
        """The looks end with the invoice."""
        return False

    def settled(self, shipment):
        """What people decided of differences is their answer to a hold; it was not there before."""
        return {}

    def value(self, shipment):
        if shipment not in self._values:
            self._values[shipment] = super().value(shipment)
        return self._values[shipment]

    def sheet(self, shipment):
        """What the shipment should have cost, with the requests that were approved by then."""
        rows = self._counting(shipment, "cost")
        if shipment not in self._faults:
            rates = rows.rate_id.filtered(lambda rate: rate.method == "detention")
            found = [detention_of(shipment, rate)[1] for rate in rates]
            self._faults[shipment] = next(filter(None, found), "")
        return self.rates._cost_sheet(
            shipment, rows, _unpacked(shipment.expected_faults), self._faults[shipment]
        )

    def sell_sheet(self, shipment):
        """What the customer should have been charged, with the requests that were approved by then."""
        rows = self._counting(shipment, "sell")
        rates = rows.rate_id.filtered(lambda one: one.method == "detention")
        missing = [text for rate in rates if (text := detention_of(shipment, rate)[1])]
        evidence = {"detention": missing[-1]} if missing else {}
        return SellSheet(self.rates._prices(rows), _unpacked(shipment.sell_expected_faults), evidence)

    def _counting(self, shipment, side):
        return shipment.expected_charge_ids._counts(side).filtered(
            lambda row: row.origin != "request" or not row.approved_at or row.approved_at <= self.now
        )

    # The looks

    def holds(self, shipment, policy):
        """{(carrier invoice id or False, Decided.key): Decided} that the policy would have held.

        Warnings are left out: they block nothing. Of a hold that changed the last amount counts.
        """
        found = {}
        for at in self._looks(shipment):
            self.now = at
            for invoice_id, one in self._look(shipment, policy):
                if one.severity != "warn":
                    found[invoice_id, one.key] = one
        return found

    def _look(self, shipment, policy):
        proof, lines = self.prove(shipment, policy)
        expected = Expected(self.sheet(shipment), self.sell_sheet(shipment))
        found, settled = self.payable._replay(
            shipment,
            self.known(shipment.carrier_invoice_ids),
            self.retractions_of(shipment),
            expected.cost,
            policy,
            proof,
            self.bills,
        )
        for invoice, decided in found:
            for one in decided:
                yield invoice.id, one
        told = self._told.get(shipment)
        if told and told <= self.now and not (shipment.posted_at and self.now > shipment.posted_at):
            decision = self.billing._decide(shipment, self, policy, (proof, lines), expected, settled)
            for one in decision.holds:
                yield False, one

    def _looks(self, shipment):
        """The instants at which something new was known, those close to each other as one."""
        told = self._told.get(shipment)
        instants = {told} if told else set()
        for records in (
            shipment.pod_ids, shipment.charge_ids, shipment.carrier_invoice_ids,
            self.retractions.get(shipment, self._none),
        ):  # fmt: skip
            instants.update(one.create_date for one in records)
        posted, looks = shipment.posted_at, []
        for at in sorted(one for one in instants if one <= self.end):
            parted = posted and looks and looks[-1] <= posted < at
            if looks and at - looks[-1] <= TOGETHER and not parted:
                looks[-1] = at
            else:
                looks.append(at)
        return looks

    @staticmethod
    def _first_told(shipments):
        """{shipment: when its delivery stood in Odoo}."""
        groups = shipments.env["milepost.milestone"]._read_group(
            [
                ("shipment_id", "in", shipments.ids), ("classifier", "=", "actual"),
                ("code", "in", DELIVERY_CODES),
            ],
            ["shipment_id"], ["create_date:min"],
        )  # fmt: skip
        return dict(groups)


class Bills:
    """Of a batch's carrier invoices what no policy changes, computed once: bills alike, and tax."""

    def __init__(self, payable, shipments):
        self.payable = payable
        self._as_bill, self._as_word, self._tax, self._taxes = {}, {}, {}, {}
        self._alike = defaultdict(set)
        invoices = shipments.carrier_invoice_ids
        # Read for the whole batch here, instead of for each shipment later.
        invoices.fetch([
            "number", "pro", "correction", "corrects", "said_at", "received_at", "state", "identifiers",
        ])  # fmt: skip
        invoices.line_ids.fetch(["charge_type", "amount"])
        invoices.hold_ids.fetch(["reason", "subject", "state", "fingerprint", "is_manual", "is_blocking"])
        for invoice in payable._alike(invoices) if invoices else ():
            for key in self._keys(invoice):
                self._alike[key].add(invoice)

    @staticmethod
    def _keys(invoice):
        if invoice.pro_base:
            yield invoice.company_id, "pro", invoice.pro_base
        if invoice.shipment_id:
            yield invoice.company_id, "shipment", invoice.shipment_id

    def bill(self, invoice):
        """The invoice as billing.charge_match sees it."""
        if invoice not in self._as_bill:
            self._as_bill[invoice] = self.payable._as_bill(invoice)
        return self._as_bill[invoice]

    def _word(self, invoice):
        if invoice not in self._as_word:
            self._as_word[invoice] = self.payable._as_word(invoice)
        return self._as_word[invoice]

    def stands(self, invoice, known):
        """Whether a bill asked for money while `known` were the bills of its shipment."""
        words = [self._word(one) for one in known]
        return corrections.standing(words)[invoice.id].asks

    def before(self, invoice, standing):
        """Bills that may be the same as the invoice and were said before it.

        :param standing: the bills of its shipment that ask for money; of others what stands today
        """
        alike = set().union(*(self._alike[key] for key in self._keys(invoice)))
        earlier = [
            one
            for one in alike
            if (one.said_at, one.id) < (invoice.said_at, invoice.id)
            and (one in standing if one.shipment_id == invoice.shipment_id else one.state != "superseded")
        ]
        return [self.bill(one) for one in sorted(earlier, key=lambda one: (one.said_at, one.id))]

    def tax(self, invoice):
        """(expected, billed, whether the buyer owes it) of an invoice."""
        if invoice not in self._tax:
            whose = (invoice.company_id, invoice.carrier_partner_id)
            if whose not in self._taxes:
                self._taxes[whose] = self.payable._purchase_taxes(*whose)
            self._tax[invoice] = self.payable._tax_amounts(invoice, self._taxes[whose])
        return self._tax[invoice]


def _unpacked(faults):
    """{charge type: what was said} as it is stored with the shipment."""
    return {charge_type: unpacked(said) for charge_type, said in (faults or {}).items()}
