"""What a batch of facts would change of states and money; nothing of it stays."""

from ..undone import undone
from .ingest import ingest


def compare(env, connection, batch):
    """Return the shipments that the batch is for, each as it stands and as it would.

    Both are derived anew and decided on, so that what waits for a validation shows on neither side
    alone. The batch is taken in as `ingest` would, then rolled back with all that followed from it.

    :param env: superuser environment; the caller was checked
    :return: {"verdicts": of `ingest`, "shipments": [{"shipment", "before", "after"}] of those that differ}
    """
    with undone(env):
        verdicts, after = _told(env, connection, batch)
    names = list(after)
    with undone(env):
        before = _standing(env, connection, names)
    return {
        "verdicts": verdicts,
        "shipments": [
            {"shipment": name, "before": before[name], "after": after[name]}
            for name in names
            if before[name] != after[name]
        ],
    }


def _told(env, connection, batch):
    verdicts = ingest(env, connection, batch)
    names = sorted({name for verdict in verdicts for name in verdict.get("shipments") or ()})
    return verdicts, _standing(env, connection, names)


def _standing(env, connection, names):
    """{name: what is known of the shipment and its money}, after all decisions."""
    shipments = env["milepost.shipment"].search([
        ("company_id", "=", connection.company_id.id), ("name", "in", names),
    ])  # fmt: skip
    shipments._decide_now()
    return {one.name: {"values": one._compared_values(), "money": one._compared_money()} for one in shipments}
