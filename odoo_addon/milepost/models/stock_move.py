from odoo import api, fields, models
from odoo.exceptions import AccessError


class StockMove(models.Model):
    """Goods move; what of that needs a truck is a shipment's, wherever Odoo confirmed the move."""

    _name = "stock.move"
    _inherit = ["stock.move", "milepost.managed"]

    milepost_line_ids = fields.One2many(
        "milepost.shipment.line", "move_id", string="Shipment Lines", copy=False,
        groups="milepost.group_viewer",
    )  # fmt: skip
    milepost_managed_by_id = fields.Many2one(
        "milepost.connection", string="Managed By", copy=False, readonly=True, ondelete="restrict",
        index="btree_not_null", groups="milepost.group_viewer",
        help="Who was to move the goods when they left. What is set up later does not change it.",
    )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves.filtered(lambda move: move.state == "done")._milepost_decide()
        self.env["milepost.outbox"]._watch_transfers(moves.picking_id)
        return moves

    def write(self, vals):
        self._milepost_refuse_loosening(vals)
        before = self.picking_id if "picking_id" in vals else self.env["stock.picking"]
        leaving = (
            self.filtered(lambda move: move.state != "done") if vals.get("state") == "done" else self.browse()
        )
        result = super().write(vals)
        leaving._milepost_decide()
        told = {
            "product_id", "product_uom_qty", "product_uom", "date", "date_deadline", "picking_id", "quantity",
        }  # fmt: skip
        if told & set(vals) or vals.get("state") in ("cancel", "done"):
            self.env["milepost.outbox"]._watch_transfers(self.picking_id | before)
        return result

    def _milepost_refuse_loosening(self, vals):
        """Goods that left with us stay the goods of their order line: what is billed of it rests on them."""
        if self.env.su or "sale_line_id" not in vals:
            return
        for move in self.sudo():
            left = move.state == "done" and (move.milepost_managed_by_id or move.milepost_line_ids)
            if left and move.sale_line_id and move.sale_line_id.id != vals["sale_line_id"]:
                raise AccessError(
                    self.env._("%s left for its order and stays with it.", move.product_id.display_name)
                )

    def unlink(self):
        pickings = self.picking_id
        result = super().unlink()
        self.env["milepost.outbox"]._watch_transfers(pickings)
        return result

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        """Every way to a transfer leads through here: orders, further steps, exchanges, resupply."""
        moves = super()._action_confirm(merge=merge, merge_into=merge_into, create_proc=create_proc)
        moves.picking_id._milepost_follow()
        return moves

    def _action_done(self, cancel_backorder=False):
        # What nobody ordered the warehouse says to have loaded.
        found = self.filtered(lambda move: not move.sale_line_id)
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        (moves & found).exists().sudo()._milepost_load()
        self.env["milepost.shipment.line"].sudo()._share(moves.exists().sudo())
        return moves

    def _milepost_load(self):
        """Put goods that the warehouse adds to a transfer whose trucks have left on the last of them.

        As with what it counts of other goods afterwards: no other truck was asked for them, none will
        be, and without one nothing ever proves them. Not on one that is proven already: its paper is
        older than what it would prove.
        """
        for move in self.filtered(lambda one: one.state == "done" and not one.milepost_line_ids):
            trucks = move.picking_id._milepost_carrying()
            last = trucks.sorted("id")[-1:]
            if last and not last.has_pod and not any(truck._may_change() for truck in trucks):
                move.milepost_line_ids.create({
                    "shipment_id": last.id, "move_id": move.id,
                    "planned_qty": move.quantity if last.is_partial else 0.0,
                })  # fmt: skip

    def _action_cancel(self):
        result = super()._action_cancel()
        self.env["milepost.shipment.line"].sudo()._share(self.sudo())
        return result

    def _milepost_quantity(self):
        """What the move moves, in its own unit: shipped once it is done, else to be shipped."""
        self.ensure_one()
        if self.state == "cancel":
            return 0.0
        return self.quantity if self.state == "done" else self.product_uom_qty

    def _milepost_left_qty(self):
        """What of a move no shipment carries, in its own unit; of one that is done, where others of its
        transfer have one: without, it never gets a proof."""
        self.ensure_one()
        is_over = self.state == "done" and not self.sudo().picking_id._milepost_carrying()
        if is_over or self.state in ("draft", "cancel"):
            return 0.0
        carried = sum(self.sudo().milepost_line_ids.mapped("quantity"))
        return max(self.product_uom.round(self._milepost_quantity() - carried), 0.0)

    def _milepost_raised_qty(self):
        """What of that was ordered after all its trucks had left, in its own unit: none was asked for it."""
        told = max(self.sudo().milepost_line_ids.mapped("asked_qty"), default=0.0)
        return max(min(self._milepost_left_qty(), self.product_uom.round(self.product_uom_qty - told)), 0.0)

    def _milepost_is_delivery(self):
        """Whether the goods go to a customer, from stock or from a vendor: what he can be billed for.

        Returns, receipts and transfers between warehouses may travel with us, too; nobody is billed
        for their goods.
        """
        self.ensure_one()
        return self.location_dest_id._is_outgoing()

    def _milepost_is_transport(self):
        """Whether these goods travel by our order, so that what of them is billed waits for proof.

        True for a move that a shipment carries or carried, whoever made it; and for one that is to
        travel by the configuration of its operation type, shipping method and connection, though no
        shipment could be made of it (it says why in `milepost_notice`). Once it is done what was so at
        that moment counts: goods moved before a connection took over stay Odoo's alone, and what left
        under it waits for proof whatever is set up later. False for steps inside the warehouse.
        """
        self.ensure_one()
        own = self.sudo()
        if own.sale_line_id.order_id.milepost_handed_back_at:
            return False
        if own.milepost_line_ids or own.milepost_managed_by_id:
            return True
        return self.state not in ("done", "cancel") and bool(own._milepost_manager())

    def _milepost_manager(self):
        """The connection that moves these goods by itself, as it is set up at this moment; or none."""
        picking = self.picking_id
        travels = picking and picking._milepost_demand()
        return picking._milepost_manager() if travels else self.env["milepost.connection"]

    def _milepost_decide(self):
        """Keep who was to move what has left just now.

        Nobody is written, too: what is asked of each move right afterwards need not be read then.
        """
        for move in self.sudo():
            if move._milepost_is_delivery():
                move.milepost_managed_by_id = move._milepost_manager()
