from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..codes import CHANGEABLE_STATES, CLOSED_STATES, DEAD_STATES
from .milepost_shipment_order import ORDER_KINDS

#: For so long after its answer an order is asked for that was refused or cancelled.
ASKED_FOR = timedelta(days=7)
PAGE = 100


class MilepostOutboxDifference(models.AbstractModel):
    """Where a partner shows an order otherwise than it is believed here, and how that is repaired.

    The bridge asks partners every night and on demand, and reports what differs (contract 1.6). Each
    difference has one repair, which a person, or the bridge's operator, asks for.
    """

    _name = "milepost.outbox.difference"
    _description = "Differences of an Order"

    difference = fields.Selection(
        [
            ("missing", "Not at the Partner"),
            ("refused_there", "Refused by the Partner"),
            ("cancelled_there", "Cancelled by the Partner"),
            ("there_after_all", "At the Partner After All"),
            ("still_there", "Not Cancelled at the Partner"),
            ("state", "Another State at the Partner"),
        ],
        readonly=True, index="btree_not_null", help="How the partner shows it otherwise than it stands here.",
    )  # fmt: skip
    difference_said = fields.Char(string="Shown by the Partner", readonly=True)
    difference_names = fields.Json(readonly=True, help="The partner's names of the order.")
    difference_at = fields.Datetime(string="Compared At", readonly=True)
    repair_label = fields.Char(string="Repair", compute="_compute_repair_label")
    is_look_wanted = fields.Boolean(
        string="Looked At Again", readonly=True, help="The bridge reads what the partner shows as a message."
    )
    is_look_told = fields.Boolean(
        string="Look Asked of the Bridge", readonly=True, help="Until then no comparison answers the wish."
    )

    @api.depends("difference")
    @api.depends_context("lang")
    def _compute_repair_label(self):
        labels = {
            "missing": self.env._("Order again"),
            "refused_there": self.env._("Take the refusal over"),
            "cancelled_there": self.env._("Take the cancellation over"),
            "there_after_all": self.env._("Take it over as accepted"),
            "still_there": self.env._("Cancel there again"),
            "state": self.env._("Look again"),
        }
        for item in self:
            item.repair_label = labels.get(item.difference, "")

    @api.model
    def _told(self, connection, after, wanted):
        """Orders that the partner knows, a page of them: [{id, shipment, believes, look, payload}].

        :param wanted: only those that somebody wants looked at again
        """
        told = Domain("connection_id", "=", connection.id) & Domain("kind", "in", ORDER_KINDS)
        told &= Domain("id", ">", after) & Domain("state", "in", ("accepted", "rejected"))
        if wanted:
            told &= Domain("is_look_wanted", "=", True)
        elif not after:
            self._forget_differences(connection)
        recent = Domain("acknowledged_at", ">", fields.Datetime.now() - ASKED_FOR)
        open_ = Domain("shipment_id.state", "not in", CLOSED_STATES)
        items = self.search(told & (recent | open_), order="id", limit=PAGE)
        if wanted:
            items.filtered(lambda item: not item.is_look_told).is_look_told = True
        beliefs = ((item, item._believed()) for item in items)
        return {
            "orders": [
                {
                    "id": item.id, "shipment": item.shipment_id.name, "believes": belief,
                    "look": item.is_look_wanted, "payload": item.payload,
                }
                for item, belief in beliefs if belief
            ],
            "next": items[-1:].id if len(items) == PAGE else 0,
        }  # fmt: skip

    @api.model
    def _forget_differences(self, connection):
        """What nobody asks the partner about any more differs from nothing."""
        kept = self.search([("connection_id", "=", connection.id), ("difference", "!=", False)])
        gone = kept.filtered(lambda item: not item._believed())
        gone.write({"difference": False, "difference_said": False, "difference_names": False})
        self.env["milepost.issue"]._follow(gone.shipment_id)

    def _believed(self):
        """What is believed of the partner's order by this item; None when a later one says it."""
        live = self.shipment_id._live_orders()
        if live[-1:] != self or self.state not in ("accepted", "rejected"):
            return None
        if self.kind == "order_cancellation" and self.state == "accepted":
            return "cancelled"
        if live[:1].state == "rejected":
            return "rejected"
        # A transport that is over leaves the partner's books, and nobody would order it again.
        return None if self.shipment_id.state in CLOSED_STATES else "accepted"

    @api.model
    def _take_differences(self, connection, compared, differences):
        """Keep what differs; what was compared and is not among it agrees."""
        found = {one["id"]: one for one in differences}
        items = self.search([("connection_id", "=", connection.id), ("id", "in", [*compared, *found])])
        changed = self.browse()
        for item in items:
            # What was decided here while the partner was asked is compared the next time.
            one = found.get(item.id) if item._believed() else None
            if one is None and not (item.difference or item.is_look_wanted):
                continue
            changed |= item
            item.write({
                "difference": one["kind"] if one else False,
                "difference_said": one["said"] if one else False,
                "difference_names": {
                    "number": one.get("external_number"), "identifiers": one.get("identifiers", []),
                } if one else False,
                "difference_at": fields.Datetime.now(),
                # A wish that came while the night's comparison was under way is still to be met.
                "is_look_wanted": item.is_look_wanted and not item.is_look_told,
            })  # fmt: skip
        # What differs is somebody's work until it is repaired, or the partner shows it as it stands here.
        self.env["milepost.issue"]._follow(changed.shipment_id)

    def action_repair(self):
        """Carry out the repair of what differs."""
        self.check_access("write")
        for item in self:
            if not item.difference:
                raise UserError(self.env._(
                    "%(shipment)s: nothing differs from what the partner shows.", shipment=item.shipment_id.name,
                ))  # fmt: skip
            item.sudo()._repair()

    def _repair(self):
        """What differs is repaired, each kind by its own way; the next comparison shows whether it helped."""
        self.ensure_one()
        kind, said = self.difference, self.difference_said
        if not self._believed():
            raise UserError(self.env._(
                "%(shipment)s: something later was sent; compare again.", shipment=self.shipment_id.name,
            ))  # fmt: skip
        self.shipment_id._message_log(body=self.env._(
            "%(repair)s: the partner shows the order otherwise (%(said)s).", repair=self.repair_label, said=said or "",
        ))  # fmt: skip
        getattr(self, f"_repair_{kind}")()
        if kind != "state":
            self.write({"difference": False, "difference_said": False, "difference_names": False})
        self.env["milepost.issue"]._follow(self.shipment_id)

    def _check_not_under_way(self):
        """Neither by the partner's word nor by the warehouse's."""
        shipment = self.shipment_id
        has_left = "done" in shipment.picking_ids.mapped("state")
        if has_left or shipment.state not in (*CHANGEABLE_STATES, "declined"):
            raise UserError(self.env._(
                "%(shipment)s: the goods are under way. Ask the partner; a second order could send a second truck.",
                shipment=shipment.name,
            ))  # fmt: skip

    def _repair_missing(self):
        if self.kind == "order_cancellation":
            return self._take_cancellation()
        self._check_not_under_way()
        return self._order_alone()._queue_again()

    def _take_cancellation(self):
        """The partner refused it and has no such order any more: it is off all the same."""
        self.write({"state": "accepted", "reason": False, "acknowledged_at": fields.Datetime.now()})
        if self.shipment_id.state not in CLOSED_STATES:
            self.shipment_id._note_cancellation("cancelled_there", self)

    def _repair_still_there(self):
        self._queue_again()

    def _order_alone(self):
        """The order itself; its changes no longer count, for it stands for the whole."""
        live = self.shipment_id._live_orders()
        live[1:].write({
            "state": "cancelled", "reason": self.env._("The order itself is repaired."), "difference": False,
        })  # fmt: skip
        return live[:1]

    def _queue_again(self):
        """It leaves once more under its key: a partner that has it takes it for the same."""
        payload = self.payload
        if self.kind != "order_cancellation":
            payload = self._prepare_transport_order(self.shipment_id)
        self.write({
            **self._prepare_anew(), "state": "queued", "reason": False, "not_before": False, "payload": payload,
        })  # fmt: skip

    def _repair_refused_there(self):
        self._check_not_under_way()
        self._order_alone()._refuse(None, "compared", None, self.difference_said)

    def _repair_cancelled_there(self):
        if self.kind == "order_cancellation":
            return self._take_cancellation()
        self._check_not_under_way()
        return self.shipment_id._note_cancellation("cancelled_there", self)

    def _repair_there_after_all(self):
        """He has it after all: he is told what became of it meanwhile, that it is off or what changed."""
        shipment = self.shipment_id
        order = shipment._live_orders()[:1]
        names = self.difference_names or {}
        order.write({
            "state": "accepted", "external_number": names.get("number") or order.external_number,
            "reason": False, "acknowledged_at": fields.Datetime.now(),
        })  # fmt: skip
        found = {(one["type"], one["value"]) for one in names.get("identifiers") or ()}
        if found:
            shipment._declare(self.connection_id, found, lasting=True)
        if shipment.state in DEAD_STATES:
            # Another moves the goods by now, or nobody is to.
            self._queue_order("order_cancellation", shipment, order.payload)
        else:
            self._watch_orders(shipment)
            order._answered()
        self.env["milepost.issue"]._follow(shipment)

    def _repair_state(self):
        self.write({"is_look_wanted": True, "is_look_told": False})
