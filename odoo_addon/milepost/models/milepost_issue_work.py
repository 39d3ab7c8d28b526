from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..arguments import choice_of, count_of, instant_of, record_of

ACTIONS = ("own", "assign", "acknowledge", "snooze", "reopen", "close")
#: So many colleagues are offered at most.
MOST_COLLEAGUES = 200
#: What undo brings back.
UNDONE = ("state", "user_id", "snoozed_until", "snoozed_rev")


class MilepostIssueWork(models.AbstractModel):
    """What people do with issues: own, acknowledge, snooze, close; each action can be undone."""

    _name = "milepost.issue.work"
    _description = "Work on Issues"

    is_workable = fields.Boolean(compute="_compute_is_workable", help="The reader may work on it.")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_is_workable(self):
        may = self._is_worker()
        for issue in self:
            issue.is_workable = may and issue.state != "closed"

    def work(self, action, until=None, user_id=None):
        """Work on the issues, from a board or a list.

        :param action: own, assign, acknowledge, snooze, reopen or close
        :param until: of a snooze: an instant (UTC); without one until the next event
        :param user_id: of an assignment; without one it is nobody's
        :return: what `restore` undoes
        """
        deeds = {
            "own": lambda: self.action_own(),
            "assign": lambda: self.action_assign(user_id),
            "acknowledge": lambda: self.action_acknowledge(),
            "snooze": lambda: self.action_snooze(until),
            "reopen": lambda: self.action_reopen(),
            "close": lambda: self.action_close(),
        }
        return deeds[choice_of(self.env, action, ACTIONS)]()

    @api.model
    @api.readonly
    def colleagues(self):
        """[{"id", "name"}] of those to whom the user can give issues: who work on them in his companies."""
        self._check_worker()
        groups = [self.env.ref(name).id for name in self._worker_groups()]
        users = self.env["res.users"].search([
            ("share", "=", False), ("company_ids", "in", self.env.companies.ids),
            ("all_group_ids", "in", groups),
        ], limit=MOST_COLLEAGUES, order="name, id")  # fmt: skip
        bridges = self.env.ref("milepost.group_bridge").sudo().all_user_ids
        return [{"id": user.id, "name": user.name} for user in users - bridges]

    def action_own(self):
        """Take the issues over."""
        return self.action_assign(self.env.uid)

    def action_assign(self, user_id=None):
        """Give the issues to somebody, or to nobody.

        :return: what undo takes back: [{id, and the values before}]
        """
        user = record_of(self.env, "res.users", user_id) if user_id else self.env["res.users"]
        if user and (user.share or not all(company in user.company_ids for company in self.company_id)):
            raise UserError(self.env._("%s does not work in the company of these issues.", user.name))
        others = self.sudo().filtered(lambda issue: issue.user_id != user)
        owners = others.user_id
        before = self._act({"user_id": user.id})
        for owner in owners:
            others._untell(owner)
        if user != self.env.user:
            others._tell_owner()
        return before

    def action_acknowledge(self):
        """Say that somebody deals with it: it comes back when it is due, or when what is wrong changes."""
        now = fields.Datetime.now()
        done = {"state": "acknowledged", "acknowledged_by_id": self.env.uid, "acknowledged_at": now}
        return self._act(done, own=True)

    def action_snooze(self, until=None):
        """Let it sleep until an instant (UTC), or without one until the shipment's next event."""
        until = instant_of(self.env, until)
        if until and until <= fields.Datetime.now():
            raise UserError(self.env._("Choose a time that is still to come."))
        before = self._act({"state": "snoozed", "snoozed_until": until}, own=True)
        for rev, issues in self.sudo().grouped(lambda issue: issue.shipment_id.rev).items():
            issues.snoozed_rev = rev
        return before

    def action_reopen(self):
        """Bring it back into the queue."""
        return self._act({"state": "open", "snoozed_until": False})

    def action_close(self):
        """Say that nothing is left to be done; it opens again only when something else goes wrong."""
        now = fields.Datetime.now()
        return self._act({"state": "closed", "closed_at": now, "closed_by_id": self.env.uid}, own=True)

    def action_repair(self):
        """Carry out the repair of an order that the partner shows otherwise, which the next step names."""
        orders = self.env["milepost.outbox"]
        for issue in self:
            orders |= issue.shipment_id._differing_order()
        if not orders:
            raise UserError(self.env._("No order differs any more."))
        orders.action_repair()

    @api.model
    def restore(self, before):
        """Undo: bring back what an action changed.

        :param before: the answer of the action
        """
        self._check_worker()
        if not isinstance(before, list) or not all(isinstance(one, dict) for one in before):
            raise UserError(self.env._("This cannot be undone."))
        for one in before:
            record_of(self.env, self._name, one.get("id"))._restore(one)

    def _restore(self, values):
        """Whoever calls may say anything: only what the actions themselves could have said is taken."""
        self._check_worker()
        issue = self.sudo()
        state = choice_of(self.env, values.get("state"), ("open", "acknowledged", "snoozed"), issue.state)
        if state == "acknowledged" and not issue.acknowledged_by_id:
            raise UserError(self.env._("This cannot be undone."))
        issue.write({
            "state": state, "closed_at": False, "closed_by_id": False,
            "snoozed_until": instant_of(self.env, values.get("snoozed_until"), False),
            "snoozed_rev": count_of(self.env, values.get("snoozed_rev")),
            **({} if state == "acknowledged" else {"acknowledged_by_id": False, "acknowledged_at": False}),
        })  # fmt: skip
        self.action_assign(values.get("user_id"))

    def _act(self, values, own=False):
        self._check_worker()
        closed = self.filtered(lambda issue: issue.state == "closed")
        if closed:
            raise UserError(self.env._("%s is closed already.", closed[0].display_name))
        before = [
            {
                "id": issue.id,
                **{name: fields.Datetime.to_string(value) if hasattr(value, "isoformat") else value
                   for name, value in issue.sudo()._values_of(UNDONE).items()},
            }
            for issue in self
        ]  # fmt: skip
        # Whoever deals with it answers for it, unless somebody does already.
        free = self.sudo().filtered(lambda issue: own and not issue.user_id)
        free.write({**values, "user_id": self.env.uid})
        (self.sudo() - free).write(values)
        # What is over is told to nobody any more; whoever works on it needs no telling.
        self._untell(None if values.get("state") == "closed" else self.env.user)
        self.shipment_id._notify_boards()
        return before

    def _values_of(self, names):
        self.ensure_one()
        return {name: self[name].id if self._fields[name].relational else self[name] for name in names}

    def _check_worker(self):
        """Who works with shipments works with their issues; the record rules say with whose."""
        self.check_access("read")
        if not self._is_worker():
            raise AccessError(self.env._("Your role may not work on issues."))

    @api.model
    def _is_worker(self):
        user = self.env.user
        if user.has_group("milepost.group_bridge"):
            return False
        return any(user.has_group(group) for group in self._worker_groups())

    @api.model
    def _worker_groups(self):
        """Hook: the groups that own, acknowledge, snooze and close issues."""
        return ["milepost.group_dispatcher"]
