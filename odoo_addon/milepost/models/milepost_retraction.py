from odoo import fields, models


class MilepostRetraction(models.Model):
    """Withdraws a fact, or all versions of an event, those that arrive later too."""

    _name = "milepost.retraction"
    _description = "Retraction"
    _inherit = ["milepost.fact"]
    _order = "said_at desc, id desc"
    _rec_name = "message_uid"

    target_key = fields.Char(readonly=True)
    target_event = fields.Char(readonly=True)

    _fact_unique = models.UniqueIndex(
        "(connection_id, key, shipment_id) NULLS NOT DISTINCT", "This fact is stored already."
    )
    _shipment_index = models.Index("(shipment_id)")
    _waiting_index = models.Index("USING gin (identifiers jsonb_path_ops) WHERE shipment_id IS NULL")
