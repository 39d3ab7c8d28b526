from odoo import api, fields, models
from odoo.tools import float_repr

from ..contract import instant_text

# The international pound and foot (1959), by which Odoo keeps weights and volumes where it is set so.
KG_PER_POUND = 0.45359237
M3_PER_CUBIC_FOOT = 0.3048**3


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
        connection = shipment.connection_id
        destination = shipment.destination_id or shipment.partner_id
        orders = shipment.sale_order_ids
        packages = self._prepare_packages(shipment)
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
                "stops": self._prepare_stops(shipment),
                "goods": self._prepare_goods(shipment),
                "packages": packages or None,
                "weight_kg": self._gross_weight(shipment) if packages else None,
                "service": self.env["milepost.code.map"]._code_of(connection, "service", shipment.carrier_id)
                or shipment.carrier_id.name
                or None,
                "note": shipment.note or None,
            }
        )

    @api.model
    def _prepare_stops(self, shipment):
        """The stops, numbered as partners are to call them."""
        base = shipment.stop_ids.filtered("is_base").sorted(
            lambda stop: (stop.kind == "delivery", stop.sequence)
        )
        several = len(base) > 2
        ends = {"pickup": shipment.ready_at, "delivery": shipment.due_at}
        stops = []
        for number, stop in enumerate(base, 1):
            partner = stop.partner_id
            until = stop.base["window_end"] if several else ends[stop.kind]
            stops.append(self._without_gaps({
                "id": stop.key,
                "sequence": number,
                "kind": stop.kind,
                "place": self._prepare_place(partner),
                "party": self._prepare_party(partner, shipment.connection_id, "place"),
                "window_end": instant_text(fields.Datetime.to_datetime(until)),
            }))  # fmt: skip
        return stops

    @api.model
    def _prepare_goods(self, shipment):
        """One entry per product, unit and stop, over all transfers of the shipment."""
        goods = {}
        for line in shipment.line_ids.filtered("quantity").sorted("id"):
            key = line._goods_key()
            goods[key] = goods.get(key, line) | line
        several = len(shipment.stop_ids.filtered(lambda stop: stop.is_base and stop.kind == "delivery")) > 1
        entries = []
        for key, lines in goods.items():
            product, unit = lines[0].product_id, lines[0].uom_id
            whole = sum(
                line.uom_id._compute_quantity(line.quantity, product.uom_id, round=False) for line in lines
            )
            lots = sorted({lot.name for lot in lines.move_id.move_line_ids.lot_id})
            entries.append(self._without_gaps({
                "id": key,
                "description": product.display_name[:256],
                "product_code": product.default_code or None,
                "quantity": self._decimal(sum(lines.mapped("quantity"))),
                "unit": unit.name,
                "weight_kg": self._kilograms(product.weight * whole),
                "volume_m3": self._cubic_metres(product.volume * whole),
                "delivery_stop": lines[0]._stop().key if several else None,
                "lots": lots or None,
            }))  # fmt: skip
        return entries

    @api.model
    def _prepare_packages(self, shipment):
        """The packages as they were packed, with what is in each and what the scales said."""
        contents = {}
        for line in shipment.line_ids.filtered("quantity").sorted("id"):
            for packed in line.move_id.move_line_ids.filtered("result_package_id").sorted("id"):
                contents.setdefault(packed.result_package_id, []).append((line, packed))
        packages = []
        for package, packed in contents.items():
            packages.append(self._without_gaps({
                "reference": package.name,
                "sscc": package.name if package.valid_sscc else None,
                "type": package.package_type_id.name or None,
                "weight_kg": self._kilograms(_weight(package, packed[0][0].picking_id)),
                "contents": [
                    self._without_gaps({
                        "goods": line._goods_key(),
                        "quantity": self._decimal(one.quantity),
                        "unit": one.product_uom_id.name,
                        "lot": one.lot_id.name or None,
                    })
                    for line, one in packed
                ],
            }))  # fmt: skip
        return packages

    @api.model
    def _gross_weight(self, shipment):
        """What the truck has to carry: packages by their weights, and what is loose."""
        lines = shipment.line_ids.filtered("quantity").move_id.move_line_ids
        loose = lines.filtered(lambda line: not line.result_package_id)
        total = sum(line.product_id.weight * line.quantity_product_uom for line in loose)
        for package in lines.result_package_id:
            packed = lines.filtered(lambda line, one=package: line.result_package_id == one)
            total += _weight(package, packed.picking_id[:1])
        return self._kilograms(total)

    @api.model
    def _kilograms(self, weight):
        """A weight in the unit that the database keeps weights in; None for nothing."""
        in_pounds = self._parameter("product.weight_in_lbs") == "1"
        return self._decimal(weight * (KG_PER_POUND if in_pounds else 1)) if weight else None

    @api.model
    def _cubic_metres(self, volume):
        """A volume in the unit that the database keeps volumes in; None for nothing."""
        in_feet = self._parameter("product.volume_in_cubic_feet") == "1"
        return self._decimal(volume * (M3_PER_CUBIC_FOOT if in_feet else 1)) if volume else None

    @api.model
    def _parameter(self, name):
        return self.env["ir.config_parameter"].sudo().get_param(name)

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
                "zone": partner._milepost_zone() or None,
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


def _weight(package, picking):
    """What a package weighs: by the scales, else by what is packed into it, and its type."""
    return package.shipping_weight or package.with_context(picking_id=picking.id).weight
