"""So many requests of one kind from one address in a minute, and no more."""

import time
from collections import OrderedDict

WINDOW = 60.0
# Addresses that are remembered; the oldest are forgotten first.
REMEMBERED = 10_000


class Throttle:
    """Counts in this process alone: a brake on guessing and flooding, not an account of requests."""

    def __init__(self, limit, clock=time.monotonic):
        self.limit, self.clock = limit, clock
        self.windows = OrderedDict()

    def is_spent(self, key):
        """Whether the address has had its share of this minute."""
        since, count = self.windows.get(key, (0.0, 0))
        return count >= self.limit and self.clock() - since < WINDOW

    def count(self, key):
        """One more request of the address."""
        now = self.clock()
        since, count = self.windows.pop(key, (now, 0))
        if now - since >= WINDOW:
            since, count = now, 0
        self.windows[key] = since, count + 1
        if len(self.windows) > REMEMBERED:
            self.windows.popitem(last=False)
