from odoo import api, fields, models


class MilepostItinerary(models.Model):
    """The plan of a transport as the partner told it: its stops, and further names it proves."""

    _name = "milepost.itinerary"
    _description = "Itinerary"
    _check_company_auto = True
    _inherit = ["milepost.fact"]
    _order = "said_at desc, id desc"
    _rec_name = "message_uid"
    _fact_kind = "itinerary"

    stops = fields.Json(readonly=True, fact=True)
    declares = fields.Json(readonly=True, fact=True)
    carrier_name = fields.Char(readonly=True, fact=True)
    carrier_scac = fields.Char(string="SCAC", readonly=True, fact=True)
    stop_total = fields.Integer(compute="_compute_stop_total")

    _fact_unique = models.UniqueIndex(
        "(connection_id, key, shipment_id) NULLS NOT DISTINCT", "This fact is stored already."
    )
    _shipment_index = models.Index("(shipment_id)")
    _waiting_index = models.Index("USING gin (identifiers jsonb_path_ops) WHERE shipment_id IS NULL")

    @api.model
    def _prepare_fact_row(self, fact, context):
        return {
            **super()._prepare_fact_row(fact, context),
            "stops": fact["stops"],
            "declares": fact.get("declares"),
            "carrier_name": fact.get("carrier_name"),
            "carrier_scac": fact.get("carrier_scac"),
        }

    @api.model
    def _codes_in(self, fact):
        if fact.get("carrier_scac"):
            yield "carrier", fact["carrier_scac"], fact.get("carrier_name")

    @api.depends("stops")
    def _compute_stop_total(self):
        for itinerary in self:
            itinerary.stop_total = len(itinerary.stops or ())
