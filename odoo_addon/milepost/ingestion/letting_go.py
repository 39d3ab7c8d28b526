"""A name that a shipment bears no longer: what was told under it alone is said of it no more.

The way back of `identifiers.declare`. Whichever came first, fact or name, the result is the same: such
facts wait again as if the name had never been there, and go to the shipment that bears it rightly.
"""

import json
from collections import defaultdict

from . import identifiers
from .matching import bearers


def let_go(env, shipment, connection, names):
    """Take names from a shipment and give back what came under these alone.

    A plan among that named the shipment further; those names go with it, and so on. A name that somebody
    else gave the shipment too stays: a plan that is known by other names, a partner's answer, a person.

    :param names: set of (type, value)
    :return: ids of the shipments whose facts changed
    """
    company_id = (connection.company_id or shipment.company_id).id
    pending, touched = _without({connection.id: identifiers.canonical(names)}, shipment), set()
    while pending:
        told = defaultdict(list)
        for connection_id, own in pending.items():
            place = company_id, connection_id
            _unlink(env.cr, shipment.id, *place, own)
            for name, ids in _told_under(env, shipment.id, own):
                told[name] += ids
        env.invalidate_all()
        facts = {name: _alone(env[name].sudo().browse(ids)) for name, ids in told.items()}
        declared = _declared(facts.get("milepost.itinerary", ()))
        for alone in filter(None, facts.values()):
            _give_back(alone)
            touched.add(shipment.id)
        for connection_id, own in pending.items():
            touched |= _taken_by_others(env, shipment.id, company_id, connection_id, own)
        pending = _without(declared, shipment)
    return touched


def _unlink(cr, shipment_id, company_id, connection_id, names):
    """Undo the links; the rows are bumped, so that a batch which saw them collides with this."""
    ids = sorted(identifiers.touch(cr, company_id, connection_id, names).values())
    cr.execute(
        "DELETE FROM milepost_identifier_shipment WHERE shipment_id = %s AND identifier_id = ANY (%s)",
        [shipment_id, ids],
    )
    cr.execute(
        "UPDATE milepost_identifier SET chosen_shipment_id = NULL"
        " WHERE chosen_shipment_id = %s AND id = ANY (%s)",
        [shipment_id, ids],
    )


def _told_under(env, shipment_id, names):
    """Yield (model, ids of the shipment's facts that carry one of the names)."""
    carried = [json.dumps([{"type": type_, "value": value}]) for type_, value in sorted(names)]
    for model in env["milepost.fact"]._models_by_kind().values():
        if model._fact_follows_names:
            env.cr.execute(
                f"SELECT id FROM {model._table} WHERE shipment_id = %s AND identifiers @> ANY (%s::jsonb[])",
                [shipment_id, carried],
            )
            yield model._name, [id_ for (id_,) in env.cr.fetchall()]


def _alone(facts):
    """Those that name their shipment by nothing that it still bears."""
    alone = facts.browse()
    for (connection, company), own in facts.grouped(lambda it: (it.connection_id, it.company_id)).items():
        names = set().union(*map(_names, own))
        known = bearers(facts.env.cr, company.id, connection.id, names)
        alone |= own.filtered(
            lambda it, known=known: all(it.shipment_id.id not in known.get(name, ()) for name in _names(it))
        )
    return alone


def _names(fact):
    return {(one["type"], one["value"]) for one in fact.identifiers or ()}


def _declared(plans):
    """{connection id: the names that these plans gave their shipment}."""
    names = defaultdict(set)
    for plan in plans:
        names[plan.connection_id.id] |= identifiers.canonical(
            identifiers.names_of_plan(plan.stops, plan.declares)
        )
    return names


def _without(declared, shipment):
    """Of names that were declared those that the shipment has neither by itself nor by plans that stay."""
    kept = _grounded(shipment)
    left = {id_: {name for name in names if _of(id_, name) not in kept} for id_, names in declared.items()}
    return {id_: names for id_, names in left.items() if names}


def names_given(shipment):
    """The names that a shipment bears neither by itself nor by its parcels and plans: somebody gave them.

    :return: set of (type, value, id of the connection that speaks so)
    """
    own, known = shipment.connection_id.id, _grounded(shipment)
    given = {(one.type, one.value, one.connection_id.id or own) for one in shipment.identifier_ids}
    return {(*name, id_) for *name, id_ in given if _of(id_, name) not in known}


def _grounded(shipment):
    """The names that the shipment bears by itself, and by plans that speak of it by such a name, and so on."""
    own = shipment._own_names() | {("tracking", parcel.number) for parcel in shipment.parcel_ids}
    known = {_of(shipment.connection_id.id, name) for name in identifiers.canonical(own)}
    known |= {_of(id_, name) for *name, id_ in shipment._lasting_names()}
    plans = list(shipment.itinerary_ids)
    while standing := [one for one in plans if known & {_of(one.connection_id.id, n) for n in _names(one)}]:
        plans = [one for one in plans if one not in standing]
        for id_, names in _declared(standing).items():
            known |= {_of(id_, name) for name in names}
    return known


def _of(connection_id, name):
    """A name as it is told apart: ids of entities are each connection's own."""
    return (connection_id if name[0] == "entity" else 0, *name)


def _give_back(facts):
    """They wait for their shipment again; of what others were told, too, this copy goes."""
    elsewhere = facts.search([
        ("key", "in", facts.mapped("key")), ("connection_id", "in", facts.connection_id.ids),
        ("id", "not in", facts.ids),
    ])  # fmt: skip
    others = {(one.connection_id, one.key) for one in elsewhere}
    copies = facts.filtered(lambda one: (one.connection_id, one.key) in others)
    copies._leave_to_others()
    (facts - copies)._wait()
    facts.env.flush_all()


def _taken_by_others(env, shipment_id, company_id, connection_id, names):
    """Whoever else bears the names takes what waits for them; return these shipments."""
    known = bearers(env.cr, company_id, connection_id, names)
    touched = set()
    for other in sorted(set().union(*known.values()) - {shipment_id}):
        own = {name for name, shipments in known.items() if other in shipments}
        touched |= set(identifiers.adopt(env, company_id, connection_id, other, own))
    return touched
