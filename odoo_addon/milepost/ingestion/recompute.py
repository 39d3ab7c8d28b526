"""From stored facts to stored records: reads the facts of the shipments, derives, writes.

A dozen statements whatever the number of shipments. The shipments' `rev` rises unconditionally: a
batch that changes nothing must still collide with one that runs beside it, or both would derive
from a set that lacks the other's facts.
"""

import json
from collections import defaultdict

from odoo.fields import Datetime

from ..codes import CHANGEABLE_STATES, DEAD_STATES, LATE_GRACE_MINUTES
from ..derivation import Itinerary, Milestone, Retraction, Stop, derive
from . import chatter, told, track
from .standing import write_standing

# Of which a Milestone is made, then where it stands.
MILESTONE_COLUMNS = (
    "id", "key", "code", "classifier", "occurred_at", "said_at", "source_event", "stop_ref", "conditions",
    "reason", "latitude", "longitude", "shipment_id", "stop_id", "superseded", "retracted", "raw_code",
    "connection_id", "is_ahead",
)  # fmt: skip


def recompute(env, shipment_ids, fresh=None, whole=()):
    """Derive the shipments' records from their facts and write what changed.

    :param fresh: ids of new milestones: of tracks only what they may change is read; by default all
    :param whole: shipments of which more has changed than that
    """
    facts = StoredFacts(env, shipment_ids, fresh, whole)
    results = {id_: facts.derive(id_) for id_ in shipment_ids}
    changes = _changed_states(facts, results)
    stop_ids = _write_stops(env, results, facts)
    _write_milestones(env.cr, results, facts, stop_ids)
    standing = write_standing(env, facts.retractions, results, stop_ids)
    _write_shipments(env, results, facts, standing)
    written = [model for kind, model in facts.models.items() if kind in standing]
    for model in (env["milepost.shipment"], env["milepost.stop"], env["milepost.milestone"], *written):
        model.invalidate_model(flush=False)
    shipments = env["milepost.shipment"].browse(shipment_ids)
    env["milepost.shipment"].browse(_beginning_or_ending(facts, changes))._share_again()
    chatter.log_states(shipments, changes)
    env["milepost.outbox"]._hear_of(shipments, changes, fresh)
    env["milepost.outbox"]._tell_events_later(shipments.browse(sorted(changes)))
    env["milepost.issue"]._follow_facts(shipments)
    shipments._notify_boards()


class StoredFacts:
    """The stored facts of some shipments."""

    def __init__(self, env, shipment_ids, fresh=None, whole=()):
        self.cr = env.cr
        self.models = env["milepost.fact"]._models_by_kind()
        self.stop_columns = env["milepost.stop"]._derived_columns()
        self.ids = list(shipment_ids)
        self.graces = {}
        self.states = {}
        for id_, state, grace in self._rows(
            """
            SELECT s.id, s.state, c.late_grace_minutes
              FROM milepost_shipment s LEFT JOIN milepost_connection c ON c.id = s.connection_id
             WHERE s.id = ANY (%s)
            """
        ):
            self.graces[id_] = LATE_GRACE_MINUTES if grace is None else grace
            self.states[id_] = state
        self._read_milestones(fresh, set(shipment_ids) if fresh is None else set(whole))
        self.parcels = told.read(self.cr, self.milestones)
        self._read_plans()
        self._read_stops()
        self._read_heard()

    def _rows(self, query):
        self.cr.execute(query, [self.ids])
        return self.cr.fetchall()

    def _read_milestones(self, fresh, whole):
        """All milestones of the `whole` shipments, of the others what `track.bounded` reads."""
        self.milestones = defaultdict(list)
        self.known = {}
        columns = ", ".join(f"m.{name}" for name in MILESTONE_COLUMNS)
        wholes, rows = sorted(whole), []
        others = [id_ for id_ in self.ids if id_ not in whole]
        for query, ids in ((track.WHOLE.format(columns=columns), wholes), (track.bounded(columns), others)):
            if ids:
                self.cr.execute(query, {"ids": ids, "fresh": sorted(fresh or ())})
                rows += self.cr.fetchall()
        for row in rows:
            milestone = Milestone(*row[:8], tuple(row[8] or ()), *row[9:12], *row[16:])
            self.milestones[row[12]].append(milestone)
            self.known[milestone.id] = row[13:16]

    def _read_plans(self):
        self.itineraries, self.retractions = defaultdict(list), defaultdict(list)
        for shipment_id, *row in self._rows(
            """
            SELECT shipment_id, id, key, said_at, stops, source_event, carrier_name, carrier_scac,
                   connection_id
              FROM milepost_itinerary WHERE shipment_id = ANY (%s)
            """
        ):
            self.itineraries[shipment_id].append(Itinerary(*row))
        for shipment_id, *row in self._rows(
            "SELECT shipment_id, target_key, target_event, key, connection_id FROM milepost_retraction"
            " WHERE shipment_id = ANY (%s)"
        ):
            self.retractions[shipment_id].append(Retraction(*row))

    def _read_stops(self):
        self.bases = defaultdict(list)
        self.stored_stops = {}
        columns = list(self.stop_columns)
        for id_, shipment_id, key, base, *values in self._rows(
            f"SELECT id, shipment_id, key, base, {', '.join(columns)}"
            " FROM milepost_stop WHERE shipment_id = ANY (%s)"
        ):
            self.stored_stops[shipment_id, key] = (id_, dict(zip(columns, values, strict=True)))
            if base:
                stop = Stop(key, base["sequence"], base["kind"], set(), base["place"])
                stop.window_end = Datetime.to_datetime(base["window_end"])
                self.bases[shipment_id].append(stop)

    def _read_heard(self):
        tables = [model._table for model in self.models.values() if model._fact_is_heard]
        questions = [
            track.heard()
            if table == "milepost_milestone"
            else f"SELECT shipment_id, received_at FROM {table} WHERE shipment_id = ANY (%(ids)s)"
            for table in tables
        ]
        self.cr.execute(
            f"SELECT shipment_id, max(received_at) FROM ({' UNION ALL '.join(questions)}) f GROUP BY 1",
            {"ids": self.ids},
        )
        self.heard = dict(self.cr.fetchall())

    def derive(self, id_):
        plans, retractions = self.itineraries[id_], self.retractions[id_]
        return derive(self.bases[id_], self.milestones[id_], plans, retractions, self.parcels.get(id_, ()))


def _text(value):
    return Datetime.to_string(value) if hasattr(value, "isoformat") else value


def _stop_row(shipment_id, stop):
    place = stop.place
    return {
        "shipment_id": shipment_id,
        "key": stop.key,
        "in_plan": True,
        "aliases": sorted(stop.aliases) or None,
        "sequence": stop.sequence,
        "kind": stop.kind,
        "name": place.get("name"),
        "street": place.get("street"),
        "postal_code": place.get("postal_code"),
        "city": place.get("city"),
        "country_code": place.get("country"),
        "latitude": place.get("latitude"),
        "longitude": place.get("longitude"),
        "zone": place.get("zone"),
        **{
            name: getattr(stop, name)
            for name in (
                "planned_arrival", "planned_departure", "window_start", "window_end",
                "estimated_arrival", "arrived_at", "departed_at", "completed_at", "outcome",
                "state", "lateness_minutes",
            )
        },
        "due_at": stop.due,
        "arrived_milestone_id": stop.arrived_milestone,
        "departed_milestone_id": stop.departed_milestone,
        "estimated_milestone_id": stop.estimated_milestone,
        "completed_milestone_id": stop.completed_milestone,
    }  # fmt: skip


def _write_stops(env, results, facts):
    """Write the stops that changed; return {(shipment, key): id}."""
    ids = {place: id_ for place, (id_, _values) in facts.stored_stops.items()}
    changed, present = [], set()
    for shipment_id, result in results.items():
        for stop in result.stops:
            row = _stop_row(shipment_id, stop)
            present.add((shipment_id, stop.key))
            stored = facts.stored_stops.get((shipment_id, stop.key))
            if not stored or not _same(stored[1], row):
                changed.append({name: _text(value) for name, value in row.items()})
    cr = env.cr
    if changed:
        columns = {"shipment_id": "int", "key": "text", **facts.stop_columns}
        names = ", ".join(columns)
        types = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        updates = ", ".join(f"{n} = EXCLUDED.{n}" for n in facts.stop_columns)
        cr.execute(
            f"""
            INSERT INTO milepost_stop ({names}, is_base, company_id, create_date, write_date)
            SELECT {", ".join(f"row.{n}" for n in columns)}, false, s.company_id,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM json_to_recordset(%s::json) AS row({types})
              JOIN milepost_shipment s ON s.id = row.shipment_id
             ORDER BY row.shipment_id, row.key
                ON CONFLICT (shipment_id, key) DO UPDATE SET {updates}
            RETURNING id, shipment_id, key
            """,
            [json.dumps(changed)],
        )
        ids.update({(shipment_id, key): id_ for id_, shipment_id, key in cr.fetchall()})
    absent = [id_ for place, id_ in ids.items() if place not in present]
    if absent:
        cr.execute("DELETE FROM milepost_stop WHERE id = ANY (%s) AND NOT is_base", [absent])
        # A base stop that the plan replaced stays stored: a later plan is laid over it anew.
        cr.execute("UPDATE milepost_stop SET in_plan = false WHERE id = ANY (%s) AND in_plan", [absent])
    return ids


def _same(stored, row):
    for name, value in stored.items():
        wanted = row[name]
        if isinstance(wanted, float) or name in ("latitude", "longitude"):
            if (value is None) != (wanted is None) or (
                value is not None and abs(float(value) - wanted) > 1e-6
            ):
                return False
        elif value != wanted:
            return False
    return True


def _write_milestones(cr, results, facts, stop_ids):
    rows = []
    for shipment_id, result in results.items():
        for milestone in facts.milestones[shipment_id]:
            id_ = milestone.id
            key = result.stop_of.get(id_)
            place = stop_ids[shipment_id, key] if key else None
            now = (place, id_ in result.superseded, id_ in result.retracted)
            if now != facts.known[id_]:
                rows.append((id_, *now))
    if rows:
        cr.execute(
            """
            UPDATE milepost_milestone m
               SET stop_id = row.stop_id, superseded = row.superseded, retracted = row.retracted
              FROM unnest(%s::int[], %s::int[], %s::bool[], %s::bool[])
                   AS row(id, stop_id, superseded, retracted)
             WHERE m.id = row.id
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )


def _write_shipments(env, results, facts, standing):
    shipments = env["milepost.shipment"]
    columns, rows = shipments._derived_columns(), []
    for id_, result in sorted(results.items()):
        values = dict(result.values)
        lateness = values["lateness_minutes"]
        values["is_late"] = lateness is not None and lateness > facts.graces[id_]
        values["punctuality"] = None if lateness is None else "late" if values["is_late"] else "on_time"
        values["pod_count"] = standing["proof_of_delivery"].get(id_, 0)
        values["has_pod"] = values["pod_count"] > 0
        values["last_heard_at"] = facts.heard.get(id_)
        values = shipments._derived_values(values, id_, result, facts)
        rows.append({"id": id_, **{name: _text(values[name]) for name in columns}})
    types = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    updates = ", ".join(f"{name} = row.{name}" for name in columns)
    env.cr.execute(
        f"""
        UPDATE milepost_shipment s
           SET {updates}, rev = s.rev + 1, write_date = now() AT TIME ZONE 'UTC'
          FROM json_to_recordset(%s::json) AS row(id int, {types})
         WHERE s.id = row.id
        """,
        [json.dumps(rows)],
    )


def _beginning_or_ending(facts, changes):
    """Shipments that carry their goods no more, or do so again: others carry them instead."""
    return [
        id_
        for id_, state in sorted(changes.items())
        if set(DEAD_STATES) & {state, facts.states[id_]}
        or (facts.states[id_] in CHANGEABLE_STATES and state not in CHANGEABLE_STATES)
    ]


def _changed_states(facts, results):
    """Only what matters to people is logged: the transport's state, not each position."""
    return {
        id_: result.values["state"]
        for id_, result in results.items()
        if result.values["state"] != facts.states[id_]
    }
