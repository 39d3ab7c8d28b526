from collections import defaultdict
from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import codes
from ..arguments import count_of, zone_named

# What the board shows as Odoo stores it; names of related records are added to it.
ROW_FIELDS = [
    "name", "state", "planned_delivery_at", "eta", "arrived_delivery_at", "delivered_at",
    "lateness_minutes", "is_late", "is_silent", "is_overdue", "exception_code",
    "exception_reason", "exception_since", "current_milestone", "current_milestone_at",
    "last_heard_at", "progress", "stop_count", "stop_done_count", "attempt_count",
    "unmapped_count", "has_pod", "is_damaged", "is_lost", "is_ahead", "rev",
]  # fmt: skip

STOP_FIELDS = [
    "kind", "name", "city", "country_code", "zone", "sequence", "state", "outcome",
    "lateness_minutes", "is_late", "planned_arrival", "planned_departure", "window_start", "window_end",
    "estimated_arrival", "arrived_at", "departed_at", "completed_at",
]  # fmt: skip

FACT_FIELDS = [
    "code", "classifier", "occurred_at", "occurred_zone", "received_at", "raw_code", "raw_text",
    "reason", "message_uid", "message_path", "mapping", "place_name", "superseded", "retracted",
    "is_unmapped", "is_ahead",
]  # fmt: skip

# Of a track that is as long as the trip, so many points are shown with the steps.
TRACK_SHOWN = 10

# Columns of what somebody has to deal with.
TROUBLE_COLUMNS = ("exception", "late", "silent")

# Which of a stop's values a milestone is the source of.
PROVEN = {
    "estimated_arrival": "estimated_milestone_id",
    "arrived_at": "arrived_milestone_id",
    "departed_at": "departed_milestone_id",
    "completed_at": "completed_milestone_id",
}


class MilepostShipmentBoard(models.AbstractModel):
    """What the control tower reads of shipments. Instants are UTC, as Odoo's web client expects them."""

    _name = "milepost.shipment.board"
    _description = "Control Tower"

    @api.model
    @api.readonly
    def control_tower(self, domain=None, limit=80, limits=None, zone=None):
        """Read the board: per column its count and its most pressing shipments.

        :param domain: what the user searches for
        :param limit: shipments per column
        :param limits: {column key: shipments of it}, of columns that show more
        :param zone: the IANA zone whose midnight begins "today"; by default the user's
        :return: {"now", "columns": [{"key", "count", "shipments"}]}
        """
        if limits and not isinstance(limits, dict):
            raise UserError(self.env._("Limits are given by column."))
        columns, limits = [], limits or {}
        for key, column in self._board_columns(zone_named(self.env, zone)):
            wanted = Domain(domain or []) & column
            most = count_of(self.env, limits.get(key, limit), 80)
            shipments = self._board_most(key, wanted, most)
            count = len(shipments) if len(shipments) < most else self.search_count(wanted)
            columns.append({"key": key, "count": count, "shipments": shipments})
        # All rows are read at once: a column of its own reading would cost the queries six times.
        together = self.union(*(column["shipments"] for column in columns))
        rows = {row["id"]: row for row in together._board_rows()}
        for column in columns:
            column["shipments"] = [rows[id_] for id_ in column["shipments"].ids]
        return {"now": fields.Datetime.to_string(fields.Datetime.now()), "columns": columns}

    @api.model
    def _board_most(self, key, wanted, most):
        """The column's most pressing shipments: of trouble first what should have been dealt with by now."""
        if key == "delivered_today":
            return self.search(wanted, limit=most, order="delivered_at desc, id")
        order = "planned_delivery_at, id"
        if key not in TROUBLE_COLUMNS:
            return self.search(wanted, limit=most, order=order)
        due = self.search(wanted & self._due_domain(), limit=most, order=order)
        if len(due) == most:
            return due
        return due + self.search(wanted & Domain("id", "not in", due.ids), limit=most - len(due), order=order)

    @api.model
    def _board_columns(self, zone=None):
        """The columns' domains, each without what an earlier one shows: trouble comes first."""
        clock = self.with_context(tz=zone.key) if zone else self
        here = fields.Datetime.context_timestamp(clock, fields.Datetime.now())
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        today = midnight.astimezone(UTC).replace(tzinfo=None)
        open_ = Domain("state", "not in", codes.CLOSED_STATES)
        delivered_today = Domain("delivered_at", ">=", today)
        # What somebody deals with asks nobody else for action.
        free = Domain("is_handled", "=", False)
        ordered = [
            ("exception", free & (open_ | delivered_today) & Domain("exception_code", "!=", False)),
            ("late", free & open_ & (Domain("is_late", "=", True) | Domain("is_overdue", "=", True))),
            ("silent", free & Domain("is_silent", "=", True)),
            ("in_transit", Domain("state", "in", ("at_pickup", "in_transit", "at_delivery"))),
            ("delivered_today", delivered_today),
            ("waiting", open_),
        ]
        columns, shown = [], Domain.FALSE
        for key, domain in ordered:
            columns.append((key, domain & ~shown))
            shown |= domain
        return columns

    @api.model
    def _board_fields(self):
        """The fields of a card; an addon that shows more adds them."""
        return list(ROW_FIELDS)

    def _board_rows(self):
        rows = self.read(self._board_fields())
        ends, issues = self._board_ends(), self._board_issues()
        for shipment, row in zip(self, rows, strict=True):
            row["issue"] = issues.get(shipment.id, False)
            row["customer"] = shipment.partner_id.display_name
            row["carrier"] = shipment.carrier_name or shipment.carrier_id.name
            row["connection"] = shipment.connection_id.sudo().name
            row["origin"], row["destination"], row["destination_zone"] = ends.get(shipment.id, (False,) * 3)
        return rows

    def _board_ends(self):
        """Return {shipment id: (town of the first stop, town of the last, time zone of the last)}."""
        ends = {}
        stops = self.env["milepost.stop"].search_fetch(
            [("shipment_id", "in", self.ids), ("in_plan", "=", True)],
            ["shipment_id", "city", "name", "zone"],
            order="shipment_id, sequence, id",
        )
        for stop in stops:
            town = stop.city or stop.name
            first = ends.get(stop.shipment_id.id, (town,))[0]
            ends[stop.shipment_id.id] = (first, town, stop.zone)
        return ends

    @api.readonly
    def timeline(self):
        """Read one shipment's stops, each with its facts and the messages that they came from."""
        self.ensure_one()
        stops = self.stop_ids.filtered("in_plan").sorted(lambda stop: (stop.sequence, stop.id))
        facts = self._timeline_facts(stops)
        rows = stops.read(STOP_FIELDS)
        for row in rows:
            row["facts"] = facts.pop(row["id"], [])
        return {
            "now": fields.Datetime.to_string(fields.Datetime.now()),
            "shipment": self._board_rows()[0],
            "silence": self._board_silence(),
            "actions": self._panel_actions(),
            "stops": rows,
            "unplaced": [fact for unplaced in facts.values() for fact in unplaced],
            "pods": self.pod_ids.read(
                ["signer", "signed", "delivered_at", "document_count", "is_clean", "state"]
            ),
        }

    def _timeline_facts(self, stops):
        """Return {stop id: facts in the order in which they happened}."""
        proves = defaultdict(list)
        for stop in stops:
            for value, source in PROVEN.items():
                if stop[source]:
                    proves[stop[source].id].append(value)
        facts = defaultdict(list)
        own = Domain("shipment_id", "=", self.id)
        steps = self.env["milepost.milestone"].search(own & Domain("is_position", "=", False))
        track = self.env["milepost.milestone"].search(
            own & Domain("is_position", "=", True), limit=TRACK_SHOWN, order="occurred_at desc, key desc"
        )
        milestones = (steps | track).sorted(lambda m: (m.occurred_at, m.id))
        for milestone, row in zip(milestones, milestones.read(FACT_FIELDS), strict=True):
            row["connection"] = milestone.connection_id.sudo().name
            row["conditions"] = milestone.conditions or []
            row["proves"] = proves[milestone.id]
            facts[milestone.stop_id.id].append(row)
        return facts
