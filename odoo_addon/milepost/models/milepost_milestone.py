from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import codes
from ..ingestion import track
from ..ingestion.ahead import is_ahead
from ..ingestion.tables import utc

# These say "other" themselves: nothing would be gained by mapping them.
OTHER_REASONS = {"BG", "62", "other"}


class MilepostMilestone(models.Model):
    """A step of the transport, planned, estimated or actual; or a condition beside it."""

    _name = "milepost.milestone"
    _description = "Milestone"
    _check_company_auto = True
    _inherit = ["milepost.fact"]
    _order = "occurred_at desc, id desc"
    _rec_name = "raw_code"
    _fact_kind = "milestone"
    _fact_moment = "occurred_at"

    code = fields.Selection(codes.MILESTONE_CODES, string="Milestone", readonly=True, fact=True)
    raw_code = fields.Char(string="Partner's Code", required=True, readonly=True, fact=True)
    raw_text = fields.Char(string="Partner's Text", readonly=True, fact=True)
    is_unmapped = fields.Boolean(readonly=True, help="Nobody has said yet what this code means.", fact=True)
    code_map_id = fields.Many2one(
        "milepost.code.map", readonly=True, ondelete="set null", index="btree_not_null",
        help="Who says what the partner's code means.",
        fact=True, check_company=True,
    )  # fmt: skip
    classifier = fields.Selection(
        codes.CLASSIFIERS, string="Certainty", required=True, readonly=True, fact=True
    )
    occurred_at = fields.Datetime(required=True, readonly=True, fact=True)
    occurred_zone = fields.Char(string="Time Zone", readonly=True, fact=True)
    occurred_precision = fields.Selection(codes.PRECISIONS, string="Precision", readonly=True, fact=True)
    is_ahead = fields.Boolean(
        string="Ahead of Its Receipt", readonly=True, fact=True,
        help="It says to have happened after it was received, so it is not believed until it is corrected.",
    )  # fmt: skip
    zone_inferred = fields.Boolean(readonly=True, help="The sender named no time zone.", fact=True)
    stop_ref = fields.Json(readonly=True, fact=True)
    stop_id = fields.Many2one(
        "milepost.stop", readonly=True, ondelete="set null", fact=True, check_company=True
    )
    conditions = fields.Json(readonly=True, fact=True)
    is_damaged = fields.Boolean(string="Damaged", readonly=True, fact=True)
    is_lost = fields.Boolean(string="Lost", readonly=True, fact=True)
    reason = fields.Selection(codes.REASONS, readonly=True, fact=True)
    reasons = fields.Json(readonly=True, fact=True)
    raw_reason = fields.Char(
        string="Partner's Reason",
        readonly=True,
        help="The reason's code, when the bridge did not know it.",
        fact=True,
    )
    place_name = fields.Char(string="Place", readonly=True, fact=True)
    latitude = fields.Float(digits=(10, 6), readonly=True, fact=True)
    longitude = fields.Float(digits=(10, 6), readonly=True, fact=True)
    vehicle = fields.Char(readonly=True, fact=True)
    trailer = fields.Char(readonly=True, fact=True)
    driver = fields.Char(readonly=True, fact=True)
    loaded = fields.Json(readonly=True, help="What was loaded, by who loaded it.", fact=True)
    meaning = fields.Char(compute="_compute_meaning")
    is_position = fields.Boolean(
        compute="_compute_is_position", search="_search_is_position",
        help="It says where the truck was and nothing else: a point of its track.",
    )  # fmt: skip

    _fact_unique = models.UniqueIndex(
        "(connection_id, key, shipment_id) NULLS NOT DISTINCT", "This fact is stored already."
    )
    _shipment_index = models.Index("(shipment_id) WHERE shipment_id IS NOT NULL")
    # What is read of a shipment's track does not grow with it: see ingestion/track.py.
    _step_index = models.Index(f"(shipment_id) WHERE {track.STEP}")
    _track_index = models.Index(f"(shipment_id, occurred_at DESC, key DESC) WHERE {track.POSITION}")
    _track_event_index = models.Index(
        f"(shipment_id, source_event) WHERE superseded IS NOT TRUE AND {track.POSITION}"
    )
    _track_heard_index = models.Index(f"(shipment_id, received_at) WHERE {track.POSITION}")
    _waiting_index = models.Index("USING gin (identifiers jsonb_path_ops) WHERE shipment_id IS NULL")
    _unmapped_index = models.Index("(connection_id, raw_code) WHERE is_unmapped")
    _raw_reason_index = models.Index("(connection_id, raw_reason) WHERE raw_reason IS NOT NULL")

    @api.model
    def _lies_ahead(self, fact, context):
        """Whether a fact says to have happened after the receipt of the message that brings it."""
        received = context.messages[fact["message"]]["received_at"]
        return fact["classifier"] == "actual" and is_ahead(
            fact["occurred"], received, context.clock_tolerance
        )

    @api.model
    def _prepare_fact_row(self, fact, context):
        occurred = fact["occurred"]
        place = fact.get("place") or {}
        conditions = fact.get("conditions") or []
        reasons = fact.get("reasons") or []
        code, code_map = fact.get("code"), None
        if not code and not conditions:
            code, code_map = context.meaning("milestone", fact["raw_code"])
        raw_reason = reasons[0].get("raw") if reasons and reasons[0]["code"] == "other" else None
        reason = context.meaning("reason", raw_reason)[0] if raw_reason else None
        return {
            **super()._prepare_fact_row(fact, context),
            "code": code,
            "raw_code": fact["raw_code"],
            "raw_text": fact.get("raw_text"),
            "is_unmapped": not code and not conditions,
            "code_map_id": code_map,
            "classifier": fact["classifier"],
            "occurred_at": utc(occurred["at"]),
            "occurred_zone": occurred.get("zone"),
            "occurred_precision": occurred["precision"],
            "is_ahead": self._lies_ahead(fact, context),
            "zone_inferred": occurred.get("zone_inferred", False),
            "stop_ref": fact.get("stop"),
            "conditions": conditions or None,
            "is_damaged": "damaged" in conditions,
            "is_lost": "lost" in conditions,
            "reason": reason or (reasons[0]["code"] if reasons else None),
            "reasons": reasons or None,
            "raw_reason": raw_reason,
            "place_name": place.get("name") or place.get("city") or place.get("unlocode"),
            "latitude": place.get("latitude"),
            "longitude": place.get("longitude"),
            "vehicle": fact.get("vehicle"),
            "trailer": fact.get("trailer"),
            "driver": fact.get("driver"),
            "loaded": fact.get("loaded"),
        }

    @api.model
    def _codes_in(self, fact):
        if not fact.get("code") and not fact.get("conditions"):
            yield "milestone", fact["raw_code"], fact.get("raw_text")
        for reason in fact.get("reasons") or ():
            if reason["code"] == "other" and reason.get("raw", "other") not in OTHER_REASONS:
                yield "reason", reason["raw"], fact.get("raw_text")
        for line in (fact.get("loaded") or {}).get("goods", ()):
            if line.get("unit"):
                yield "unit", line["unit"], line.get("description")

    def _compute_is_position(self):
        positions = self.filtered_domain(self._position_domain())
        for milestone in self:
            milestone.is_position = milestone in positions

    def _search_is_position(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR([self._position_domain(wanted) for wanted in value])

    @api.model
    def _position_domain(self, wanted=True):
        condition = track.position if wanted else track.step
        return Domain.custom(to_sql=lambda _model, alias, _query: SQL(condition(f'"{alias}"')))

    @api.depends("code", "conditions", "raw_code", "raw_text")
    def _compute_meaning(self):
        """The milestone in words; of an unmapped one what the partner wrote."""
        milestones = dict(self._fields["code"]._description_selection(self.env))
        conditions = {
            "damaged": self.env._("Damaged"),
            "lost": self.env._("Lost"),
            "pod_available": self.env._("POD Available"),
            "departed_delivery": self.env._("Departed Delivery"),
        }
        for milestone in self:
            words = [milestones[milestone.code]] if milestone.code else []
            words += [conditions.get(name, name) for name in milestone.conditions or ()]
            milestone.meaning = ", ".join(words) or milestone.raw_text or milestone.raw_code

    @api.depends("meaning")
    def _compute_display_name(self):
        for milestone in self:
            milestone.display_name = milestone.meaning

    @api.depends("is_unmapped", "is_ahead")
    def _compute_standing(self):
        super()._compute_standing()
        for milestone in self.filtered(lambda one: one.standing == "counts"):
            if milestone.is_ahead:
                milestone.standing = "ahead"
            elif milestone.is_unmapped:
                milestone.standing = "unmapped"
