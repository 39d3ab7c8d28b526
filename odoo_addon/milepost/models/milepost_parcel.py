import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .. import codes
from ..contract import canonical_identifier
from ..derivation.parcels import ENDS

#: Between the numbers of several parcels, as Odoo's connectors and people write them.
BETWEEN = re.compile(r"[,;+|\n]+")
#: After its delivery a parcel is asked for so long, while its proof is missing.
PROOF_WITHIN = timedelta(days=7)
#: A parcel that never arrives is dead after so long: its carrier forgot it, or never had it.
GIVEN_UP = timedelta(days=90)
PAGE = 500


class MilepostParcel(models.Model):
    """A parcel of a shipment by its carrier's tracking number, as it stands on the transfer."""

    _name = "milepost.parcel"
    _description = "Parcel"
    _check_company_auto = True
    _order = "shipment_id, number"
    _rec_name = "number"

    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="shipment_id.company_id", store=True, index=True)
    picking_id = fields.Many2one(
        "stock.picking", string="Transfer", readonly=True, ondelete="cascade", check_company=True
    )
    number = fields.Char(string="Tracking Number", required=True, readonly=True)
    milestone = fields.Selection(
        codes.MILESTONE_CODES, string="State", compute="_compute_milestone",
        help="The last thing that was heard of this parcel.",
    )  # fmt: skip
    milestone_at = fields.Datetime(string="Since", compute="_compute_milestone")

    _number_unique = models.UniqueIndex("(shipment_id, number)", "The shipment has this parcel already.")

    @api.depends("number", "shipment_id.milestone_ids")
    def _compute_milestone(self):
        for parcel in self:
            heard = parcel.shipment_id.sudo().milestone_ids.filtered(parcel._is_heard_in)
            # What ended its journey counts, however late something else is told.
            ends = heard.filtered(lambda one: one.code in ENDS)
            last = max(ends or heard, key=lambda one: (one.occurred_at, one.id), default=heard)
            parcel.milestone, parcel.milestone_at = last.code, last.occurred_at

    def _is_heard_in(self, milestone):
        self.ensure_one()
        return (
            milestone.code and milestone.classifier == "actual" and self._is_named_by(milestone)
            and not milestone.superseded and not milestone.retracted
        )  # fmt: skip

    def _is_proven(self):
        """Whether nothing is left to be heard: it arrived, and its own proof is here with its paper.

        Carriers say who signed before the signature is there.
        """
        self.ensure_one()
        shipment = self.shipment_id
        proofs = shipment.pod_ids.filtered(
            lambda pod: pod.document_count and "rejected" not in (pod.state, pod.review)
            and not pod.superseded and not pod.retracted
        )  # fmt: skip
        return shipment.state in codes.CLOSED_STATES and any(self._is_named_by(pod) for pod in proofs)

    def _is_named_by(self, fact):
        return {"type": "tracking", "value": self.number} in (fact.identifiers or ())

    @api.model
    def _numbers_of(self, text):
        """The tracking numbers that a transfer bears, each in the one way to write it."""
        parts = (part.strip() for part in BETWEEN.split(text or ""))
        return list(dict.fromkeys(canonical_identifier("tracking", part) for part in parts if part))

    @api.model
    def _follow(self, shipments, before=None):
        """Have these shipments bear the tracking numbers of their transfers, a parcel each.

        Of a transfer whose goods several trucks share nobody knows which parcel is where: its numbers
        name none of them; nor one that was called off, where another carries the goods. A number that no transfer has any more, because it was wrong or its label
        was made anew, names the shipment no longer, and nothing that was told of it alone is said of
        the shipment.

        :param before: {transfer: the numbers that it had until now}
        """
        none = shipments.browse()
        for shipment in shipments:
            known = {parcel.number: parcel for parcel in shipment.parcel_ids}
            wanted = {
                number: picking
                for picking in shipment.picking_ids if picking._milepost_carrying() in (none, shipment)
                for number in self._numbers_of(picking.carrier_tracking_ref)
            }  # fmt: skip
            gone = shipment.parcel_ids.filtered(lambda parcel, wanted=wanted: parcel.number not in wanted)
            new = [
                {"shipment_id": shipment.id, "picking_id": picking.id, "number": number}
                for number, picking in wanted.items() if number not in known
            ]  # fmt: skip
            lost = self._lost(shipment, gone, before or {})
            if not (gone or new or lost):
                continue
            gone.unlink()
            self.create(new)
            if lost:
                shipment._let_go(shipment.connection_id, {("tracking", number) for number in lost})
            shipment._declare(shipment.connection_id, [("tracking", one["number"]) for one in new])
            shipment._derive()

    def _lost(self, shipment, gone, before):
        """The numbers that no transfer of the shipment bears any more, and one did."""
        pickings = shipment.picking_ids
        borne = {number for one in pickings for number in self._numbers_of(one.carrier_tracking_ref)}
        had = {number for one in pickings for number in before.get(one, ())}
        return (had | set(gone.mapped("number"))) - borne

    @api.model
    def _followed_domain(self, connection):
        """Parcels of which the connection is to hear, as long as there is something to hear."""
        now = fields.Datetime.now()
        own = Domain("shipment_id.connection_id", "=", connection.id) & Domain(connection.tracks_only)
        # A method that all companies share may name it: it hears of its own company's parcels.
        second = Domain("picking_id.carrier_id.milepost_tracking_ids", "in", connection.ids)
        second &= Domain("company_id", "child_of", connection.company_id.ids)
        under_way = Domain("shipment_id.state", "not in", codes.CLOSED_STATES)
        fresh = Domain("shipment_id.delivered_at", ">=", now - PROOF_WITHIN)
        return (own | second) & (under_way | fresh) & Domain("create_date", ">=", now - GIVEN_UP)

    @api.model
    def _followed(self, connection, after):
        """A page of them for the bridge: {numbers: [{number, carrier}], next}."""
        domain = self._followed_domain(connection) & Domain("id", ">", after)
        parcels = self.search(domain, order="id", limit=PAGE)
        maps = self.env["milepost.code.map"]
        carriers = {
            carrier: maps._code_of(connection, "service", carrier) or ""
            for carrier in parcels.picking_id.carrier_id
        }  # fmt: skip
        return {
            "numbers": [
                {"number": one.number, "carrier": carriers.get(one.picking_id.carrier_id, "")[:128]}
                for one in parcels if not one._is_proven()
            ],
            "next": parcels[-1:].id if len(parcels) == PAGE else 0,
        }  # fmt: skip
