from odoo import api, fields, models
from odoo.addons.web.controllers.utils import clean_action
from odoo.fields import Domain

from ..arguments import choice_of
from .milepost_fact import BY_HAND, TOLD_BY

#: As the keyboard names them; an order leaves the house, so it takes Shift.
HOTKEYS = {"order": "O", "ask": "c", "note": "n", "milestone": "m", "eta": "t", "exception": "w"}


class MilepostShipmentActions(models.AbstractModel):
    """What can be done about a shipment where it is looked at: beside the control tower.

    An action that an addon adds has its entry in `_panel_actions` and a method `_panel_<key>`.
    """

    _name = "milepost.shipment.actions"
    _description = "Actions on a Shipment"

    #: Nobody decides alone on his own word.
    teller_ids = fields.Many2many(
        "res.users", string="Told By Hand By", compute="_compute_tellers", compute_sudo=True
    )

    def _panel_actions(self):
        """[{"key", "name", "hotkey"}]: what the reader may do about the shipment now."""
        self.ensure_one()
        if not self.env.user.has_group("milepost.group_dispatcher"):
            return []
        names = {
            "order": self.env._("Order Transport"),
            "ask": self.env._("Ask the Carrier"),
            "note": self.env._("Note"),
            "milestone": self.env._("Milestone"),
            "eta": self.env._("ETA"),
            "exception": self.env._("Exception"),
        }
        offered = ["order"] if self.can_order else []
        offered += ["ask", "note"]
        if self.connection_id:
            offered += ["milestone", "eta", "exception"]
        return [{"key": key, "name": names[key], "hotkey": HOTKEYS[key]} for key in offered]

    def panel_action(self, key):
        """Do what the panel offers.

        :return: the dialog in which it is done, as Odoo's client takes it, or False where it is done
        """
        self.ensure_one()
        self.check_access("read")
        key = choice_of(self.env, key or "", tuple(one["key"] for one in self._panel_actions()))
        action = getattr(self, f"_panel_{key}")()
        return clean_action(action, self.env) if isinstance(action, dict) else False

    def _panel_order(self):
        return self.action_order_transport()

    def _panel_ask(self):
        carrier = self.env["res.partner"]
        if self.carrier_scac:
            carrier = carrier.search([("milepost_scac", "=", self.carrier_scac)], limit=1)
        return self._composer(
            self.env._("Ask the Carrier"),
            default_partner_ids=carrier.ids,
            default_subject=self.env._("Where is %s?", self.name),
            default_body=self.env._(
                "Please tell us where the goods of %s are, and when they arrive.", self.name
            ),
        )

    def _panel_note(self):
        return self._composer(self.env._("Note"), default_subtype_xmlid="mail.mt_note")

    def _composer(self, title, **context):
        return {
            "type": "ir.actions.act_window", "name": title, "res_model": "mail.compose.message",
            "views": [(False, "form")], "target": "new",
            "context": {
                "default_model": self._name, "default_res_ids": self.ids,
                "default_composition_mode": "comment", **context,
            },
        }  # fmt: skip

    def _panel_milestone(self):
        return self.env["milepost.tell"]._open(self, "milestone", self.env._("Milestone"))

    def _panel_eta(self):
        return self.env["milepost.tell"]._open(self, "eta", self.env._("ETA"))

    def _panel_exception(self):
        return self.env["milepost.tell"]._open(self, "exception", self.env._("Exception"))

    @api.depends("fact_count")
    def _compute_tellers(self):
        """At once for all that are looked at: a board asks it of each hold."""
        milestones = self.env["milepost.milestone"].sudo()
        told = milestones.search(milestones._position_domain(False) & Domain([
            ("shipment_id", "in", self.ids), ("mapping", "=", BY_HAND), ("message_uid", "=like", f"{TOLD_BY}%"),
            ("superseded", "=", False), ("retracted", "=", False),
        ]))  # fmt: skip
        users, by_hand = told._tellers(), told.grouped("shipment_id")
        for shipment in self:
            own = by_hand[shipment]._told_by() if shipment in by_hand else ()
            shipment.teller_ids = users.filtered(lambda user, own=own: user.id in own)
