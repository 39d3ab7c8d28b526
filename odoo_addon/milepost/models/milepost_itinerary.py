from odoo import api, fields, models


class MilepostItinerary(models.Model):
    """The plan of a transport as the partner told it: its stops, and further names it proves."""

    _name = "milepost.itinerary"
    _description = "Itinerary"
    _inherit = ["milepost.fact"]
    _order = "said_at desc, id desc"
    _rec_name = "message_uid"

    stops = fields.Json(readonly=True)
    declares = fields.Json(readonly=True)
    carrier_name = fields.Char(readonly=True)
    carrier_scac = fields.Char(string="SCAC", readonly=True)
    stop_total = fields.Integer(compute="_compute_stop_total")

    _fact_unique = models.UniqueIndex(
        "(connection_id, key, shipment_id) NULLS NOT DISTINCT", "This fact is stored already."
    )
    _shipment_index = models.Index("(shipment_id)")
    _waiting_index = models.Index("USING gin (identifiers jsonb_path_ops) WHERE shipment_id IS NULL")

    @api.depends("stops")
    def _compute_stop_total(self):
        for itinerary in self:
            itinerary.stop_total = len(itinerary.stops or ())
