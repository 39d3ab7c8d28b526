"""The facts of a shipment as they were received: what each says, and the way it came."""

from ..ingestion.tables import COLUMNS, COMMON, TABLE_OF_KIND
from .plain import instant, plain, value_of

# Columns of a fact's table that are no part of what was said: they follow from it.
DERIVED = frozenset({"state", "is_dirty", "code_map_id", "is_unmapped", "stop_id", "document_hashes"})
KINDS = {table.replace("_", "."): kind for kind, table in TABLE_OF_KIND.items()}


def fact_of(fact):
    """One fact with its idempotency key, its connection, its lineage and whether it counts."""
    says = {
        name: value_of(fact, name)
        for name in COLUMNS[fact._table]
        if name not in COMMON and name not in DERIVED
    }
    result = {
        "kind": KINDS[fact._name],
        "key": fact.key,
        "connection": fact.connection_id.code,
        "identifiers": fact.identifiers,
        "applies_to": fact.applies_to or None,
        "source_event": fact.source_event or None,
        "said_at": instant(fact.said_at),
        "message": {
            "id": fact.message_uid or None,
            "path": fact.message_path or None,
            "mapping": fact.mapping or None,
            "received_at": instant(fact.received_at),
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
