from datetime import timedelta

from odoo import api, fields, models

# So long a fact may be corrected before its notice leaves.
SETTLE_MINUTES = 5
# What is older is history that came late: no news for a customer.
FRESH_DAYS = 3
BATCH = 50
EVENTS = [
    ("ordered", "Transport Ordered"),
    ("picked_up", "Picked Up"),
    ("out_for_delivery", "Out for Delivery"),
    ("delayed", "Delayed"),
    ("exception", "Exception"),
    ("delivered", "Delivered"),
]
# Steps of the journey: who was told of a later one needs no word of an earlier.
STAGES = ("ordered", "picked_up", "out_for_delivery", "delivered")
FEW = ("delayed", "exception", "delivered")


class MilepostNotice(models.Model):
    """A word to a customer about one event of his shipment: waiting, sent, or not needed any more.

    An event is told once. When the fact behind it is withdrawn before the notice left, it does not
    leave; when it was told and the same happens anew later, that is another event and is told.
    """

    _name = "milepost.notice"
    _description = "Notice to a Customer"
    _order = "id desc"
    _rec_name = "event"
    _check_company_auto = True

    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="shipment_id.company_id", store=True)
    event = fields.Selection(EVENTS, required=True, readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("sent", "Sent"), ("skipped", "Not Needed")],
        default="waiting", required=True, readonly=True,
    )  # fmt: skip
    is_over = fields.Boolean(
        string="Taken Back", readonly=True, help="What it told is not so any more: it may happen anew."
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, ondelete="cascade", index=True,
        check_company=True,
    )  # fmt: skip
    sent_at = fields.Datetime(string="Sent", readonly=True)

    _event_unique = models.UniqueIndex(
        "(shipment_id, event, partner_id) WHERE NOT is_over", "This was told already, or is about to be."
    )
    _waiting_index = models.Index("(create_date) WHERE state = 'waiting'")

    @api.model
    def _follow(self, shipments):
        """Note what there is to tell of shipments, and what is not so any more."""
        new = []
        for (shipment, customer), now in shipments._notice_events().items():
            known = self._alive(shipment, customer)
            # A delay comes and goes with each estimate: it is told once, whatever becomes of it.
            gone = known.filtered(lambda one, now=now: one.event not in now and one.event != "delayed")
            gone.write({"is_over": True})
            gone.filtered(lambda one: one.state == "waiting").state = "skipped"
            told = known.mapped("event")
            new += [
                {"shipment_id": shipment.id, "event": event, "partner_id": customer.id}
                for event in now
                if event not in told
            ]
        if new:
            self.create(new)
            self.env.ref("milepost_portal.cron_notices")._trigger(
                at=fields.Datetime.now() + timedelta(minutes=SETTLE_MINUTES)
            )

    @api.model
    def _alive(self, shipment, customer):
        """What a customer was told of a shipment, or is about to be, and is so."""
        return shipment.notice_ids.filtered(lambda one: not one.is_over and one.partner_id == customer)

    @api.model
    def _cron_send(self):
        """Send what has settled, each committed."""
        settled = fields.Datetime.now() - timedelta(minutes=SETTLE_MINUTES)
        settled_ones = [("state", "=", "waiting"), ("create_date", "<=", settled)]
        waiting = self.search(settled_ones, order="id", limit=BATCH)
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(settled_ones))
        for notice in waiting:
            notice._send()
            if not self.env["ir.cron"]._commit_progress(1):
                return

    def _send(self):
        """Tell the customer, unless it is not so, not news, or not wanted any more."""
        self.ensure_one()
        customer = self.partner_id
        if not self._is_wanted(customer):
            self.state = "skipped"
            return
        link = self.env["milepost.link"]._for_notices(self.shipment_id, customer)
        template = self.env.ref(f"milepost_portal.mail_template_notice_{self.event}")
        url = link._url()
        template.with_context(notices_url=url, milepost_customer=customer.id).send_mail(
            self.shipment_id.id,
            email_values={
                "recipient_ids": [fields.Command.set(customer.ids)],
                # RFC 8058: one click in the mail program ends the notices.
                "headers": repr({
                    "List-Unsubscribe": f"<{url}/stop>",
                    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                }),
            },
            email_layout_xmlid="mail.mail_notification_light",
        )  # fmt: skip
        self.write({"state": "sent", "sent_at": fields.Datetime.now()})

    def _is_wanted(self, customer):
        shipment, wish = self.shipment_id, customer.milepost_notices
        if (
            not shipment._gives_notices()
            or not customer.email
            or wish == "none"
            or (wish == "few" and self.event not in FEW)
        ):
            return False
        told = self._alive(shipment, customer)
        if self.event in STAGES:
            later = STAGES[STAGES.index(self.event) + 1 :]
            if any(one.event in later for one in told):
                return False
        # Whose goods went on another truck is no customer of this one any more.
        return self.event in shipment._notice_events().get((shipment, customer), ())
