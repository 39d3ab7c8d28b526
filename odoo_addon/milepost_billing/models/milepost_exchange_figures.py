from datetime import timedelta

from odoo import api, models
from odoo.addons.milepost.models.milepost_exchange_figures import WINDOW_DAYS
from odoo.fields import Domain

from .milepost_hold import AP_REASONS, AR_REASONS


class MilepostExchangeFigures(models.AbstractModel):
    """How billing fares, for monitoring: counts and durations, no money."""

    _inherit = "milepost.exchange"

    @api.model
    def _prepare_figures(self, connections, now):
        """Add `billing`: {deliveries, readiness_median_seconds, readiness_p90_seconds,
        without_proof_share, charge_exceptions, holds: [{reason, count}]}; what nothing is to be
        said of is None."""
        lag = self.env["milepost.billing.lag"].sudo()
        since = now - timedelta(days=WINDOW_DAYS)
        shown = lag._shown(
            Domain("connection_id", "in", connections.ids) & Domain("delivered_at", ">=", since)
        )
        readiness = lag._lags(shown, now)["readiness"]
        missing = lag._proof_and_first_pass(shown, now)["missing_pod"]
        return {
            **super()._prepare_figures(connections, now),
            "billing": {
                "deliveries": readiness["n"] + readiness["open"],
                "readiness_median_seconds": _seconds(readiness["median_hours"]),
                "readiness_p90_seconds": _seconds(readiness["p90_hours"]),
                "without_proof_share": missing["n"] / missing["of"] if missing["of"] else None,
                "charge_exceptions": lag._payables(shown)["charge_exceptions"]["n"],
                "holds": self._open_holds(connections),
            },
        }

    @api.model
    def _open_holds(self, connections):
        """Every reason, with how many holds block now for it."""
        groups = self.env["milepost.hold"]._read_group(
            [("is_blocking", "=", True), ("shipment_id.connection_id", "in", connections.ids)],
            ["reason"],
            ["__count"],
        )
        counts = dict(groups)
        return [
            {"reason": reason, "count": counts.get(reason, 0)} for reason, _label in AR_REASONS + AP_REASONS
        ]


def _seconds(hours):
    return None if hours is None else round(float(hours) * 3600)
