from odoo import fields, models


class DeliveryCarrier(models.Model):
    """A shipping provider as any addon brings one: it makes its own label and number, and counts the calls."""

    _inherit = "delivery.carrier"

    delivery_type = fields.Selection(
        selection_add=[("stub", "Stub")], ondelete={"stub": lambda carriers: carriers.unlink()}
    )
    stub_sent = fields.Integer()
    stub_cancelled = fields.Integer()

    def stub_rate_shipment(self, _order):
        return {"success": True, "price": 7.0, "error_message": False, "warning_message": False}

    def stub_send_shipping(self, pickings):
        self.stub_sent += len(pickings)
        return [{"exact_price": 7.0, "tracking_number": f"STUB{one.id},STUB{one.id}B"} for one in pickings]

    def stub_get_tracking_link(self, picking):
        return f"https://stub.example/{picking.carrier_tracking_ref}"

    def stub_cancel_shipment(self, pickings):
        self.stub_cancelled += len(pickings)
        pickings.carrier_tracking_ref = False
