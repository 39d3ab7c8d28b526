from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_time

# What happens between seller and carrier is nothing that the customer waits for.
TOLD = frozenset({
    "booked", "picked_up", "in_transit", "arrived_terminal", "departed_terminal", "delayed", "customs_hold",
    "customs_released", "out_for_delivery", "delivery_attempted", "arrived_delivery", "delivered",
    "partially_delivered", "refused", "returned", "cancelled",
})  # fmt: skip
UNDER_WAY = ("waiting", "booked", "at_pickup", "in_transit", "at_delivery")


class MilepostShipmentPortal(models.Model):
    """What the pages for customers show of a shipment. Called as superuser, once access was checked."""

    _inherit = "milepost.shipment"

    def _portal_zone(self):
        """The time zone in which the customer waits."""
        last = self._last_delivery()
        return last.zone or self.destination_id._milepost_zone() or self.company_id.partner_id.tz or "UTC"

    def _last_delivery(self):
        """Where the journey ends, an empty record while nobody knows."""
        return self.stop_ids.filtered(lambda stop: stop.kind == "delivery" and stop.in_plan)[-1:]

    def _portal_when(self, moment, zone=None, precision=None):
        """An instant in words, with its zone: a day alone where nobody said more."""
        if not moment:
            return ""
        zone = zone or self._portal_zone()
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), moment)
        day = format_date(self.env, local.date())
        if precision == "date":
            return day
        return f"{day} {format_time(self.env, moment, tz=zone, time_format='short')} ({zone})"

    def _counting_steps(self, codes):
        """The domain of what happened for certain, the mere positions of a truck left out.

        A track has ten thousand positions: whoever reads all milestones reads them, too.
        """
        milestones = self.env["milepost.milestone"]
        return milestones._position_domain(False) & Domain([
            ("shipment_id", "in", self.ids), ("classifier", "=", "actual"), ("code", "in", list(codes)),
            ("superseded", "=", False), ("retracted", "=", False),
        ])  # fmt: skip

    def _portal_steps(self, partner):
        """What happened of which a customer may know, the latest first: [{label, place, when}]."""
        told = self.env["milepost.milestone"].search(
            self._counting_steps(TOLD), order="occurred_at desc, id desc"
        )
        return [
            {
                "label": one.meaning,
                "place": self._place_of(one),
                "when": self._portal_when(
                    one.occurred_at, one.occurred_zone or one.stop_id.zone, one.occurred_precision
                ),
            }
            for one in told
            if self._is_of(one, partner)
        ]

    def _portal_expected(self, partner):
        """When a customer's goods are expected and how fresh that word is: {when, day, is_estimate, said, heard, is_silent}, or None."""
        times = self._times_of(partner)
        if self.state not in UNDER_WAY or (times["delivered"] and self._is_shared()):
            return None
        said = times["estimate"].said_at if times["eta"] else False
        moment = times["eta"] or times["planned"]
        return {
            "when": self._portal_when(moment),
            "day": self._portal_when(moment, precision="date"),
            "is_estimate": bool(times["eta"]),
            "said": self._portal_when(said),
            "heard": self._portal_when(self.last_heard_at),
            "is_silent": self.is_silent,
        }

    def _portal_delivered(self, partner, precision=None):
        """When a customer's goods came, in words; empty while they did not."""
        return self._portal_when(self._times_of(partner)["delivered"], precision=precision)

    def _portal_proofs(self, partner):
        """The papers of a customer's proofs that nobody withdrew or found wrong."""
        standing = self._proofs_of(partner).filtered(
            lambda pod: pod.state != "rejected" and not pod.superseded and not pod.retracted
        )
        return standing.document_ids.sorted("id")

    def _portal_report(self, text, reporter):
        """Open an issue of what a customer reports, with an owner.

        :param text: the customer's words, plain
        :param reporter: res.partner who reports it, or whose link it came by
        """
        self.ensure_one()
        issue = self.env["milepost.issue"]._report(self, text, reported_by=reporter)
        if not issue.user_id:
            issue.user_id = self._portal_owner(reporter)

    def _portal_owner(self, partner=None):
        """Who looks after the shipment: the salesperson of its (or the customer's) orders, who made it, or
        else a dispatcher."""
        orders = self._orders_of(partner) if partner else self.sale_order_ids
        candidates = orders.user_id | self.create_uid
        dispatchers = self.env.ref("milepost.group_dispatcher").all_user_ids
        for user in candidates | dispatchers.filtered(lambda one: self.company_id in one.company_ids):
            if user.active and user._is_internal() and self.with_user(user).has_access("read"):
                return user
        return self.env.ref("base.user_admin")
