from odoo import api, fields, models

# Earliness below this is not worth a word.
NOTABLE_MINUTES = 15
DAY = 24 * 60


class MilepostLateness(models.AbstractModel):
    """How late something is, by what was planned and what the facts say."""

    _name = "milepost.lateness"
    _description = "Lateness"
    _inherit = ["milepost.derived"]

    lateness_minutes = fields.Integer(
        string="Minutes Late", readonly=True, copy=False, aggregator="avg", derived="facts",
        help="After the end of the window; negative before its beginning.",
    )  # fmt: skip
    lateness_text = fields.Char(
        string="Lateness", compute="_compute_lateness_text",
        help="Late is after the end of the window; early is before its beginning.",
    )  # fmt: skip

    @api.depends("lateness_minutes")
    @api.depends_context("lang")
    def _compute_lateness_text(self):
        """In words, as the boards say it: a sign before hours and minutes is read over."""
        for record in self:
            minutes = record.lateness_minutes
            length = record._length_text(abs(minutes))
            if record.is_late:
                record.lateness_text = self.env._("%s late", length)
            elif minutes <= -NOTABLE_MINUTES:
                record.lateness_text = self.env._("%s early", length)
            else:
                record.lateness_text = self.env._("on time")

    @api.model
    def _length_text(self, minutes):
        """A length of time: `25 min`, `1 h 25`, `3 d 4 h`."""
        days, rest = divmod(minutes, DAY)
        hours, rest = divmod(rest, 60)
        if days:
            return self.env._("%(days)s d %(hours)s h", days=days, hours=hours)
        if hours:
            return self.env._("%(hours)s h %(minutes)s", hours=hours, minutes=f"{rest:02}")
        return self.env._("%s min", rest)
