"""Sales orders that are settled at the till: what waits for proof is not paid there, what was paid is billed."""

from odoo import Command, fields
from odoo.addons.milepost_billing.tests.doors import CODE, TILL
from odoo.exceptions import UserError
from odoo.tests import tagged

from .till_case import TillCase


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsPosSale(TillCase):
    def test_the_till_says_why_a_held_order_is_not_paid_there(self):
        order, shipment = self.left()
        with self.refused(UserError, f"{order.name} cannot be paid here yet(.|\n)*{shipment.name}"):
            self.given(order)

    def test_what_has_not_left_is_handed_over_and_the_rest_invoiced_once_it_is_proven(self):
        order, shipment = self.left(4)
        self.assertEqual(self.given(order), [6])
        with self.refused(UserError, "1 of .* arrival is not proven"), self.env.cr.savepoint():
            self.settle(order, 7)
        self.settle(order, 6)
        line = order.order_line
        self.assertEqual((line.qty_invoiced, line.qty_to_invoice, line.milepost_waiting_qty), (6, 0, 4))
        self.assertEqual(order.picking_ids.filtered(lambda one: one.state == "cancel").move_ids.quantity, 0)
        self.assert_nothing_to_invoice(order)
        self.prove(shipment, ("accepted", 4))
        self.assertEqual(self.post(order), 40.0)
        self.assert_nothing_to_invoice(order)
        self.assertEqual((line.qty_invoiced, line.milepost_waiting_qty), (10, 0))

    def test_more_than_was_ordered_is_handed_over_where_nothing_of_it_travelled(self):
        order = self.sell()
        self.settle(order, 12)
        self.assertEqual((order.order_line.qty_invoiced, order.order_line.qty_to_invoice), (12, 0))

    def test_a_proven_order_is_settled_once_and_not_invoiced_again(self):
        order, shipment = self.proven()
        self.assertEqual(shipment.billing_state, "ready")
        self.settle(order, 10)
        self.assertEqual((order.order_line.qty_to_invoice, shipment.billing_state), (0, "invoiced"))
        self.assertFalse(self.run_billing())
        self.assert_nothing_to_invoice(order)
        for state in ("draft", "paid"):
            with self.refused(UserError, "billed already"), self.env.cr.savepoint():
                self.settle(order, 1, state)

    def test_of_what_is_proven_in_parts_the_rest_is_invoiced(self):
        order, shipment = self.proven()
        self.settle(order, 4)
        self.assertEqual((order.order_line.qty_to_invoice, shipment.billing_state), (6, "ready"))
        self.assertEqual(self.post(order), 60.0)
        self.assert_nothing_to_invoice(order)

    def test_what_was_invoiced_is_not_settled_and_a_draft_counts(self):
        order, _shipment = self.proven()
        order._create_invoices()
        with self.refused(UserError, "billed already"), self.env.cr.savepoint():
            self.settle(order, 1)

    def test_an_order_that_was_left_open_at_the_till_is_not_paid_after_its_invoice(self):
        order, _shipment = self.proven()
        sale = self.settle(order, 10, "draft")
        self.assertEqual(self.post(order), 100.0)
        with self.refused(UserError, "billed already"), self.env.cr.savepoint():
            self.pay(sale)

    def test_nor_an_invoice_posted_that_was_drafted_before_the_payment(self):
        order, _shipment = self.proven()
        sale = self.settle(order, 10, "draft")
        self.pay(sale)
        with self.refused(UserError, "too much"), self.env.cr.savepoint():
            self.env["account.move"].create({
                "move_type": "out_invoice", "partner_id": self.customer.id, "invoice_date": "2026-03-05",
                "invoice_line_ids": [Command.create({
                    "product_id": self.goods.id, "quantity": 1, "price_unit": 10.0, "tax_ids": [],
                    "sale_line_ids": [Command.link(order.order_line.id)],
                })],
            })  # fmt: skip

    def test_what_the_till_refunds_is_not_invoiced_afterwards(self):
        order, shipment = self.proven()
        sale = self.settle(order, 10)
        refund = self.env["pos.order"].browse(sale.refund()["res_id"])
        self.pay(refund)
        self.assertEqual((order.order_line.qty_to_invoice, shipment.billing_state), (0, "invoiced"))
        self.assertFalse(self.run_billing())

    def test_kits_that_are_handed_over_leave_the_others_to_their_proof(self):
        part = self.new_product("Part", "PART")
        kit = self.new_product("Kit", "KIT", is_storable=False)
        self.env["mrp.bom"].create({
            "product_tmpl_id": kit.product_tmpl_id.id, "product_qty": 1.0, "type": "phantom",
            "bom_line_ids": [Command.create({"product_id": part.id, "product_qty": 2})],
        })  # fmt: skip
        order = self.sell((kit, 10))
        self.do(order.picking_ids, 12)
        shipment = self.shipments(order)[0]
        self.assertEqual(self.given(order), [4])
        # Odoo reads what purchases made of the parts where it merges their moves.
        self.cashier.group_ids |= self.env.ref("stock.group_stock_user")
        self.settle(order, 4)
        self.assert_nothing_to_invoice(order)
        self.prove(shipment)
        self.assertEqual(self.post(order), 60.0)
        self.assert_nothing_to_invoice(order)

    def test_a_service_of_transport_is_settled_once_it_is_proven(self):
        transport = self.new_product(
            "Transport", "TRP", type="service", is_storable=False, list_price=480.0, milepost_transport=True
        )
        order = self.sell((transport, 1))
        with self.refused(UserError, "cannot be paid here yet"):
            self.given(order)
        with self.refused(UserError, "cannot be paid here"), self.env.cr.savepoint():
            self.settle(order, 1)
        self.prove(self.shipments(order))
        self.assertEqual(self.given(order), [1])
        self.settle(order, 1)
        self.assert_nothing_to_invoice(order)

    def test_payments_ahead_follow_the_policy(self):
        order = self.sell()
        deposit = {"product_id": self.config.down_payment_product_id.id, "sale_order_line_id": False}
        later = {"shipping_date": fields.Date.to_string(fields.Date.today())}
        self.assertTrue(self.settle(order, 1, **deposit))
        self.policy.down_payments = "proof"
        for values, line in (((), deposit), (later, {})):
            with self.refused(UserError, "no payment before the first proof"), self.env.cr.savepoint():
                self.settle(order, 1, values=values, **line)
        self.assertTrue(self.settle(order, 1), "handed over at once")

    def test_what_was_paid_ahead_at_the_till_is_taken_off_the_invoice(self):
        order = self.sell()
        deposit = {"product_id": self.config.down_payment_product_id.id, "sale_order_line_id": False}
        self.settle(order, 1, **deposit)
        self.do(order.picking_ids)
        self.prove(self.shipments(order), ("accepted", 10))
        [invoice] = self.run_billing()
        self.assertEqual((invoice.move_type, invoice.amount_untaxed), ("out_invoice", 90.0))
        self.assertFalse(self.run_billing())

    def test_where_nothing_is_asked_for_the_till_is_as_odoo_has_it(self):
        self.policy.mode = "shadow"
        order, _shipment = self.left()
        self.assertEqual(self.given(order), [0])
        self.assertTrue(self.settle(order, 10))


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsPosSaleDoors(TillCase):
    """Every way by which the till settles an order, tried in every state of what holds it."""

    def door_paid(self, order):
        return self.settle(order, 10)

    def door_invoiced(self, order):
        return self.settle(order, 10, values={"to_invoice": True})

    def door_invoiced_later(self, order):
        sale = self.settle(order, 10)
        sale.action_pos_order_invoice()
        return sale

    def door_left_open(self, order):
        return self.settle(order, 10, "draft")

    def door_raised(self, order):
        sale = self.settle(order, 0, "draft")
        sale.lines.qty = 10
        return sale

    def door_linked_afterwards(self, order):
        sale = self.settle(order, 10, sale_order_line_id=False, sale_order_origin_id=False)
        sale.lines.write({"sale_order_line_id": order.order_line.id, "sale_order_origin_id": order.id})
        return sale

    def door_linked_from_the_order(self, order):
        sale = self.settle(order, 10, sale_order_line_id=False, sale_order_origin_id=False)
        order.order_line.pos_order_line_ids = [Command.link(sale.lines.id)]
        return sale

    def door_shipped_later(self, order):
        return self.settle(order, 10, values={"shipping_date": fields.Date.to_string(fields.Date.today())})

    @property
    def doors(self):
        return {name: getattr(self, name) for name in dir(type(self)) if name.startswith("door_")}

    def through(self, door, order):
        try:
            with self.env.cr.savepoint():
                sale = door(order)
                self.env.flush_all()
        except UserError:
            self.env.invalidate_all()
            return False
        return bool(sale.lines.sale_order_line_id)

    def states(self):
        """{state: an order of 10 that left and may not be billed in it}."""
        waiting, _shipment = self.left()
        delivered, shipment = self.left()
        self.deliver(shipment)
        self.validate(shipment)
        short, shipment = self.left()
        self.prove(shipment, ("accepted", 9), ("short", 1))
        held, shipment = self.proven()
        self.env["milepost.hold"].with_user(self.users["controller"]).create({
            "shipment_id": shipment.id, "reason": "manual", "amount": 100, "explanation": "wait",
        })  # fmt: skip
        self.validate(shipment)
        return {"waiting": waiting, "delivered": delivered, "short": short, "held": held}

    def test_no_door_of_the_till_settles_what_is_not_proven(self):
        for state, order in self.states().items():
            for name, door in self.doors.items():
                with self.subTest(door=name, state=state):
                    self.assertFalse(self.through(door, order))
                    self.assertEqual(order.order_line.qty_invoiced, 0)

    def test_a_proven_order_passes_each_door_once(self):
        for name, door in self.doors.items():
            with self.subTest(door=name):
                order, _shipment = self.proven()
                self.assertTrue(self.through(door, order))

    def test_an_order_left_open_at_the_till_is_not_paid_once_its_proof_was_withdrawn(self):
        order, shipment = self.left()
        self.deliver(shipment)
        proof = self.pod(shipment, [("accepted", 10)])
        self.facts(proof)
        self.validate(shipment)
        sale = self.settle(order, 10, "draft")
        self.facts(self.fact("retraction", shipment, target={"key": proof["key"]}))
        with self.refused(UserError, "arrival is not proven"), self.env.cr.savepoint():
            self.pay(sale)

    def test_a_hold_that_nobody_decided_on_yet_counts_when_an_order_is_paid(self):
        for name, door in self.doors.items():
            with self.subTest(door=name):
                order, shipment = self.proven()
                self.env["milepost.hold"].with_user(self.users["controller"]).create({
                    "shipment_id": shipment.id, "reason": "manual", "amount": 100, "explanation": "wait",
                })  # fmt: skip
                self.through(door, order)
                self.assertEqual(order.order_line.qty_invoiced, 0)

    def test_what_a_paid_order_settled_is_not_taken_off_to_be_invoiced_again(self):
        order, _shipment = self.proven()
        sale = self.settle(order, 10)
        for values in ({"sale_order_line_id": False}, {"qty": 1}):
            with self.refused(UserError, "Refund it"), self.env.cr.savepoint():
                sale.lines.write(values)
        with self.refused(UserError, "Refund it"), self.env.cr.savepoint():
            order.order_line.pos_order_line_ids = [Command.clear()]

    def test_every_code_of_the_till_that_makes_documents_is_tried_here(self):
        tried = {"pos.order": "door_invoiced", "pos.make.invoice": "door_invoiced_later"}
        self.assertEqual(set(tried), {name for name, door in CODE.items() if door == TILL})
        self.assertLessEqual(set(tried.values()), set(self.doors))
