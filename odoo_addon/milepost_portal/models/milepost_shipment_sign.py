from odoo import models
from odoo.exceptions import AccessError, UserError

from .milepost_shipment_customers import owns

DELIVERED = ("at_delivery", "delivered", "partially_delivered")


class MilepostShipmentSign(models.Model):
    """Asking people outside by mail: the consignee to sign, the carrier to report."""

    _inherit = "milepost.shipment"

    def action_ask_signature(self):
        """Mail each consignee whose delivery is not proven a link to sign."""
        self.ensure_one()
        if not self.env.user.has_group("milepost.group_dispatcher"):
            raise AccessError(self.env._("Only dispatchers ask for signatures."))
        self.check_access("read")
        stops = self.sudo()._unsigned_stops()
        if not stops:
            raise UserError(self.env._("Every delivery of %s has a proof.", self.name))
        asked = stops.filtered(self.sudo()._is_signed_at)
        if not asked:
            raise UserError(self.env._(
                "Goods of several customers are unloaded at %s: none of them signs for the others. Get the "
                "carrier's proof.",
                stops[0].display_name,
            ))  # fmt: skip
        sent = []
        for stop in asked:
            partner = self.sudo()._consignee(stop)
            if not partner.email:
                raise UserError(self.env._(
                    "%s has no email address to send the link to.",
                    partner.display_name or stop.display_name,
                ))  # fmt: skip
            link = self.env["milepost.link"]._to_sign(stop, partner, partner.email)
            link._send("milepost_portal.mail_template_sign")
            sent.append(partner.email)
        return self._sent(self.env._("Asked to sign: %s", ", ".join(sent)))

    def action_send_carrier_link(self):
        """Mail the carrier a link by which he reports pickup, delivery and proof."""
        self.ensure_one()
        if not self.env.user.has_group("milepost.group_dispatcher"):
            raise AccessError(self.env._("Only dispatchers send links to carriers."))
        self.check_access("read")
        link = self.env["milepost.link"]._to_carrier(self)
        link._send("milepost_portal.mail_template_carrier")
        return self._sent(self.env._("Link sent to the carrier: %s", link.email))

    def _sent(self, text):
        """Note on the shipment what was sent, and tell who sent it."""
        self.sudo()._message_log(body=text)
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {
                "type": "success", "message": text, "next": {"type": "ir.actions.act_window_close"},
            },
        }  # fmt: skip

    def _unsigned_stops(self):
        """The deliveries without a proof that counts."""
        deliveries = self.stop_ids.filtered(lambda stop: stop.kind == "delivery" and stop.in_plan)
        proven = self.pod_ids.filtered(lambda pod: pod.state == "validated")
        return deliveries - proven.stop_id

    def _consignee(self, stop):
        """Who takes the goods at a stop: the first that has an address, or the first."""
        known = [stop.partner_id, self.destination_id, self.partner_id]
        if self._is_shared():
            # The truck's last address and its first customer are somebody else's.
            known = [stop.partner_id, *self._owners(self._lines_at(stop))]
        known = [partner for partner in known if partner]
        return next((one for one in known if one.email), known[0] if known else self.env["res.partner"])

    def _is_signed_at(self, stop):
        """Whether somebody can sign for all that is unloaded at a stop: not one customer for another's.

        A warehouse that takes goods of several customers in is none of them.
        """
        owners = self._owners(self._lines_at(stop))
        return not self._is_of_several(stop) or bool(
            stop.partner_id and owners and not any(owns(one, stop.partner_id) for one in owners)
        )

    def _signable_stops(self, partner):
        """The deliveries without a proof that a customer can sign for: his own alone."""
        return self._unsigned_stops() & self._stops_of(partner)

    def _may_sign(self, user):
        """Whether a customer who is logged in can sign here and now (called as superuser)."""
        if not user._is_portal() or not self.with_user(user).has_access("read"):
            return False
        came = self.state in DELIVERED or (
            self._is_shared() and bool(self._times_of(user.partner_id)["delivered"])
        )
        return came and bool(self._signable_stops(user.partner_id))
