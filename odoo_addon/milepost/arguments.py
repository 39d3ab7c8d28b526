"""What callers by RPC give to public methods: text, where Python has days and instants.

Each takes the value itself, too, and refuses in words what is neither: an error of Python would
reach the caller as a fault of the server.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo import fields
from odoo.exceptions import UserError


def day_of(env, value, default=None):
    """A day.

    :param value: a date or datetime, text as `2026-10-31`, or nothing
    :param default: what nothing means
    :raises UserError: it is no day
    """
    if not value:
        return default
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return fields.Date.to_date(value)
    except (TypeError, ValueError) as error:
        raise UserError(env._("“%s” is no day: write it as 2026-10-31.", value)) from error


def instant_of(env, value, default=None):
    """An instant, naive UTC.

    :param value: a datetime, text as `2026-10-31 18:00:00` in UTC, or nothing
    :raises UserError: it is no instant
    """
    if not value:
        return default
    try:
        moment = value if isinstance(value, datetime) else fields.Datetime.to_datetime(value)
    except (TypeError, ValueError) as error:
        raise UserError(
            env._("“%s” is no instant: write it as 2026-10-31 18:00:00, in UTC.", value)
        ) from error
    if moment.tzinfo:
        raise UserError(env._("“%s” has a time zone: write it in UTC, without one.", value))
    return moment


def count_of(env, value, default=0):
    """A number of things, not below zero.

    :raises UserError: it is no such number
    """
    if value is None or value is False:
        return default
    try:
        count = int(value)
    except (TypeError, ValueError) as error:
        raise UserError(env._("“%s” is no number.", value)) from error
    if count < 0:
        raise UserError(env._("“%s” is below zero.", value))
    return count


def record_of(env, model, value):
    """The one record that a caller names, with the caller's rights.

    :param value: its id, or the record
    :raises UserError: it is no id, or there is no such record
    """
    id_ = value.id if hasattr(value, "_ids") else value
    if not isinstance(id_, int) or isinstance(id_, bool) or id_ <= 0:
        raise UserError(env._("“%(value)s” is no record of %(model)s.", value=value, model=model))
    record = env[model].browse(id_).exists()
    if not record:
        raise UserError(env._("There is no record %(id)s of %(model)s.", id=id_, model=model))
    return record


def ids_of(env, value):
    """A list of ids; None for nothing.

    :raises UserError: it is no list of ids
    """
    if value is None or value is False:
        return None
    if not isinstance(value, (list, tuple)) or not all(type(one) is int for one in value):
        raise UserError(env._("“%s” is no list of ids.", value))
    return list(value)


def choice_of(env, value, choices, default=None):
    """One of some words.

    :param choices: the words
    :raises UserError: it is another one
    """
    if value is None or value is False:
        return default
    if value not in choices:
        raise UserError(env._(
            "“%(value)s” is none of %(choices)s.", value=value, choices=", ".join(sorted(choices))
        ))  # fmt: skip
    return value


def zone_named(env, value):
    """A time zone by its IANA name; None for nothing.

    :raises UserError: there is no such zone
    """
    if not value:
        return None
    try:
        return ZoneInfo(value)
    except (TypeError, ValueError, ZoneInfoNotFoundError) as error:
        raise UserError(env._("“%s” is no time zone.", value)) from error
