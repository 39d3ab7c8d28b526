"""The key by which a fact is known for ever (bridge/canonical/fact_key.ts), for facts that Odoo makes itself.

Both are held to tests/fixtures/exchange/accepted.json and keys.json.
"""

import hashlib
import json
from decimal import Decimal

from .texts import decimal_text

# The message, the position in it and its own time say nothing of the fact: a history that is sent
# again under a new time is the same history.
LEFT_OUT = frozenset({"key", "message", "message_path", "recorded_at"})


def fact_key(fact):
    """Return SHA-256, in hexadecimal, over what the fact says: JSON with sorted keys, as JavaScript writes it."""
    says = {name: value for name, value in fact.items() if name not in LEFT_OUT}
    return hashlib.sha256(_canonical(says).encode()).hexdigest()


def _canonical(value):
    if isinstance(value, dict):
        pairs = ((json.dumps(name, ensure_ascii=False), _canonical(value[name])) for name in sorted(value))
        return "{" + ",".join(f"{name}:{text}" for name, text in pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_canonical, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value, ensure_ascii=False)


def _number(value):
    """A float as ECMA-262 section 6.1.6.1.20 (Number::toString) writes it: 52 for 52.0, 0.00001 for 1e-05."""
    _sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    point = len(digits) + exponent
    if value and not -6 < point <= 21:
        mantissa = "".join(map(str, digits))
        rest = f".{mantissa[1:]}" if mantissa[1:] else ""
        return f"{'-' if value < 0 else ''}{mantissa[0]}{rest}e{point - 1:+d}"
    return decimal_text(Decimal(repr(value))) if value else "0"
