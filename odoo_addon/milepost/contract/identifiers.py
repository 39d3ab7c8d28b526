"""The one way to write an identifier (bridge/canonical/identifiers.ts), for names that people type.

The bridge sends them in this form; without it "MSKU 123456-7" typed in Odoo would match nothing. Both
are held to tests/fixtures/exchange/identifiers.json.
"""

import re

SEPARATORS = re.compile(r"[\s./()-]+")
TRACKING = re.compile(r"1Z[0-9A-Z]{16}|[A-Z]{2}[0-9]{9}[A-Z]{2}|[0-9]{8,34}")


def canonical_identifier(type_, value):
    """Return the value in the form of its standard; a text of another form stays as it is.

    Containers by ISO 6346, master air waybills by IATA resolution 600a, SSCC by GS1's General
    Specifications 3.3.1, PRO numbers of digits without separators.
    """
    plain = SEPARATORS.sub("", value).upper()
    write = _WRITERS.get(type_)
    return (write(plain, value) if write else None) or value


def container_check_digit(serial):
    """ISO 6346, annex A: the check digit of owner, category and serial number (`MSKU123456`)."""
    total = 0
    for position, sign in enumerate(serial):
        order = ord(sign) - 65
        # A is 10; multiples of 11 are left out, so that B is 12, L 23 and V 34.
        weight = int(sign) if order < 0 else order + 10 + (order + 9) // 10
        total += weight * 2**position
    return str(total % 11 % 10)


def _container(plain, _value):
    found = re.fullmatch(r"([A-Z]{3}[UJZ][0-9]{6})([0-9]?)([0-9]?)", plain)
    if not found:
        return None
    serial, check, again = found.groups()
    if not check:
        # Chassis and trailers (J, Z) are numbered this way too, but not all with a check digit.
        return serial + container_check_digit(serial) if serial[3] == "U" else serial
    return serial + check if again in ("", check) else None


def _mawb(plain, _value):
    return f"{plain[:3]}-{plain[3:]}" if re.fullmatch(r"[0-9]{11}", plain) else None


def _sscc(plain, _value):
    found = re.fullmatch(r"(?:00)?([0-9]{18})", plain)
    return found and found[1]


def _pro(_plain, value):
    found = re.fullmatch(r"([0-9][0-9\s-]*?)(-[0-9]{2})?", value.strip())
    digits = SEPARATORS.sub("", found[1]) if found else ""
    return digits + (found[2] or "") if len(digits) >= 7 else None


def _tracking(plain, _value):
    return plain if TRACKING.fullmatch(plain) else None


def _scac(plain, _value):
    return plain if re.fullmatch(r"[A-Z]{2,4}", plain) else None


_WRITERS = {
    "container": _container, "mawb": _mawb, "sscc": _sscc, "pro": _pro, "tracking": _tracking,
    "scac": _scac,
}  # fmt: skip
