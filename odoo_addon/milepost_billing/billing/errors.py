"""What a rule says when it cannot decide; never a silent zero."""


class BillingError(ValueError):
    """A fact or a configuration that a rule cannot work with. `said` is for the user."""

    @property
    def said(self):
        """What was said, a sentence (`str` of the error is its English text alone)."""
        return self.args[0]


class RateGap(BillingError):
    """No rate, price or bracket covers the case: a fault of the configuration, never 0."""
