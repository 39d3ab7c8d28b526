import json

from odoo import api, fields, models
from odoo.addons.milepost.arguments import ids_of
from odoo.exceptions import AccessError

from ..evidence.chain import entry_hash, fault_of
from ..evidence.shipments import entry_of


class MilepostHoldAudit(models.Model):
    """What happened to a hold, for ever.

    Every entry carries the hash of the one before it, and the hold the hash of its last: an entry
    that was changed, removed or cut off does not verify. A trigger refuses changes by SQL too.
    """

    _name = "milepost.hold.audit"
    _description = "Hold Audit"
    _check_company_auto = True
    _order = "hold_id, number"
    _rec_name = "event"
    _log_access = False

    hold_id = fields.Many2one(
        "milepost.hold", required=True, ondelete="restrict", readonly=True, check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    number = fields.Integer(required=True, readonly=True)
    event = fields.Char(required=True, readonly=True)
    event_shown = fields.Char(string="What Happened", compute="_compute_event_shown")
    user_id = fields.Many2one("res.users", required=True, ondelete="restrict", readonly=True)
    at = fields.Datetime(required=True, readonly=True)
    data = fields.Text(readonly=True)
    previous = fields.Char(readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _number_unique = models.UniqueIndex("(hold_id, number)", "The audit has this entry already.")

    def init(self):
        self.env.cr.execute("""
            CREATE OR REPLACE FUNCTION milepost_refuse_change() RETURNS trigger AS $$
            BEGIN
                RAISE EXCEPTION 'the audit of holds is append-only';
            END $$ LANGUAGE plpgsql;
            CREATE OR REPLACE TRIGGER milepost_hold_audit_append_only
                BEFORE UPDATE OR DELETE ON milepost_hold_audit
                FOR EACH ROW EXECUTE FUNCTION milepost_refuse_change();
        """)

    @api.depends("event")
    @api.depends_context("lang")
    def _compute_event_shown(self):
        labels = self._event_labels()
        for entry in self:
            entry.event_shown = labels.get(entry.event, entry.event)

    @api.model
    def _event_labels(self):
        """What each event is called, in the reader's language; an addon adds those of its own."""
        return {
            "opened": self.env._("Opened"),
            "changed": self.env._("Changed"),
            "reopened": self.env._("Reopened"),
            "auto_cleared": self.env._("Cleared"),
            "in_review": self.env._("Taken Up for Review"),
            "approved": self.env._("Approved by One Person"),
            "released": self.env._("Released"),
            "rejected": self.env._("Upheld"),
            "expired": self.env._("Expired"),
            "detached": self.env._("Goods Detached"),
            "handed_back": self.env._("Handed Back to Odoo"),
            "billed_without_proof": self.env._("Billed Without Proof"),
        }

    @api.model
    def _append(self, events):
        """Append one entry for each of some holds.

        :param events: {hold: (event, dict of further values)}
        """
        now = fields.Datetime.now()
        entries = []
        for hold, (event, data) in events.items():
            state = {
                "state": hold.state,
                "severity": hold.severity,
                "amount": f"{hold.amount:.2f}",
                "explanation": hold.explanation or "",
                "fingerprint": hold.fingerprint or "",
                **data,
            }
            values = {
                "hold_id": hold.id,
                "company_id": hold.company_id.id,
                "number": hold.audit_count + 1,
                "event": event,
                "user_id": self.env.uid,
                "at": now,
                "data": json.dumps(state, sort_keys=True, ensure_ascii=False),
                "previous": hold.audit_head or "",
            }
            values["hash"] = entry_hash({**values, "at": fields.Datetime.to_string(now)})
            entries.append(values)
            hold.sudo().write({"audit_head": values["hash"], "audit_count": values["number"]})
        return super().create(entries)

    @api.model
    def verify(self, hold_ids=None):
        """Check the chains, of all holds that the user may read by default.

        :return: the faults, as [{hold, number, fault}]; an empty list when all is well
        """
        hold_ids = ids_of(self.env, hold_ids)
        domain = [("id", "in", hold_ids)] if hold_ids is not None else []
        found = []
        for hold in self.env["milepost.hold"].search(domain):
            entries = [entry_of(entry) for entry in hold.audit_ids.sorted("number")]
            fault = fault_of(entries, hold.audit_head)
            if fault:
                found.append({"hold": hold.id, "number": fault[0], "fault": fault[1]})
        return found

    @api.model_create_multi
    def create(self, vals_list):
        raise AccessError(self.env._("Only the system writes the audit trail of holds."))

    def write(self, vals):
        raise AccessError(self.env._("The audit of holds cannot be changed."))

    def unlink(self):
        raise AccessError(self.env._("The audit of holds cannot be changed."))
