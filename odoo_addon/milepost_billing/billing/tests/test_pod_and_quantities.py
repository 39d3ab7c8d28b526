"""T1–T10 as arithmetic."""

import unittest
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal as D

from .. import decide, pod_check, quantities
from ..errors import BillingError


def at(hour, minute=0, day=2):
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def pod(**values):
    base = {
        "id": 1,
        "stop": 1,
        "delivered_at": at(11),
        "signer": "A. Jansen",
        "signed": True,
        "hashes": frozenset({"a" * 64}),
    }
    return pod_check.Pod(**{**base, **values})


NOON = at(12)
STOP = pod_check.DeliveryStop(1, "Stop 1", at(10, 40), True)


class TestPodCheck(unittest.TestCase):
    """Checks of a proof and the coverage of stops."""

    def codes(self, one, stop=STOP, now=NOON, **values):
        found = pod_check.faults(one, stop, pod_check.Checks(), now, **values)
        return [fault.code for fault in found]

    def test_t01_one_of_two_stops_is_half_covered(self):
        stops = [STOP, pod_check.DeliveryStop(2, "Stop 2", at(14), True)]
        found = pod_check.coverage(stops, [1])
        self.assertEqual((found.percent, found.missing), (D("50.00"), (2,)))
        facts = decide.Receivable(True, D(100), found, ((1, "Stop 1"), (2, "Stop 2")))
        holds = decide.receivable_holds(facts)
        self.assertEqual([(h.reason, h.subject) for h in holds], [("POD_MISSING", "stop:2")])

    def test_what_was_billed_in_an_emergency_is_a_case_until_every_delivery_is_proven(self):
        labels = ((1, "Stop 1"), (2, "Stop 2"))
        stops = [STOP, pod_check.DeliveryStop(2, "Stop 2", at(14), True)]

        def reasons(delivered, proven):
            found = pod_check.coverage(stops, proven)
            facts = decide.Receivable(
                delivered, D(100), found, labels, emergency="down, INC-1", emergency_covers=True
            )
            return [(hold.reason, hold.severity) for hold in decide.receivable_holds(facts)]

        self.assertEqual(reasons(False, []), [("PROOF_DUE", "warn")])
        self.assertEqual(reasons(True, [1]), [("PROOF_DUE", "warn")])
        self.assertEqual(reasons(True, [1, 2]), [])

    def test_t02_signed_before_the_arrival_is_invalid(self):
        self.assertEqual(self.codes(pod(delivered_at=at(9, 50))), ["time"])

    def test_the_quarter_of_an_hour_before_the_arrival_is_inclusive(self):
        self.assertEqual(self.codes(pod(delivered_at=at(10, 25))), [])
        self.assertEqual(self.codes(pod(delivered_at=at(10, 24))), ["time"])

    def test_five_minutes_into_the_future_are_a_clock_six_are_not(self):
        self.assertEqual(self.codes(pod(delivered_at=at(12, 5))), [])
        self.assertEqual(self.codes(pod(delivered_at=at(12, 6))), ["time"])

    def test_each_missing_thing_is_named(self):
        bare = pod_check.Pod(1, None)
        self.assertEqual(
            self.codes(bare, stop=None),
            ["stop", "signer", "signature", "document", "time"],
        )

    def test_a_document_that_proves_another_delivery_is_refused(self):
        self.assertEqual(self.codes(pod(), used_elsewhere=frozenset({"a" * 64})), ["duplicate"])

    def test_the_place_must_lie_within_the_radius(self):
        site = pod_check.DeliveryStop(1, "", at(10, 40), True, 51.9225, 4.47917)
        near, far = pod(latitude=51.93, longitude=4.48), pod(latitude=52.37, longitude=4.9)
        self.assertEqual(self.codes(near, site), [])
        self.assertEqual(self.codes(far, site), ["place"])

    def test_delivered_alone_is_no_proof_unless_the_policy_says_so(self):
        self.assertEqual(pod_check.coverage([STOP], []).missing, (1,))
        self.assertEqual(pod_check.coverage([STOP], [], "pod_or_delivered").missing, ())

    def test_t04_a_proof_revoked_after_posting_warns_and_holds_nothing(self):
        fault = pod_check.faults(pod(revoked=True), STOP, pod_check.Checks(), at(12))
        facts = decide.Receivable(
            True,
            D(1250),
            pod_check.coverage([STOP], []),
            pods=(decide.PodFacts(1, 1, "Stop 1", tuple(fault)),),
            already_posted=True,
        )
        holds = decide.receivable_holds(facts)
        self.assertEqual([(h.reason, h.severity) for h in holds], [("POD_REVOKED", "warn")])

    def test_a_proof_that_is_gone_after_posting_warns_too_and_an_emergency_says_so_itself(self):
        """Whether the delivery stands or is gone as well; what was posted unproven has lost nothing."""
        missing = pod_check.coverage([STOP], [])
        for delivered, posted, lost, emergency, reasons in (
            (False, True, (1,), "", ["POD_REVOKED"]), (True, True, (1,), "", ["POD_REVOKED"]),
            (False, True, (), "", []), (True, True, (), "", []), (False, False, (), "", []),
            (False, True, (1,), "strike", ["PROOF_DUE"]),
        ):  # fmt: skip
            facts = decide.Receivable(
                delivered, D(1250), missing, already_posted=posted, lost=lost, emergency=emergency
            )
            with self.subTest(delivered=delivered, posted=posted, lost=lost, emergency=emergency):
                self.assertEqual([h.reason for h in decide.receivable_holds(facts)], reasons)


class TestQuantities(unittest.TestCase):
    """shipped = accepted + short + refused."""

    def line(self, *outcomes, shipped=100):
        rows = [(name, D(quantity)) for name, quantity in outcomes]
        return quantities.reconcile("g", D(shipped), rows, D("12.50"))

    def bill(self, line, **values):
        return quantities.amount(quantities.billable(line, **values), line.unit_price)

    def reasons(self, line):
        return [one.reason for one in quantities.differences(line)]

    def test_t05_clean(self):
        line = self.line(("accepted", 100))
        self.assertEqual((self.bill(line), self.reasons(line)), (D("1250.00"), []))

    def test_t06_short(self):
        line = self.line(("accepted", 96), ("short", 4))
        self.assertEqual((self.bill(line), self.reasons(line)), (D("1200.00"), ["QTY_SHORT"]))
        [short] = quantities.differences(line)
        self.assertEqual(quantities.claim_amount(short, line, D("420")), D("66.80"))

    def test_t07_over(self):
        line = self.line(("accepted", 102))
        self.assertEqual((line.accepted, line.over), (D(100), D(2)))
        self.assertEqual((self.bill(line), self.reasons(line)), (D("1250.00"), ["QTY_OVER"]))
        self.assertEqual(self.bill(line, over_accepted=True), D("1275.00"))

    def test_t08_refused(self):
        line = self.line(("accepted", 94), ("refused", 6))
        self.assertEqual((self.bill(line), self.reasons(line)), (D("1175.00"), ["QTY_REFUSED"]))
        self.assertEqual(quantities.differences(line)[0].proposals, ("return",))

    def test_t09_damaged_and_kept(self):
        line = self.line(("accepted", 94), ("accepted_damaged", 6))
        self.assertEqual(self.reasons(line), ["DAMAGE"])
        allowance = quantities.damage_allowance(line, D(30))
        self.assertEqual((allowance, self.bill(line) - allowance), (D("22.50"), D("1227.50")))

    def test_t10_a_later_backorder_is_not_short(self):
        line = self.line(("accepted", 60), shipped=60)
        self.assertEqual((self.bill(line), self.reasons(line)), (D("750.00"), []))

    def test_what_a_count_leaves_out_is_short(self):
        self.assertEqual(self.line(("accepted", 96)).short, D(4))

    def test_a_proof_without_rows_is_clean(self):
        self.assertEqual(self.line().accepted, D(100))

    def test_digits_beyond_those_of_stock_are_rounded_so_that_the_sum_stays(self):
        rows = [("accepted", D("9.995")), ("refused", D("0.005"))]
        line = quantities.reconcile("g", D(10), rows, digits=2)
        self.assertEqual((line.accepted, line.refused, line.over, line.short), (D(10), 0, 0, 0))
        many = [("accepted", D("0.004"))] * 250 + [("short", D("9"))]
        line = quantities.reconcile("g", D(10), many, digits=2)
        self.assertEqual((line.accepted, line.short), (D(1), D(9)))

    def test_what_one_lot_has_too_much_is_not_what_another_lacks(self):
        lots = [
            replace(quantities.reconcile("g", D(5), [("accepted", D(count))]), name=name)
            for name, count in (("A", 7), ("B", 3))
        ]
        line = quantities.together("g", lots, D("12.50"))
        self.assertEqual((line.shipped, line.accepted, line.short, line.over), (D(10), D(8), D(2), D(2)))
        short, over = quantities.differences(line)
        self.assertEqual((short.text, short.quantity, short.amount), ("B: 2 of 5 are missing", D(2), D(25)))
        self.assertEqual(over.text, "A: 2 more than the 5 shipped were counted")

    def test_rows_that_do_not_add_up_are_refused(self):
        with self.assertRaises(BillingError):
            self.line(("refused", 120))
        with self.assertRaises(BillingError):
            self.line(("accepted", -1))


if __name__ == "__main__":
    unittest.main()
