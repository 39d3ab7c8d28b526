import uuid

from odoo import api, models
from odoo.tools import float_repr


class MilepostTransportOrder(models.AbstractModel):
    """A shipment in the contract's words (transport_order in exchange.schema.json)."""

    _name = "milepost.transport.order"
    _description = "Transport Order"

    @api.model
    def _prepare_transport_order(self, shipment):
        """The order in the contract's words (transport_order in exchange.schema.json).

        In the company's language: the words must not change with the person who clicked.
        """
        shipment = shipment.with_context(lang=shipment.company_id.partner_id.lang)
        maps, connection = self.env["milepost.code.map"], shipment.connection_id
        origin = shipment.origin_id or shipment.company_id.partner_id
        destination = shipment.destination_id or shipment.partner_id
        ends = {"pickup": (origin, shipment.ready_at), "delivery": (destination, shipment.due_at)}
        stops = [
            self._without_gaps(
                {
                    "id": stop.key,
                    "sequence": stop.sequence,
                    "kind": stop.kind,
                    "place": self._prepare_place(ends[stop.kind][0]),
                    "party": self._prepare_party(ends[stop.kind][0], connection, "place"),
                    "window_end": self._utc(ends[stop.kind][1]),
                }
            )
            for stop in shipment.stop_ids.filtered("is_base").sorted("sequence")
        ]
        orders = shipment.sale_order_ids
        return self._without_gaps(
            {
                "id": shipment.uid,
                "consignment_id": shipment.consignment_uid,
                "shipment": shipment.name,
                "sales_orders": orders.mapped("name"),
                "transfers": shipment.picking_ids.mapped("name"),
                "customer_references": [ref for ref in orders.mapped("client_order_ref") if ref],
                "shipper": self._prepare_party(shipment.company_id.partner_id, connection, "customer"),
                "consignee": self._prepare_party(destination, connection, "customer"),
                "stops": stops,
                "goods": self._prepare_goods(shipment),
                "service": maps._code_of(connection, "service", shipment.carrier_id)
                or shipment.carrier_id.name
                or None,
                "note": shipment.note or None,
            }
        )

    @api.model
    def _prepare_goods(self, shipment):
        """One entry per product and unit, over all transfers of the shipment."""
        goods = {}
        moves = shipment.picking_ids.move_ids.filtered(lambda m: m.state != "cancel")
        for move in moves:
            product = move.product_id
            quantity, weight, volume = goods.get((product, move.product_uom), (0, 0, 0))
            goods[product, move.product_uom] = (
                quantity + move.product_uom_qty,
                weight + product.weight * move.product_qty,
                volume + product.volume * move.product_qty,
            )
        return [
            self._without_gaps(
                {
                    "id": self._goods_uuid(shipment, product, unit),
                    "description": product.display_name[:256],
                    "product_code": product.default_code or None,
                    "quantity": self._decimal(quantity),
                    "unit": unit.name,
                    "weight_kg": self._decimal(weight) if weight else None,
                    "volume_m3": self._decimal(volume) if volume else None,
                }
            )
            for (product, unit), (quantity, weight, volume) in goods.items()
        ]

    @api.model
    def _goods_uuid(self, shipment, product, unit):
        """The same goods of the same shipment have the same id, however often it is ordered."""
        return str(uuid.uuid5(uuid.UUID(shipment.uid), f"{product.id}/{unit.id}"))

    @api.model
    def _prepare_place(self, partner):
        return self._without_gaps(
            {
                "name": (partner.display_name or "")[:256] or None,
                "street": partner.street or None,
                "postal_code": partner.zip or None,
                "city": partner.city or None,
                "country": partner.country_id.code or None,
                "latitude": partner.partner_latitude or None,
                "longitude": partner.partner_longitude or None,
                "zone": partner.tz or None,
            }
        )

    @api.model
    def _prepare_party(self, partner, connection, kind):
        """The partner's own code for the contact, where there is one, else our reference."""
        maps = self.env["milepost.code.map"]
        return self._without_gaps(
            {
                "name": partner.display_name[:256],
                "reference": maps._code_of(connection, kind, partner) or partner.ref or None,
                "email": partner.email or None,
                "phone": partner.phone or None,
            }
        )

    @api.model
    def _without_gaps(self, values):
        return {name: value for name, value in values.items() if value is not None}

    @api.model
    def _decimal(self, value):
        """A plain decimal as text; the contract allows six places."""
        text = float_repr(value, 6).rstrip("0").rstrip(".")
        return "0" if text in ("", "-0") else text

    @api.model
    def _utc(self, moment):
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
