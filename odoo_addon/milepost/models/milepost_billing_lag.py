from datetime import UTC

from odoo import api, fields, models

from ..billing import waterfall


def _aware(value):
    return value.replace(tzinfo=UTC) if value else None


class MilepostBillingLag(models.AbstractModel):
    """Where the time from delivery to the posted invoice goes, over the shipments that a user may read."""

    _name = "milepost.billing.lag"
    _description = "Billing Lag"

    @api.model
    def figures(self, domain=None, now=None):
        """The key figures of finance over delivered shipments.

        :param domain: of milepost.shipment; cancelled ones are left out always
        :param now: naive UTC, the time of looking
        :return: {now, parts: [{key, seconds, share}], total_seconds, n, posted, readiness: {n,
            median_hours, p90_hours, open, open_ages_hours}, posting: {…}, proof: {…}}; hours are
            text with two decimals, None where nothing is to be counted
        """
        now = now or fields.Datetime.now()
        shipments = self.env["milepost.shipment"].search(
            [("delivered_at", "!=", False), ("state", "!=", "cancelled"), *(domain or [])], order="id"
        )
        received = self._received(shipments)
        parts = dict.fromkeys(waterfall.PARTS, 0)
        for shipment in shipments:
            for key, seconds in waterfall.waterfall(self._instants(shipment, received), _aware(now)).items():
                parts[key] += seconds
        total = sum(parts.values())
        return {
            "now": fields.Datetime.to_string(now),
            "n": len(shipments),
            "posted": len(shipments.filtered("posted_at")),
            "total_seconds": total,
            "parts": [
                {"key": key, "seconds": seconds, "share": round(100 * seconds / total, 1) if total else 0}
                for key, seconds in parts.items()
            ],
            "readiness": self._lag(shipments, "delivered_at", "billing_ready_at", now),
            "posting": self._lag(
                shipments.filtered("billing_ready_at"), "billing_ready_at", "posted_at", now
            ),
            "proof": self._lag(shipments, "delivered_at", "pod_validated_at", now),
        }

    @api.model
    def _received(self, shipments):
        """When the bridge had the first word of the delivery, and when it stood in Odoo."""
        rows = self.env["milepost.milestone"]._read_group(
            [
                ("shipment_id", "in", shipments.ids), ("classifier", "=", "actual"),
                ("code", "in", ("delivered", "partially_delivered", "refused", "returned")),
            ],
            ["shipment_id"], ["received_at:min", "create_date:min"],
        )  # fmt: skip
        return {shipment.id: (received, applied) for shipment, received, applied in rows}

    @api.model
    def _instants(self, shipment, received):
        came, applied = received.get(shipment.id, (None, None))
        return waterfall.Instants(
            delivered=_aware(shipment.delivered_at),
            received=_aware(came),
            applied=_aware(applied),
            pod_validated=_aware(shipment.pod_validated_at),
            charges_final=_aware(shipment.charges_final_at),
            ready=_aware(shipment.billing_ready_at),
            posted=_aware(shipment.posted_at),
        )

    @api.model
    def _lag(self, shipments, start, end, now):
        pairs = [(_aware(one[start]), _aware(one[end])) for one in shipments if one[start]]
        lag = waterfall.readiness_lag(pairs, _aware(now))
        return {
            "n": lag.n,
            "median_hours": None if lag.median_hours is None else f"{lag.median_hours:.2f}",
            "p90_hours": None if lag.p90_hours is None else f"{lag.p90_hours:.2f}",
            "open": lag.open,
            "open_ages_hours": [f"{age:.2f}" for age in lag.open_ages_hours],
        }
