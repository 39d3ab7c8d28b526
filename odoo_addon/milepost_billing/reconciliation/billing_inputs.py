"""All that the decisions about a batch of shipments rest on, read with a constant number of queries."""

from collections import defaultdict

from odoo.addons.milepost.derivation import DECISIVE
from odoo.addons.milepost.ingestion.without import derived_without

from ..billing import cutoff, decide
from ..billing.decimals import decimal
from ..billing.errors import BillingError, RateGap
from ..billing.money import ZERO, rounded
from ..billing.pod_check import Fault
from . import currency_rates, goods, sell
from .decision import Decision
from .effective_facts import effective
from .instants import aware
from .proof import TURNED_AWAY, Prover

# A record that is taken out of a batch is read by itself; what the rules look at is read before.
READ_AHEAD = (
    "pod_ids.line_ids.uom_id.factor", "stop_ids.completed_milestone_id.latitude", "charge_ids.amount",
    "carrier_invoice_ids.line_ids.amount", "carrier_invoice_ids.hold_ids.state",
    "carrier_invoice_ids.bill_ids.state", "carrier_invoice_ids.taken_back_ids.state",
    "carrier_invoice_ids.replaces_ids.said_at", "expected_charge_ids.currency_id.name", "hold_ids.state",
    "billable_ids.move_line_ids.parent_state", "line_ids.move_id.product_id.default_code",
    "line_ids.move_id.sale_line_id.order_id.state", "line_ids.move_id.move_line_ids.result_package_id.name", "line_ids.move_id.move_line_ids.lot_id.name",
    "sale_order_ids.order_line.price_unit",
    "sale_order_ids.milepost_shipment_ids.state", "proposal_ids.state",
)  # fmt: skip

DELIVERED = ("delivered", "partially_delivered", *TURNED_AWAY)


class BillingInputs:
    """Facts of some shipments, as of `now` (naive UTC)."""

    def __init__(self, shipments, now):
        self.shipments, self.now = shipments, now
        env = shipments.env
        for path in READ_AHEAD:
            shipments.mapped(path)
        words = env["milepost.retraction"].search_fetch([("shipment_id", "in", shipments.ids)])
        self.retractions = words.grouped("shipment_id")
        self._none = env["milepost.retraction"]
        self.ahead = self._told_ahead()
        self.used_elsewhere = self._hashes_used_elsewhere()
        self.items = {shipment: goods.items_of(shipment) for shipment in shipments}
        self._without_sellers = {}

    def retractions_of(self, shipment):
        return self.known(self.retractions.get(shipment, self._none))

    def known(self, records):
        """Of some facts those that are known; all, unless somebody looks back."""
        return records

    def _told_ahead(self):
        """{shipment: its milestones that are ahead of their receipt and not corrected}."""
        flagged = self.shipments.filtered("is_ahead")
        if not flagged:
            return {}
        standing = [
            ("is_ahead", "=", True), ("superseded", "!=", True), ("retracted", "!=", True),
            ("code", "in", sorted(DECISIVE)),
        ]  # fmt: skip
        told = flagged.env["milepost.milestone"].search([("shipment_id", "in", flagged.ids), *standing])
        return told.grouped("shipment_id")

    def without_sellers(self, shipment):
        """What is said of a shipment without the word of those who sold it (a Derived).

        :return: None where no word of theirs ended a delivery
        """
        if shipment not in self._without_sellers:
            ended = shipment.stop_ids.completed_milestone_id
            sold = shipment._who_sold() if ended._told_by() else shipment.env["res.users"]
            is_theirs = bool(ended._told_by() & set(sold.ids))
            found = derived_without(shipment, sold, self.known) if is_theirs else None
            self._without_sellers[shipment] = found
        return self._without_sellers[shipment]

    def _ahead_of(self, shipment):
        """The keys of what is told ahead of a shipment, as far as it is known; a seller settles none of it."""
        told, others = self.ahead.get(shipment), self.without_sellers(shipment)
        if others and others.ahead:
            ahead = shipment.env["milepost.milestone"].browse(others.ahead)
            told = told | ahead if told else ahead
        return tuple(sorted(self.known(told).mapped("key"))) if told else ()

    def is_posted(self, shipment):
        """Whether the customer was invoiced."""
        return bool(shipment.posted_at)

    def settled(self, shipment):
        """What people decided of differences, as stored."""
        return goods.settled(shipment.billable_ids)

    def _hashes_used_elsewhere(self):
        """{pod id: hashes of its files that proved another delivery before}."""
        own = {pod: set(pod.document_hashes or ()) for pod in self.shipments.pod_ids}
        wanted = sorted(set().union(*own.values())) if own else []
        if not wanted:
            return {}
        env = self.shipments.env
        env["milepost.pod"].flush_model(["document_hashes"])
        env.cr.execute(
            """
            SELECT pod.id, pod.key, pod.company_id, pod.shipment_id, pod.assigned_stop_id,
                   pod.stop_ref, pod.document_hashes
              FROM milepost_pod pod
             WHERE pod.document_hashes ?| %s AND NOT pod.retracted AND pod.superseded IS NOT TRUE
            """,
            [wanted],
        )
        uses = defaultdict(list)
        for *use, theirs in env.cr.fetchall():
            for one in theirs:
                uses[one].append(use)
        found = defaultdict(set)
        for pod, hashes in own.items():
            for one in hashes:
                for id_, key, company, shipment, stop, ref in uses[one]:
                    # One paper may prove several deliveries when the sender says so: then it is one fact.
                    same_place = (
                        shipment == pod.shipment_id.id
                        and ref == pod.stop_ref
                        and stop == (pod.assigned_stop_id.id or None)
                    )
                    if id_ < pod.id and key != pod.key and company == pod.company_id.id and not same_place:
                        found[pod.id].add(one)
        return {id_: frozenset(hashes) for id_, hashes in found.items()}

    def value(self, shipment):
        """What the goods and the transport of the shipment are worth, without tax."""
        digits = shipment.currency_id.decimal_places
        total = ZERO
        for item in self.items[shipment].values():
            for line, quantity in item.by_line.items():
                total += self._here(shipment, item.price(line) * quantity, line.currency_id)
        for line in shipment.sale_order_ids.order_line.filtered("milepost_is_transport"):
            total += self._here(shipment, decimal(line.price_subtotal), line.currency_id)
        return rounded(total, digits) if total else self._told_value(shipment)

    @staticmethod
    def _here(shipment, amount, currency):
        """An amount in the shipment's currency; as it is where no exchange rate is known."""
        own = shipment.currency_id
        if not amount or not currency or currency == own:
            return amount
        day = (shipment.picked_up_at or shipment.create_date).date()
        try:
            return amount / currency_rates.units(shipment.env, currency, own, shipment.company_id, day)
        except RateGap:
            return amount

    @staticmethod
    def _told_value(shipment):
        told = shipment.charge_ids.filtered(lambda charge: charge.side == "sell")
        return sum((decimal(charge.amount) for charge in told), ZERO)

    @staticmethod
    def reference(shipment):
        """The customer's reference, of the shipment or of every order."""
        if shipment.customer_reference:
            return shipment.customer_reference
        references = shipment.sale_order_ids.mapped("client_order_ref")
        return ", ".join(references) if references and all(references) else ""

    def prove(self, shipment, policy):
        """(Proof, {goods key: quantities.Line}) of one shipment."""
        prover = Prover(
            shipment,
            self.known(shipment.pod_ids),
            self.retractions_of(shipment),
            policy,
            self.now,
            self.used_elsewhere,
            self.without_sellers(shipment),
        )
        items = self.items[shipment]
        wrong = goods.faults_of(items, prover.alive)
        proof = prover.proof(wrong)
        turned_away = shipment.state in TURNED_AWAY
        try:
            return proof, goods.reconcile(items, proof.valid, turned_away)
        except BillingError as error:
            # Whose rows are wrong is not known: no proof with rows counts until it is corrected.
            wrong |= {pod.id: Fault("quantities", error.said) for pod in proof.valid if pod.line_ids}
            proof = prover.proof(wrong)
            return proof, goods.reconcile(items, proof.valid, turned_away)

    def decide(self, shipment, policy, proof, lines, expected, settled):
        """Ask the rules about billing the customer; nothing is read from the database here.

        :param proof: the Proof, and `lines` the quantities, of `prove`
        :param expected: costs.Expected, and `settled` costs.Settled
        """
        told, *_gone = effective(self.known(shipment.charge_ids), self.retractions_of(shipment))
        charges = sell.sell_charges(
            shipment,
            policy,
            told.filtered(lambda charge: charge.side == "sell"),
            expected,
            settled,
            self.supply_day(shipment, proof) or self.now.date(),
            self.is_posted(shipment),
        )
        value = self.value(shipment) or sum((row.amount for row in charges.rows), ZERO)
        stored = self.settled(shipment)
        proven = not proof.coverage.missing
        receivable = decide.Receivable(
            delivered=shipment.state in DELIVERED,
            value=value,
            coverage=proof.coverage,
            stop_labels=proof.labels,
            pods=proof.pods,
            lines=tuple(lines.values()) if proven else (),
            dispositions=tuple((key, reason, basis) for (key, reason), (_d, basis) in stored.items()),
            pending_charges=charges.pending,
            missing_rate=charges.fault,
            reference_needed=policy.reference_required,
            reference=self.reference(shipment),
            cancelled_orders=tuple(self._cancelled(shipment, lines)),
            already_posted=self.is_posted(shipment),
            lost=self._lost(shipment, proof),
            unbilled=shipment.billable_ids._unbilled(charges.rows),
            ahead=self._ahead_of(shipment),
            **self._emergency(shipment),
        )
        holding = {
            (line, one.reason): decide.difference_basis(one)
            for line, own in lines.items()
            for one in decide.differences(own)
        }
        dispositions = {
            key: disposition for key, (disposition, basis) in stored.items() if holding.get(key) == basis
        }
        return Decision(
            policy,
            proof,
            self.items[shipment],
            lines if proven else {},
            dispositions,
            charges,
            expected.cost,
            settled,
            []
            if shipment._is_handed_back()
            else decide.receivable_holds(receivable, shipment.currency_id.decimal_places),
            receivable.delivered or receivable.emergency_covers,
        )

    def _cancelled(self, shipment, lines):
        """(name, what is not billed) of the cancelled orders of goods that the customer has."""
        worth = defaultdict(lambda: ZERO)
        for key, item in self.items[shipment].items():
            if key in lines and not lines[key].accepted:
                continue
            for line, quantity in item.by_line.items():
                if line.order_id.state == "cancel":
                    worth[line.order_id] += item.price(line) * quantity
        for order, amount in worth.items():
            if self.is_posted(shipment):
                rows = shipment.billable_ids.filtered(lambda row, own=order: row.sale_line_id.order_id == own)
                amount = rows._unbilled(())
            if rounded(amount, order.currency_id.decimal_places):
                yield order.name, rounded(amount, order.currency_id.decimal_places)

    @staticmethod
    def _lost(shipment, proof):
        """The stops whose proof a posted invoice rests on, and that are proven no more."""
        proven = set(shipment.proven_stops or ())
        missing = shipment.stop_ids.filtered(lambda stop: stop.id in proof.coverage.missing)
        # Of a plan that is told anew with other stops nobody knows which of them was proven.
        is_known = proven <= set(shipment.stop_ids.filtered("in_plan").mapped("key"))
        return tuple(stop.id for stop in missing if proven and (stop.key in proven or not is_known))

    def _emergency(self, shipment):
        """Why people had it billed before it was proven, and whether that covers what is billed now."""
        if not shipment.emergency_at:
            return {}
        covers = shipment._is_as_agreed(self.value(shipment))
        return {"emergency": shipment.emergency_reason, "emergency_covers": covers}

    @staticmethod
    def supply_day(shipment, proof):
        """The day of delivery where the site is."""
        delivered = shipment.delivered_at
        return cutoff.supply_date(aware(delivered), proof.zone) if delivered else None
