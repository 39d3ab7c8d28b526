"""What happens in a history, from its seed and without Odoo: steps, their twin's order, shorter histories."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

# How often a deed comes: what partners tell, and what people do. What it does exactly follows from the
# step's luck and from what is there.
TOLD = {
    "deliver": 4, "prove": 5, "prove_clean": 4, "prove_badly": 1, "withdraw": 3, "bill": 4, "correct_bill": 2,
    "credit_bill": 1, "charge": 3, "repeat": 2, "turn_away": 1, "call_off": 1, "arrive": 2,
    "ahead": 1,
}  # fmt: skip
DONE = {
    "ship": 5, "ship_together": 1, "sell": 1, "exchange": 2, "hand_back": 1, "run": 7, "dispose": 4,
    "release": 3, "reject": 1, "hold": 1, "invoice": 4,
    "down_payment": 2, "post": 4, "edit_quantity": 2, "edit_price": 1, "edit_currency": 1, "remove_line": 1, "add_line": 1,
    "move_line": 1, "delete": 1, "cancel": 2, "unpost": 2, "copy": 1, "reverse": 2, "reverse_and_invoice": 1,
    "credit_part": 2, "type_invoice": 1, "give_back": 1, "change_order": 1, "cancel_order": 1, "accrue": 3,
    "pay": 1, "undo_bill": 2,
}  # fmt: skip
# How histories begin; most of them with something that is proven, for there is more to go wrong after it.
OPENINGS = (
    ("sell", "ship"),
    ("sell", "sell", "ship"),
    ("sell", "ship", "deliver", "prove_clean"),
    ("sell", "ship", "deliver", "prove_clean", "run"),
    ("sell", "sell", "ship", "ship", "deliver", "prove_clean", "deliver", "prove", "invoice"),
    ("sell", "down_payment", "ship", "deliver", "prove_clean"),
    ("sell", "sell", "ship_together", "deliver", "prove"),
)  # fmt: skip
# After these alone everything is billed as it was sold, to the cent.
QUIET = frozenset({
    "deliver", "prove_clean", "repeat", "arrive", "ship", "ship_together", "sell", "run", "invoice", "post",
    "accrue", "pay", "hold", "down_payment",
})  # fmt: skip
# In so few histories nothing else happens.
QUIET_EVERY = 10


@dataclass(frozen=True)
class Step:
    """One deed; `number` is its place in the whole history, whatever is left out of it."""

    number: int
    deed: str
    luck: int

    @property
    def is_told(self) -> bool:
        return self.deed in TOLD


def steps_of(seed: int, length: int, more: dict[str, int] | None = None) -> list[Step]:
    """The steps of a history: facts come in bursts, between what people do.

    :param more: further deeds of people, with how often they come
    """
    rng = random.Random(seed)
    told, done = TOLD, DONE | (more or {})
    if seed % QUIET_EVERY == 0:
        told, done = ({deed: weight for deed, weight in own.items() if deed in QUIET} for own in (told, done))
    deeds = list(rng.choice(OPENINGS))
    while len(deeds) < length:
        deeds += _choices(rng, told, rng.choice((1, 1, 2, 3, 4)))
        deeds += _choices(rng, done, rng.choice((1, 1, 2, 3)))
    return [Step(number, deed, rng.randrange(10**6)) for number, deed in enumerate(deeds[:length], 1)]


def _choices(rng, weights, count):
    return rng.choices(list(weights), list(weights.values()), k=count)


def parts_of(steps: list[Step]) -> Iterator[list[Step]]:
    """Each deed of people alone, and together what partners tell between two of them."""
    for told, own in groupby(steps, key=lambda step: step.is_told):
        part = list(own)
        yield from [part] if told else [[step] for step in part]


def batches_of(seed: int, facts: list) -> list[list]:
    """The facts of one part in another order and other batches: its twin's."""
    rng = random.Random(f"{seed}/{len(facts)}")
    shuffled = rng.sample(facts, len(facts))
    batches = []
    while shuffled:
        size = rng.randint(1, len(shuffled))
        batches.append(shuffled[:size])
        shuffled = shuffled[size:]
    return batches


def shortened(steps: list[Step], fails) -> list[Step]:
    """Fewer steps that still fail: halves, quarters and so on are left out, then single steps.

    :param fails: whether some steps fail as the whole did
    """
    size = len(steps) // 2
    while size:
        at = 0
        while at < len(steps):
            fewer = steps[:at] + steps[at + size :]
            if fewer and fails(fewer):
                steps = fewer
            else:
                at += size
        size //= 2
    return steps
