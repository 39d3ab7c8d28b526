from odoo import api, fields, models


class MilepostRetraction(models.Model):
    """Withdraws a fact, or all versions of an event, those that arrive later too."""

    _name = "milepost.retraction"
    _description = "Retraction"
    _check_company_auto = True
    _inherit = ["milepost.fact"]
    _order = "said_at desc, id desc"
    _rec_name = "message_uid"
    _fact_kind = "retraction"
    _fact_is_heard = False

    target_key = fields.Char(readonly=True, fact=True)
    target_event = fields.Char(readonly=True, fact=True)

    _fact_unique = models.UniqueIndex(
        "(connection_id, key, shipment_id) NULLS NOT DISTINCT", "This fact is stored already."
    )
    _shipment_index = models.Index("(shipment_id)")
    _waiting_index = models.Index("USING gin (identifiers jsonb_path_ops) WHERE shipment_id IS NULL")

    @api.model
    def _prepare_fact_row(self, fact, context):
        target = fact["target"]
        return {
            **super()._prepare_fact_row(fact, context),
            "target_key": target.get("key"),
            "target_event": target.get("source_event"),
        }
