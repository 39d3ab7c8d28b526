from odoo import fields, models

from .milepost_issue_follow import TO_DO


class MilepostConnectionService(models.Model):
    """Who looks after a connection, what was agreed with its partner, and when it stood still."""

    _inherit = "milepost.connection"

    owner_id = fields.Many2one(
        "res.users", string="Owner", tracking=True, help="Looks after this connection and its partner."
    )
    deputy_id = fields.Many2one(
        "res.users", string="Deputy", tracking=True, help="Stands in while the owner is away."
    )
    agreed_uptime = fields.Float(
        string="Agreed Uptime %", default=99.0, digits=(16, 2), tracking=True,
        help="The share of a month in which the bridge can work for this connection.",
    )  # fmt: skip
    agreed_proof_hours = fields.Float(
        string="Agreed Hours to Proof", default=24.0, tracking=True,
        help="A proof of delivery is in time when it comes within so many hours of the delivery.",
    )  # fmt: skip
    agreed_proof_percent = fields.Float(
        string="Agreed Proofs in Time %", default=95.0, digits=(16, 1), tracking=True
    )
    outage_ids = fields.One2many("milepost.connection.outage", "connection_id", readonly=True)

    _agreed_sensible = models.Constraint(
        "CHECK (agreed_uptime BETWEEN 0 AND 100 AND agreed_proof_percent BETWEEN 0 AND 100"
        " AND agreed_proof_hours > 0)",
        "What is agreed must be a share of 0 to 100 percent and a positive number of hours.",
    )
    _deputy_other = models.Constraint(
        "CHECK (deputy_id IS NULL OR deputy_id <> owner_id)", "The deputy is another person than the owner."
    )

    def _note_outages(self, vals):
        """Keep when a connection stood still, whoever pauses or resumes it; called before the write."""
        if "paused_at" not in vals:
            return
        paused = self.filtered("paused_at")
        if vals["paused_at"]:
            self.env["milepost.connection.outage"].sudo().create([
                {"connection_id": one.id, "started_at": vals["paused_at"], "reason": vals.get("paused_reason")}
                for one in self - paused
            ])  # fmt: skip
            (self - paused)._tell_pause(vals.get("paused_reason"))
        else:
            open_ones = paused.sudo().outage_ids.filtered(lambda one: not one.ended_at)
            open_ones.ended_at = self.env.cr.now()
            # Before the next one is inserted: of each connection one may be open.
            open_ones.flush_recordset(["ended_at"])
            paused.sudo().filtered("activity_ids").activity_unlink([TO_DO])

    def _tell_pause(self, why):
        """Whoever looks after the connection is told once for each time that it stands still."""
        for connection in self.sudo().with_context(mail_activity_quick_update=True):
            keeper = (connection.owner_id | connection.deputy_id).filtered("active")[:1]
            if keeper and connection.with_user(keeper).has_access("read"):
                words = connection.with_context(lang=keeper.lang)._pause_text(why)
                connection.activity_schedule(TO_DO, user_id=keeper.id, summary=words)

    def _pause_text(self, why):
        self.ensure_one()
        return self.env._("%(connection)s is paused: %(why)s", connection=self.name, why=why or "")
