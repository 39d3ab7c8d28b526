from odoo import models
from odoo.exceptions import AccessError, UserError

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
        sent = []
        for stop in stops:
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
        known = [partner for partner in known if partner]
        return next((one for one in known if one.email), known[0] if known else self.partner_id)

    def _may_sign(self, user):
        """Whether a customer who is logged in can sign here and now (called as superuser)."""
        reads = self.with_user(user).has_access("read")
        return user._is_portal() and reads and self.state in DELIVERED and bool(self._unsigned_stops())
