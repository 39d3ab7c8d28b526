"""Exchange rates that are known; a missing one is said, not guessed."""

from decimal import Decimal

from ..billing.decimals import decimal
from ..billing.errors import RateGap
from ..billing.sentences import say


def units(env, one, other, company, day):
    """Units of currency `one` for one unit of `other` on a day, a Decimal.

    Odoo itself takes 1 where it knows no rate: then a bill would be of another amount and nobody
    would see why.

    :raises RateGap: a currency has no rate of that day or before
    """
    parts = []
    for currency in (one, other):
        if currency == company.currency_id:
            parts.append(Decimal(1))
            continue
        rate = env["res.currency.rate"].search(
            [
                ("currency_id", "=", currency.id), ("name", "<=", day),
                ("company_id", "in", (False, company.root_id.id)),
            ],
            order="name desc", limit=1,
        )  # fmt: skip
        if not rate:
            raise RateGap(say("no_exchange_rate_of", currency=currency.name, day=day))
        parts.append(decimal(rate.rate))
    return parts[0] / parts[1]
