"""What stands of a carrier's bills is a function of the set of them."""

import itertools
import random
import unittest
from dataclasses import replace

from ..corrections import BillVersion, standing


def word(id_, number, correction="original", corrects="", said=0, **more):
    return BillVersion(id_, 7, number, more.pop("pro", number), correction, corrects, (said,), **more)


class TestCorrections(unittest.TestCase):
    """Cancellations, corrections and rebills, in any order and number."""

    def asking(self, *words):
        """The ids that ask for money, whatever the order in which the bills are looked at."""
        answers = set()
        for order in itertools.islice(itertools.permutations(words), 120):
            answers.add(frozenset(id_ for id_, one in standing(order).items() if one.asks))
        self.assertEqual(len(answers), 1, "the order of arrival decided")
        return set(answers.pop())

    def test_a_cancellation_alone_asks_for_nothing(self):
        self.assertEqual(self.asking(word(1, "A", "cancelled")), set())

    def test_a_cancellation_takes_its_bill_away_however_often_it_comes(self):
        self.assertEqual(
            self.asking(word(1, "A"), word(2, "A", "cancelled", said=1), word(3, "A", "cancelled", said=2)),
            set(),
        )

    def test_a_cancellation_that_was_said_before_its_bill_only_crossed_it(self):
        self.assertEqual(self.asking(word(1, "A", "cancelled", said=0), word(2, "A", said=1)), set())

    def test_a_bill_that_is_sent_again_after_its_cancellation_counts(self):
        words = word(1, "A"), word(2, "A", "cancelled", said=1), word(3, "A", said=2)
        self.assertEqual(self.asking(*words), {3})

    def test_a_rebill_stands_until_it_is_cancelled_itself(self):
        bill, rebill = word(1, "A"), word(2, "B", "rebill", corrects="A", said=1)
        self.assertEqual(self.asking(bill, rebill), {2})
        self.assertEqual(self.asking(bill, rebill, word(3, "B", "cancelled", said=2)), set())
        self.assertEqual(self.asking(bill, rebill, word(3, "C", "cancelled", corrects="B", said=2)), set())

    def test_a_correction_of_a_correction_takes_the_place_of_both(self):
        words = (
            word(1, "A"), word(2, "B", "correction", corrects="A", said=1),
            word(3, "C", "rebill", corrects="B", said=2),
        )  # fmt: skip
        self.assertEqual(self.asking(*words), {3})
        self.assertEqual({one.by for one in standing(words).values() if not one.asks}, {3})

    def test_a_correction_that_names_another_bill_leaves_its_own_numbers_twin_alone(self):
        words = (
            word(1, "A1", pro="P"), word(2, "A2", pro="P", said=1),
            word(3, "A3", "correction", corrects="A2", said=2, pro="P"),
        )  # fmt: skip
        self.assertEqual(self.asking(*words), {1, 3})

    def test_a_correction_under_the_bills_own_number_meets_it_whatever_else_it_names(self):
        for kind, left in (("rebill", {2}), ("correction", {2}), ("cancelled", set())):
            words = word(1, "A"), word(2, "A", kind, corrects="SO-4711", said=1), word(3, "B")
            self.assertEqual(self.asking(*words), left | {3})
        # The bill that it names comes first.
        words = word(1, "A"), word(2, "A", "rebill", corrects="Z", said=1), word(3, "Z")
        self.assertEqual(self.asking(*words), {1, 2})

    def test_a_bill_that_bears_its_invoices_number_alone_meets_corrections_of_invoice_and_shipment(self):
        old = word(1, "7", bears=frozenset({"W1", "PO"}))
        other = word(9, "8", bears=frozenset({"W1"}), said=1)
        for kind, left in (("rebill", {2}), ("correction", {2}), ("cancelled", set())):
            for number, corrects in (("7/W1", ""), ("C8/W1", "7/W1")):
                new = word(2, number, kind, corrects, said=2)
                self.assertEqual(self.asking(old, new, other), left | {9})
        # Told again under the number of today it is still one bill.
        again, cancelled = word(3, "7/W1", said=1), word(4, "7/W1", "cancelled", said=2)
        self.assertEqual(self.asking(old, again, cancelled, other), {9})
        # By the shipment, where the bill bears another name of it.
        placed = word(1, "7", shipment=5)
        self.assertEqual(self.asking(placed, word(2, "7/W1", "cancelled", said=2, shipment=5)), set())
        self.assertEqual(self.asking(placed, word(2, "7/W1", "cancelled", said=2, shipment=6)), {1})
        self.assertEqual(self.asking(word(1, "7"), word(2, "7/W1", "cancelled", said=2)), {1})

    def test_another_carriers_bill_of_that_invoice_number_stays(self):
        old = replace(word(1, "7", bears=frozenset({"W1"})), carrier=8)
        self.assertEqual(self.asking(old, word(2, "7/W1", "cancelled", said=2)), {1})

    def test_invoices_and_their_shipments_in_any_order_leave_the_same(self):
        kinds = ("original", "correction", "rebill", "cancelled")
        for seed in range(60):
            rng = random.Random(seed)
            words = []
            for id_ in range(1, 6):
                kind, number = rng.choice(kinds), rng.choice(("7", "7/W1", "7/W2", "C8/W1"))
                corrects = rng.choice(("", "7/W1", "SO")) if kind != "original" else ""
                bears = frozenset({rng.choice(("W1", "W2"))})
                words.append(word(id_, number, kind, corrects, rng.randint(0, 2), bears=bears))
            self.asking(*words)

    def test_a_correction_of_an_unknown_bill_replaces_nothing(self):
        self.assertEqual(self.asking(word(1, "A"), word(2, "B", "correction", corrects="Z", said=1)), {1, 2})

    def test_a_credit_note_that_names_its_invoice_does_not_replace_it(self):
        words = word(1, "A"), word(2, "K", "correction", corrects="A", said=1, is_credit=True)
        self.assertEqual(self.asking(*words), {1, 2})

    def test_any_set_in_any_order_and_repeated_leaves_the_same(self):
        kinds = ("original", "correction", "rebill", "cancelled", "balance_due")
        for seed in range(400):
            rng = random.Random(seed)
            words = []
            for id_ in range(1, rng.randint(2, 7)):
                kind = rng.choice(kinds)
                corrects = rng.choice(("", "A", "B", "C", "00A")) if kind in kinds[1:4] else ""
                words.append(word(id_, rng.choice("ABC"), kind, corrects, said=rng.randint(0, 3)))
            first = standing(words)
            for _turn in range(6):
                rng.shuffle(words)
                self.assertEqual(standing(words), first, f"seed {seed}")
            cancelled = [one for one in words if one.correction == "cancelled"]
            self.assertFalse([one for one in cancelled if first[one.id].asks], f"seed {seed}")
            again = [replace(one, id=100 + one.id) for one in cancelled]
            found = standing([*words, *again])
            self.assertEqual(
                {i: o.asks for i, o in found.items() if i < 100},
                {i: o.asks for i, o in first.items()},
                f"seed {seed}",
            )
