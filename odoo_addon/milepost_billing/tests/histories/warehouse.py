"""What people do with goods: they leave, together or apart, come back, and are replaced."""

from .people import People


class Warehouse(People):
    def waiting(self):
        """The deliveries that are to leave."""
        return (
            self.moved()
            .filtered(lambda one: one.state in ("confirmed", "assigned", "waiting") and self.leaves(one))
            .sorted("id")
        )

    def moved(self):
        return self.sold.picking_ids | self.sold.order_line.move_ids.picking_id

    def leaves(self, picking):
        """Whether it goes to a customer, of ours or from a vendor."""
        return picking.picking_type_code in ("outgoing", "dropship")

    def do_ship(self, rng):
        """A transfer leaves, whole or in part; or all of them in one truck."""
        if waiting := self.waiting():
            leaving = waiting.filtered(lambda one: one.picking_type_code == "outgoing")
            together = len(leaving) > 1 and rng.random() < 0.2
            self.leave(rng, leaving if together else self.picked(rng, waiting))

    def do_ship_together(self, rng):
        """What waits at our place goes in one truck, whoever gets it."""
        if waiting := self.waiting().filtered(lambda one: one.picking_type_code == "outgoing"):
            self.leave(rng, waiting)

    def leave(self, rng, leaving):
        share, backorder = rng.choice((1, 1, 0.5, 0.3)), rng.random() < 0.8
        for move in leaving.move_ids.sorted("id"):
            own = share if rng.random() < 0.7 else rng.choice((1, 0.5, 0.3))
            move.quantity = max(round(move.product_uom_qty * own), 1)
        leaving.move_ids.picked = True
        context = {"skip_backorder": True}
        if not backorder:
            context["picking_ids_not_to_backorder"] = leaving.ids
        leaving.with_context(**context).button_validate()
        truck = self.new_truck(leaving)
        shipped = {move.product_id.default_code: move.quantity for move in leaving.move_ids}
        self.say(f"ship {shipped} as {self.name(truck)}" + ("" if backorder else ", no backorder"))

    def returning(self, rng):
        """Odoo's wizard that takes one of each back of a delivery, and the delivery; or neither."""
        picking = self.picked(
            rng, self.fleet.picking_ids.filtered(lambda one: one.state == "done").sorted("id")
        )
        if not picking:
            return None, picking
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
        ).create({})  # fmt: skip
        wizard.product_return_moves.write({"quantity": 1, "to_refund": True})
        return wizard, picking

    def do_give_back(self, rng):
        """The customer returns goods that are to be credited."""
        wizard, picking = self.returning(rng)
        if wizard:
            self.receive(wizard._create_return())
            self.say(f"one of each comes back from {picking.name}")

    def do_exchange(self, rng):
        """The customer returns goods and gets others for them, which are still to leave."""
        wizard, picking = self.returning(rng)
        if wizard:
            before = self.moved()
            wizard.action_create_exchanges()
            self.receive((self.moved() - before).filtered(lambda one: not self.leaves(one)))
            self.say(f"one of each of {picking.name} is exchanged")

    @staticmethod
    def receive(back):
        back.move_ids.quantity = 1
        back.move_ids.picked = True
        back.button_validate()
