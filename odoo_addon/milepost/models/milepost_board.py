from datetime import UTC

from odoo import api, fields, models
from odoo.fields import Domain

from .. import codes

ROW_FIELDS = [
    "name", "partner_id", "origin_id", "destination_id", "carrier_name", "state",
    "current_milestone", "current_milestone_at", "eta", "planned_delivery_at", "delivered_at",
    "arrived_delivery_at", "last_heard_at", "lateness_minutes", "is_late", "is_silent",
    "is_overdue", "exception_code", "exception_reason", "exception_since", "is_damaged", "has_pod",
    "progress", "stop_count", "stop_done_count", "open_hold_count", "unmapped_count", "rev",
]  # fmt: skip


class MilepostShipment(models.Model):
    """What the control tower reads."""

    _inherit = "milepost.shipment"

    @api.model
    def _board_columns(self):
        """The columns' domains, each without what an earlier one shows: trouble comes first."""
        midnight = fields.Datetime.context_timestamp(self, fields.Datetime.now()).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        today = midnight.astimezone(UTC).replace(tzinfo=None)
        open_ = Domain("state", "not in", codes.CLOSED_STATES)
        delivered_today = Domain([
            ("state", "in", ("delivered", "partially_delivered", "refused")),
            ("delivered_at", ">=", today),
        ])
        moving = Domain("state", "in", ("at_pickup", "in_transit", "at_delivery"))
        ordered = [
            ("exception", (open_ | delivered_today) & Domain("exception_code", "!=", False)),
            ("late", open_ & (Domain("is_late", "=", True) | Domain("is_overdue", "=", True))),
            ("silent", Domain("is_silent", "=", True)),
            ("in_transit", moving),
            ("delivered_today", delivered_today),
            ("waiting", open_),
        ]
        columns, shown = [], Domain.FALSE
        for key, domain in ordered:
            columns.append((key, domain & ~shown))
            shown |= domain
        return columns

    @api.model
    @api.readonly
    def control_tower(self, domain=None, limit=80):
        """Read the board: per column its count and its most pressing shipments.

        :param domain: what the user searches for
        :param limit: shipments per column
        :return: {"columns": [{"key", "count", "shipments": [...]}]}
        """
        columns = []
        for key, column in self._board_columns():
            wanted = Domain(domain or []) & column
            order = "delivered_at desc, id" if key == "delivered_today" else "planned_delivery_at, id"
            shipments = self.search(wanted, limit=limit, order=order)
            count = len(shipments) if len(shipments) < limit else self.search_count(wanted)
            columns.append({"key": key, "count": count, "shipments": shipments._board_rows()})
        return {"columns": columns}

    def _board_rows(self):
        rows = self.read(ROW_FIELDS)
        towns = {}
        for stop in self.env["milepost.stop"].search(
            [
                ("shipment_id", "in", self.ids),
                ("kind", "in", ("pickup", "delivery")),
                ("in_plan", "=", True),
            ],
            order="shipment_id, sequence",
        ):
            first, _last = towns.setdefault(stop.shipment_id.id, (stop.city or stop.name, None))
            towns[stop.shipment_id.id] = (first, stop.city or stop.name)
        for row in rows:
            row["origin"], row["destination"] = towns.get(row["id"], (False, False))
        return rows

    @api.readonly
    def timeline(self):
        """Read one shipment's stops and milestones, each with the message that it came from."""
        self.ensure_one()
        milestones = self.milestone_ids.sorted(lambda m: (m.occurred_at, m.id))
        return {
            "shipment": self._board_rows()[0],
            "stops": self.stop_ids.filtered("in_plan")
            .sorted("sequence")
            .read([
                "name", "city", "country_code", "kind", "sequence", "zone", "state", "outcome",
                "planned_arrival", "window_start", "window_end", "estimated_arrival", "arrived_at",
                "departed_at", "completed_at", "lateness_minutes", "arrived_milestone_id",
                "departed_milestone_id", "estimated_milestone_id", "completed_milestone_id",
            ]),
            "milestones": milestones.read([
                "code", "raw_code", "raw_text", "classifier", "occurred_at", "occurred_zone",
                "occurred_precision", "zone_inferred", "stop_id", "conditions", "reason",
                "place_name", "vehicle", "driver", "connection_id", "message_uid", "message_path",
                "mapping", "said_at", "received_at", "superseded", "retracted", "is_unmapped",
            ]),
            "pods": self.pod_ids.read([
                "signer", "delivered_at", "document_count", "is_clean", "remark", "document_ids",
            ]),
        }  # fmt: skip
