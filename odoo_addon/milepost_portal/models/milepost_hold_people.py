from odoo import models


class MilepostHoldPeople(models.AbstractModel):
    """Who made a link by which a proof came, or wrote its address, releases nothing that rests on it."""

    _inherit = "milepost.hold.people"

    def _people(self):
        hold = self.sudo()
        shipment = hold.shipment_id or hold.carrier_invoice_id.shipment_id
        return super()._people() | shipment.pod_ids.link_id.touched_by_ids
