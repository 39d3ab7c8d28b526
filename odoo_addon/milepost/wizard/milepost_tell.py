import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import codes
from ..contract import fact_key, instant_text
from ..ingestion.ahead import clock_tolerance
from ..ingestion.ingest import ingest
from ..models.milepost_fact import BY_HAND, TOLD_BY

CONDITIONS = ("damaged", "lost")
#: These are told as an ETA or as an exception.
ELSEWHERE = {"eta_updated", *dict(codes.EXCEPTIONS)}
MILESTONES = [
    one for one in codes.MILESTONE_CODES if one[0] not in ELSEWHERE or one[0] == "partially_delivered"
]


class MilepostTell(models.TransientModel):
    """What a person knows of a shipment: a step, an arrival to come, or that something is wrong.

    It goes the way of every fact, so that the later word counts and a partner's next one corrects it.
    """

    _name = "milepost.tell"
    _description = "Tell of a Shipment"

    shipment_id = fields.Many2one("milepost.shipment", required=True, readonly=True)
    what = fields.Selection(
        [("milestone", "Milestone"), ("eta", "ETA"), ("exception", "Exception")],
        required=True, default="milestone",
    )  # fmt: skip
    stop_id = fields.Many2one(
        "milepost.stop", string="Stop",
        domain="[('shipment_id', '=', shipment_id), ('in_plan', '=', True)]",
    )  # fmt: skip
    milestone = fields.Selection(MILESTONES)
    exception = fields.Selection(codes.EXCEPTIONS)
    reason = fields.Selection(codes.REASONS)
    at = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    note = fields.Char()

    @api.model
    def _open(self, shipment, what, title):
        """The dialog for one shipment."""
        delivery = shipment.stop_ids.filtered(lambda one: one.kind == "delivery" and one.in_plan)[-1:]
        return {
            "type": "ir.actions.act_window", "name": title, "res_model": self._name,
            "views": [(False, "form")], "target": "new",
            "context": {
                "default_shipment_id": shipment.id, "default_what": what,
                "default_stop_id": delivery.id if what == "eta" else False,
            },
        }  # fmt: skip

    def action_tell(self):
        """Store it as a fact of the shipment."""
        self.ensure_one()
        if not self.env.user.has_group("milepost.group_dispatcher"):
            raise AccessError(self.env._("Your role may not tell of shipments."))
        self.shipment_id.check_access("read")
        shipment = self.shipment_id.sudo()
        if not shipment.connection_id:
            raise UserError(self.env._("%s has no transport connection to store this under.", shipment.name))
        now = fields.Datetime.now()
        if self.what != "eta" and self.at > now + clock_tolerance(self.env):
            raise UserError(self.env._("What has not happened yet cannot be told: choose a time until now."))
        fact = self._prepare_fact(instant_text(now))
        head = {
            "id": fact["message"], "sha256": fact["key"], "received_at": fact["recorded_at"],
            "mapping": BY_HAND, "channel": "replay",
        }  # fmt: skip
        # A person's word: the partner was not heard by it.
        batch = {"messages": [head], "facts": [fact]}
        [verdict] = ingest(self.sudo().env, shipment.connection_id, batch, is_partner=False)
        if verdict["status"] not in ("accepted", "duplicate"):
            why = verdict.get("reason") or verdict["status"]
            raise UserError(self.env._("This was not taken: %s", why))
        self._note_teller(shipment)
        return {"type": "ir.actions.act_window_close"}

    def _prepare_fact(self, now):
        """The fact in the words of the contract."""
        code = {"milestone": self.milestone, "eta": "eta_updated", "exception": self.exception}[self.what]
        if not code:
            raise UserError(self.env._("Say what happened."))
        says = {"conditions": [code]} if code in CONDITIONS else {"code": code}
        if self.stop_id:
            says["stop"] = {"id": self.stop_id.key}
        if self.reason:
            says["reasons"] = [{"code": self.reason}]
        if self.note:
            says["raw_text"] = self.note
        fact = {
            "kind": "milestone",
            "message": f"{TOLD_BY}{self.env.uid}-{uuid.uuid4()}",
            "identifiers": [{"type": "shipment", "value": self.shipment_id.name}],
            "applies_to": "one",
            "recorded_at": now,
            "classifier": "estimated" if self.what == "eta" else "actual",
            "occurred": {"at": instant_text(self.at), "precision": "minute"},
            "raw_code": code,
            **says,
        }
        return {**fact, "key": fact_key(fact)}

    def _note_teller(self, shipment):
        """Who told it stands in the chatter, too, for people to read."""
        field = {"milestone": "milestone", "exception": "exception", "eta": "what"}[self.what]
        words = dict(self._fields[field]._description_selection(self.env))[self[field]]
        body = " · ".join(filter(None, (self.env._("Told by hand: %s", words), self.note)))
        shipment._message_log(body=body, author_id=self.env.user.partner_id.id)
