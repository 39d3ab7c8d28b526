"""Plays histories: each twice, in two orders and batchings, with all laws after each step."""

import random
from contextlib import closing

from odoo.exceptions import AccessError, UserError, ValidationError

from .laws import Laws
from .pictures import Broken, difference
from .plan import QUIET, batches_of, parts_of, shortened, steps_of

# Each so many-th seed is told again after each part, not only at its end.
REPEATED = 5
REFUSALS = (UserError, AccessError, ValidationError)


class Player(Laws):
    LENGTH = 14
    # Further deeds of people, with how often they come.
    MORE = {}

    def play(self, seed):
        """The number of steps of a history that breaks no law.

        :raises Broken: with the seed and the shortest history that was found
        """
        steps = steps_of(seed, self.LENGTH, self.MORE)
        fault = self.fault_of(seed, steps)
        if fault is None:
            return len(steps)
        law = getattr(fault, "law", type(fault))

        def fails(fewer):
            found = self.fault_of(seed, fewer)
            return found is not None and getattr(found, "law", type(found)) == law

        short = shortened(steps, fails)
        fault = self.fault_of(seed, short) or fault
        raise Broken(
            str(law), f"{fault}\nMILEPOST_SEED={seed}, steps {[step.number for step in short]}:\n{self.story}"
        )

    def fault_of(self, seed, steps):
        """What breaks when the steps are played, in their order and in their twin's; None when all holds."""
        self.story = ""
        try:
            first = self.acted(seed, steps, twin=False)
            self.compare(first, self.acted(seed, steps, twin=True))
        except Exception as error:
            self.story = "\n".join(f"  {text}" for text in self.stories)
            return error
        return None

    def acted(self, seed, steps, twin):
        """[what stood after each part] of a history that is played and rolled back."""
        with closing(self.env.cr.savepoint()):
            self.open_stage(seed)
            self.now_posted, self.now = {}, self.everything()
            seen = []
            for part in parts_of(steps):
                self.tick()
                if part[0].is_told:
                    self.changed = self.changed or any(step.deed not in QUIET for step in part)
                    self.tell(part, twin)
                else:
                    self.act(part[0])
                self.check_laws()
                self.check_posted_unheld(self.now_posted)
                if seed % REPEATED == 0:
                    self.check_repeated()
                self.now_posted, self.now = self.posted(), self.everything()
                seen.append((part[0].number, self.decided, self.now))
            self.stories.append("at the end:")
            self.hear(self.arrivals(), twin)
            self.check_laws()
            seen.append((None, self.decided, self.everything()))
            self.check_repeated()
            return seen

    def tell(self, part, twin):
        self.hear([fact for step in part for fact in self.facts_of(step)], twin)

    def hear(self, facts, twin):
        batches = batches_of(self.seed, facts) if twin else [[fact] for fact in facts]
        for batch in batches:
            self.facts(*batch, expect=None)
            self.catch_up()
            if not twin:
                self.check_laws()

    def act(self, step):
        """A deed of people; what is refused leaves everything as it was."""
        orders, trucks = len(self.orders), len(self.trucks)
        try:
            with self.env.cr.savepoint():
                getattr(self, f"do_{step.deed}")(random.Random(step.luck))
                self.env.flush_all()
            self.changed = self.changed or step.deed not in QUIET
        except REFUSALS as error:
            self.say(f"{step.deed} is refused: {str(error).splitlines()[0]}")
            del self.orders[orders:], self.trucks[trucks:]
            self.check_same(self.now, "what is refused leaves everything as it was")
        self.env.invalidate_all()
        self.check_posted_unheld(self.now_posted)
        self.catch_up()
        if step.deed == "run":
            self.check_nothing_ready()

    def compare(self, first, second):
        """Twins end alike; where people decided between, the difference is a document or a case."""
        for (number, decided, one), (_number, _decided, other) in zip(first, second, strict=True):
            if one == other:
                continue
            text = f"after step {number or 'the last'}:\n{difference(one, other)}"
            if not decided:
                raise Broken("twins are equal", text)
            for truck in one:
                if truck.startswith("T") and not _is_shown(one[truck], other[truck]):
                    raise Broken("twins are equal", text)


def _is_shown(one, other):
    """Whether a difference of money stands in a document, a hold or a note of a late charge."""
    money = ("billable", "invoiced", "held", "waiting", "absorbed", "others")
    if all(one[name] == other[name] for name in money):
        return True
    return any(one[name] != other[name] for name in ("holds", "documents", "late"))
