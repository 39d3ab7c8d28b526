"""The border between Odoo's naive UTC and the rules' aware instants."""

from datetime import UTC, datetime


def aware(value: datetime | None) -> datetime | None:
    """Odoo's naive UTC as an aware instant."""
    return value and value.replace(tzinfo=UTC)


def naive(value: datetime | None) -> datetime | None:
    """An aware instant as Odoo stores it, to the second."""
    return value and value.astimezone(UTC).replace(tzinfo=None, microsecond=0)
