import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..codes import CLOSED_STATES, DEAD_STATES
from .milepost_shipment_order import ORDER_KINDS

#: The carrier's word about the load, and the messages that carry it.
ANSWERS = frozenset({"tender_accepted", "booked"})
ANSWERING = frozenset({"990", "APERAK"})
#: What each is worth: whoever answers has the order, whoever moves it took it.
STRENGTH = {"receipt": 1, "answer": 2, "status": 3}
NOTHING_TO_COME = STRENGTH["status"]
#: Messages about our message, by the number it left under, which is its own id: `order_answer.ts`.
NUMBERED = r"^(997|999|TA1|CONTRL)(/|$)"
#: Messages by which a partner may refuse the message itself; refused, they bear no milestone.
REFUSING = r"^(997|999|TA1|CONTRL|APERAK)/"


class MilepostOutboxAnswer(models.AbstractModel):
    """What partners have still to say to an order: its receipt, an answer, the first status.

    The bridge says by when, as its connection is configured. A later word counts for the earlier ones,
    in whatever order they come; after a refusal nothing is expected. One clock runs at a time, the
    next that ends. When it has ended an issue opens (`_trouble` of the shipment). A partner's system
    that refuses the message (997, 999, TA1, CONTRL, APERAK) refuses the order, like one that answers
    at once.
    """

    _name = "milepost.outbox.answer"
    _description = "Expected Answers to an Order"

    expects = fields.Json(readonly=True, help="By when which answer is expected.")
    waits_for = fields.Selection(
        [("receipt", "Receipt of the Order"), ("answer", "Answer of the Carrier"), ("status", "First Status")],
        string="Next Answer", readonly=True, help="What the partner has to say next.",
    )  # fmt: skip
    waits_until = fields.Datetime(string="Answer Due", readonly=True)
    sent_again_at = fields.Datetime(
        readonly=True, help="What the partner said before is about an earlier try."
    )

    _waits_index = models.Index("(shipment_id, waits_until) WHERE waits_until IS NOT NULL")

    def _expect(self, expects):
        """Start the clocks of an accepted order; its answers may have come before.

        :param expects: [{answer, by}] of the acknowledgement
        """
        self.ensure_one()
        self.expects = {one["answer"]: one["by"][:19].replace("T", " ") for one in expects} or False
        self._hear()

    @api.model
    def _prepare_anew(self):
        """Values of an order that is sent again: nothing was said to it yet."""
        return {
            "expects": False, "waits_for": False, "waits_until": False,
            "sent_again_at": fields.Datetime.now(),
        }  # fmt: skip

    @api.model
    def _overdue_domain(self, now):
        """Orders whose next answer is overdue. Of a transport that is off the cancellation counts: a
        partner who never got it may come all the same."""
        counts = Domain("shipment_id.state", "not in", CLOSED_STATES) | (
            Domain("shipment_id.state", "in", DEAD_STATES) & Domain("kind", "=", "order_cancellation")
        )
        return Domain("waits_until", "<", now) & counts

    @api.model
    def _hear_of(self, shipments, changes, fresh=None):
        """Hear what new facts of these shipments say to their orders.

        :param changes: {id: new state} of those of the shipments that have another state now
        :param fresh: ids of the new milestones; by default all
        """
        if not shipments:
            return
        declined = [id_ for id_, state in changes.items() if state == "declined"]
        self._watch_orders(shipments.browse(declined))
        self.flush_model()
        new = SQL() if fresh is None else SQL("AND m.id = ANY(%s)", sorted(fresh))
        rows = self.env.execute_query(SQL(
            """
            SELECT o.id FROM milepost_outbox o
             WHERE o.shipment_id = ANY(%s) AND o.kind = ANY(%s)
               AND (o.waits_until IS NOT NULL OR (o.state = 'accepted' AND EXISTS (
                    SELECT FROM milepost_milestone m
                     WHERE m.shipment_id = o.shipment_id AND m.raw_code ~ %s
                       AND m.code IS DISTINCT FROM 'tendered' %s)))
             ORDER BY o.id
            """,
            shipments.ids, list(ORDER_KINDS), REFUSING, new,
        ))  # fmt: skip
        self.browse(id_ for (id_,) in rows)._hear()

    def _hear(self):
        """Stop the clocks whose answers have come; an order that was refused is rejected."""
        said = self._said()
        for item in self:
            words = [(item._strength(*word), word) for word in said.get(item.id, ())]
            refusals = [word for strength, word in words if strength is None]
            if refusals and item.state == "accepted":
                item._refuse(*refusals[0])
                continue
            heard = max((strength for strength, _word in words if strength), default=0)
            open_ = [(by, answer) for answer, by in (item.expects or {}).items() if STRENGTH[answer] > heard]
            until, answer = min(open_, default=(False, False))
            if item.waits_for != answer:
                item.write({"waits_for": answer, "waits_until": until})

    def _said(self):
        """{order id: [(code, raw_code, source_event, raw_text)]} of the partner since the order was made.

        The event only where it names an order: a track has one for each position.
        """
        self.flush_recordset()
        rows = self.env.execute_query(SQL(
            """
            SELECT o.id, m.code, m.raw_code, CASE WHEN m.raw_code ~ %s THEN m.source_event END AS event,
                   max(m.raw_text)
              FROM milepost_outbox o
              JOIN milepost_milestone m ON m.shipment_id = o.shipment_id AND m.connection_id = o.connection_id
             WHERE o.id = ANY(%s) AND m.classifier = 'actual' AND m.retracted IS NOT TRUE
               AND m.received_at >= COALESCE(o.sent_again_at, o.create_date)
             GROUP BY o.id, m.code, m.raw_code, event ORDER BY o.id, max(m.id)
            """,
            NUMBERED, self.ids,
        ))  # fmt: skip
        said = {}
        for id_, *word in rows:
            said.setdefault(id_, []).append(word)
        return said

    def _refuse(self, _code, raw_code, _event, raw_text):
        """The partner's system could not use the message: nobody there knows the order."""
        self.write({
            "state": "rejected", "reason": raw_text or raw_code, "acknowledged_at": fields.Datetime.now(),
            "expects": False, "waits_for": False, "waits_until": False,
        })  # fmt: skip
        self._answered()

    def _strength(self, code, raw_code, source_event, _raw_text):
        """What a partner's word is worth to the order; None when it refuses the order."""
        message = raw_code.partition("/")[0]
        if re.match(NUMBERED, raw_code):
            if not (source_event or "").partition("|")[0].endswith(f"/{self.id}"):
                return 0
            return STRENGTH["receipt"] if code == "tendered" else None
        if message == "APERAK" and not code:
            # It names the shipment alone: the last that was told of it is meant.
            return None if self.shipment_id._live_orders()[-1:] == self else 0
        if self.kind != "transport_order" and message != "APERAK":
            # That goods move, or are taken, does not say that a change of their order arrived.
            return 0
        if code == "tendered":
            return STRENGTH["answer" if message in ANSWERING else "receipt"]
        if code in ANSWERS or (message == "990" and not code):
            return STRENGTH["answer"]
        # Anything else happened to the goods, or says that nothing will: declined, cancelled.
        return NOTHING_TO_COME
