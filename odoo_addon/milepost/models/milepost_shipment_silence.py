from odoo import api, fields, models
from odoo.addons.web.controllers.utils import clean_action
from odoo.fields import Domain

from .. import codes
from .milepost_shipment_order import PREFIX

#: Names that say nothing to a partner who has neither our order nor spoke of it, or name no shipment at all.
OUR_NAMES = ("entity", "shipment", "delivery_order", "customer_ref", "po", "seal", "scac")
#: Of an order that the partner has not: it was never made, or taken back before it was sent.
UNORDERED = (False, "withdrawn")
QUEUED = tuple(f"{prefix}queued" for prefix in PREFIX.values())
#: So much of a postal code tells its region.
REGION = 2


class MilepostShipmentSilence(models.AbstractModel):
    """Why nothing is heard of a shipment: the first place on the way from our order to the partner's
    word, and from there to the shipment, where the system knows something to be in the way."""

    _name = "milepost.shipment.silence"
    _description = "Why Nothing Is Heard of a Shipment"

    silence_what = fields.Char(string="Why Nothing Is Heard", compute="_compute_silence")
    silence_step = fields.Char(string="What Helps", compute="_compute_silence")

    @api.depends("is_silent", "connection_id", "last_heard_at")
    @api.depends_context("lang")
    def _compute_silence(self):
        said = self._silence()
        for shipment in self:
            words = said.get(shipment, {})
            shipment.silence_what = words.get("what")
            shipment.silence_step = words.get("step")

    def _is_untold(self):
        """Whether it is under way without a connection, and nobody ever spoke of it: no clock makes it silent."""
        self.ensure_one()
        is_open = bool(self._origin) and self.state not in codes.CLOSED_STATES
        return is_open and not self.connection_id and not self.last_heard_at

    def _silence(self):
        """{shipment of which nothing is heard: {"cause", "what", "step"}}: why, and what helps, in the
        reader's language."""
        silent = self.filtered(lambda shipment: shipment.is_silent or shipment._is_untold())
        unanswered = silent._unanswered()
        refused = silent.filtered_domain(self._refused_domain())
        unmatched = silent._unmatched_of_connections()
        return {
            shipment: {"cause": cause, **shipment._silence_words(cause, unmatched)}
            for shipment in silent
            for cause in [shipment._silence_cause(refused, unanswered, unmatched)]
        }

    def _board_silence(self):
        """The same of one shipment, with the action of Odoo's client that leads to the step, or False;
        False where something is heard of it."""
        said = self._silence().get(self)
        if not said:
            return False
        action = self._silence_action(said["cause"])
        # As Odoo hands actions to its client, which asks for their views by name.
        return {**said, "action": action and clean_action(action, self.env)}

    def _silence_cause(self, refused, unanswered, unmatched):
        self.ensure_one()
        if self._is_untold():
            return "no_connection"
        connection, is_new = self.connection_id.sudo(), not self.last_heard_at
        named = self.identifier_ids.filtered(lambda one: one.type not in OUR_NAMES)
        if connection.paused_at:
            return "paused"
        if is_new and self.order_state in UNORDERED and not named:
            return "others" if self.sudo()._is_others() else "not_ordered"
        if self.order_state in QUEUED:
            return "not_sent"
        if self in refused:
            return "refused"
        if connection.state in ("never_heard", "silent"):
            return "connection"
        if self.unmapped_count:
            return "unmapped"
        if unmatched.get(connection.id):
            return "unmatched"
        if self in unanswered:
            return "unanswered"
        if is_new and self._is_new_lane():
            return "new_lane"
        return "unknown"

    def _unmatched_of_connections(self):
        """{connection id: how many of its facts wait for a shipment}"""
        waits = [("connection_id", "in", self.connection_id.ids), ("shipment_id", "=", False)]
        groups = self.env["milepost.milestone"].sudo()._read_group(waits, ["connection_id"], ["__count"])
        return {connection.id: count for connection, count in groups}

    def _is_new_lane(self):
        """Whether the partner never spoke of a shipment between these two regions."""
        self.ensure_one()
        ends = self._lane()
        if len(ends) < 2 or not all(stop.country_code for stop in ends):  # noqa: PLR2004
            return False
        heard = Domain("connection_id", "=", self.connection_id.id) & Domain("last_heard_at", "!=", False)
        for stop in ends:
            region = Domain("country_code", "=", stop.country_code) & Domain("kind", "=", stop.kind)
            if stop.postal_code:
                region &= Domain("postal_code", "=like", f"{stop.postal_code[:REGION]}%")
            heard &= Domain("stop_ids", "any", region)
        return not self.sudo().search_count(heard, limit=1)

    def _lane(self):
        """The first and the last stop of the plan; fewer where there are not two."""
        stops = self.stop_ids.filtered("in_plan").sorted(lambda stop: (stop.sequence, stop.id))
        return stops[:1] | stops[-1:]

    def _silence_words(self, cause, unmatched):
        self.ensure_one()
        connection = self.connection_id.sudo()
        places = [stop.city or stop.name or stop.country_code or "" for stop in self._lane()]
        what, step = {
            "no_connection": (
                self._untold_text(),
                self.env._("Choose a shipping method that has a connection, or connect the shipment"),
            ),
            "paused": (
                connection and connection._pause_text(connection.paused_reason),
                self.env._("Mend what stopped it, then resume the connection"),
            ),
            "not_ordered": (
                self.env._("The transport was not ordered, and no number of the carrier is known"),
                self.env._("Order the transport, or enter the carrier's number"),
            ),
            "others": (
                self.env._("Another provider carries it, and none of his tracking numbers is known"),
                self.env._("Enter his tracking number on the transfer"),
            ),
            "not_sent": (
                self.env._("The order still waits to be sent"),
                self.env._("Look on the order what it waits for"),
            ),
            "refused": (
                self.env._("The partner refused the order"),
                self.env._("Read the reason on the order, mend it, and send it again"),
            ),
            "connection": (
                self.env._("Nothing at all is heard of %s", connection.name),
                self.env._("Ask the operator of the bridge to look at the connection"),
            ),
            "unmapped": (
                self.env._("The partner speaks of it in codes that nobody mapped"),
                self.env._("Say what these codes mean"),
            ),
            "unmatched": (
                self.env._("%(count)s facts of %(connection)s name no shipment that is known here",
                           count=unmatched.get(connection.id, 0), connection=connection.name),
                self.env._("Look whether one of them is about this shipment, and assign it"),
            ),
            "unanswered": (
                self.env._("The partner did not answer the order"),
                self.env._("Ask the partner whether the order arrived, and send it again"),
            ),
            "new_lane": (
                self.env._("%(connection)s never reported a transport from %(start)s to %(end)s",
                           connection=connection.name, start=places[0] if places else "",
                           end=places[-1] if places else ""),
                self.env._("Ask the partner whether it reports this lane"),
            ),
            "unknown": (
                self.env._("%s speaks of other shipments, not of this one", connection.name),
                self.env._("Ask the carrier where the goods are"),
            ),
        }[cause]  # fmt: skip
        return {"what": what, "step": step}

    def _untold_text(self):
        """What kept its transfers from being ordered; of one without transfers that nobody was told."""
        obstacles = (picking._milepost_obstacle() for picking in self.sudo().picking_ids)
        return next(filter(None, obstacles), None) or self.env._(
            "No connection moves it: nobody was told of it"
        )

    def _silence_action(self, cause):
        """Where the step is done; False where it is done elsewhere, or by others than the reader."""
        connection = self.connection_id
        if cause == "no_connection":
            return self._untold_action()
        if not self.env.user.has_group("milepost.group_dispatcher") or not connection.has_access("read"):
            return False
        if cause == "unmatched":
            return connection.action_view_unmatched()
        if cause == "unmapped":
            return connection.action_view_unmapped()
        if cause in ("paused", "connection"):
            return self._action_view(connection._name, connection, connection.display_name)
        if cause in ("not_sent", "refused", "unanswered"):
            orders = self._live_orders()
            return self._action_view(orders._name, orders[-1:], self.env._("Transport Order"))
        return False

    def _untold_action(self):
        """The transfer, whose shipping method decides; of one without transfers the shipment itself."""
        if not self.env.user.has_group("milepost.group_dispatcher"):
            return False
        pickings = self.env["stock.picking"]
        if self.sudo().picking_ids and pickings.has_access("write"):
            return self._action_view(pickings._name, self.picking_ids, self.env._("Transfers"))
        return self._action_view(self._name, self, self.name)
