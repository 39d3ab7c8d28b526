"""What partners' own codes mean: asked once for a batch, and noted while nobody has said it.

Noting a code writes to its row, and so does saying what it means. A batch that stores a fact with
an unknown code and a person who maps that code at the same moment therefore collide, and one of
them is run again by Odoo: no fact stays unread because both looked away.
"""

import json


def meanings(context, facts):
    """Return {(kind, raw code): (meaning or None, id of the code map)} of codes that the bridge did not know.

    Two statements whatever the number of facts, and none when the bridge knew every code.
    """
    asked = _asked(context, facts)
    if not asked:
        return {}
    known = _known(context, asked)
    unknown = [entry for name, entry in asked.items() if known.get(name, (None,))[0] is None]
    return {**known, **_note(context, unknown)} if unknown else known


def preview(context, facts):
    """Say what the codes mean here that the bridge did not know, and note nothing.

    :return: [{kind, code, sample, count, meaning: our code, `record` for one of our records, or None}]
    """
    asked = _asked(context, facts)
    if not asked:
        return []
    known = {name: meaning for name, (meaning, _id) in _known(context, asked).items() if meaning}
    unknown = [entry for name, entry in asked.items() if name not in known]
    known.update(dict.fromkeys(_named(context, unknown), "record"))
    return [
        {
            "kind": kind, "code": raw_code, "sample": entry["sample_text"] or "",
            "count": entry["seen_count"], "meaning": known.get((kind, raw_code)),
        }
        for (kind, raw_code), entry in sorted(asked.items())
    ]  # fmt: skip


def _asked(context, facts):
    asked = {}
    for fact in facts:
        for kind, raw_code, sample in context.kinds[fact["kind"]]._codes_in(fact):
            _count(asked, kind, raw_code, sample, context.messages[fact["message"]])
    return asked


def _count(asked, kind, raw_code, sample, message):
    at = message["received_at"][:-1]
    entry = asked.setdefault(
        (kind, raw_code),
        {"kind": kind, "raw_code": raw_code, "sample_text": None, "seen_count": 0, "first": at, "last": at},
    )
    entry["seen_count"] += 1
    entry["sample_text"] = sample or entry["sample_text"]
    entry["sample_message"] = message["id"]
    entry["first"], entry["last"] = min(entry["first"], at), max(entry["last"], at)


def _known(context, asked):
    meaning = context.env["milepost.code.map"]._meaning_sql()
    context.env.cr.execute(
        f"""
        SELECT map.kind, map.raw_code, {meaning}, map.id
          FROM milepost_code_map map
          JOIN unnest(%s::varchar[], %s::varchar[]) AS asked(kind, raw_code)
            ON map.kind = asked.kind AND map.raw_code = asked.raw_code
         WHERE map.connection_id = %s
        """,
        [[kind for kind, _raw in asked], [raw for _kind, raw in asked], context.connection_id],
    )
    return {(kind, raw): (meaning, id_) for kind, raw, meaning, id_ in context.env.cr.fetchall()}


# A name of exactly one unit, in any language: archived units count where no active one has it.
UNIT_NAMES = "uom_uom u, jsonb_each_text(u.name) AS named"
NAMES_ONE_UNIT = "1 IN (count(DISTINCT u.id), count(DISTINCT u.id) FILTER (WHERE u.active))"

# Units and carriers that a name of Odoo stands for already need no map.
_NAMED = f"""
    (kind = 'carrier' AND EXISTS (SELECT 1 FROM res_partner p WHERE p.milepost_scac = entry.raw_code))
    OR (kind = 'unit' AND EXISTS (
        SELECT 1 FROM {UNIT_NAMES} WHERE lower(named.value) = lower(entry.raw_code) HAVING {NAMES_ONE_UNIT}))"""


def _named(context, entries):
    context.env.cr.execute(
        f"""
        SELECT kind, raw_code FROM jsonb_to_recordset(%s::jsonb) AS entry(kind varchar, raw_code varchar)
         WHERE {_NAMED}
        """,
        [json.dumps(entries)],
    )
    return context.env.cr.fetchall()


def _note(context, entries):
    """Count the unknown codes, units and carriers that no contact, and not one unit, of Odoo bears by name."""
    meaning = context.env["milepost.code.map"]._meaning_sql()
    context.env.cr.execute(
        f"""
        INSERT INTO milepost_code_map AS map
               (connection_id, company_id, kind, raw_code, is_mapped, sample_text, sample_message,
                seen_count, first_seen_at, last_seen_at, create_date, write_date)
        SELECT %(connection)s, %(company)s, kind, raw_code, false, sample_text, sample_message,
               seen_count, first, last, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM jsonb_to_recordset(%(entries)s::jsonb) AS entry(kind varchar, raw_code varchar,
               sample_text varchar, sample_message varchar, seen_count int, first timestamp, last timestamp)
         WHERE NOT ({_NAMED})
         ORDER BY kind, raw_code
            ON CONFLICT (connection_id, kind, raw_code) DO UPDATE
           SET seen_count = map.seen_count + EXCLUDED.seen_count,
               sample_text = COALESCE(EXCLUDED.sample_text, map.sample_text),
               sample_message = EXCLUDED.sample_message,
               first_seen_at = LEAST(map.first_seen_at, EXCLUDED.first_seen_at),
               last_seen_at = GREATEST(map.last_seen_at, EXCLUDED.last_seen_at)
        RETURNING map.kind, map.raw_code, {meaning}, map.id
        """,
        {
            "connection": context.connection_id,
            "company": context.company_id,
            "entries": json.dumps(entries),
        },
    )
    return {(kind, raw): (meaning, id_) for kind, raw, meaning, id_ in context.env.cr.fetchall()}
