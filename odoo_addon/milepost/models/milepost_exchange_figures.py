from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: What the figures look back on.
WINDOW_DAYS = 30


class MilepostExchangeFigures(models.AbstractModel):
    """How the business fares, for the monitoring of the bridge: counts and durations, no money."""

    _inherit = "milepost.exchange"

    @api.model
    def figures(self):
        """The figures of the caller's connections over the last 30 days.

        :return: {at, window_days, connections: [{code, uptime, unmatched, orders_waiting,
            orders_oldest_seconds, orders_unanswered, orders_unanswered_seconds}]}; `uptime` is a share of
            0 to 1. Other addons add their own
        """
        self._check_bridge()
        return self.sudo()._prepare_figures(self._connections(), fields.Datetime.now())

    @api.model
    def _prepare_figures(self, connections, now):
        """Other addons add keys."""
        uptimes = self._uptimes(connections, now)
        waiting = self._waiting_orders(connections, now)
        unanswered = self._unanswered_orders(connections, now)
        return {
            "at": fields.Datetime.to_string(now).replace(" ", "T") + "Z",
            "window_days": WINDOW_DAYS,
            "connections": [
                {
                    "code": connection.code,
                    "uptime": uptimes[connection.id],
                    "unmatched": connection.unmatched_count,
                    **waiting[connection.id],
                    **unanswered[connection.id],
                }
                for connection in connections
            ],
        }

    @api.model
    def _uptimes(self, connections, now):
        """{connection id: share of the window, or of its life when that is shorter}"""
        uptimes = {}
        outages = self.env["milepost.connection.outage"].search([("connection_id", "in", connections.ids)])
        for connection in connections:
            since = max(now - timedelta(days=WINDOW_DAYS), connection.create_date)
            whole = max((now - since).total_seconds(), 1)
            down = sum(
                max((min(one.ended_at or now, now) - max(one.started_at, since)).total_seconds(), 0)
                for one in outages
                if one.connection_id == connection
            )
            uptimes[connection.id] = round(1 - min(down / whole, 1), 6)
        return uptimes

    @api.model
    def _waiting_orders(self, connections, now):
        """{connection id: {orders_waiting, orders_oldest_seconds}} of what nobody took yet."""
        self.env["milepost.outbox"].flush_model()
        rows = self.env.execute_query(SQL(
            """
            SELECT connection_id, count(*), extract(epoch FROM %s::timestamp - min(create_date))
              FROM milepost_outbox WHERE connection_id IN %s AND state = 'queued' GROUP BY connection_id
            """,
            now, tuple(connections.ids) or (0,),
        ))  # fmt: skip
        found = {row[0]: row[1:] for row in rows}
        waiting = {}
        for connection in connections:
            count, oldest = found.get(connection.id, (0, 0))
            waiting[connection.id] = {"orders_waiting": count, "orders_oldest_seconds": max(int(oldest), 0)}
        return waiting

    @api.model
    def _unanswered_orders(self, connections, now):
        """{connection id: {orders_unanswered, orders_unanswered_seconds}} of answers that are overdue."""
        overdue = self.env["milepost.outbox"]._read_group(
            self.env["milepost.outbox"]._overdue_domain(now) & Domain("connection_id", "in", connections.ids),
            ["connection_id"], ["__count", "waits_until:min"],
        )  # fmt: skip
        found = {connection.id: (count, oldest) for connection, count, oldest in overdue}
        unanswered = {}
        for connection in connections:
            count, oldest = found.get(connection.id, (0, now))
            seconds = max(int((now - oldest).total_seconds()), 0)
            unanswered[connection.id] = {"orders_unanswered": count, "orders_unanswered_seconds": seconds}
        return unanswered
