import uuid

from odoo import api, fields, models


class MilepostShipmentLine(models.Model):
    """What one truck carries of one stock move.

    Many to many: an order over several trucks has lines of one move in several shipments; several
    orders in one truck are lines of several moves. The lines of a move never sum to more than what it
    moves, and a shipment that was declined or cancelled carries nothing.
    """

    _name = "milepost.shipment.line"
    _description = "Shipment Line"
    _check_company_auto = True
    _order = "shipment_id, id"
    _rec_name = "product_id"

    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="shipment_id.company_id", store=True)
    move_id = fields.Many2one(
        "stock.move", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    picking_id = fields.Many2one(related="move_id.picking_id", string="Transfer")
    sale_line_id = fields.Many2one(
        related="move_id.sale_line_id", string="Order Line", store=True, index="btree_not_null"
    )
    product_id = fields.Many2one(related="move_id.product_id")
    uom_id = fields.Many2one(related="move_id.product_uom", string="Unit")
    planned_qty = fields.Float(
        string="Set Aside", digits="Product Unit", readonly=True,
        help="What of the move goes on this truck, when it carries only what is set aside for it.",
    )  # fmt: skip
    quantity = fields.Float(
        digits="Product Unit", readonly=True,
        help="In the move's unit: what was shipped once the move is done, until then what is to be.",
    )  # fmt: skip
    asked_qty = fields.Float(
        string="Asked For", digits="Product Unit", readonly=True,
        help="What the move asked for while this truck could take more.",
    )  # fmt: skip

    advised_qty = fields.Float(
        string="Shipped as Advised", digits="Product Unit", compute="_compute_advised", compute_sudo=True,
        help="In the move's unit: what the warehouse or supplier said to have loaded.",
    )  # fmt: skip
    is_advised_otherwise = fields.Boolean(
        string="Shipped Otherwise", compute="_compute_advised", compute_sudo=True
    )

    _move_unique = models.UniqueIndex("(shipment_id, move_id)", "The shipment carries this move already.")
    _planned_positive = models.Constraint(
        "CHECK (planned_qty >= 0)", "What is set aside for a truck cannot be negative."
    )

    @api.depends("quantity", "shipment_id.fact_count")
    def _compute_advised(self):
        self.update({"advised_qty": 0.0, "is_advised_otherwise": False})
        for shipment, advices in self.shipment_id._advices().grouped("shipment_id").items():
            shares, _foreign = shipment._advised(advices)
            for line in self.filtered(lambda line, shares=shares: line in shares):
                line.advised_qty = shares[line]
                line.is_advised_otherwise = line.uom_id.compare(shares[line], line.quantity) != 0

    @api.model_create_multi
    def create(self, vals_list):
        shipments, moves = self.env["milepost.shipment"], self.env["stock.move"]
        for vals in vals_list:
            # On a truck that carries only what is set aside for it nothing is, as yet.
            is_partial = shipments.browse(vals["shipment_id"]).is_partial
            asked = 0.0 if is_partial else moves.browse(vals["move_id"]).product_uom_qty
            vals.setdefault("asked_qty", asked)
        lines = super().create(vals_list)
        self._share(lines.move_id)
        lines._changed()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if "planned_qty" in vals:
            for line in self:
                line.asked_qty = line.move_id.product_uom_qty
            self._share(self.move_id)
        if "quantity" in vals:
            self._changed()
        return result

    def unlink(self):
        moves = self.move_id
        self._changed()
        result = super().unlink()
        self._share(moves.exists())
        return result

    def _changed(self):
        """Partners are told of other quantities, and what is billed rests on them."""
        self.shipment_id._facts_changed()
        self.env["milepost.outbox"]._watch_orders(self.shipment_id)

    @api.model
    def _share(self, moves):
        """Share out what the moves move among the shipments that carry them.

        Trucks that have left keep what they have. Then comes what was set aside; what is left goes on the
        newest of the other trucks: of two shipments made of one transfer the later one counts, as when a
        carrier declined and another took it.
        """
        # By the field, which is asked again for what is billed: of goods without a truck it is one query.
        lines = moves.milepost_line_ids
        for move, own in lines.grouped("move_id").items():
            unit, left = move.product_uom, move._milepost_quantity()
            shares, carrying = dict.fromkeys(own, 0.0), own.filtered(lambda line: line._carries())
            gone = carrying.filtered(lambda line: not line.shipment_id._may_change()).sorted("id")
            turns = [(line, line.quantity) for line in gone]
            turns += [(line, line._most()) for line in carrying.sorted(key=_turn)]
            for line, most in turns:
                more = max(min(most - shares[line], left), 0.0)
                shares[line] += more
                left = unit.round(left - more)
            for line, share in shares.items():
                if unit.compare(line.quantity, share):
                    line.quantity = unit.round(share)

    def _most(self):
        """What the truck could have of its move, as far as that is not set aside for others.

        Of a truck that has left no more than it could load. A warehouse that counts afterwards may find
        another quantity; what an order was raised by meanwhile is still there, and the truck's proof
        would prove goods that nobody fetched.
        """
        move, is_partial = self.move_id, self.shipment_id.is_partial
        most, demand = move._milepost_quantity(), move.product_uom_qty
        if not self.shipment_id._may_change():
            most = self.asked_qty + max(most - demand, 0.0)
        elif not is_partial and self.asked_qty != demand:
            self.asked_qty = demand
        return min(self.planned_qty, most) if is_partial else most

    def _carries(self):
        """Whether the line counts: its shipment is to move the goods or did, and has their transfer."""
        return self.shipment_id._is_carrying() and self.picking_id in self.shipment_id.picking_ids

    def _stop(self):
        """The stop at which these goods are unloaded."""
        return self.shipment_id._stop_of(self.picking_id)

    def _is_named(self, goods):
        """Whether partners mean this line by what they call the goods."""
        product = self.product_id
        ours = self._goods_key(), product.default_code, product.barcode, product.name, product.display_name
        return bool(goods) and goods in ours

    def _in_own_unit(self, row, unit):
        """The quantity of a row of an advice in the line's unit; None when nobody knows what it means.

        Who names no unit means ours, by which he was told of the goods.
        """
        quantity = float(row["quantity"])
        if not self or ("unit" in row and not unit):
            return None
        if "unit" not in row:
            return quantity
        if not unit._has_common_reference(self.uom_id):
            return None
        return unit._compute_quantity(quantity, self.uom_id, round=False)

    def _goods_key(self):
        """The UUID by which partners know these goods: of product and unit, and in a truck with several
        drops of the stop. However often they are ordered, it is the same."""
        self.ensure_one()
        shipment, name = self.shipment_id, f"{self.product_id.id}/{self.uom_id.id}"
        if len(shipment.stop_ids.filtered(lambda stop: stop.is_base and stop.kind == "delivery")) > 1:
            name += f"/{self._stop().key}"
        return str(uuid.uuid5(uuid.UUID(shipment.uid), name))


def _turn(line):
    """Where a line stands in the queue for what its move moves."""
    if line.shipment_id.is_partial:
        return (0, line.shipment_id._may_change(), line.id)
    return (1, False, -line.id)
