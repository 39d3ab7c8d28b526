from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.addons.milepost.contract import instant_text
from odoo.exceptions import UserError

from .milepost_link_sign import LONGEST_NAME, LONGEST_REMARK, MOST_PHOTOS

CARRIER_DAYS = 30
OLDEST = timedelta(days=366)
AHEAD = timedelta(minutes=5)


class MilepostLinkCarrier(models.Model):
    """A link by which a carrier without an interface reports: each entry is a fact of that carrier.

    Where his bill is paid on proof, his own entry alone does not prove it, unless the policy says so.
    """

    _inherit = "milepost.link"

    purpose = fields.Selection(selection_add=[("carrier", "Carrier")], ondelete={"carrier": "cascade"})

    @api.model
    def _to_carrier(self, shipment):
        """A link for the shipment's carrier, made by the user of this environment.

        :raises UserError: nobody knows the carrier, or his address
        """
        carrier = shipment.sudo().carrier_partner_id
        if not carrier:
            raise UserError(self.env._("%s names no carrier company.", shipment.name))
        if not carrier.email:
            raise UserError(self.env._("%s has no email address to send the link to.", carrier.name))
        maker = self.env.user.filtered(lambda user: user._is_internal() and not user._is_superuser())
        return self._make(
            shipment, "carrier", CARRIER_DAYS, partner_id=carrier.id, email=carrier.email,
            touched_by_ids=[fields.Command.set((maker | carrier.sudo().milepost_email_user_ids).ids)],
        )  # fmt: skip

    def _check_authority(self, connection, facts):
        """Refuse what the connection may not publish: the carrier has no other authority."""
        by_key = {fact["key"]: fact for fact in facts}
        shipments = dict.fromkeys(by_key, [self.shipment_id.id])
        if self.env["milepost.fact"].sudo()._refused(connection.id, by_key, shipments):
            raise UserError(self.env._("This is reported in another way. Please ask whom you drive for."))

    def _pickups(self):
        return self._stops("pickup")

    def _deliveries(self):
        return self._stops("delivery")

    def _stops(self, kind):
        return self.shipment_id.stop_ids.filtered(lambda stop: stop.kind == kind and stop.in_plan)

    def _is_proven(self, stop):
        """Whether a proof of the delivery came in that nobody found wrong."""
        proofs = self.shipment_id.pod_ids
        return bool(
            proofs.filtered(
                lambda pod: (pod.stop_id or pod.assigned_stop_id) == stop
                and pod.state != "rejected" and not pod.superseded and not pod.retracted
            )
        )  # fmt: skip

    def _zone(self, stop):
        return stop.zone or self.shipment_id._portal_zone()

    def _now_at(self, stop):
        """The present minute at a stop, as a form's field has it."""
        return f"{datetime.now(UTC).astimezone(ZoneInfo(self._zone(stop))):%Y-%m-%dT%H:%M}"

    def _instant(self, text, stop):
        """What was typed as local time of a stop, as an instant of the contract.

        :raises UserError: it is no time, not yet, or long ago
        """
        zone = self._zone(stop)
        try:
            local = datetime.strptime((text or "")[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=ZoneInfo(zone))
        except ValueError as error:
            raise UserError(self.env._("Enter day and time.")) from error
        moment, now = local.astimezone(UTC).replace(tzinfo=None), fields.Datetime.now()
        if not now - OLDEST < moment < now + AHEAD:
            raise UserError(self.env._("This time lies in the future, or too far back."))
        return {"at": instant_text(moment), "zone": zone, "precision": "minute"}

    def _report_pickup(self, stop, at):
        """The carrier says that he took the goods."""
        self._tell([self._milestone("picked_up", stop, self._instant(at, stop))])

    def _report_delivery(self, stop, at, signer="", quantities=None, remark="", papers=()):
        """The carrier says that, how and to whom he delivered; with a paper it is a proof of delivery.

        :param papers: contents of the files, bytes
        """
        occurred = self._instant(at, stop)
        told = self._quantities(self._rows(stop, self._numbers(quantities or {})))
        papers = [self._document(f"pod-{number}", one) for number, one in enumerate(papers[:MOST_PHOTOS], 1)]
        signer = (signer or "").strip()[:LONGEST_NAME]
        if papers and not signer:
            raise UserError(self.env._("Write who took the goods."))
        facts = [self._milestone(_outcome(told), stop, occurred, told)]
        if papers:
            proof = {
                "kind": "proof_of_delivery", "stop": {"id": stop.key}, "delivered": occurred,
                "signer": signer, "signed": True, "documents": list({d["sha256"]: d for d in papers}.values()),
                "quantities": told, "remark": (remark or "").strip()[:LONGEST_REMARK],
            }  # fmt: skip
            facts.append({name: value for name, value in proof.items() if value})
        self._tell(facts)

    def _milestone(self, code, stop, occurred, told=()):
        fact = {
            "kind": "milestone", "code": code, "raw_code": code, "classifier": "actual",
            "occurred": occurred, "stop": {"id": stop.key, "kind": stop.kind},
        }  # fmt: skip
        if any(one["outcome"] == "accepted_damaged" for one in told):
            fact["conditions"] = ["damaged"]
        return fact


def _outcome(told):
    """The milestone of a delivery, by what became of the goods."""
    outcomes = {one["outcome"] for one in told}
    if outcomes and not outcomes & {"accepted", "accepted_damaged", "over"}:
        return "refused"
    return "partially_delivered" if outcomes & {"refused", "short"} else "delivered"
