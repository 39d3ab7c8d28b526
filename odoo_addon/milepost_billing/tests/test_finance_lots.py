from odoo import Command
from odoo.tests import tagged

from .counted_case import CountedCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceLots(CountedCase):
    """What a proof says of a lot or a package counts for what is in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.serum = cls.env["product.product"].create({
            "name": "Serum", "default_code": "SERUM", "type": "consu", "invoice_policy": "delivery",
            "is_storable": True, "tracking": "lot", "taxes_id": [Command.clear()],
        })  # fmt: skip
        location = (
            cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1).lot_stock_id
        )
        for name in ("LOT-A", "LOT-B"):
            lot = cls.env["stock.lot"].create({"name": name, "product_id": cls.serum.id})
            cls.env["stock.quant"]._update_available_quantity(cls.serum, location, 5, lot_id=lot)

    def sold(self, packed=False):
        """An order of 10, 5 of each lot, perhaps in a package each."""
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "order_line": [Command.create({
                "product_id": self.serum.id, "product_uom_qty": 10, "price_unit": 12.5,
                "tax_ids": [Command.clear()],
            })],
        })  # fmt: skip
        order.action_confirm()
        picking = order.picking_ids
        picking.action_assign()
        self.assertEqual(sorted(picking.move_line_ids.lot_id.mapped("name")), ["LOT-A", "LOT-B"])
        for line in picking.move_line_ids if packed else ():
            line.result_package_id = self.env["stock.package"].create({"name": f"BOX-{line.lot_id.name[-1]}"})
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        return order

    def prove(self, order, *rows):
        return self.counted(
            order,
            [{"goods": goods, "outcome": outcome, "quantity": quantity} for goods, outcome, quantity in rows],
        )

    def test_two_lots_that_came_whole_are_the_whole(self):
        shipment = self.prove(self.sold(), ("LOT-A", "accepted", "5"), ("LOT-B", "accepted", "5"))
        self.assertEqual((self.reasons(shipment), self.count(shipment)), ([], (10, 0, 0)))
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 125)

    def test_what_is_missing_of_a_lot_is_said_of_that_lot(self):
        shipment = self.prove(self.sold(), ("LOT-A", "accepted", "5"), ("LOT-B", "accepted", "3"))
        self.assertEqual(self.count(shipment), (8, 2, 0))
        self.assertIn("LOT-B: 2 of 5 are missing", self.holds(shipment)["qty_short"].explanation)

    def test_what_one_lot_has_too_much_is_not_what_another_lacks(self):
        shipment = self.prove(self.sold(), ("LOT-A", "accepted", "7"), ("LOT-B", "accepted", "3"))
        self.assertEqual(
            (self.reasons(shipment), self.count(shipment)), (["qty_over", "qty_short"], (8, 2, 2))
        )
        self.assertFalse(self.run_billing())

    def test_a_package_counts_for_what_is_in_it(self):
        shipment = self.prove(self.sold(packed=True), ("BOX-A", "accepted", "7"), ("BOX-B", "accepted", "3"))
        holds = self.holds(shipment)
        self.assertIn("BOX-B: 2 of 5 are missing", holds["qty_short"].explanation)
        self.assertIn("BOX-A: 2 more than the 5 shipped were counted", holds["qty_over"].explanation)

    def test_a_lot_of_which_a_count_says_nothing_did_not_arrive(self):
        shipment = self.prove(self.sold(), ("LOT-A", "accepted", "5"))
        self.assertEqual((self.reasons(shipment), self.count(shipment)), (["qty_short"], (5, 5, 0)))

    def test_what_is_refused_of_one_lot_leaves_the_other_accepted(self):
        shipment = self.prove(self.sold(), ("LOT-B", "refused", "2"))
        self.assertEqual((self.reasons(shipment), self.count(shipment)), (["qty_refused"], (8, 0, 0)))
        self.assertIn("LOT-B: 2 of 5 were refused", self.holds(shipment)["qty_refused"].explanation)

    def test_lots_of_pieces_make_up_the_dozen_that_was_sold(self):
        """5 of 12 pieces are no whole hundredth of a dozen, and none of them is over or missing."""
        self.env["ir.config_parameter"].set_param("stock.propagate_uom", "1")
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "order_line": [Command.create({
                "product_id": self.serum.id, "product_uom_qty": 0.75, "price_unit": 120,
                "product_uom_id": self.env.ref("uom.product_uom_dozen").id, "tax_ids": [Command.clear()],
            })],
        })  # fmt: skip
        order.action_confirm()
        picking = order.picking_ids
        picking.action_assign()
        self.assertEqual(picking.move_ids.product_uom, self.env.ref("uom.product_uom_dozen"))
        self.assertEqual(sorted(picking.move_line_ids.mapped("quantity_product_uom")), [4, 5])
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        unit = self.serum.uom_id.name
        rows = [
            {"goods": line.lot_id.name, "outcome": "accepted", "quantity": f"{line.quantity_product_uom:g}",
             "unit": unit}
            for line in picking.move_line_ids
        ]  # fmt: skip
        shipment = self.counted(order, rows)
        self.assertEqual((self.reasons(shipment), self.count(shipment)), ([], (0.75, 0, 0)))
