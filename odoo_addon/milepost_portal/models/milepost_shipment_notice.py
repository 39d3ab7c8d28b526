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
        if not self.company_id.milepost_notices or self.direction != "delivery":
            return False
        return not self.hold_ids.filtered(lambda hold: hold.reason == "customer_dispute" and hold.is_open)

    def _notice_events(self):
        """The events that are so now and are still news: {(shipment, customer): [event]}."""
        since = fields.Datetime.now() - timedelta(days=FRESH_DAYS)
        steps = self.env["milepost.milestone"].search(self._counting_steps(["out_for_delivery", *TROUBLE]))
        return {
            (shipment, customer): shipment._news(
                since, customer,
                steps.filtered(lambda one, own=shipment: one.shipment_id == own),
            )
            for shipment in self
            for customer in shipment._portal_customers().filtered("email")
        }  # fmt: skip

    def _news(self, since, customer, steps):
        """The events of one shipment that are so for a customer and no older than `since`.

        :param steps: when it was out for delivery, and what went wrong
        """
        steps = steps.filtered(lambda one: self._is_of(one, customer))
        out = steps.filtered(lambda one: one.code == "out_for_delivery").mapped("occurred_at")
        times = self._times_of(customer)
        moments = {
            "ordered": self.current_milestone_at if self.state == "booked" else False,
            "picked_up": self.picked_up_at,
            "out_for_delivery": max(out, default=False),
            "delayed": times["estimate"].said_at if self._is_delayed(times) else False,
            "exception": self.exception_since if self._is_trouble(steps) else False,
            "delivered": times["delivered"] if self.state in ARRIVED or self._is_shared() else False,
        }  # fmt: skip
        return [event for event, moment in moments.items() if moment and moment >= since]

    def _is_trouble(self, steps):
        """Whether what is wrong with the shipment is known by these steps: of a shared truck a customer is
        told of his own trouble."""
        if self.exception_code not in TROUBLE:
            return False
        return not self._is_shared() or self.exception_code in steps.mapped("code")

    def _is_delayed(self, times):
        """Whether it is expected on a later day than the customer was told: less matters to nobody.

        :param times: `_times_of` the customer
        """
        promised = times["planned"] if self._is_shared() else self.due_at or self.planned_delivery_at
        on_its_way = self.state not in ARRIVED and not (self._is_shared() and times["delivered"])
        return bool(on_its_way and times["eta"] and promised and times["eta"].date() > promised.date())
