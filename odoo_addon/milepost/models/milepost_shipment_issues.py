from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import codes
from ..arguments import choice_of
from .milepost_issue_follow import HANDLED, TRANSPORT
from .milepost_issue_work import ACTIONS

#: Trouble of a transport that is over opens an issue for so long; what is open then stays open.
FRESH = timedelta(days=2)
#: States of the order that the partner refused; of a transport that is off the last one counts on.
REFUSED = ("rejected", "change_rejected", "cancellation_rejected")
STILL_ORDERED = "cancellation_rejected"


class MilepostShipmentIssues(models.AbstractModel):
    """What of a shipment somebody has to deal with, and who does."""

    _name = "milepost.shipment.issues"
    _description = "Issues of a Shipment"

    issue_ids = fields.One2many("milepost.issue", "shipment_id", string="Issues")
    is_handled = fields.Boolean(
        compute="_compute_is_handled", search="_search_is_handled",
        help="Somebody answers for what is wrong with it, or it sleeps.",
    )  # fmt: skip

    def _compute_is_handled(self):
        handled = self.filtered_domain(self._handled_domain())
        for shipment in self:
            shipment.is_handled = shipment in handled

    def _search_is_handled(self, operator, value):
        if operator != "in":
            return NotImplemented
        handled = self._handled_domain()
        return Domain.OR([handled if wanted else ~handled for wanted in value])

    @api.model
    def _handled_domain(self):
        return Domain("issue_ids", "any", [("subject", "=", TRANSPORT), ("state", "in", HANDLED)])

    @api.model
    def _due_domain(self):
        """Shipments with which somebody should have dealt by now."""
        return Domain("issue_ids", "any", [
            ("subject", "=", TRANSPORT), ("state", "=", "open"), ("is_due", "=", True),
        ])  # fmt: skip

    def work(self, action, until=None, user_id=None):
        """Work on what is wrong with the shipments, from the control tower.

        :param action: own, assign, acknowledge, snooze, reopen or close
        :param until: of a snooze: an instant (UTC); without one until the next event
        :param user_id: of an assignment
        :return: what `restore` of milepost.issue undoes
        """
        choice_of(self.env, action, ACTIONS)
        self.check_access("read")
        issues = self.env["milepost.issue"]
        issues._check_worker()
        # What has become true by the clock alone since the background work looked.
        issues.sudo()._follow(self.sudo())
        found = issues.search([
            ("shipment_id", "in", self.ids), ("subject", "=", TRANSPORT), ("state", "!=", "closed"),
        ])  # fmt: skip
        if not found:
            raise UserError(self.env._("Nothing is wrong with %s.", ", ".join(self.mapped("name"))))
        return found.work(action, until, user_id)

    def _trouble(self):
        """{shipment: (kind, reason, since, fingerprint)} of what is most pressing about each."""
        trouble, unanswered = {}, self._unanswered()
        refused = self.filtered_domain(self._refused_domain())
        for shipment in self:
            is_open = shipment.state not in codes.CLOSED_STATES
            code, since = shipment.exception_code, shipment.exception_since
            if code and shipment.state not in codes.DEAD_STATES:
                trouble[shipment] = ("exception", code, since, f"exception/{code}/{since}")
            elif shipment in refused and shipment.state == "declined":
                trouble[shipment] = ("refused", "declined", None, "declined")
            elif shipment in refused:
                order = shipment._live_orders()[-1:]
                answered = order.acknowledged_at
                fingerprint = f"refused/{order.id}/{answered}"
                trouble[shipment] = ("refused", shipment.order_state, answered, fingerprint)
            elif order := shipment._differing_order():
                fingerprint = f"differs/{order.id}/{order.difference}"
                trouble[shipment] = ("differs", order.difference, None, fingerprint)
            elif is_open and (shipment.is_late or shipment.is_overdue):
                trouble[shipment] = ("late", False, None, "late")
            elif shipment in unanswered:
                order = unanswered[shipment]
                answer, since = order.waits_for, order.waits_until
                trouble[shipment] = ("unanswered", answer, since, f"unanswered/{order.id}/{answer}")
            elif shipment.is_silent:
                heard = shipment.last_heard_at
                trouble[shipment] = ("silent", False, None, f"silent/{heard}")
        return trouble

    @api.model
    def _refused_domain(self):
        still = Domain("order_state", "=", STILL_ORDERED) & Domain("state", "in", codes.DEAD_STATES)
        refused = Domain("order_state", "in", REFUSED)
        # A load that was declined, while nobody else has all of its goods.
        declined = Domain("state", "=", "declined") & Domain("is_left_over", "=", True)
        return (refused & Domain("state", "not in", codes.CLOSED_STATES)) | still | declined

    def _unanswered(self):
        """{shipment: its latest order whose next answer is overdue}"""
        orders = self.env["milepost.outbox"].sudo()
        late = orders._overdue_domain(fields.Datetime.now())
        overdue = orders.search(late & Domain("shipment_id", "in", self.ids), order="id")
        return {order.shipment_id: order for order in overdue}

    @api.model
    def _trouble_domain(self, fresh=False):
        """What `_trouble` finds; `fresh` leaves out what is over for long."""
        open_ = Domain("state", "not in", codes.CLOSED_STATES)
        exception = Domain("exception_code", "!=", False) & Domain("state", "not in", codes.DEAD_STATES)
        if fresh:
            exception &= open_ | Domain("delivered_at", ">=", fields.Datetime.now() - FRESH)
        late = open_ & (Domain("is_late", "=", True) | Domain("is_overdue", "=", True))
        overdue = self.env["milepost.outbox"]._overdue_domain(fields.Datetime.now())
        unanswered = Domain("outbox_ids", "any", overdue)
        differs = Domain("outbox_ids", "any", [("difference", "!=", False)])
        silent = Domain("is_silent", "=", True)
        return exception | self._refused_domain() | differs | late | unanswered | silent

    def _board_issues(self):
        """{shipment id: the issue as a card shows it; the next step of what nobody deals with yet}."""
        issues = self.env["milepost.issue"].search_fetch(
            [("shipment_id", "in", self.ids), ("subject", "=", TRANSPORT), ("state", "!=", "closed")],
            ["shipment_id", "state", "user_id", "due_at", "opened_at", "snoozed_until"],
        )
        return {
            issue.shipment_id.id: {
                "id": issue.id,
                "state": issue.state,
                "user_id": issue.user_id.id,
                "owner": issue.user_id.sudo().name,
                "is_mine": issue.user_id == self.env.user,
                "is_due": issue.is_due,
                "since": fields.Datetime.to_string(issue.opened_at),
                "due_at": fields.Datetime.to_string(issue.due_at),
                "next_step": issue.state == "open" and issue.next_step,
            }
            for issue in issues
        }
