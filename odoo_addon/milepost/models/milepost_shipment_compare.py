from odoo import fields, models

COMPARED = (
    "state", "current_milestone", "eta", "picked_up_at", "arrived_delivery_at", "delivered_at",
    "exception_code", "has_pod", "stop_done_count",
)  # fmt: skip


class MilepostShipment(models.Model):
    """The shipment as a trial of a mapping compares it."""

    _inherit = "milepost.shipment"

    def _decide_now(self):
        """Hook: decide on what waits for a decision."""

    def _compared_values(self):
        """{name: text} of what is known of the shipment; what is unknown is left out."""
        self.ensure_one()
        return {name: _text(self[name]) for name in COMPARED if self[name]}

    def _compared_money(self):
        """Hook: {what: "amount currency"} of the shipment's money."""
        return {}


def _text(value):
    return fields.Datetime.to_string(value) if hasattr(value, "isoformat") else str(value)
