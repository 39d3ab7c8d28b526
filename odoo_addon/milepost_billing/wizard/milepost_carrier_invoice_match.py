from odoo import fields, models


class MilepostCarrierInvoiceMatch(models.TransientModel):
    """Which shipment a carrier's bill is for, where its numbers do not say."""

    _name = "milepost.carrier.invoice.match"
    _description = "Choose the Shipment of a Carrier Bill"

    invoice_id = fields.Many2one(
        "milepost.carrier.invoice", string="Bill", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="invoice_id.company_id")
    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, domain="[('company_id', '=', company_id)]"
    )

    def action_match(self):
        """Match the bill, and compare it with what was expected at once."""
        self.ensure_one()
        self.invoice_id.assign_shipment(self.shipment_id.id)
        self.invoice_id.action_validate_billing()
        return {"type": "ir.actions.act_window_close"}
