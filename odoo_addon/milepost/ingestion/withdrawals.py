"""Retractions of single facts go where their facts are."""

from collections import defaultdict

from .matching import match


def meant(context, facts):
    """Return {key: set of shipment ids}: by the names of a fact, and of a retraction where its fact is.

    A person may have said where that belongs, or its names may mean another shipment by now.
    """
    found = match(context.env.cr, context.company_id, context.connection_id, facts)
    targets = _targets(facts)
    if not targets:
        return found
    placed = defaultdict(set)
    for model in context.kinds.values():
        context.env.cr.execute(
            f"""
            SELECT key, shipment_id FROM {model._table}
             WHERE connection_id = %s AND key = ANY (%s) AND shipment_id IS NOT NULL
            """,
            [context.connection_id, sorted(set(targets.values()))],
        )
        for key, shipment_id in context.env.cr.fetchall():
            placed[key].add(shipment_id)
    return found | {key: placed[target] for key, target in targets.items() if target in placed}


def tell_withdrawn(context, facts):
    """Tell the addons of the retractions among facts that were just stored."""
    targets = sorted(set(_targets(facts).values()))
    if targets:
        context.env["milepost.retraction"]._stored(context.connection_id, targets)


def _targets(facts):
    return {fact["key"]: fact["target"]["key"] for fact in facts if "key" in fact.get("target", ())}
