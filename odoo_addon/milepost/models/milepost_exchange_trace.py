from odoo import api, models
from odoo.exceptions import ValidationError

#: Keys that one call may ask for.
MAX_KEYS = 1000


class MilepostExchangeTrace(models.AbstractModel):
    """Where facts of the bridge ended up, for those who follow a message through both."""

    _inherit = "milepost.exchange"

    @api.model
    def trace(self, keys=(), trace_id=None):
        """The records that facts of the caller's connections became.

        :param keys: keys of facts, 1000 at most
        :param trace_id: in place of keys: the W3C trace of the messages
        :return: {records: [{key, model, id, standing, shipment, message}], shipments: [{name, id,
            state, documents: [{model, id, name, state}]}]}; names and states, no money
        """
        self._check_bridge()
        if not isinstance(keys, (list, tuple)) or not all(isinstance(key, str) for key in keys[:MAX_KEYS]):
            raise ValidationError(self.env._("Keys of facts come as a list of texts."))
        connections = self._connections()
        named = ("trace_id", "=", str(trace_id)) if trace_id else ("key", "in", keys[:MAX_KEYS])
        records, shipments = [], self.env["milepost.shipment"].sudo()
        for _kind, model in sorted(self.env["milepost.fact"].sudo()._models_by_kind().items()):
            found = model.sudo().search([named, ("connection_id", "in", connections.ids)])
            shipments |= found.shipment_id
            records += [
                {
                    "key": fact.key,
                    "model": fact._name,
                    "id": fact.id,
                    "standing": fact.standing,
                    "shipment": fact.shipment_id.name or "",
                    "message": fact.message_uid or "",
                }
                for fact in found
            ]
        return {"records": records, "shipments": [one._prepare_trace() for one in shipments]}
