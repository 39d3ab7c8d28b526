"""Which proofs of a shipment hold up, and which delivery stops they cover."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from ..billing import decide, pod_check
from ..billing.sentences import say, say_all
from .effective_facts import effective
from .instants import aware

# The whole transport was turned away: there is nothing to prove.
TURNED_AWAY = ("refused", "returned")


@dataclass
class Proof:
    """What the proofs of one shipment say.

    `valid` are the proofs that count, one per stop; `sound` all that would; `states` and `notes` what
    to write into the stored ones: {pod id: state} and {pod id: (faults as text, stop id)}.
    """

    coverage: pod_check.Coverage
    labels: tuple
    pods: tuple = ()
    valid: list = field(default_factory=list)
    sound: list = field(default_factory=list)
    states: dict = field(default_factory=dict)
    notes: dict = field(default_factory=dict)
    retracted: set = field(default_factory=set)
    zone: str = "UTC"
    validated_at: datetime | None = None

    def covered_keys(self, shipment):
        """The keys of the stops that are covered: a plan that is told anew keeps them, not the records."""
        covered = shipment.stop_ids.filtered(lambda stop: stop.id in self.coverage.covered)
        return sorted(covered.mapped("key"))


class Prover:
    """Judges the proofs of one shipment.

    :param pods: the proofs that are known
    :param used_elsewhere: {pod id: hashes of other deliveries}
    :param others: what is said without those who sold it (a Derived), None where they said nothing
    """

    def __init__(self, shipment, pods, retractions, policy, now, used_elsewhere, others):
        self.shipment, self.pods, self.policy, self.now = shipment, pods, policy, now
        self.checks = policy._pod_checks()
        self.used_elsewhere, self.others = used_elsewhere, others
        stops = shipment.stop_ids.filtered(lambda stop: stop.kind == "delivery" and stop.in_plan)
        # A filter forgets the batch that its records are read with.
        stops = stops.with_prefetch(shipment.stop_ids._prefetch_ids)
        self.deliveries = stops.sorted(lambda stop: (stop.sequence, stop.id))
        self.alive, self.withdrawn, self.outdated = effective(pods, retractions)

    def proof(self, goods_faults):
        """The Proof.

        :param goods_faults: {pod id: pod_check.Fault of its quantities}
        """
        faults = {pod: self._faults(pod, goods_faults) for pod in self.pods}
        sound = self._sound(faults)
        # Of the sound proofs of a stop the latest word counts.
        winners = list({self.stop_of(pod).id: pod for pod in sound}.values())
        covered = {self.stop_of(pod).id for pod in winners}
        coverage = self._coverage(covered)
        proof = Proof(
            coverage,
            tuple((stop.id, stop.display_name or str(stop.sequence)) for stop in self.deliveries),
            tuple(
                decide.PodFacts(
                    pod.id,
                    self.stop_of(pod).id or None,
                    self.stop_of(pod).display_name or self.shipment.name,
                    tuple(found),
                    tuple(sorted(pod.document_hashes or ())),
                )
                for pod, found in faults.items()
                if pod.id not in self.outdated
            ),
            winners,
            sound,
        )
        for pod, found in faults.items():
            proof.states[pod.id] = self._state(pod, found, winners)
            text = say_all(fault.text for fault in found)
            proof.notes[pod.id] = (text, self.stop_of(pod).id or False)
        proof.retracted = self.withdrawn
        proof.zone = self._zone()
        if self.deliveries and not coverage.missing:
            proof.validated_at = self.shipment.pod_validated_at or self.now
        return proof

    def _coverage(self, covered):
        if self.shipment.state in TURNED_AWAY:
            return pod_check.Coverage(tuple(self.deliveries.ids), (), Decimal(100))
        stops = [pod_check.DeliveryStop(stop.id, delivered=self._is_done(stop)) for stop in self.deliveries]
        return pod_check.coverage(stops, covered, self.checks.gate)

    def _is_done(self, stop):
        """Whether somebody says so who gains nothing by it: a seller's own word frees no bill of his.

        Nor does it take away what another said.
        """
        if self.checks.gate != "pod_or_delivered" or self.others is None:
            return bool(stop.outcome)
        told = {one.key: one.outcome for one in self.others.stops}
        return bool(stop.outcome) and told.get(stop.key) == stop.outcome

    def stop_of(self, pod):
        """The delivery stop that a proof means, an empty record when it is not clear."""
        ref = pod.stop_ref or {}
        for stop in self.deliveries:
            if ref.get("id") and ref["id"] in {stop.key, *(stop.aliases or ())}:
                return stop
        for stop in self.deliveries:
            if "sequence" in ref and stop.sequence == ref["sequence"]:
                return stop
        if pod.assigned_stop_id in self.deliveries:
            return pod.assigned_stop_id
        named = "id" in ref or "sequence" in ref
        if len(self.deliveries) == 1 or (ref.get("kind") == "delivery" and not named):
            return self.deliveries[-1:].with_prefetch(self.deliveries._prefetch_ids)
        return self.deliveries.browse()

    def _faults(self, pod, goods_faults):
        stop = self.stop_of(pod)
        completed = stop.completed_milestone_id
        found = pod_check.faults(
            pod_check.Pod(
                pod.id,
                stop.id or None,
                aware(pod.delivered_at) or None,
                pod.signer or None,
                pod.signed,
                bool(pod.line_ids),
                frozenset(pod.document_hashes or ()),
                latitude=completed.latitude or None,
                longitude=completed.longitude or None,
                revoked=pod.id in self.withdrawn,
                is_ahead=pod.is_ahead,
            ),
            pod_check.DeliveryStop(
                stop.id,
                stop.display_name or "",
                aware(stop.arrived_at) or None,
                latitude=stop.latitude or None,
                longitude=stop.longitude or None,
            )
            if stop
            else None,
            self.checks,
            aware(self.now),
            self.used_elsewhere.get(pod.id, frozenset()),
        )
        if pod.id in goods_faults:
            found.append(goods_faults[pod.id])
        if pod.review == "rejected":
            found.append(pod_check.Fault("review", pod.review_reason or say("proof_refused")))
        return found

    def _sound(self, faults):
        """The proofs without a fault that need no person's yes, or have it; the latest word last."""
        said = sorted(self.alive, key=lambda one: (one.said_at, one.key))
        return [pod for pod in said if not faults[pod] and pod._is_accepted(self.policy)]

    def _state(self, pod, found, winners):
        if pod.id in self.outdated:
            return "superseded"
        if pod in winners:
            return "validated"
        if found:
            return "rejected"
        if pod._is_accepted(self.policy):
            return "superseded"
        return "received"

    def _zone(self):
        last = self.deliveries[-1:]
        places = self.shipment.destination_id, self.shipment.company_id.partner_id
        return last.zone or next((zone for one in places if (zone := one._milepost_zone())), "UTC")
