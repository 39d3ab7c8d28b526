import os
import sys

from odoo.tests import tagged

from .histories.pictures import Broken
from .histories.plan import Step
from .histories.player import Player


@tagged("histories", "finance", "post_install", "-at_install")
class TestHistories(Player):
    """Whatever happens in whatever order, no law of billing is broken (see docs/verification.md).

    `MILEPOST_SEEDS=300` plays so many histories, `MILEPOST_SEEDS=201-300` these, `MILEPOST_SEED=17` this one.
    """

    SHARE = 3

    def seeds(self):
        if one := os.environ.get("MILEPOST_SEED"):
            return [int(one)]
        first, _dash, last = (os.environ.get("MILEPOST_SEEDS") or str(self.SHARE)).rpartition("-")
        return range(int(first or 1), 1 + int(last))

    def test_no_history_breaks_a_law(self):
        seeds, steps, broken = self.seeds(), 0, []
        for seed in seeds:
            with self.subTest(seed=seed):
                try:
                    steps += self.play(seed)
                except Broken as error:
                    broken.append(seed)
                    self.fail(str(error))
        self.report(
            f"histories: {len(seeds)} seeds, {steps} steps in two orders, {len(broken)} violations {broken or ''}"
        )

    def test_a_ledger_that_lets_everything_pass_is_found(self):
        steps = [
            Step(number, deed, 1)
            for number, deed in enumerate(("sell", "ship", "deliver", "type_invoice", "post"), 1)
        ]
        self.assertIsNone(self.fault_of(1, steps), self.story)
        self.patch(self.registry["milepost.ledger"], "_refuse_rise", lambda *_things, **_more: None)
        self.assertEqual(getattr(self.fault_of(1, steps), "law", None), "nothing is posted while held")

    @staticmethod
    def report(text):
        sys.stdout.write(f"{text.rstrip()}\n")
        sys.stdout.flush()
