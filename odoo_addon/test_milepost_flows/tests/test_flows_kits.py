"""Kits: sold as a whole, moved and proven in parts, billed in whole kits."""

import random

from odoo import Command
from odoo.tests import tagged

from .flow_case import FlowCase


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsKits(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.a, cls.b = (
            cls.new_product("Part A", "A", list_price=20.0),
            cls.new_product("Part B", "B", list_price=60.0),
        )
        cls.kit = cls.new_kit("KIT", {cls.a: 2, cls.b: 1})

    @classmethod
    def new_kit(cls, code, parts, **values):
        kit = cls.new_product(f"Kit {code}", code, list_price=100.0, is_storable=False)
        cls.env["mrp.bom"].create({
            "product_tmpl_id": kit.product_tmpl_id.id, "product_qty": 1.0, "type": "phantom",
            "bom_line_ids": [
                Command.create({"product_id": part.id, "product_qty": quantity})
                for part, quantity in parts.items()
            ],
            **values,
        })  # fmt: skip
        return kit

    def ship(self, picking, quantities, backorder=True):
        """Ship {part: quantity} of a transfer."""
        for move in picking.move_ids:
            move.quantity = quantities.get(move.product_id, 0)
            move.picked = True
        context = {"skip_backorder": True}
        if not backorder:
            context["picking_ids_not_to_backorder"] = picking.ids
        picking.with_context(**context).button_validate()
        self.end_transaction()

    def prove_rows(self, shipment, *rows):
        """Deliver and prove it by rows of (outcome, quantity, goods)."""
        self.deliver(shipment)
        said = [{"outcome": one, "quantity": str(quantity), "goods": goods} for one, quantity, goods in rows]
        self.facts({**self.pod(shipment), "quantities": said} if said else self.pod(shipment))
        self.validate(shipment)

    def decide_again(self):
        """What the background work does with what changed."""
        shipments = self.env["milepost.billing"]._changed(100)
        self.validate(shipments)

    def shipped(self, quantity=5, product=None):
        """An order of kits that left whole, with its shipment."""
        order = self.sell((product or self.kit, quantity))
        self.do(order.picking_ids)
        return order, self.shipments(order)

    def dispose(self, shipment, disposition):
        self.env["milepost.billable"].with_user(self.users["analyst"]).dispose(shipment.id, disposition)
        self.validate(shipment)

    def test_five_kits_at_100_are_billed_500_once_their_parts_are_proven(self):
        order, shipment = self.shipped()
        self.assertEqual(order.order_line.milepost_managed_qty, 5)
        self.assertEqual(self.told(self.send()[0]), {"A": "10", "B": "5"})
        self.assert_nothing_to_invoice(order)
        self.assertEqual(order.order_line.milepost_waiting_qty, 5)
        self.prove_rows(shipment)
        self.assertEqual((shipment.billable_amount, shipment.billing_value), (500.0, 500.0))
        self.assertEqual(self.post(order), 500.0)
        self.validate(shipment)
        self.assertEqual((shipment.invoiced_amount, shipment.billing_state), (500.0, "invoiced"))

    def test_a_billing_run_bills_whole_kits(self):
        order, shipment = self.shipped()
        self.prove_rows(shipment)
        self.assertEqual(self.run_billing().amount_untaxed, 500.0)
        self.assertEqual(order.order_line.qty_invoiced, 5)

    def test_nine_of_ten_a_and_five_b_prove_four_kits_and_the_rest_is_a_named_shortage(self):
        order, shipment = self.shipped()
        self.prove_rows(shipment, ("accepted", 9, "A"), ("accepted", 5, "B"))
        [hold] = self.holds(shipment).values()
        self.assertEqual(hold.reason, "qty_short")
        self.assertIn("[A] Part A ([KIT] Kit KIT): 1 of 10 are missing", hold.explanation)
        self.assertEqual(hold.amount, 20.0)
        self.assert_nothing_to_invoice(order)
        self.dispose(shipment, "bill_accepted")
        self.assertEqual(self.post(order), 400.0)
        self.assertEqual(order.order_line.milepost_waiting_qty, 1)

    def test_a_shortage_that_is_billed_as_shipped_leaves_the_kits_whole(self):
        order, shipment = self.shipped()
        self.prove_rows(shipment, ("accepted", 9, "A"), ("accepted", 5, "B"))
        self.dispose(shipment, "bill_shipped")
        self.assertEqual(self.post(order), 500.0)

    def test_fractions_of_a_kit_are_billed_by_policy_alone(self):
        self.policy.kits = "fraction"
        order, shipment = self.shipped()
        self.prove_rows(shipment, ("accepted", 9, "A"), ("accepted", 5, "B"))
        self.dispose(shipment, "bill_accepted")
        self.assertEqual(self.post(order), 450.0)
        self.assertEqual(shipment.policy_version_id.rules["kits"], "fraction")

    def test_a_proof_may_name_the_kit_itself(self):
        order, shipment = self.shipped()
        self.prove_rows(shipment, ("accepted", 4, "KIT"), ("short", 1, "KIT"))
        short = {row.product_id: row.short_qty for row in shipment.billable_ids if row.kind == "part"}
        self.assertEqual(short, {self.a: 2, self.b: 1})
        self.dispose(shipment, "bill_accepted")
        self.assertEqual(self.post(order), 400.0)

    def test_a_proof_that_names_neither_part_nor_kit_does_not_count(self):
        _order, shipment = self.shipped()
        self.prove_rows(shipment, ("accepted", 5, "PMP"))
        self.assertEqual(self.reasons(shipment), ["pod_invalid"])

    def test_kits_that_were_invoiced_up_front_and_did_not_arrive_whole_are_credited_once(self):
        self.kit.invoice_policy = "order"
        order = self.sell((self.kit, 5))
        self.assertEqual(self.post(order), 500.0)
        self.do(order.picking_ids)
        shipment = self.shipments(order)
        self.prove_rows(shipment, ("accepted", 9, "A"), ("accepted", 5, "B"))
        self.dispose(shipment, "bill_accepted")
        [credit] = self.run_billing()
        self.assertEqual((credit.move_type, credit.amount_total), ("out_refund", 100.0))
        self.assertFalse(self.run_billing())

    def test_kits_that_are_ordered_after_the_truck_left_go_on_another(self):
        order, first = self.shipped()
        self.prove_rows(first)
        self.assertEqual(self.post(order), 500.0)
        order.order_line.product_uom_qty = 8
        self.end_transaction()
        self.do(self.open_pickings(order))
        [second] = self.shipments(order) - first
        self.assertEqual({line.product_id: line.quantity for line in second.line_ids}, {self.a: 6, self.b: 3})
        self.assert_nothing_to_invoice(order)
        self.prove_rows(second)
        self.assertEqual(self.post(order), 300.0)

    def backordered(self):
        """An order of 5 kits of which 4 A and 1 B left first, and its two shipments."""
        order = self.sell((self.kit, 5))
        self.ship(order.picking_ids, {self.a: 4, self.b: 1})
        self.do(self.open_pickings(order))
        return order, *self.shipments(order)

    def test_parts_on_two_shipments_are_kits_once_both_are_proven(self):
        order, first, second = self.backordered()
        self.prove_rows(first)
        self.assertEqual(self.post(order), 100.0)
        self.prove_rows(second)
        self.assertEqual(self.post(order), 400.0)
        self.assertEqual(order.order_line.qty_invoiced, 5)

    def test_the_order_of_two_proofs_makes_no_difference_but_the_documents(self):
        order, first, second = self.backordered()
        self.prove_rows(second)
        self.assertEqual(self.post(order), 300.0)
        self.prove_rows(first)
        self.decide_again()
        self.assertEqual(self.post(order), 200.0)
        self.assertEqual((first | second).mapped("invoiced_amount"), [200.0, 300.0])

    def test_a_kit_that_a_withdrawn_proof_leaves_unwhole_is_not_invoiced(self):
        order, first, second = self.backordered()
        self.prove_rows(second)
        self.prove_rows(first)
        self.decide_again()
        self.assertEqual(order.order_line.qty_to_invoice, 5)
        self.facts(self.fact("retraction", first, target={"key": first.pod_ids.key}))
        self.validate(first)
        self.assertNotEqual(second.billing_rev, second.rev)
        self.assertEqual(self.post(order), 300.0)

    def test_parts_without_their_counterpart_are_no_kit(self):
        order = self.sell((self.kit, 5))
        self.ship(order.picking_ids, {self.a: 10})
        [first, second] = self.shipments(order)
        self.prove_rows(first)
        self.assert_nothing_to_invoice(order)
        self.assertEqual(first.billable_amount, 0)
        self.do(self.open_pickings(order))
        self.prove_rows(second)
        self.assertEqual(self.post(order), 500.0)

    def test_kits_that_come_back_are_credited_in_whole_kits(self):
        order, shipment = self.shipped()
        self.prove_rows(shipment)
        self.post(order)
        picking = order.picking_ids
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
        ).create({"picking_id": picking.id})  # fmt: skip
        for line in wizard.product_return_moves:
            line.write({"quantity": 4 if line.product_id == self.a else 2, "to_refund": True})
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self.do(back)
        [credit] = order._create_invoices(final=True)
        self.assertEqual((credit.move_type, credit.amount_untaxed), ("out_refund", 200.0))

    def test_kits_of_kits_are_counted_by_what_is_moved(self):
        case = self.new_kit("CASE", {self.kit: 2, self.b: 1})
        order, shipment = self.shipped(3, case)
        self.assertEqual(self.told(self.send()[0]), {"A": "12", "B": "9"})
        self.prove_rows(shipment, ("accepted", 12, "A"), ("accepted", 8, "B"))
        self.dispose(shipment, "bill_accepted")
        self.assertEqual(self.post(order), 200.0)

    def test_a_service_in_a_kit_is_nothing_to_prove(self):
        work = self.env["product.product"].create({"name": "Set-up", "type": "service"})
        kit = self.new_kit("SET", {self.a: 1, work: 1})
        order, shipment = self.shipped(5, kit)
        self.prove_rows(shipment)
        self.assertEqual(self.post(order), 500.0)

    def two_kits(self):
        """Five kits of 2 A and 1 B and five pairs of 1 A and 1 B on one truck."""
        pair = self.new_kit("PAIR", {self.a: 1, self.b: 1})
        order = self.sell((self.kit, 5), (pair, 5))
        self.do(order.picking_ids)
        return order, self.shipments(order)

    def test_two_kits_that_share_a_part_never_count_it_twice(self):
        order, shipment = self.two_kits()
        self.assertEqual(self.told(self.send()[0]), {"A": "15", "B": "10"})
        self.prove_rows(shipment, ("accepted", 14, "A"), ("accepted", 10, "B"))
        self.dispose(shipment, "bill_accepted")
        self.assertEqual(self.post(order), 900.0)
        self.assertEqual(order.order_line.mapped("qty_invoiced"), [5, 4])

    def test_a_proof_that_names_one_of_two_kits_means_its_own_parts(self):
        order, shipment = self.two_kits()
        self.prove_rows(shipment, ("accepted", 4, "KIT"), ("accepted", 5, "PAIR"))
        self.dispose(shipment, "bill_accepted")
        self.assertEqual(self.post(order), 900.0)
        self.assertEqual(order.order_line.mapped("qty_invoiced"), [4, 5])

    def test_a_part_that_is_sold_alone_too_is_billed_by_itself(self):
        order = self.sell((self.kit, 5), (self.a, 3))
        self.do(order.picking_ids)
        shipment = self.shipments(order)
        self.prove_rows(shipment)
        self.assertEqual(self.post(order), 560.0)

    def test_a_bill_of_materials_that_changes_under_way_changes_no_kit_that_was_sold(self):
        order, shipment = self.shipped()
        bom = self.kit.bom_ids
        bom.bom_line_ids.filtered(lambda line: line.product_id == self.a).product_qty = 3
        bom.bom_line_ids.filtered(lambda line: line.product_id == self.b).unlink()
        self.prove_rows(shipment, ("accepted", 10, "A"), ("accepted", 5, "B"))
        self.assertEqual(self.post(order), 500.0)

    def test_a_dozen_kits_are_billed_in_dozens(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.sell((self.kit, 2), confirm=False)
        order.order_line.write({"product_uom_id": dozen.id, "price_unit": 1200.0})
        order.action_confirm()
        self.do(order.picking_ids)
        shipment = self.shipments(order)
        self.assertEqual(order.order_line.milepost_managed_qty, 2)
        self.prove_rows(shipment)
        self.assertEqual(self.post(order), 2400.0)

    def test_in_shadow_mode_kits_are_billed_as_odoo_bills(self):
        self.policy.mode = "shadow"
        order, _shipment = self.shipped()
        self.assertEqual(self.post(order), 500.0)

    def test_whatever_leaves_is_counted_as_odoo_counts_it(self):
        chance = random.Random(19)
        part = self.new_product("Part C", "C", list_price=1.0)
        kit = self.new_kit("MIX", {self.a: 2, self.b: 1, part: 3}, product_qty=2.0)
        for _number in range(4):
            order = self.sell((kit, 4))
            for _delivery in range(2):
                if open_ := self.open_pickings(order):
                    parts = {
                        move.product_id: chance.randint(0, int(move.product_uom_qty))
                        for move in open_.move_ids
                    }
                    if any(parts.values()):
                        self.ship(open_, parts)
            line = order.order_line
            self.assertEqual(line.milepost_managed_qty, line.qty_delivered)
            for shipment in self.shipments(order).filtered(
                lambda one: "done" in one.picking_ids.mapped("state")
            ):
                self.prove_rows(shipment)
            self.decide_again()
            self.assertEqual(line.milepost_released_qty, line.qty_delivered)
