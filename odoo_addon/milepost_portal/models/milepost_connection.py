from odoo import fields, models


class MilepostConnection(models.Model):
    """When carriers are reminded of proofs that are missing."""

    _inherit = "milepost.connection"

    remind_after_hours = fields.Integer(
        string="Remind Carriers After (Hours)",
        help="Hours after the delivery from which the carrier is asked for a missing proof. 0: never.",
    )
    remind_every_hours = fields.Integer(
        string="Again Every (Hours)", default=24, help="Hours between two reminders."
    )
    remind_times = fields.Integer(
        string="Reminders", default=3, help="After so many without a proof somebody here is told."
    )

    _reminders_positive = models.Constraint(
        "CHECK (remind_after_hours >= 0 AND remind_every_hours > 0 AND remind_times > 0)",
        "Hours and number of reminders must be positive.",
    )
