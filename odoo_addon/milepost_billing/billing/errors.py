"""What a rule says when it cannot decide; never a silent zero."""


class BillingError(ValueError):
    """A fact or a configuration that a rule cannot work with. The text is for the user."""


class RateGap(BillingError):
    """No rate, price or bracket covers the case: a fault of the configuration, never 0."""
