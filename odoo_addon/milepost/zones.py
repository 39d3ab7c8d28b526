"""The time zone of an address, when its country or state lies in one zone."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytz

# States and provinces that lie in one zone (IANA); those that lie in several are not here.
_STATES = {
    "US": {
        "America/New_York": "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
        "America/Chicago": "AL AR IA IL LA MN MO MS OK WI",
        "America/Denver": "CO MT NM UT WY",
        "America/Phoenix": "AZ",
        "America/Los_Angeles": "CA WA NV",
        "Pacific/Honolulu": "HI",
    },
    "CA": {
        "America/Halifax": "NS PE",
        "America/Moncton": "NB",
        "America/Winnipeg": "MB",
        "America/Regina": "SK",
        "America/Edmonton": "AB",
        "America/Whitehorse": "YT",
    },
    "AU": {
        "Australia/Sydney": "NSW ACT",
        "Australia/Melbourne": "VIC",
        "Australia/Brisbane": "QLD",
        "Australia/Adelaide": "SA",
        "Australia/Darwin": "NT",
        "Australia/Perth": "WA",
        "Australia/Hobart": "TAS",
    },
}


@cache
def zone_of(country, state=None):
    """The IANA zone of a country (ISO 3166-1 alpha-2) or its state, or None where that leaves a choice.

    Several zones that keep the same time all year are one (Germany has two of them in the tz database).
    """
    zones = pytz.country_timezones.get(country or "", [])
    if len({_offsets(zone) for zone in zones}) == 1:
        return zones[0]
    by_state = {code: zone for zone, codes in _STATES.get(country, {}).items() for code in codes.split()}
    return by_state.get(state)


def _offsets(zone):
    """Offsets from UTC in the middle of each month of this and the next year."""
    year = datetime.now(UTC).year
    middles = [datetime(y, month, 15, tzinfo=UTC) for y in (year, year + 1) for month in range(1, 13)]
    return tuple(middle.astimezone(ZoneInfo(zone)).utcoffset() for middle in middles)
