"""Records as plain values: money and quantities as decimal text, instants in UTC, links by name."""

from odoo.addons.milepost.contract import instant_text

from ..billing.decimals import decimal


def plain(record, *names):
    """{field: value} of one record, each value as JSON can carry it without loss."""
    return {name: value_of(record, name) for name in names}


def value_of(record, name):
    """One field's value. Money has the digits of its currency."""
    field, value = record._fields[name], record[name]
    if field.type in ("many2one", "one2many", "many2many"):
        names = value.mapped("display_name")
        return (names[0] if names else None) if field.type == "many2one" else sorted(names)
    if field.type == "monetary":
        currency = record[field.get_currency_field(record)]
        return f"{decimal(value):.{currency.decimal_places if currency else 2}f}"
    if field.type == "float":
        return number(value)
    if field.type == "datetime":
        return instant_text(value)
    if field.type == "date":
        return value.isoformat() if value else None
    if field.type in ("boolean", "integer"):
        return value
    return value or None


def number(value):
    """A quantity without the zeros that say nothing."""
    text = f"{decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
