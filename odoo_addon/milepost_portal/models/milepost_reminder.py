from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

BATCH = 50
# What is older is nothing for a machine to write about.
OLDEST_DAYS = 60


class MilepostReminder(models.Model):
    """A step of asking for a missing proof: a mail to the carrier, at last somebody here.

    The ladder has no state of its own: what is due follows from the delivery and the steps that were
    taken, and it stops by itself when nothing is held for a missing proof any more.
    """

    _name = "milepost.reminder"
    _description = "Reminder of a Missing Proof"
    _order = "id desc"
    _rec_name = "shipment_id"
    _check_company_auto = True

    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="shipment_id.company_id", store=True)
    carrier_partner_id = fields.Many2one(related="shipment_id.carrier_partner_id", store=True)
    step = fields.Integer(required=True, readonly=True, aggregator=None)
    kind = fields.Selection(
        [("carrier", "To the Carrier"), ("escalation", "To Somebody Here")], required=True, readonly=True
    )
    email = fields.Char(string="Sent To", readonly=True)
    proven_hours = fields.Float(
        string="Hours Until Proven", compute="_compute_proven_hours", store=True, aggregator="avg",
        help="From this reminder until the delivery was proven. Empty while it is not.",
    )  # fmt: skip

    _step_unique = models.UniqueIndex("(shipment_id, step)", "This reminder was sent already.")

    @api.depends("shipment_id.pod_validated_at")
    def _compute_proven_hours(self):
        for reminder in self:
            proven, sent = reminder.shipment_id.pod_validated_at, reminder.create_date
            after = proven - sent if proven and sent else timedelta()
            reminder.proven_hours = max(after, timedelta()).total_seconds() / 3600

    @api.model
    def _cron_remind(self):
        """Take the steps that are due, each committed."""
        due = self._due(fields.Datetime.now())
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for shipment in due[:BATCH]:
            self._remind(shipment)
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _due(self, now):
        """The shipments whose next step is due."""
        found = self.env["milepost.shipment"]
        for connection in self.env["milepost.connection"].search([("remind_after_hours", ">", 0)]):
            waiting = Domain("connection_id", "=", connection.id)
            waiting &= Domain("delivered_at", "<=", now - timedelta(hours=connection.remind_after_hours))
            waiting &= Domain("delivered_at", ">=", now - timedelta(days=OLDEST_DAYS))
            waiting &= Domain(
                "hold_ids", "any",
                [("reason", "in", ("pod_missing", "pod_invalid")), ("side", "=", "ar"), ("is_blocking", "=", True)],
            )  # fmt: skip
            for shipment in self.env["milepost.shipment"].search(waiting, order="delivered_at, id"):
                if self._is_due(shipment, connection, now):
                    found |= shipment
        return found

    @api.model
    def _is_due(self, shipment, connection, now):
        taken = shipment.reminder_ids
        if "escalation" in taken.mapped("kind"):
            return False
        # A proof that waits for a person here is not the carrier's to send.
        if shipment.pod_ids.filtered(lambda pod: pod.state == "received" and not pod.retracted):
            return False
        last = max(taken.mapped("create_date"), default=None)
        return last is None or last + timedelta(hours=connection.remind_every_hours) <= now

    @api.model
    def _remind(self, shipment):
        """The next step of one shipment: a mail to its carrier, or somebody here when that did not help."""
        step = len(shipment.reminder_ids) + 1
        email, why = False, self.env._("%s reminders brought no proof of delivery", step - 1)
        if step <= shipment.connection_id.remind_times:
            try:
                link = self.env["milepost.link"]._to_carrier(shipment)
                email = link.email
                link._send("milepost_portal.mail_template_reminder")
            except UserError as error:
                why = str(error)
        if not email:
            shipment.activity_schedule(
                "mail.mail_activity_data_todo", summary=self.env._("Get the proof of delivery"),
                note=why, user_id=shipment._portal_owner().id,
            )  # fmt: skip
        self.create({
            "shipment_id": shipment.id, "step": step, "kind": "carrier" if email else "escalation", "email": email,
        })  # fmt: skip
