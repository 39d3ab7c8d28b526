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
    """Give the shipment those waiting facts that now mean it, and no other one.

    A proof that a person refused may wait beside the copies of others: who has one takes no second.
    """
    cr, table = model.env.cr, model._table
    cr.execute(
        f"""
        SELECT id, key, connection_id, identifiers, applies_to, {model._fact_moment}
          FROM {table} fact
         WHERE shipment_id IS NULL AND company_id = %(company)s
           AND identifiers @> ANY (%(carried)s::jsonb[])
           AND NOT EXISTS (
                SELECT FROM {table} own WHERE own.shipment_id = %(shipment)s
                   AND own.connection_id = fact.connection_id AND own.key = fact.key)
         ORDER BY id
        """,
        parameters,
    )
    adopted = _meaning(cr, parameters, cr.fetchall())
    if not adopted:
        return []
    cr.execute(
        f"UPDATE {table} SET shipment_id = %s WHERE id = ANY (%s) RETURNING {returning}",
        [parameters["shipment"], adopted],
    )
    return cr.fetchall()


def _meaning(cr, parameters, rows):
    """The ids of those facts that mean the shipment: alone, or among all bearers of their names."""
    told = {}
    for id_, key, connection_id, carried, applies_to, moment in rows:
        fact = {"id": id_, "key": key, "identifiers": carried, "applies_to": applies_to, "moment": moment}
        told.setdefault(connection_id, []).append(fact)
    ids = []
    for connection_id, facts in told.items():
        found = match(cr, parameters["company"], connection_id, facts)
        for fact in facts:
            meant = found.get(fact["key"], ())
            # Two bearers of a name that should be one's alone: ambiguous, for a person to settle.
            alone = fact["applies_to"] == "every" or len(meant) == 1
            if parameters["shipment"] in meant and alone:
                ids.append(fact["id"])
    return ids


def _copy(model, returning, parameters):
    """What is said of every bearer of a name is said of this one, too, whichever connection says it.

    What people or this module made of the fact at another shipment stays there, and so does its stop.
    """
    cr, table = model.env.cr, model._table
    cr.execute(
        f"""
        SELECT DISTINCT ON (fact.connection_id, fact.key) fact.id, fact.key, fact.connection_id,
               fact.identifiers, fact.applies_to, {model._fact_moment}
          FROM {table} fact
         WHERE fact.applies_to = 'every' AND fact.company_id = %(company)s
           AND fact.identifiers @> ANY (%(carried)s::jsonb[])
           AND fact.shipment_id IN (
                SELECT DISTINCT other.shipment_id
                  FROM milepost_identifier_shipment own
                  JOIN milepost_identifier_shipment other USING (identifier_id)
                 WHERE own.shipment_id = %(shipment)s AND other.shipment_id <> %(shipment)s)
         ORDER BY fact.connection_id, fact.key, fact.id
        """,
        parameters,
    )
    rows = cr.fetchall()
    ids = _meaning(cr, parameters, rows)
    if not ids:
        return []
    fresh = model._prepare_waiting()
    columns = ", ".join(name for name in columns_of(model) if name not in fresh)
    begun = {name: value for name, value in fresh.items() if value}
    cr.execute(
        f"""
        INSERT INTO {table} ({", ".join((columns, *begun))}, shipment_id, superseded, retracted,
                             create_uid, create_date, write_uid, write_date)
        SELECT {", ".join((columns, *("%s" for _ in begun)))}, %s, false, false,
               create_uid, now() AT TIME ZONE 'UTC', write_uid, now() AT TIME ZONE 'UTC'
          FROM {table} WHERE id = ANY (%s) ORDER BY id
            ON CONFLICT DO NOTHING
        RETURNING id, connection_id, key, {returning}
        """,
        [*begun.values(), parameters["shipment"], ids],
    )
    copies, origins = cr.fetchall(), {(row[2], row[1]): row[0] for row in rows}
    model._copy_parts({id_: origins[connection_id, key] for id_, connection_id, key, *_plan in copies})
    return [copy[3:] for copy in copies]
