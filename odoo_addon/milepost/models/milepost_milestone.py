from odoo import api, fields, models

from .. import codes


class MilepostMilestone(models.Model):
    """A step of the transport, planned, estimated or actual; or a condition beside it."""

    _name = "milepost.milestone"
    _description = "Milestone"
    _inherit = ["milepost.fact"]
    _order = "occurred_at desc, id desc"
    _rec_name = "raw_code"

    code = fields.Selection(codes.MILESTONE_CODES, string="Milestone", readonly=True)
    raw_code = fields.Char(string="Partner's Code", required=True, readonly=True)
    raw_text = fields.Char(string="Partner's Text", readonly=True)
    is_unmapped = fields.Boolean(readonly=True, help="Nobody has said yet what this code means.")
    code_map_id = fields.Many2one(
        "milepost.code.map", readonly=True, ondelete="set null", index="btree_not_null",
        help="Who says what the partner's code means.",
    )  # fmt: skip
    classifier = fields.Selection(codes.CLASSIFIERS, required=True, readonly=True)
    occurred_at = fields.Datetime(required=True, readonly=True)
    occurred_zone = fields.Char(string="Time Zone", readonly=True)
    occurred_precision = fields.Selection(codes.PRECISIONS, string="Precision", readonly=True)
    zone_inferred = fields.Boolean(readonly=True, help="The sender named no time zone.")
    stop_ref = fields.Json(readonly=True)
    stop_id = fields.Many2one("milepost.stop", readonly=True, ondelete="set null")
    conditions = fields.Json(readonly=True)
    is_damaged = fields.Boolean(string="Damaged", readonly=True)
    is_lost = fields.Boolean(string="Lost", readonly=True)
    reason = fields.Selection(codes.REASONS, readonly=True)
    reasons = fields.Json(readonly=True)
    raw_reason = fields.Char(
        string="Partner's Reason", readonly=True, help="The reason's code, when the bridge did not know it."
    )
    place_name = fields.Char(string="Place", readonly=True)
    latitude = fields.Float(digits=(10, 6), readonly=True)
    longitude = fields.Float(digits=(10, 6), readonly=True)
    vehicle = fields.Char(readonly=True)
    trailer = fields.Char(readonly=True)
    driver = fields.Char(readonly=True)
    meaning = fields.Char(compute="_compute_meaning")

    _fact_unique = models.UniqueIndex(
        "(connection_id, key, shipment_id) NULLS NOT DISTINCT", "This fact is stored already."
    )
    _shipment_index = models.Index("(shipment_id) WHERE shipment_id IS NOT NULL")
    _waiting_index = models.Index("USING gin (identifiers jsonb_path_ops) WHERE shipment_id IS NULL")
    _unmapped_index = models.Index("(connection_id, raw_code) WHERE is_unmapped")
    _raw_reason_index = models.Index("(connection_id, raw_reason) WHERE raw_reason IS NOT NULL")

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

    @api.depends("is_unmapped")
    def _compute_standing(self):
        super()._compute_standing()
        for milestone in self:
            if milestone.is_unmapped and milestone.standing == "counts":
                milestone.standing = "unmapped"
