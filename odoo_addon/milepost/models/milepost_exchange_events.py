from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..arguments import choice_of, instant_of

#: What can be told again.
STATES = ("accepted", "rejected")
MOST = 5000


class MilepostExchangeEvents(models.AbstractModel):
    """Telling a consumer again what it lost, for the operator of the bridge."""

    _inherit = "milepost.exchange"

    @api.model
    def replay_events(self, connection, since, state=None, dry_run=True):
        """Put a consumer's events back, each under its old id; the oldest 5000 at a time.

        Those from before its rights changed are withheld: they would tell what it may hear no more.

        :param connection: code of the consumer's connection
        :param since: text, UTC without zone: events from this instant on
        :param state: only `accepted` or `rejected` ones
        :param dry_run: only say how many
        :return: {events, withheld, more}; counts, and whether there are more
        """
        self._check_bridge()
        since = instant_of(self.env, since)
        if not since:
            raise ValidationError(self.env._("Say since when the events are told again."))
        state = choice_of(self.env, state, STATES)
        domain = (
            Domain("connection_id", "=", self._connection(connection).id)
            & Domain("kind", "=", "event")
            & Domain("create_date", ">=", since)
            & Domain("state", "in", [state] if state else list(STATES))
        )
        found = self.env["milepost.outbox"].sudo().search(domain, order="id", limit=MOST + 1)
        events = found[:MOST]
        allowed = events.filtered(lambda event: not event._is_withheld())
        if not dry_run:
            allowed._send_events_again()
        return {
            "events": len(allowed), "withheld": len(events) - len(allowed), "more": len(found) > MOST,
        }  # fmt: skip
