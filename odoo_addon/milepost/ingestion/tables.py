"""How a fact of the contract becomes its row: the models say the values, here they are written."""

import json
from collections import defaultdict


def utc(text):
    """A contract instant as PostgreSQL's timestamp without zone, which Odoo reads as UTC."""
    return text[:-1]


def said_at(fact):
    """When the sender said it: its own version of the event, else the message's time."""
    return utc(fact.get("version") or fact["recorded_at"])


def columns_of(model):
    """Return {name: type in SQL} of what the exchange writes of a fact when it comes in."""
    return {name: model._fields[name].column_type[1] for name in model._fact_columns()}


def by_model(env, facts):
    """Return {model: facts of its kind}, the models in the order of their tables."""
    models = env["milepost.fact"]._models_by_kind()
    grouped = defaultdict(list)
    for fact in facts:
        grouped[models[fact["kind"]]].append(fact)
    return dict(sorted(grouped.items(), key=lambda item: item[0]._table))


def insert(model, rows):
    """Insert rows that are not there yet, in key order; return [(id, key, shipment_id)].

    :param rows: of `_prepare_fact_row`, each with its shipment
    """
    if not rows:
        return []
    columns = columns_of(model)
    names = ", ".join(columns)
    types = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    model.env.cr.execute(
        f"""
        INSERT INTO {model._table} ({names}, superseded, retracted,
                             create_uid, create_date, write_uid, write_date)
        SELECT {names}, false, false, %(user)s, now() AT TIME ZONE 'UTC', %(user)s,
               now() AT TIME ZONE 'UTC'
          FROM json_to_recordset(%(rows)s::json) AS row({types})
         ORDER BY key, shipment_id
            ON CONFLICT DO NOTHING
        RETURNING id, key, shipment_id
        """,
        {"rows": json.dumps(rows), "user": model.env.uid},
    )
    return model.env.cr.fetchall()
