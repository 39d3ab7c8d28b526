"""What a shipment's facts say without what some people told by hand; nothing of it is stored."""

from .recompute import StoredFacts


def derived_without(shipment, people, known):
    """Derive a shipment as if these people had told nothing.

    :param people: res.users
    :param known: of facts of one model those that count, e.g. those that were there at an earlier time
    :return: derivation.Derived
    """
    env, id_ = shipment.env, shipment.id
    facts = StoredFacts(env, shipment.ids, fresh=())
    told = facts.milestones[id_]
    counting = _of_others(known(env["milepost.milestone"].browse([one.id for one in told])), people)
    facts.milestones[id_] = [one for one in told if one.id in counting.ids]
    withdrawn = known(env["milepost.retraction"].search([("shipment_id", "=", id_)]))
    keys = {(one.connection_id.id, one.key) for one in _of_others(withdrawn, people)}
    facts.retractions[id_] = [one for one in facts.retractions[id_] if (one.connection, one.key) in keys]
    return facts.derive(id_)


def _of_others(facts, people):
    return facts.filtered(lambda one: not one._told_by() & set(people.ids))
