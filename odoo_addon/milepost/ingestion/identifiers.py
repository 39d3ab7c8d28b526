"""The names that shipments bear, and what happens when a shipment gets a further one.

Order must not matter: a fact may come before the shipment it names, or before the plan that says
that a stop or an action belongs to the shipment. Such a fact is stored without a shipment and
adopted by the shipment that declares the name.

Two transactions that run at once must not miss each other: one stores the fact and sees no
shipment, the other brings the name and sees no fact. Both write to the identifier's row, so that
under REPEATABLE READ one of them fails and is run again by Odoo, seeing the other's work.
"""

import json

from ..contract import canonical_identifier
from .matching import bearers, match, parameters_of
from .tables import columns_of


def touch(cr, company_id, connection_id, names):
    """Create or bump the identifiers' rows, in order; return {(type, value): id}."""
    if not names:
        return {}
    cr.execute(
        """
        INSERT INTO milepost_identifier AS i (company_id, connection_id, type, value, rev)
        SELECT %(company)s, CASE type WHEN 'entity' THEN NULLIF(%(connection)s, 0) END, type, value, 1
          FROM unnest(%(types)s::varchar[], %(values)s::varchar[]) AS named(type, value)
         ORDER BY type, value
            ON CONFLICT (company_id, COALESCE(connection_id, 0), type, value)
            DO UPDATE SET rev = i.rev + 1
        RETURNING id, type, value
        """,
        parameters_of(names, company_id, connection_id),
    )
    return {(type_, value): id_ for id_, type_, value in cr.fetchall()}


def declare(env, company_id, connection_id, names_of_shipments):
    """Give shipments further names and let them adopt the facts that carry those.

    An adopted plan declares further names, so this goes on until nothing new is named.

    :param names_of_shipments: {shipment id: set of (type, value)}
    :return: ids of all shipments whose facts changed, and of those that share a name with them
    """
    cr = env.cr
    touched = set(names_of_shipments)
    pending = {shipment: canonical(names) for shipment, names in names_of_shipments.items()}
    while pending:
        new = _link(cr, company_id, connection_id, pending)
        pending = {}
        if not new:
            break
        sharing = bearers(cr, company_id, connection_id, {n for names in new.values() for n in names})
        touched |= set().union(*sharing.values())
        for shipment_id, names in sorted(new.items()):
            plans = _adopt(env, company_id, connection_id, shipment_id, names)
            for stops, declares in plans:
                pending.setdefault(shipment_id, set()).update(canonical(names_of_plan(stops, declares)))
    return sorted(touched)


def choose(env, company_id, connection_id, shipment_id, names):
    """Let names that several shipments bear mean this one; it adopts the facts that wait for that.

    :return: ids of all shipments whose facts changed
    """
    names = canonical(names)
    ids = touch(env.cr, company_id, connection_id, names)
    env.cr.execute(
        "UPDATE milepost_identifier SET chosen_shipment_id = %s WHERE id = ANY (%s)",
        [shipment_id, sorted(ids.values())],
    )
    env["milepost.identifier"].invalidate_model(["chosen_shipment_id", "rev"], flush=False)
    return adopt(env, company_id, connection_id, shipment_id, names)


def adopt(env, company_id, connection_id, shipment_id, names):
    """Let a shipment take the facts that wait and mean it by these names of its own.

    :return: ids of all shipments whose facts changed
    """
    touched = {shipment_id}
    plans = _adopt(env, company_id, connection_id, shipment_id, names)
    declared = {name for stops, declares in plans for name in names_of_plan(stops, declares)}
    if declared:
        touched |= set(declare(env, company_id, connection_id, {shipment_id: declared}))
    return sorted(touched)


def canonical(names):
    """The names in the one way of writing in which facts carry them."""
    return {(type_, canonical_identifier(type_, value)) for type_, value in names}


def names_of_plan(stops, declares):
    """Every id by which the partner may speak of the shipment from now on."""
    names = {(d["type"], d["value"]) for d in declares or ()}
    for stop in stops or ():
        names.update(("entity", id_) for id_ in (stop["id"], *stop.get("aliases", ())))
    return names


def _link(cr, company_id, connection_id, names_of_shipments):
    """Link names and shipments; return those links that are new."""
    names = {name for names in names_of_shipments.values() for name in names}
    known = bearers(cr, company_id, connection_id, names)
    new = {}
    for shipment_id, own in names_of_shipments.items():
        fresh = {name for name in own if shipment_id not in known.get(name, ())}
        if fresh:
            new[shipment_id] = fresh
    if not new:
        return {}
    ids = touch(cr, company_id, connection_id, {n for fresh in new.values() for n in fresh})
    links = sorted((ids[name], shipment) for shipment, fresh in new.items() for name in fresh)
    cr.execute(
        """
        INSERT INTO milepost_identifier_shipment (identifier_id, shipment_id)
        SELECT * FROM unnest(%s::int[], %s::int[]) ON CONFLICT DO NOTHING
        """,
        [[i for i, _s in links], [s for _i, s in links]],
    )
    return new


def _adopt(env, company_id, connection_id, shipment_id, names):
    """Move waiting facts to the shipment, and copy those that apply to every bearer of a name."""
    carried = [json.dumps([{"type": type_, "value": value}]) for type_, value in sorted(names)]
    parameters = {
        "company": company_id,
        "connection": connection_id or 0,
        "shipment": shipment_id,
        "carried": carried,
    }
    plans = []
    models = env["milepost.fact"]._models_by_kind()
    found = _found(env.cr, models, parameters)
    for kind, model in models.items():
        returning = "stops, declares" if kind == "itinerary" else "NULL, NULL"
        if kind in found:
            plans += _move(model, returning, parameters)
        if "shared" in found:
            plans += _copy(model, returning, parameters)
    return [(stops, declares) for stops, declares in plans if stops is not None]


def _found(cr, models, parameters):
    """The kinds of which facts wait under the names, and "shared" when other shipments bear a name of
    this one: one question for what is nearly always nothing."""
    questions = [
        f"""
        SELECT '{kind}' WHERE EXISTS (
            SELECT FROM {model._table} WHERE shipment_id IS NULL AND company_id = %(company)s
               AND identifiers @> ANY (%(carried)s::jsonb[]))
        """
        for kind, model in models.items()
    ]
    questions.append(
        """
        SELECT 'shared' WHERE EXISTS (
            SELECT FROM milepost_identifier_shipment own
              JOIN milepost_identifier_shipment other USING (identifier_id)
             WHERE own.shipment_id = %(shipment)s AND other.shipment_id <> %(shipment)s)
        """
    )
    cr.execute(" UNION ALL ".join(questions), parameters)
    return {name for (name,) in cr.fetchall()}


def _move(model, returning, parameters):
    """Give the shipment those waiting facts that now mean it, and no other one."""
    cr, table = model.env.cr, model._table
    cr.execute(
        f"""
        SELECT id, key, connection_id, identifiers, applies_to, {model._fact_moment}
          FROM {table}
         WHERE shipment_id IS NULL AND company_id = %(company)s
           AND identifiers @> ANY (%(carried)s::jsonb[])
         ORDER BY id
        """,
        parameters,
    )
    waiting = {}
    for id_, key, connection_id, carried, applies_to, moment in cr.fetchall():
        fact = {"id": id_, "key": key, "identifiers": carried, "applies_to": applies_to, "moment": moment}
        waiting.setdefault(connection_id, []).append(fact)
    adopted = []
    for connection_id, facts in waiting.items():
        found = match(cr, parameters["company"], connection_id, facts)
        for fact in facts:
            meant = found.get(fact["key"], ())
            # Two bearers of a name that should be one's alone: ambiguous, for a person to settle.
            alone = fact["applies_to"] == "every" or len(meant) == 1
            if parameters["shipment"] in meant and alone:
                adopted.append(fact["id"])
    if not adopted:
        return []
    cr.execute(
        f"UPDATE {table} SET shipment_id = %s WHERE id = ANY (%s) RETURNING {returning}",
        [parameters["shipment"], adopted],
    )
    return cr.fetchall()


def _copy(model, returning, parameters):
    cr, table = model.env.cr, model._table
    # The stop is one of the other shipment's.
    columns = [name for name in columns_of(model) if name not in ("shipment_id", "stop_id")]
    names = ", ".join(columns)
    values = ", ".join(f"fact.{name}" for name in columns)
    cr.execute(
        f"""
        INSERT INTO {table} ({names}, shipment_id, superseded, retracted,
                             create_uid, create_date, write_uid, write_date)
        SELECT DISTINCT ON (fact.connection_id, fact.key) {values}, %(shipment)s, false, false,
               fact.create_uid, now() AT TIME ZONE 'UTC', fact.write_uid, now() AT TIME ZONE 'UTC'
          FROM {table} fact
         WHERE fact.applies_to = 'every'
           AND fact.company_id = %(company)s AND fact.connection_id = %(connection)s
           AND fact.identifiers @> ANY (%(carried)s::jsonb[])
           AND fact.shipment_id IN (
                SELECT DISTINCT other.shipment_id
                  FROM milepost_identifier_shipment own
                  JOIN milepost_identifier_shipment other USING (identifier_id)
                 WHERE own.shipment_id = %(shipment)s AND other.shipment_id <> %(shipment)s)
         ORDER BY fact.connection_id, fact.key, fact.id
            ON CONFLICT DO NOTHING
        RETURNING {returning}
        """,
        parameters,
    )
    return cr.fetchall()
