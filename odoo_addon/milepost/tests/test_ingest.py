"""The verdicts of the exchange."""

import base64
import hashlib
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..contract import CONTRACT
from .common import MilepostCase, fact, instant, itinerary, milestone, stop


def document(content):
    return {
        "name": "pod.pdf",
        "media_type": "application/pdf",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "content_base64": base64.b64encode(content).decode(),
    }


@tagged("post_install", "-at_install", "milepost")
class TestIngest(MilepostCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipment = cls.new_shipment()

    def test_a_new_fact_is_accepted_and_names_its_shipment(self):
        [verdict] = self.ingest(milestone(self.shipment, "picked_up"))
        self.assertEqual(verdict["status"], "accepted")
        self.assertEqual(verdict["shipments"], [self.shipment.name])
        self.assertEqual(self.shipment.state, "in_transit")

    def test_a_fact_told_again_is_a_duplicate_and_changes_nothing(self):
        told = milestone(self.shipment, "picked_up")
        self.tell(told)
        rev = self.shipment.rev
        [verdict] = self.ingest(told)
        self.assertEqual((verdict["status"], verdict["shipments"]), ("duplicate", [self.shipment.name]))
        self.assertEqual(len(self.shipment.milestone_ids), 1)
        self.assertEqual(self.shipment.rev, rev)

    def test_a_history_replayed_at_a_later_time_is_a_duplicate(self):
        self.tell(milestone(self.shipment, "picked_up", said=1))
        [verdict] = self.ingest(milestone(self.shipment, "picked_up", said=9))
        self.assertEqual(verdict["status"], "duplicate")

    def test_a_repetition_inside_a_batch_is_stored_once_and_has_one_verdict(self):
        told = milestone(self.shipment, "picked_up")
        verdicts = self.ingest(told, told, told)
        self.assertEqual([v["status"] for v in verdicts], ["accepted"] * 3)
        self.assertEqual(len(self.shipment.milestone_ids), 1)

    def test_a_bad_fact_is_rejected_with_path_and_reason_and_spares_the_others(self):
        bad = milestone(self.shipment, "delivered")
        bad["occurred"] = {"at": "yesterday", "precision": "second"}
        good = milestone(self.shipment, "picked_up")
        first, second = self.ingest(bad, good)
        self.assertEqual(
            (first["status"], first["code"], first["path"]), ("rejected", "schema", "/occurred/at")
        )
        self.assertIn("/occurred/at", first["reason"])
        self.assertEqual(second["status"], "accepted")
        self.assertEqual(self.shipment.state, "in_transit")

    def test_what_is_no_fact_at_all_is_rejected_by_its_position(self):
        verdicts = self.ingest("nonsense", {"kind": "milestone"}, None)
        self.assertEqual([v["key"] for v in verdicts], ["0", "1", "2"])
        self.assertEqual({v["status"] for v in verdicts}, {"rejected"})

    def test_a_fact_of_a_message_that_the_batch_does_not_hold_is_rejected(self):
        stray = milestone(self.shipment, "picked_up")
        stray["message"] = "m2"
        [verdict] = self.ingest(stray)
        self.assertEqual((verdict["status"], verdict["path"]), ("rejected", "/message"))

    def test_a_kind_of_fact_whose_addon_is_not_installed_is_rejected_and_says_so(self):
        models = self.env["milepost.fact"]._models_by_kind()
        some = {kind: model for kind, model in models.items() if kind != "retraction"}
        told = fact("retraction", self.shipment, target={"source_event": "nothing"})
        with patch.object(type(self.env["milepost.fact"]), "_models_by_kind", lambda _model: some):
            [verdict] = self.ingest(told)
        self.assertEqual((verdict["status"], verdict["path"]), ("rejected", "/kind"))
        self.assertIn("install", verdict["reason"])

    def test_a_fact_without_shipment_waits_and_is_applied_when_the_shipment_appears(self):
        [verdict] = self.ingest(milestone([("po", "PO-77")], "picked_up"))
        self.assertEqual((verdict["status"], verdict["code"]), ("unmatched", "no_shipment"))
        waiting = self.env["milepost.milestone"].search(
            [("shipment_id", "=", False), ("connection_id", "=", self.connection.id)]
        )
        self.assertEqual(waiting.mapped("standing"), ["unmatched"])
        self.assertEqual(waiting.named_by, "Purchase Order PO-77")
        self.shipment._declare(self.connection, [("po", "PO-77")])
        self.env.invalidate_all()
        self.assertEqual(waiting.shipment_id, self.shipment)
        self.assertEqual(self.shipment.state, "in_transit")

    def test_a_fact_that_waits_is_a_duplicate_when_it_comes_again(self):
        told = milestone([("po", "PO-78")], "picked_up")
        self.ingest(told)
        [verdict] = self.ingest(told)
        self.assertEqual((verdict["status"], verdict["shipments"]), ("duplicate", []))

    def test_a_name_of_two_shipments_is_ambiguous_and_never_guessed(self):
        other = self.new_shipment()
        for one in (self.shipment, other):
            one._declare(self.connection, [("bol", "B-1")])
        [verdict] = self.ingest(milestone([("bol", "B-1")], "picked_up"))
        self.assertEqual((verdict["status"], verdict["code"]), ("unmatched", "ambiguous"))
        for one in (self.shipment, other):
            self.assertIn(one.name, verdict["reason"])
            self.assertFalse(one.milestone_ids)

    def test_the_stronger_identifier_decides(self):
        other = self.new_shipment()
        other._declare(self.connection, [("po", "PO-1")])
        self.tell(milestone([("po", "PO-1"), ("shipment", self.shipment.name)], "picked_up"))
        self.assertEqual(self.shipment.state, "in_transit")
        self.assertEqual(other.state, "waiting")

    def test_a_partners_own_id_means_a_shipment_of_its_connection_only(self):
        self.env["milepost.connection"].create({"name": "Other", "code": "other", "source": "otm5"})
        named = [("entity", "id-1")]
        self.shipment._declare(self.connection, named)
        [verdict] = self.ingest(milestone(named, "picked_up"), connection="other")
        self.assertEqual(verdict["status"], "unmatched")
        self.tell(milestone(named, "picked_up"))

    def test_a_fact_for_every_bearer_of_a_name_reaches_each(self):
        other = self.new_shipment()
        for one in (self.shipment, other):
            one._declare(self.connection, [("container", "MSCU1")])
        [verdict] = self.ingest(milestone([("container", "MSCU1")], "in_transit", applies_to="every"))
        self.assertEqual(verdict["shipments"], sorted([self.shipment.name, other.name]))
        late = self.new_shipment()
        late._declare(self.connection, [("container", "MSCU1")])
        self.env.invalidate_all()
        self.assertEqual((self.shipment | other | late).mapped("state"), ["in_transit"] * 3)

    def test_a_plan_declares_names_by_which_waiting_facts_are_found(self):
        self.ingest(milestone([("entity", "trip-9")], "picked_up"))
        self.tell(
            itinerary(
                self.shipment,
                [stop("s1", 1, "pickup"), stop("s2", 2, "delivery")],
                declares=[{"type": "entity", "value": "trip-9"}],
            )
        )
        self.assertEqual(self.shipment.state, "in_transit")

    def test_a_shipment_that_another_transaction_holds_gives_retry(self):
        exchange = self.env["milepost.exchange"].with_user(self.bridge)
        told = milestone(self.shipment, "picked_up")

        # The test's transaction cannot be seen from outside: what is held is said by the lock itself.
        def nothing_is_free(records, **_options):
            return records.browse()

        self.patch(self.registry["milepost.shipment"], "try_lock_for_update", nothing_is_free)
        [verdict] = exchange.ingest(self.batch(told))["verdicts"]
        self.assertEqual((verdict["status"], verdict["code"]), ("retry", "locked"))
        self.assertEqual(verdict["shipments"], [self.shipment.name])
        self.assertFalse(self.shipment.milestone_ids)

    def test_another_major_version_of_the_contract_is_refused(self):
        major = int(CONTRACT.split(".")[0])
        with self.assertRaisesRegex(UserError, "upgrade the older one"):
            self.ingest(milestone(self.shipment, "picked_up"), contract=f"{major + 1}.0")
        self.assertFalse(self.shipment.milestone_ids)

    def test_a_newer_minor_version_is_taken(self):
        major = CONTRACT.split(".")[0]
        [verdict] = self.ingest(milestone(self.shipment, "picked_up"), contract=f"{major}.99")
        self.assertEqual(verdict["status"], "accepted")

    def test_a_batch_that_breaks_the_contract_is_refused_with_the_path(self):
        with self.assertRaisesRegex(ValidationError, "/messages"):
            self.ingest(milestone(self.shipment, "picked_up"), messages="none")
        with self.assertRaisesRegex(ValidationError, "/facts"):
            self.ingest()

    def test_an_unknown_connection_is_refused(self):
        with self.assertRaises(AccessError):
            self.ingest(milestone(self.shipment, "picked_up"), connection="nobody")

    def test_the_connection_remembers_that_it_was_heard(self):
        self.assertEqual(self.connection.state, "never_heard")
        self.tell(milestone(self.shipment, "picked_up"))
        self.assertEqual(self.connection.state, "ok")

    def test_a_batch_costs_the_same_number_of_queries_whatever_its_size(self):
        """Measured twice on new shipments, after a first batch has filled the caches."""
        counts = []
        for size in (3, 3, 60):
            shipments = self.env["milepost.shipment"].union(*(self.new_shipment() for _ in range(size)))
            facts = [milestone(s, "picked_up", hours=1) for s in shipments]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.ingest(*facts)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[2], 60)

    def test_a_proof_of_delivery_brings_quantities_and_paper(self):
        pdf = b"%PDF-1.4 proof"
        told = fact(
            "proof_of_delivery", self.shipment, delivered=instant(5), signer="J. Doe", signed=True,
            quantities=[
                {"description": "Pallets", "quantity": "4", "outcome": "accepted"},
                {"description": "Pallets", "quantity": "1", "outcome": "refused", "reason": "damage"},
            ],
            documents=[document(pdf)],
        )  # fmt: skip
        self.tell(told)
        pod = self.shipment.pod_ids
        self.assertEqual((pod.signer, pod.is_clean, pod.document_count), ("J. Doe", False, 1))
        self.assertEqual(pod.line_ids.mapped("outcome"), ["accepted", "refused"])
        self.assertEqual(pod.document_ids.raw, pdf)
        self.assertEqual(pod.preview_pdf, pod.document_ids.datas)
        self.assertTrue(self.shipment.has_pod)

    def test_paper_of_a_type_that_browsers_run_is_refused(self):
        for media_type in ("image/svg+xml", "text/html", "application/xhtml+xml"):
            paper = {**document(b"<script>1</script>"), "media_type": media_type}
            with self.subTest(media_type):
                [verdict] = self.ingest(fact("proof_of_delivery", self.shipment, documents=[paper]))
                self.assertEqual(
                    (verdict["status"], verdict["path"]), ("rejected", "/documents/0/media_type")
                )

    def test_paper_that_is_not_what_its_hash_says_is_rejected(self):
        forged = {**document(b"%PDF-1.4 proof"), "sha256": "0" * 64}
        cut = {**document(b"%PDF-1.4 proof"), "size": 99}
        for paper, path in ((forged, "/documents/0/sha256"), (cut, "/documents/0/size")):
            with self.subTest(path):
                [verdict] = self.ingest(fact("proof_of_delivery", self.shipment, documents=[paper]))
                self.assertEqual((verdict["status"], verdict["path"]), ("rejected", path))
        self.assertFalse(self.shipment.pod_ids)
