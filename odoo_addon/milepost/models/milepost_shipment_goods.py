from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..codes import CHANGEABLE_STATES, DEAD_STATES

# The partner was told, or is about to be, that it need not move the goods.
CALLED_OFF = ("cancellation_queued", "cancellation_sent", "withdrawn")
DIRECTIONS = [
    ("delivery", "Delivery"),
    ("return", "Return"),
    ("receipt", "Receipt"),
    ("resupply", "Between Warehouses"),
    ("service", "Service"),
]


class MilepostShipmentGoods(models.AbstractModel):
    """What a shipment carries: lines of stock moves, kept in step with its transfers."""

    _name = "milepost.shipment.goods"
    _description = "Goods of a Shipment"

    line_ids = fields.One2many("milepost.shipment.line", "shipment_id", string="Goods", copy=False)
    is_partial = fields.Boolean(
        string="Part of the Transfers", readonly=True, copy=False,
        help="It carries only what is set aside for it; another shipment has the rest.",
    )  # fmt: skip
    is_left_over = fields.Boolean(
        compute="_compute_is_left_over", search="_search_is_left_over",
        help="Some goods of its transfers are on no truck.",
    )  # fmt: skip
    direction = fields.Selection(DIRECTIONS, default="delivery", required=True, readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        shipments = super().create(vals_list)
        shipments.sudo()._carry()
        return shipments

    def write(self, vals):
        result = super().write(vals)
        if "picking_ids" in vals:
            self.sudo()._carry()
        return result

    def _compute_is_left_over(self):
        for shipment in self:
            own = shipment.sudo()
            moves = own.line_ids.move_id.filtered(lambda move: move.state != "done")
            if own._is_carrying():
                moves |= own.picking_ids.move_ids
            shipment.is_left_over = any(move._milepost_left_qty() for move in moves)

    def _search_is_left_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["state", "order_state", "picking_ids"])
        self.env["milepost.shipment.line"].flush_model(["shipment_id", "move_id", "quantity"])
        self.env["stock.move"].flush_model(["state", "product_uom_qty", "quantity", "picking_id"])
        left = Domain.custom(to_sql=lambda _model, alias, _query: SQL(
            """
            EXISTS (SELECT FROM milepost_shipment_picking own
                      JOIN stock_move move ON move.picking_id = own.picking_id
                       AND move.state NOT IN ('draft', 'cancel')
                     WHERE own.shipment_id = %(shipment)s.id
                       AND CASE WHEN %(shipment)s.state = ANY (%(dead)s)
                                  OR (%(shipment)s.state = ANY (%(changeable)s)
                                      AND %(shipment)s.order_state = ANY (%(called_off)s))
                                THEN move.state <> 'done' AND EXISTS (
                                    SELECT FROM milepost_shipment_line line
                                     WHERE line.move_id = move.id AND line.shipment_id = own.shipment_id)
                                ELSE true END
                       AND CASE WHEN move.state = 'done' THEN move.quantity ELSE move.product_uom_qty END > (
                           SELECT COALESCE(SUM(quantity), 0) FROM milepost_shipment_line WHERE move_id = move.id
                           ) + 0.000001)
            """,
            shipment=SQL.identifier(alias), dead=list(DEAD_STATES), changeable=list(CHANGEABLE_STATES),
            called_off=list(CALLED_OFF),
        ))  # fmt: skip
        return Domain.OR([left if wanted else ~left for wanted in value])

    def _is_carrying(self):
        """Whether the shipment is to move its goods, moves them or did."""
        if self.state in CHANGEABLE_STATES:
            return self.order_state not in CALLED_OFF
        return self.state not in DEAD_STATES

    def _may_change(self):
        """Whether the goods have not been picked up yet, as far as anybody said."""
        return self.state in CHANGEABLE_STATES

    def _declare_packages(self, order):
        """Partners may name the shipment by a package's SSCC, once they were told of it."""
        names = {("sscc", one["sscc"]) for one in order.get("packages", ()) if one.get("sscc")}
        if names and names - {(one.type, one.value) for one in self.identifier_ids}:
            self._declare(self.connection_id, names)

    def _share_again(self):
        """Share out anew what these shipments carry, after one of them began or ceased to carry."""
        self.env["milepost.shipment.line"]._share(self.line_ids.move_id)

    def _carry(self):
        """Give each move of the shipments' transfers a line, and take lines of other moves away."""
        lines = self.env["milepost.shipment.line"]
        creates, gone = [], lines
        for shipment in self:
            moves = shipment.picking_ids.move_ids.filtered(lambda move: move.state not in ("draft", "cancel"))
            missing = moves - shipment.line_ids.move_id
            if not shipment._may_change():
                # What is put on its transfers after it left is still there.
                missing = missing.filtered(
                    lambda m, own=shipment.line_ids: m.picking_id not in own.picking_id
                )
            creates += [{"shipment_id": shipment.id, "move_id": move.id} for move in missing]
            gone |= shipment.line_ids.filtered(
                lambda line, own=shipment: line.picking_id not in own.picking_ids
            )
        known = (self.line_ids - gone).move_id
        gone.unlink()
        # New lines are shared out as they are made.
        made = lines.create(creates) if creates else lines
        lines._share(known - made.move_id)

    def _give_up(self, pickings):
        """Let another truck have these transfers; what is left without any is called off."""
        for shipment in self:
            if shipment.picking_ids <= pickings and shipment._live_orders():
                # The cancelled shipment keeps its transfers, to be read.
                self.env["milepost.outbox"]._cancel_order(shipment)
            else:
                shipment.picking_ids -= pickings
            shipment._message_log(
                body=self.env._("Goes with another shipment: %s", ", ".join(pickings.mapped("name")))
            )

    def _take(self, pickings):
        """Carry these transfers, too."""
        orders = pickings.move_ids.sale_line_id.order_id
        self.write({"picking_ids": [Command.link(one.id) for one in pickings - self.picking_ids]})
        if self.direction == "delivery":
            self.sale_order_ids |= orders

    def _keep_rest(self, picking, backorder):
        """Carry of a backorder what was set aside of the transfer and stayed behind; without anything set
        aside, and nothing left, all of it."""
        self.ensure_one()
        own = self.line_ids.filtered(lambda line: line.picking_id == picking)
        behind = own.filtered(
            lambda line: line.uom_id.compare(line.planned_qty if self.is_partial else 1, line.quantity) > 0
        )
        if not behind or (not self.is_partial and any(own.mapped("quantity"))):
            return
        self._take(backorder)
        for line in behind if self.is_partial else ():
            follows = self.line_ids.filtered(
                lambda one, move=line.move_id: (
                    one.picking_id == backorder
                    and (one.move_id.product_id, one.move_id.sale_line_id)
                    == (move.product_id, move.sale_line_id)
                )
            )[:1]
            if follows:
                follows.planned_qty = line.planned_qty - line.quantity
                line.planned_qty = line.quantity

    def _split(self, quantities):
        """Make a second shipment that carries a part of this one's goods.

        :param quantities: {stock.move: quantity in the move's unit}
        :return: the new shipment, which is ordered when this one is
        :raises UserError: this one does not carry that much, or its goods were picked up
        """
        self.ensure_one()
        lines = {line.move_id: line for line in self.line_ids}
        for move, quantity in quantities.items():
            own = lines[move].quantity if move in lines else 0.0
            if quantity <= 0 or move.product_uom.compare(quantity, own) > 0 or not self._may_change():
                raise UserError(self.env._(
                    "%(shipment)s cannot give %(quantity)s of %(product)s to another truck.",
                    shipment=self.name, quantity=formatLang(self.env, quantity, dp="Product Unit"),
                    product=move.product_id.display_name,
                ))  # fmt: skip
        pickings = self.env["stock.picking"].union(*(move.picking_id for move in quantities))
        other = self._from_pickings(pickings, self.connection_id, quantities)
        if self.is_partial:
            for move, quantity in quantities.items():
                lines[move].planned_qty -= quantity
        if self._live_orders():
            other.action_order_transport()
        return other

    @api.model
    def _from_pickings(self, pickings, connection, quantities=None):
        """Make one shipment of transfers that go together.

        :param quantities: {stock.move: quantity} that is set aside for it, when it is not to carry
            all that the transfers move
        """
        first = pickings[0]
        orders = pickings.move_ids.sale_line_id.order_id | pickings.sale_id
        terms = self._terms_of(pickings)
        direction = first._milepost_direction()
        customer = orders[:1].partner_id or first.partner_id.commercial_partner_id
        shipment = self.create(
            {
                **terms,
                "transfer_terms": self._terms_json(terms),
                "company_id": first.company_id.id,
                "connection_id": connection.id,
                "direction": direction,
                "partner_id": customer.id if direction in ("delivery", "return") else False,
                "picking_ids": [Command.set(pickings.ids)],
                "sale_order_ids": [Command.set(orders.ids)] if direction == "delivery" else [],
                "is_partial": bool(quantities),
            }
        )
        for line in shipment.line_ids if quantities else ():
            line.planned_qty = quantities.get(line.move_id, 0.0)
        return shipment

    @api.model
    def _terms_of(self, pickings):
        """When and where transfers that go together are moved, and how."""
        ends = [picking._milepost_ends() for picking in pickings]
        return {
            "carrier_id": pickings[0].carrier_id.id,
            "origin_id": ends[0][0].id,
            "destination_id": ends[-1][1].id,
            "ready_at": min(pickings.mapped("scheduled_date"), default=False),
            "due_at": pickings._milepost_due(),
        }
