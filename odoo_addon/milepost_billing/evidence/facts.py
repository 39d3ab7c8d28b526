"""The facts of a shipment as they were received: what each says, and the way it came."""

from odoo.addons.milepost.contract import instant_text

from .plain import plain, value_of

# Columns of a fact's table that are no part of what was said: they follow from it.
DERIVED = frozenset({"state", "is_dirty", "code_map_id", "is_unmapped", "stop_id", "document_hashes"})


def fact_of(fact):
    """One fact with its idempotency key, its connection, its lineage and whether it counts."""
    common = fact.env["milepost.fact"]._fact_columns()
    says = {
        name: value_of(fact, name)
        for name in fact._fact_columns()
        if name not in common and name not in DERIVED
    }
    result = {
        "kind": fact._fact_kind,
        "key": fact.key,
        "connection": fact.connection_id.code,
        "identifiers": fact.identifiers,
        "applies_to": fact.applies_to or None,
        "source_event": fact.source_event or None,
        "said_at": instant_text(fact.said_at),
        "message": {
            "id": fact.message_uid or None,
            "path": fact.message_path or None,
            "mapping": fact.mapping or None,
            "received_at": instant_text(fact.received_at),
        },
        "standing": fact.standing,
        "says": says,
    }
    if fact._name == "milepost.pod":
        result |= _proof(fact)
    return result


def _proof(pod):
    """What a proof says further, and what was decided of it."""
    names = ("goods", "description", "quantity", "unit", "outcome", "reason")
    return {
        "quantities": [plain(line, *names) for line in pod.line_ids.sorted("id")],
        "documents": [
            {"name": one.name, "sha256": one.description, "size": one.file_size}
            for one in pod.document_ids.sorted("id")
        ],
        "decided": plain(
            pod,
            "state",
            "fault",
            "validated_at",
            "review",
            "review_reason",
            "reviewed_by_id",
            "assigned_stop_id",
        ),
    }
