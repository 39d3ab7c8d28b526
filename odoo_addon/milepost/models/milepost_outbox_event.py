from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: What happens to a shipment, by the addons' kinds; the contract calls it `shipment.<kind>`.
EVENTS = [("state", "Transport State")]
#: For so many days what a consumer took is kept, to be told again; as the bridge keeps its messages.
RETENTION_DAYS = 400
RETENTION_PARAMETER = "milepost.event_retention_days"
#: So many are forgotten at a time.
MOST_FORGOTTEN = 5000


class MilepostOutboxEvent(models.AbstractModel):
    """Events for consumers in the outbox, queued in the transaction in which something happened.

    Whatever touches a shipment only asks for a look; it comes once, at the end of the transaction, and
    compares what is with what was told last. So nothing is told twice, and what was taken back within
    the transaction not at all.
    """

    _name = "milepost.outbox.event"
    _description = "Events in the Outbox"

    subscription_id = fields.Many2one(
        "milepost.subscription", readonly=True, ondelete="cascade", index="btree_not_null", check_company=True
    )
    event_kind = fields.Selection(EVENTS, string="What Happened", readonly=True)
    mark = fields.Char(readonly=True, help="What the event says, to tell whether there is news.")

    _event_index = models.Index("(shipment_id, subscription_id, event_kind, id) WHERE kind = 'event'")

    @api.model
    def _tell_events_later(self, shipments):
        """Tell the consumers of these shipments at the end of the transaction, whatever changed by then."""
        if not shipments or not self.env["milepost.subscription"]._is_any():
            return
        data = self.env.cr.precommit.data
        if "milepost.event_shipments" not in data:
            data["milepost.event_shipments"] = set()
            self.env.cr.precommit.add(self.sudo()._tell_events_now)
        data["milepost.event_shipments"].update(shipments.ids)

    @api.model
    def _tell_events_now(self):
        ids = self.env.cr.precommit.data.pop("milepost.event_shipments", set())
        self._tell_events(self.env["milepost.shipment"].sudo().browse(sorted(ids)).exists())
        self.env.flush_all()

    @api.model
    def _tell_events(self, shipments):
        """Queue what the consumers of these shipments do not know yet, in the order of the shipments."""
        if not shipments or not self.env["milepost.subscription"]._is_any():
            return
        shipments = shipments.sudo().sorted("id")
        told = self._told_marks(shipments)
        events = []
        for subscription in self.env["milepost.subscription"].sudo().search([]):
            for shipment in shipments.filtered_domain(subscription._shipment_domain()):
                for kind in subscription._kinds():
                    mark, part = subscription._standing(kind, shipment)
                    if mark == told.get((subscription.id, shipment.id, kind), ""):
                        continue
                    events.append(self._prepare_event_item(subscription, shipment, kind, mark, part))
        self.sudo().create(events)

    @api.model
    def _prepare_event_item(self, subscription, shipment, kind, mark, part):
        payload = subscription._prepare_event(kind, shipment, part)
        return {
            "kind": "event",
            "event_kind": kind,
            "mark": mark,
            "subscription_id": subscription.id,
            "connection_id": subscription.connection_id.id,
            "shipment_id": shipment.id,
            "idempotency_key": payload["id"],
            "payload": payload,
        }

    @api.model
    def _told_marks(self, shipments):
        """{(subscription id, shipment id, kind): mark of what was told last}"""
        self.env["milepost.outbox"].flush_model()
        rows = self.env.execute_query(SQL(
            """
            SELECT DISTINCT ON (subscription_id, shipment_id, event_kind)
                   subscription_id, shipment_id, event_kind, mark
              FROM milepost_outbox
             WHERE kind = 'event' AND state <> 'cancelled' AND shipment_id IN %s
             ORDER BY subscription_id, shipment_id, event_kind, id DESC
            """,
            tuple(shipments.ids) or (0,),
        ))  # fmt: skip
        return {(subscription, shipment, event): mark or "" for subscription, shipment, event, mark in rows}

    def _is_withheld(self):
        """Whether the event was made under other rights than its consumer has now."""
        subscription = self.subscription_id
        if subscription.rights_changed_after:
            return self.id <= subscription.rights_changed_after
        # Rights that changed before the number was kept.
        since = subscription.rights_changed_at
        return bool(since and self.create_date < since)

    @api.model
    def _last_number(self):
        """The highest id that was given in the outbox, to transactions that are not over yet, too."""
        self.env["milepost.outbox"].flush_model()
        [(number, is_given)] = self.env.execute_query(
            SQL("SELECT last_value, is_called FROM milepost_outbox_id_seq")
        )
        return number if is_given else 0

    @api.autovacuum
    def _gc_events(self):
        """Forget events that were taken, or called off, a retention ago.

        The last one of a kind that a consumer heard of a shipment stays with the shipment: what was
        told last says whether there is news.

        :return: how many went, and whether there are more
        """
        parameter = self.env["ir.config_parameter"].sudo().get_param(RETENTION_PARAMETER)
        days = int(parameter) if parameter and parameter.isdigit() else RETENTION_DAYS
        outbox = self.env["milepost.outbox"].sudo()
        outbox.flush_model()
        rows = self.env.execute_query(SQL(
            """
            SELECT item.id FROM milepost_outbox item
             WHERE item.kind = 'event' AND item.state IN ('accepted', 'cancelled')
               AND COALESCE(item.acknowledged_at, item.write_date) < %s
               AND (item.state = 'cancelled' OR EXISTS (
                    SELECT FROM milepost_outbox later
                     WHERE later.kind = 'event' AND later.state <> 'cancelled' AND later.id > item.id
                       AND later.shipment_id = item.shipment_id
                       AND later.subscription_id = item.subscription_id
                       AND later.event_kind = item.event_kind))
             ORDER BY item.id LIMIT %s
            """,
            fields.Datetime.now() - timedelta(days=days), MOST_FORGOTTEN,
        ))  # fmt: skip
        outbox.browse(number for (number,) in rows).unlink()
        return len(rows), len(rows) == MOST_FORGOTTEN

    def _send_events_again(self):
        """Put events back that were rejected, or taken and lost by the consumer: each under its old id.

        Events that were made under other rights would tell what the consumer may hear no more.
        """
        for event in self:
            if event._is_withheld():
                raise UserError(self.env._(
                    "%(shipment)s: the rights of %(subscription)s have changed since this event; it is not "
                    "sent again.", shipment=event.shipment_id.name, subscription=event.subscription_id.name,
                ))  # fmt: skip
        self.write(
            {"state": "queued", "attempts": 0, "reason": False, "not_before": False, "acknowledged_at": False}
        )
