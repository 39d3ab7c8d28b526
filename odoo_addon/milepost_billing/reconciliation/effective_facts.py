"""Which of a shipment's facts still count: withdrawn and outdated ones are told apart."""

from dataclasses import dataclass
from datetime import datetime

from odoo.addons.milepost.derivation.facts import Retraction
from odoo.addons.milepost.derivation.survivors import surviving


@dataclass(frozen=True, slots=True)
class FactVersion:
    """A stored fact as far as its survival is concerned."""

    id: int
    key: str
    said_at: datetime
    at: datetime
    source_event: str | None
    connection: int


def effective(facts, retractions):
    """Return (records that count, ids withdrawn, ids outdated by a newer version).

    :param facts: records of a model that inherits milepost.fact
    :param retractions: milepost.retraction records of the same shipment
    """
    if not facts:
        return facts, set(), set()
    versions = [
        FactVersion(
            one.id, one.key, one.said_at, one.received_at or one.said_at, one.source_event or None,
            one.connection_id.id,
        )
        for one in facts
    ]  # fmt: skip
    said = [
        Retraction(one.target_key or None, one.target_event or None, one.key, one.connection_id.id)
        for one in retractions
    ]
    alive, withdrawn, outdated = surviving(versions, said)
    # Of the whole batch what a later read fetches, not of this shipment alone.
    counted = facts.browse([one.id for one in alive]).with_prefetch(facts._prefetch_ids)
    return counted, withdrawn, outdated
