"""Instants and decimals as the contract writes them (exchange.schema.json: instant, decimal)."""


def instant_text(moment):
    """An instant of Odoo's, naive and in UTC, as text with its zone to the second; None for none."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def decimal_text(value):
    """A Decimal as it is written: no zeros at its end, never as a power of ten."""
    return f"{value.normalize():f}"
