from odoo import Command
from odoo.tests import tagged

from .counted_case import CountedCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceUnits(CountedCase):
    """A proof may count in the partner's units: each counts for what it means of the goods' own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pieces, cls.dozen, cls.kilogram, cls.gram = (
            cls.env.ref(f"uom.product_uom_{name}") for name in ("unit", "dozen", "kgm", "gram")
        )

    def sand(self):
        """Goods that are counted in kilograms."""
        return self.env["product.product"].create({
            "name": "Sand", "default_code": "SAND", "type": "consu", "invoice_policy": "delivery",
            "uom_id": self.kilogram.id, "taxes_id": [Command.clear()],
        })  # fmt: skip

    def sold(self, quantity, unit, product=None):
        product = product or self.product
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "order_line": [Command.create({
                "product_id": product.id, "product_uom_id": unit.id, "product_uom_qty": quantity,
                "price_unit": 12.5, "tax_ids": [Command.clear()],
            })],
        })  # fmt: skip
        order.action_confirm()
        for move in order.picking_ids.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        order.picking_ids.with_context(skip_backorder=True).button_validate()
        return order

    def prove(self, order, *rows):
        """The shipment of an order, with a proof of (outcome, quantity, partner's unit) rows."""
        return self.counted(
            order,
            [
                {"outcome": outcome, "quantity": quantity, **({"unit": unit} if unit else {})}
                for outcome, quantity, unit in rows
            ],
        )

    def test_a_dozen_proves_twelve_pieces(self):
        shipment = self.prove(self.sold(12, self.pieces), ("accepted", "1", self.dozen.name))
        self.assertEqual((self.reasons(shipment), self.count(shipment)), ([], (12, 0, 0)))
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 150)

    def test_twelve_pieces_prove_a_dozen(self):
        order = self.sold(1, self.dozen)
        moved = order.picking_ids.move_ids.product_uom
        shipment = self.prove(order, ("accepted", "12", self.pieces.name))
        whole = 1 if moved == self.dozen else 12
        self.assertEqual((self.reasons(shipment), self.count(shipment)), ([], (whole, 0, 0)))
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 12.5)

    def test_each_row_counts_by_its_own_unit(self):
        shipment = self.prove(
            self.sold(24, self.pieces), ("accepted", "1", self.dozen.name), ("accepted", "9", self.pieces.name),
            ("short", "3", None),
        )  # fmt: skip
        self.assertEqual((self.reasons(shipment), self.count(shipment)), (["qty_short"], (21, 3, 0)))

    def test_more_digits_than_stock_counts_with_lose_nothing(self):
        thirds = self.prove(
            self.sold(12, self.pieces), ("accepted", "0.333333", self.dozen.name),
            ("refused", "0.666667", self.dozen.name),
        )  # fmt: skip
        self.assertEqual((self.reasons(thirds), self.count(thirds)), (["qty_refused"], (4, 0, 0)))
        grams = [("accepted", "4", self.gram.name)] * 250 + [("accepted", "8995", "g"), ("short", "5", "g")]
        shipment = self.prove(self.sold(10, self.kilogram, self.sand()), *grams)
        self.assertEqual(self.count(shipment), (10, 0, 0))

    def test_a_unit_of_another_kind_counts_for_no_piece(self):
        shipment = self.prove(self.sold(20, self.pieces), ("accepted", "20", self.kilogram.name))
        hold = self.holds(shipment)["pod_invalid"]
        self.assertIn("20 “kg” of [PUMP] Pump, which does not convert into Units", hold.explanation)
        self.assertIn("code map", hold.remedy)
        self.assertFalse(self.run_billing())

    def test_a_unit_that_nobody_mapped_waits_for_its_meaning(self):
        shipment = self.prove(self.sold(24, self.pieces), ("accepted", "2", "CTN"))
        hold = self.holds(shipment)["pod_invalid"]
        self.assertIn("what the partner's unit “CTN” means: 2 of [PUMP] Pump", hold.explanation)
        self.assertIn("code map", hold.remedy)
        self.assertFalse(self.run_billing())
        noted = self.env["milepost.code.map"].search([("kind", "=", "unit"), ("raw_code", "=", "CTN")])
        noted.uom_id = self.dozen
        self.validate(shipment)
        self.assertEqual((self.reasons(shipment), self.count(shipment)), ([], (24, 0, 0)))

    def test_a_name_that_two_units_bear_means_none_until_somebody_says(self):
        for factor in (6, 8):
            self.env["uom.uom"].create(
                {"name": "Bundle", "relative_factor": factor, "relative_uom_id": self.pieces.id}
            )
        shipment = self.prove(self.sold(12, self.pieces), ("accepted", "2", "bundle"))
        self.assertEqual(self.reasons(shipment), ["pod_invalid"])
        noted = self.env["milepost.code.map"].search([("kind", "=", "unit"), ("raw_code", "=", "bundle")])
        noted.uom_id = self.env["uom.uom"].search([("name", "=", "Bundle"), ("relative_factor", "=", 6)])
        self.validate(shipment)
        self.assertEqual((self.reasons(shipment), self.count(shipment)), ([], (12, 0, 0)))

    def test_goods_of_several_kinds_are_counted_by_their_own_units(self):
        """A row that names goods by their code counts in any unit of theirs; one of another kind is said."""
        order = self.sold(24, self.pieces)
        shipment = self.shipment(order | self.sold(2, self.kilogram, self.sand()))
        self.deliver(shipment)
        proof = self.pod(shipment)
        proof["quantities"] = [
            {"goods": "PUMP", "outcome": "accepted", "quantity": "2", "unit": self.dozen.name},
            {"goods": "SAND", "outcome": "accepted", "quantity": "2000", "unit": self.gram.name},
        ]
        self.facts(proof)
        self.validate(shipment)
        self.assertEqual(self.reasons(shipment), [])
        wrong = self.pod(shipment)
        wrong["recorded_at"] = "2026-03-04T11:00:00Z"
        wrong["quantities"] = [dict(proof["quantities"][1], goods="PUMP")]
        self.facts(self.fact("retraction", shipment, target={"key": proof["key"]}), wrong)
        self.validate(shipment)
        self.assertIn("of PUMP, which does not convert", self.holds(shipment)["pod_invalid"].explanation)
