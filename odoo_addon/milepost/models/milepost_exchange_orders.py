from odoo import api, models
from odoo.exceptions import ValidationError

from ..arguments import count_of


class MilepostExchangeOrders(models.AbstractModel):
    """Orders compared on both sides: what is believed here, what differs there, and its repair."""

    _inherit = "milepost.exchange"

    @api.model
    def told_orders(self, connection, after=0, wanted=False):
        """Orders that the partner knows by what is believed here, a page of them (contract 1.6).

        :param after: id of the last one before
        :param wanted: only those that somebody wants looked at again
        :return: {orders: [{id, shipment, believes, look, payload}], next: id or 0}
        """
        self._check_bridge()
        outbox = self.env["milepost.outbox"].sudo()
        return outbox._told(self._connection(connection), count_of(self.env, after, 0), bool(wanted))

    @api.model
    def report_differences(self, connection, compared, differences):
        """Take what differs of the orders that were compared (contract 1.6)."""
        self._check_bridge()
        outbox = self.env["milepost.outbox"].sudo()
        kinds = {kind for kind, _label in outbox._fields["difference"].selection}
        if not isinstance(compared, list) or not isinstance(differences, list):
            raise ValidationError(self.env._("Differences come as lists."))
        for one in differences:
            if (
                not isinstance(one, dict)
                or not isinstance(one.get("id"), int)
                or one.get("kind") not in kinds
            ):
                raise ValidationError(self.env._("A difference is of an order and of a known kind."))
        outbox._take_differences(self._connection(connection), compared, differences)
        return {}

    @api.model
    def tracked_numbers(self, connection, after=0):
        """Tracking numbers of which something is to be heard, a page of them (contract 1.7).

        :return: {numbers: [{number, carrier}], next: id or 0}
        """
        self._check_bridge()
        parcels = self.env["milepost.parcel"].sudo()
        return parcels._followed(self._connection(connection), count_of(self.env, after, 0))

    @api.model
    def repair_order(self, connection, id):  # noqa: A002 (the contract's name)
        """Repair what differs of an order, as the bridge's operator asks (contract 1.6)."""
        self._check_bridge()
        outbox = self.env["milepost.outbox"].sudo()
        item = outbox.browse(count_of(self.env, id, 0)).exists()
        if item.connection_id == self._connection(connection) and item.difference:
            item._repair()
        return {}
