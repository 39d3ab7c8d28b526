"""What a warehouse says to have shipped: shown beside what the shipment carries, and decides nothing."""

from odoo import Command
from odoo.tests import tagged

from .common import MilepostCase, fact, milestone


@tagged("post_install", "-at_install", "milepost")
class TestAdvice(MilepostCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pump, cls.hose = cls.env["product.product"].create([
            {"name": name, "default_code": name.upper(), "type": "consu"} for name in ("Pump", "Hose")
        ])  # fmt: skip
        warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        picking = cls.env["stock.picking"].create({
            "picking_type_id": warehouse.out_type_id.id, "partner_id": cls.customer.id,
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": cls.env.ref("stock.stock_location_customers").id,
            "move_ids": [
                Command.create({
                    "product_id": product.id, "product_uom_qty": quantity, "product_uom": product.uom_id.id,
                    "location_id": warehouse.lot_stock_id.id,
                    "location_dest_id": cls.env.ref("stock.stock_location_customers").id,
                })
                for product, quantity in ((cls.pump, 10), (cls.hose, 4))
            ],
        })  # fmt: skip
        picking.action_confirm()
        cls.shipment = cls.new_shipment(picking_ids=[Command.set(picking.ids)])

    def advise(self, *goods, packages=(), hours=0, **more):
        loaded = {"goods": [dict(zip(("goods", "quantity", "unit"), row, strict=False)) for row in goods]}
        if packages:
            loaded["packages"] = [{"reference": one, "sscc": one} for one in packages]
        says = {"raw_code": "945", "stop": {"kind": "pickup"}, "loaded": loaded, **more}
        self.tell(milestone(self.shipment, "loaded", hours, **says))

    def advised(self):
        lines = {line.product_id: line for line in self.shipment.line_ids}
        return [(lines[one].advised_qty, lines[one].is_advised_otherwise) for one in (self.pump, self.hose)]

    def test_without_an_advice_nothing_is_said(self):
        self.assertFalse(self.shipment.has_advice)
        self.assertEqual(self.advised(), [(0, False), (0, False)])

    def test_what_was_shipped_as_ordered_is_no_news(self):
        hose = self.shipment.line_ids.filtered(lambda line: line.product_id == self.hose)
        self.advise(("PUMP", "10", "Units"), (hose._goods_key(), "4"), packages=["340123450000001000"])
        self.assertEqual(self.advised(), [(10, False), (4, False)])
        self.assertTrue(self.shipment.has_advice)
        self.assertFalse(self.shipment.advice_text)
        self.assertEqual(self.shipment.advised_packages, "340123450000001000")

    def test_what_is_short_missing_or_too_much_is_shown_in_our_unit(self):
        self.advise(("PUMP", "0.5", "Dozens"))
        self.assertEqual(self.advised(), [(6, True), (0, True)])
        self.assertIn("6 of 10", self.shipment.advice_text)
        self.advise(("PUMP", "11"), ("HOSE", "4"), hours=1)
        self.assertEqual(self.advised(), [(11, True), (4, False)])

    def test_advices_of_parts_add_up_and_a_corrected_one_replaces_its_own(self):
        first, second = ["340123450000001000"], ["340123450000001001"]
        self.advise(("PUMP", "6"), packages=first, source_event="945|SHP|PART-1")
        self.assertEqual(self.advised(), [(6, True), (0, True)])
        self.advise(("PUMP", "3"), ("HOSE", "4"), packages=second, hours=1, source_event="945|SHP|PART-2")
        self.assertEqual(self.advised(), [(9, True), (4, False)])
        self.assertEqual(self.shipment.advised_packages, ", ".join(first + second))
        self.advise(("PUMP", "4"), ("HOSE", "4"), packages=second, hours=2, source_event="945|SHP|PART-2")
        self.assertEqual(self.advised(), [(10, False), (4, False)])
        self.assertFalse(self.shipment.advice_text)
        self.assertEqual(self.shipment.advised_packages, ", ".join(first + second))
        self.tell(fact("retraction", self.shipment, 3, target={"source_event": "945|SHP|PART-1"}))
        self.assertEqual(self.advised(), [(4, True), (4, False)])

    def test_what_nobody_knows_is_told_as_it_came_and_counts_for_nothing(self):
        self.advise(("PUMP", "2", "XYZ"), ("GADGET", "1", "EA"), ("HOSE", "4"))
        self.assertEqual(self.advised(), [(0, False), (4, False)])
        self.assertIn("2 XYZ PUMP", self.shipment.advice_text)
        self.assertIn("1 EA GADGET", self.shipment.advice_text)

    def test_a_unit_that_nobody_knows_is_offered_to_be_mapped_and_counts_then(self):
        self.advise(("PUMP", "2", "XYZ"), ("HOSE", "4"))
        code_map = self.env["milepost.code.map"].search([("kind", "=", "unit"), ("raw_code", "=", "XYZ")])
        code_map.uom_id = self.env.ref("uom.product_uom_dozen")
        self.env.invalidate_all()
        self.assertEqual(self.advised(), [(24, True), (4, False)])

    def test_a_carriers_word_of_the_loading_takes_no_advice_back(self):
        self.advise(("PUMP", "1"))
        self.tell(milestone(self.shipment, "loaded", 1, stop={"kind": "pickup"}))
        self.assertIn("1 of 10", self.shipment.advice_text)

    def test_a_withdrawn_advice_is_forgotten(self):
        self.advise(("PUMP", "1"), source_event="945|1")
        self.assertTrue(self.shipment.advice_text)
        self.tell(fact("retraction", self.shipment, 2, target={"source_event": "945|1"}))
        self.assertFalse(self.shipment.has_advice)

    def test_an_advice_changes_no_quantity_that_is_carried(self):
        before = self.shipment.line_ids.mapped("quantity")
        self.advise(("PUMP", "1"))
        self.assertEqual(self.shipment.line_ids.mapped("quantity"), before)
