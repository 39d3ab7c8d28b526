from odoo import fields, models


class MilepostConnectionOutage(models.Model):
    """A time during which the bridge could not work for a connection: what uptime is measured by."""

    _name = "milepost.connection.outage"
    _description = "Outage of a Connection"
    _check_company_auto = True
    _order = "started_at desc, id desc"
    _rec_name = "connection_id"

    connection_id = fields.Many2one(
        "milepost.connection",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    started_at = fields.Datetime(required=True, readonly=True)
    ended_at = fields.Datetime(readonly=True, help="Empty while it lasts.")
    reason = fields.Char(readonly=True)

    _open_unique = models.UniqueIndex(
        "(connection_id) WHERE ended_at IS NULL", "An outage of this connection is open already."
    )
