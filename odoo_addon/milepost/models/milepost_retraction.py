from odoo import api, fields, models


class MilepostRetraction(models.Model):
    """Withdraws a fact, or all versions of an event, those that arrive later too."""

    _name = "milepost.retraction"
    _description = "Withdrawal"
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
    _target_index = models.Index("(target_key, connection_id) WHERE target_key IS NOT NULL")

    @api.model
    def _prepare_fact_row(self, fact, context):
        target = fact["target"]
        return {
            **super()._prepare_fact_row(fact, context),
            "target_key": target.get("key"),
            "target_event": target.get("source_event"),
        }

    @api.model
    def _stored(self, connection_id, target_keys):
        """Hook: retractions of these facts of a connection were just stored."""

    def _about(self, facts):
        """The retractions of these facts, of those retractions in turn, and so on."""
        found = self.browse()
        targets = facts
        while targets:
            told = {(one.connection_id, one.key) for one in targets}
            domain = [
                ("connection_id", "in", targets.connection_id.ids),
                ("target_key", "in", targets.mapped("key")),
            ]
            targets = self.search(domain) - found
            targets = targets.filtered(lambda one, told=told: (one.connection_id, one.target_key) in told)
            found |= targets
        return found

    def _follow(self, facts):
        """What waits for its shipment goes where the facts went that it withdraws."""
        for word in self._about(facts).filtered(lambda one: not one.shipment_id).sorted("id"):
            told = word.connection_id, word.target_key
            meant = next((one for one in facts if (one.connection_id, one.key) == told), None) or self.search([
                ("key", "=", word.target_key), ("connection_id", "=", word.connection_id.id),
                ("shipment_id", "!=", False),
            ], limit=1)  # fmt: skip
            if meant.shipment_id:
                word.shipment_id = meant.shipment_id
