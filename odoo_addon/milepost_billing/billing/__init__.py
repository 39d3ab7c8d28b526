"""The rules of billing, as pure functions over plain values.

Nothing here imports Odoo: a rule is read, tested and argued about alone. Money and quantities
are `Decimal`, instants are aware and in UTC, local days come from a named zone.
One file per rule; `models/` reads the facts, asks these functions and writes their answer.
"""
