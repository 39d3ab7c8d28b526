from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: The one issue of a shipment that the facts and the clock open; reports bear a subject of their own.
TRANSPORT = "transport"
#: A person answers for it, or it sleeps: it stands in nobody's way until it is due or something happens.
HANDLED = ("acknowledged", "snoozed")
#: What people are told by: it stands in Odoo's own list of what they have to do.
TO_DO = "mail.mail_activity_data_todo"
#: Of one rule in one go of the background work.
MOST_TOLD = 200


class MilepostIssueFollow(models.AbstractModel):
    """What opens, changes, wakes, escalates and closes issues: facts, people's reports and the clock."""

    _name = "milepost.issue.follow"
    _description = "Issues by Facts and Clock"

    @api.model
    def _report(self, shipment, summary, reported_by=None, subject="report", **values):
        """Open an issue that a person reports; the caller was checked.

        :param shipment: milepost.shipment
        :param summary: what is wrong, in the person's words
        :param reported_by: res.partner, by default that of the user
        :param values: of the issue; an addon's own fields
        """
        issue = self.sudo().create({
            "shipment_id": shipment.id, "company_id": shipment.company_id.id, "kind": "report",
            "subject": subject, "summary": summary, "is_manual": True,
            "reported_by_id": (reported_by or self.env.user.partner_id).id,
            **self._prepare_timing("report", None, fields.Datetime.now(), shipment.company_id), **values,
        })  # fmt: skip
        shipment._notify_boards()
        return issue

    @api.model
    def _prepare_timing(self, kind, reason, since, company):
        """Owner and due time of an issue, by the rule that fits best."""
        rule = self.env["milepost.issue.rule"].sudo()._rule_of(kind, reason, company)
        if not rule:
            return {"opened_at": since}
        return {
            "opened_at": since, "due_at": since + timedelta(hours=rule.due_hours), "user_id": rule.user_id.id,
        }  # fmt: skip

    @api.model
    def _follow_facts(self, shipments):
        """Follow those of the shipments with which something is or was wrong, by one question.

        What the clock alone makes true of the others is left to the background work.
        """
        self.env.cr.execute(
            """
            SELECT s.id FROM milepost_shipment s
             WHERE s.id = ANY (%s) AND (s.exception_code IS NOT NULL OR s.is_late OR EXISTS (
                SELECT FROM milepost_issue i
                 WHERE i.shipment_id = s.id AND i.subject = %s AND i.state <> 'closed'))
            """,
            [shipments.ids, TRANSPORT],
        )
        if ids := [id_ for (id_,) in self.env.cr.fetchall()]:
            self._follow(shipments.browse(ids))

    @api.model
    def _follow(self, shipments):
        """Open, change, wake and close the transport issues of shipments by what is known of them now."""
        wanted = shipments._trouble()
        found = self.sudo().search([
            ("shipment_id", "in", shipments.ids), ("subject", "=", TRANSPORT), ("state", "!=", "closed"),
        ]).grouped("shipment_id")  # fmt: skip
        settled = self._settled(shipments.filtered(lambda one: one in wanted and one not in found), wanted)
        now, new = fields.Datetime.now(), []
        for shipment in shipments:
            issue, trouble = found.get(shipment), wanted.get(shipment)
            if not trouble:
                if issue:
                    issue.write({"state": "closed", "closed_at": now})
                    issue._untell()
                continue
            kind, reason, since, fingerprint = trouble
            values = {"kind": kind, "reason": reason, "fingerprint": fingerprint}
            if not issue:
                if shipment not in settled:
                    timing = self._prepare_timing(kind, reason, since or now, shipment.company_id)
                    company = shipment.company_id.id
                    new.append({"shipment_id": shipment.id, "company_id": company, **values, **timing})
            elif issue.fingerprint != fingerprint:
                timing = self._prepare_timing(kind, reason, since or now, shipment.company_id)
                owner = issue.user_id
                timing["user_id"] = owner.id or timing.get("user_id")
                issue.write({**values, **timing, "state": "open", "escalated_at": False})
                if not owner:
                    issue._tell_owner()
            elif issue.state == "snoozed" and not issue.snoozed_until and shipment.rev > issue.snoozed_rev:
                issue.state = "open"
        if new:
            quietly = self.sudo().with_context(tracking_disable=True, mail_create_nolog=True)
            quietly.create(new)._tell_owner()

    def _tell_owner(self):
        """Whose it is by a rule is told so once, without a mail: facts are read meanwhile."""
        quietly = self.with_context(mail_activity_quick_update=True)
        for issue in quietly.filtered("user_id"):
            owner = issue.user_id
            if issue.with_user(owner).has_access("read"):
                words = issue.with_context(lang=owner.lang).display_name
                due = issue.due_at and issue.due_at.date()
                issue.activity_schedule(TO_DO, date_deadline=due, user_id=owner.id, summary=words)

    def _untell(self, user=None):
        """Take away what was told of it, to the user or to all: it is dealt with."""
        told = self.sudo().filtered("activity_ids")
        if told:
            told.activity_unlink([TO_DO], user_id=user and user.id)

    @api.model
    def _settled(self, shipments, wanted):
        """Shipments whose present trouble a person closed: it does not come back by itself."""
        closed = self.sudo().search([
            ("shipment_id", "in", shipments.ids), ("subject", "=", TRANSPORT), ("closed_by_id", "!=", False),
        ])  # fmt: skip
        return closed.filtered(lambda issue: issue.fingerprint == wanted[issue.shipment_id][3]).shipment_id

    @api.model
    def _cron_follow(self):
        """What becomes true by the clock alone: lateness and silence begin, sleep ends, time runs out."""
        shipments = self.env["milepost.shipment"]
        open_ = Domain("issue_ids", "any", [("subject", "=", TRANSPORT), ("state", "!=", "closed")])
        for domain in (shipments._trouble_domain(fresh=True) & ~open_, open_ & ~shipments._trouble_domain()):
            self._follow(shipments.search(domain, limit=2000).try_lock_for_update(allow_referencing=True))
        now = fields.Datetime.now()
        self.search([("state", "=", "snoozed"), ("snoozed_until", "<=", now)])._wake()
        self.search(
            [("state", "=", "acknowledged"), ("due_at", "<=", now), ("acknowledged_at", "<", now)]
        ).filtered(lambda issue: issue.acknowledged_at < issue.due_at)._wake()
        self._escalate(now)

    def _wake(self):
        self.write({"state": "open", "snoozed_until": False})
        self.shipment_id._notify_boards()

    @api.model
    def _escalate(self, now):
        """What is long past its time is told to whoever its rule names, once.

        Each rule by itself: what is overdue and told to nobody would fill a common list, and keep the
        rest out of it for ever.
        """
        overdue = Domain([("state", "!=", "closed"), ("escalated_at", "=", False), ("due_at", "<", now)])
        for kind, reason, company in self._read_group(overdue, ["kind", "reason", "company_id"]):
            rule = self.env["milepost.issue.rule"]._rule_of(kind, reason, company)
            if rule.escalate_to_id:
                late = now - timedelta(hours=rule.escalate_hours)
                alike = [("kind", "=", kind), ("reason", "=", reason), ("company_id", "=", company.id)]
                told = overdue & Domain(alike) & Domain("due_at", "<=", late)
                self.search(told, order="due_at, id", limit=MOST_TOLD)._tell_overdue(rule, now)

    def _tell_overdue(self, rule, now):
        self.write({"escalated_at": now})
        for issue in self:
            issue.activity_schedule(
                TO_DO, user_id=rule.escalate_to_id.id,
                summary=self.env._("Overdue: %s", issue.display_name),
            )  # fmt: skip
