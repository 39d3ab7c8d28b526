import uuid

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

FOLLOW_BATCH = 50


class MilepostShipmentStops(models.AbstractModel):
    """Where a shipment stops by its transfers: a stop for each address, before any partner told a plan."""

    _name = "milepost.shipment.stops"
    _description = "Stops of a Shipment"

    is_behind = fields.Boolean(
        string="Address Changed", readonly=True, copy=False,
        help="An address of many orders changed; the background work tells the partners.",
    )  # fmt: skip
    zone_notice = fields.Char(compute="_compute_zone_notice")

    @api.depends("stop_ids.zone", "stop_ids.in_plan")
    def _compute_zone_notice(self):
        """Of which stops nobody knows the time zone, so that their days and hours are shown in UTC."""
        for shipment in self:
            unknown = shipment.stop_ids.filtered(lambda stop: stop.in_plan and not stop.zone)
            shipment.zone_notice = bool(unknown) and self.env._(
                "The time zone of %(places)s is not known; its days are those of UTC. Set the site's time "
                "zone on the contact.",
                places=", ".join(unknown.mapped("display_name")),
            )

    def _create_base_stops(self):
        """Every shipment starts with a pickup and a delivery; the partner's plan refines them."""
        vals_list = [
            {**end, "shipment_id": shipment.id, "key": str(uuid.uuid4()), "is_base": True}
            for shipment in self
            for end in shipment._base_ends()
        ]
        self.env["milepost.stop"].create(vals_list)
        for shipment in self:
            shipment.write(
                {
                    "planned_pickup_at": shipment.ready_at,
                    "planned_delivery_at": shipment.due_at,
                    "stop_count": len(shipment.stop_ids),
                }
            )

    def _refresh_base_stops(self):
        """The stops that the shipment began with follow its ends; the partner's plan lies over them.

        A stop that moves to another address stays the same stop, so that what was said of it stays.
        """
        for shipment in self:
            free = shipment.stop_ids.filtered("is_base").sorted("sequence")
            ends = shipment._base_ends()
            pairs = []
            for same in (_same_place, _same_kind):
                for end in ends:
                    stop = next((one for one in free if same(one, end)), None)
                    if stop and all(end is not paired for _stop, paired in pairs):
                        pairs.append((stop, end))
                        free -= stop
            for stop, end in pairs:
                base = {name: end[name] for name in ("base", "partner_id", "sequence")}
                if any(stop[name] != value for name, value in base.items() if name != "partner_id") or (
                    stop.partner_id.id != end["partner_id"]
                ):
                    stop.write(base)
            new = [end for end in ends if all(end is not paired for _stop, paired in pairs)]
            self.env["milepost.stop"].create(
                [
                    {**end, "shipment_id": shipment.id, "key": str(uuid.uuid4()), "is_base": True}
                    for end in new
                ]
            )
            free.unlink()
            if new and shipment.connection_id:
                names = [("entity", key) for key in shipment.stop_ids.mapped("key")]
                shipment._declare(shipment.connection_id, names)
        self._derive()

    def _base_ends(self):
        """The stops that the shipment itself names, in their order: values of milepost.stop."""
        first = {
            "pickup": self.origin_id or self.company_id.partner_id,
            "delivery": self.destination_id or self.partner_id,
        }
        places = {"pickup": {}, "delivery": {}}
        for picking in self._stopping():
            for kind, partner in zip(places, picking._milepost_ends(), strict=True):
                places[kind].setdefault(partner or first[kind], picking.browse())
                places[kind][partner or first[kind]] |= picking
        ends = []
        for kind, until in (("pickup", self.ready_at), ("delivery", self.due_at)):
            # What a dispatcher set on the shipment counts; it cannot name several addresses.
            several = places[kind] if len(places[kind]) > 1 else {first[kind]: None}
            for partner, pickings in several.items():
                due = pickings._milepost_due() if pickings and kind == "delivery" else until
                ends.append(self._base_end(len(ends) + 1, kind, partner, due or until))
        return ends

    @api.model
    def _follow_later(self, named):
        """Have the background work tell the partners of these shipments where they stop now, each once."""
        query = self._search(named)
        self.env.execute_query(SQL(
            "UPDATE milepost_shipment SET is_behind = true WHERE NOT COALESCE(is_behind, false)"
            " AND id IN %s RETURNING id",
            query.subselect(),
        ))  # fmt: skip
        self.invalidate_model(["is_behind"])
        self.env.ref("milepost.cron_follow_addresses").sudo()._trigger()

    @api.model
    def _cron_follow_addresses(self):
        """Tell the partners of changed addresses, batch by batch, each committed."""
        behind = Domain("is_behind", "=", True)
        while shipments := self.search(behind, limit=FOLLOW_BATCH, order="id").try_lock_for_update():
            shipments.is_behind = False
            shipments._refresh_base_stops()
            self.env["milepost.outbox"]._follow(shipments)
            if not self.env["ir.cron"]._commit_progress(len(shipments), remaining=self.search_count(behind)):
                break

    def _base_places(self):
        """[(kind, partner id)] of where the transfers stop now."""
        return [(end["kind"], end["partner_id"]) for end in self._base_ends()]

    def _told_places(self):
        """[(kind, partner id)] of the stops that the shipment has of its own."""
        return [
            (stop.kind, stop.partner_id.id) for stop in self.stop_ids.filtered("is_base").sorted("sequence")
        ]

    def _stopping(self):
        """The transfers because of which the truck stops."""
        alive = self.picking_ids.filtered(lambda picking: picking.state != "cancel")
        return (alive or self.picking_ids).sorted("id")

    def _base_end(self, sequence, kind, partner, until):
        place = {
            "name": partner.display_name, "street": partner.street, "postal_code": partner.zip,
            "city": partner.city, "country": partner.country_id.code, "zone": partner._milepost_zone(),
        }  # fmt: skip
        base = {
            "sequence": sequence,
            "kind": kind,
            "place": {name: value for name, value in place.items() if value},
            "window_end": fields.Datetime.to_string(until) if until else None,
        }
        return {
            "base": base, "sequence": sequence, "kind": kind, "partner_id": partner.id,
            "name": partner.display_name, "street": partner.street,
            "postal_code": partner.zip, "city": partner.city,
            "country_code": partner.country_id.code, "zone": place["zone"],
            "window_end": until, "due_at": until,
        }  # fmt: skip

    def _stop_of(self, picking):
        """The stop at which a transfer's goods are unloaded, of those the shipment began with."""
        drops = self.stop_ids.filtered(lambda stop: stop.is_base and stop.kind == "delivery").sorted(
            "sequence"
        )
        if len(drops) < 2:
            return drops
        destination = picking._milepost_ends()[1]
        return drops.filtered(lambda stop: stop.partner_id == destination)[:1] or drops[-1:]


def _same_place(stop, end):
    return stop.kind == end["kind"] and stop.partner_id.id == end["partner_id"]


def _same_kind(stop, end):
    return stop.kind == end["kind"]
