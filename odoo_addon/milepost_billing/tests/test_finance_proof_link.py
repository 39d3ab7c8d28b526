from datetime import timedelta

from odoo.tests import tagged

from .billing_case import DELIVERY, NOW, BillingCase, utc


@tagged("finance", "post_install", "-at_install")
class TestFinanceProofLink(BillingCase):
    """A proof that the partner has behind a link: the hold says that, and why it is not here."""

    def setUp(self):
        super().setUp()
        self.waiting = self.shipment(self.order())
        self.deliver(self.waiting)
        self.validate(self.waiting, NOW + timedelta(days=3))
        [self.hold] = self.waiting.hold_ids

    def _available(self, code, hours=1, event="link/1"):
        said = utc(DELIVERY + timedelta(hours=hours))
        self.facts(self.fact(
            "milestone", self.waiting, conditions=["pod_available"], classifier="actual", raw_code=code,
            occurred={"at": utc(DELIVERY), "precision": "second"}, source_event=event,
            version=said, recorded_at=said,
        ))  # fmt: skip

    def _said(self):
        self.hold.invalidate_recordset(["explanation_shown"])
        return self.hold.explanation_shown

    def test_the_hold_says_why_it_is_not_fetched_until_it_is(self):
        decided = self._said()
        self.assertEqual(decided, self.hold.explanation)
        self._available("proof_link/link_host")
        self.assertEqual(
            self._said(),
            f"{decided}. The partner has a proof of delivery, not fetched, because the host of its link "
            "is not allowed for the connection.",
        )
        self._available("proof_link/link_failed", hours=2)
        self.assertIn("because it was not there when it was asked for.", self._said())
        self.assertIn("not fetched", self.hold._explain(), "to whoever is refused an invoice, too")
        self._available("proof_link/fetched", hours=3)
        self.assertEqual(self._said(), decided)

    def test_a_cause_of_a_newer_bridge_is_told_by_its_code(self):
        self._available("proof_link/link_moonphase")
        self.assertIn("because the link failed (link_moonphase).", self._said())

    def test_a_proof_that_is_only_said_to_exist_is_told_as_that(self):
        self._available("PFD", event="dcsa/1")
        self.assertIn("he has a proof of delivery; it is not here", self._said())
        self.facts(self.pod(self.waiting, signer=None, signed=False, documents=[]))
        self.assertNotIn("it is not here", self._said())

    def test_what_was_released_stays_as_it_was_said(self):
        self._available("proof_link/link_host")
        self.facts(self.pod(self.waiting))
        self.validate(self.waiting, NOW + timedelta(days=4))
        self.assertNotIn(self.hold.state, ("open",))
        self.assertEqual(self._said(), self.hold.explanation)
