from datetime import timedelta

from odoo import fields, models

from .milepost_notice import FRESH_DAYS

ARRIVED = ("delivered", "partially_delivered")
TROUBLE = ("delivery_attempted", "customs_hold", "refused", "returned", "lost", "damaged")


class MilepostShipmentNotice(models.Model):
    """What of a shipment is news for its customer."""

    _inherit = "milepost.shipment"

    notice_ids = fields.One2many("milepost.notice", "shipment_id", string="Notices", readonly=True)

    def _facts_stored(self, facts):
        super()._facts_stored(facts)
        told = self.filtered(lambda one: one._gives_notices())
        if told:
            self.env["milepost.notice"]._follow(told)

    def _gives_notices(self):
        """Whether anybody is told: customers alone, where the company wants it, and not during a dispute."""
        self.ensure_one()
        if not self.company_id.milepost_notices or self.direction != "delivery" or not self.partner_id.email:
            return False
        return not self.hold_ids.filtered(lambda hold: hold.reason == "customer_dispute" and hold.is_open)

    def _notice_events(self):
        """The events that are so now and are still news: {shipment: [event]}."""
        since = fields.Datetime.now() - timedelta(days=FRESH_DAYS)
        out = dict(
            self.env["milepost.milestone"]._read_group(
                self._counting_steps(["out_for_delivery"]), ["shipment_id"], ["occurred_at:max"]
            )
        )
        return {shipment: shipment._news(since, out.get(shipment)) for shipment in self}

    def _news(self, since, out_at):
        """The events of one shipment that are so and no older than `since`.

        :param out_at: when it was last out for delivery
        """
        moments = {
            "ordered": self.current_milestone_at if self.state == "booked" else False,
            "picked_up": self.picked_up_at,
            "out_for_delivery": out_at,
            "delayed": self._last_delivery().estimated_milestone_id.said_at if self._is_delayed() else False,
            "exception": self.exception_since if self.exception_code in TROUBLE else False,
            "delivered": self.delivered_at if self.state in ARRIVED else False,
        }  # fmt: skip
        return [event for event, moment in moments.items() if moment and moment >= since]

    def _is_delayed(self):
        """Whether it is expected on a later day than the customer was told: less matters to nobody."""
        promised = self.due_at or self.planned_delivery_at
        return bool(self.state not in ARRIVED and self.eta and promised and self.eta.date() > promised.date())
