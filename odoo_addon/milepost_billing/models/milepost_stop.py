from odoo import fields, models
from odoo.addons.milepost.arguments import count_of, instant_of
from odoo.exceptions import AccessError


class MilepostStop(models.Model):
    """What detention counts by, beside the times that partners send."""

    _inherit = "milepost.stop"

    unload_started_at = fields.Datetime(
        string="Unloading Started", readonly=True, help="Entered by a person, with evidence."
    )
    excluded_minutes = fields.Integer(
        readonly=True, help="Minutes at the stop that the carrier lost itself; they are not detention."
    )
    notice_ids = fields.One2many(
        "milepost.detention.notice", "stop_id", string="Detention Notices", readonly=True
    )
    times_by_id = fields.Many2one("res.users", string="Times Entered By", readonly=True)

    def enter_times(self, unload_started_at=None, excluded_minutes=None):
        """What only people know of a stop. Who enters it cannot release what follows from it.

        :param unload_started_at: an instant in UTC or its text
        :param excluded_minutes: minutes that are not detention
        """
        user = self.env.user
        self.check_access("read")
        if user.has_group("milepost.group_bridge") or not (
            user.has_group("milepost.group_dispatcher")
            or user.has_group("milepost_billing.group_billing_analyst")
        ):
            raise AccessError(self.env._("Your role may not enter times."))
        values = {"times_by_id": self.env.uid}
        if unload_started_at is not None:
            values["unload_started_at"] = instant_of(self.env, unload_started_at, False)
        if excluded_minutes is not None:
            values["excluded_minutes"] = count_of(self.env, excluded_minutes)
        self.sudo().write(values)
        self.sudo().shipment_id._billing_changed()
        return True
