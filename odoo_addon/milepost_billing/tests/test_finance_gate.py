from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .billing_case import BillingCase


class GateCase(BillingCase):
    """Orders that travel, and people who try to bill them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(cls.env, "seller", groups="sales_team.group_sale_manager")
        cls.storeman = new_test_user(cls.env, "storeman", groups="stock.group_stock_user")
        cls.accountant = new_test_user(cls.env, "accountant", groups="account.group_account_manager")

    def managed(self):
        """The company's connection orders by itself."""
        self.connection.write({"is_default": True, "auto_transport_order": True})

    def held(self, quantity=80):
        """A shipment that was delivered and is held: nobody proved it."""
        shipment = self.shipment(self.order(quantity))
        self.deliver(shipment)
        self.validate(shipment)
        self.assertEqual(self.reasons(shipment), ["pod_missing"])
        return shipment

    def ready(self, quantity=80, **values):
        shipment = self.shipment(self.order(quantity), **values)
        self.deliver(shipment)
        self.proof = self.pod(shipment)
        self.facts(self.proof)
        self.validate(shipment)
        self.assertEqual(shipment.billing_state, "ready")
        return shipment

    def told(self, shipment, amount="90.00"):
        return self.fact(
            "charge", shipment, side="sell", charge_type="linehaul", amount=amount,
            currency=self.usd.name, raw_code="400",
        )  # fmt: skip

    def line_of(self, shipment):
        return shipment.sale_order_ids.order_line

    def document(self, move_type="out_invoice", user=None, **line):
        """A document as a person or program makes one, with one line."""
        env = self.env(user=user or self.users["manager"])
        return env["account.move"].create({
            "move_type": move_type, "partner_id": self.customer.id,
            "invoice_line_ids": [Command.create({
                "product_id": self.product.id, "quantity": 1, "price_unit": 12.5, "tax_ids": [], **line,
            })],
        })  # fmt: skip

    def bills(self, shipment, **line):
        """Values of a line that bills the shipment's goods through their order."""
        return {"quantity": 80, "sale_line_ids": [Command.link(self.line_of(shipment).id)], **line}


@tagged("finance", "post_install", "-at_install")
class TestFinanceGate(GateCase):
    """The ledger: whatever writes a document's line, no more is billed than is proven and released."""

    # Links

    def test_goods_that_left_are_not_taken_off_their_shipment_by_a_link(self):
        shipment = self.held()
        rights = "sales_team.group_sale_salesman_all_leads", "stock.group_stock_user"
        self.users["dispatcher"].group_ids |= self.env.ref(rights[0]) | self.env.ref(rights[1])
        dispatcher = shipment.with_user(self.users["dispatcher"])
        for name in ("picking_ids", "sale_order_ids"):
            with self.subTest(name), self.refused(AccessError, "belong together"):
                dispatcher.write({name: [Command.clear()]})
        self.storeman.group_ids |= self.env.ref("milepost.group_viewer")
        with self.refused(AccessError, "belong together"):
            shipment.picking_ids.with_user(self.storeman).write({"milepost_shipment_ids": [Command.clear()]})
        self.assertEqual(self.line_of(shipment).qty_to_invoice, 0)

    def test_an_unbilled_shipment_is_not_archived(self):
        shipment = self.held().with_user(self.users["dispatcher"])
        with self.refused(AccessError, "not billed yet"):
            shipment.active = False
        shipment.sudo().active = False
        self.assertEqual(self.line_of(shipment.sudo()).qty_to_invoice, 0, "and it would be no way out")

    def test_finance_detaches_goods_with_a_reason_that_stays(self):
        shipment = self.held()
        picking = shipment.picking_ids
        with self.refused(AccessError, "by finance"):
            shipment.with_user(self.users["dispatcher"]).action_detach("stock.picking", picking.ids, "lost")
        manager = self.users["manager"]
        manager.group_ids |= self.env.ref("milepost.group_dispatcher")
        shipment.with_user(manager).action_detach("stock.picking", picking.ids, "fetched by the customer")
        self.assertFalse(shipment.picking_ids)
        self.assertIn("fetched by the customer", picking.message_ids[:1].body)
        self.assertEqual(self.line_of(shipment).qty_to_invoice, 80)

    # Types of documents

    def test_every_customer_document_passes_the_gate(self):
        shipment = self.held()
        for move_type in ("out_invoice", "out_receipt"):
            with self.subTest(move_type), self.refused(UserError, "when it is proven"):
                self.document(move_type, **self.bills(shipment))
            with self.subTest(move_type), self.refused(UserError, "POD Missing"):
                self.document(
                    move_type, **self.bills(shipment, milepost_billable_id=shipment.billable_ids.id)
                )

    def test_only_customer_documents_bill_what_travels(self):
        shipment = self.ready()
        row = shipment.billable_ids
        for move_type in ("in_invoice", "in_refund", "in_receipt"):
            with self.subTest(move_type), self.refused(UserError, "not by a document of the type"):
                self.document(move_type, milepost_billable_id=row.id)
        account = self.env["account.account"].search([("account_type", "=", "income")], limit=1)
        values = {"account_id": account.id, "name": "by hand"}
        with self.refused(UserError, "not by a document of the type"):
            self.env["account.move"].create({
                "line_ids": [
                    Command.create({**values, "credit": 5, "milepost_billable_id": row.id}),
                    Command.create({**values, "debit": 5}),
                ],
            })  # fmt: skip

    def test_a_receipt_counts_as_billed(self):
        shipment = self.ready()
        receipt = self.document("out_receipt", **self.bills(shipment))
        self.assertEqual(self.line_of(shipment).qty_to_invoice, 0)
        self.assertFalse(self.run_billing())
        with self.refused(UserError, "(?s)too much|beyond"):
            self.document(**self.bills(shipment, milepost_billable_id=shipment.billable_ids.id))
        receipt.unlink()
        self.validate(shipment)
        self.assertEqual(len(self.run_billing()), 1)

    # Links of posted lines, and drafts that change

    def test_what_a_posted_line_bills_is_frozen(self):
        shipment = self.ready()
        self.facts(self.told(shipment))
        self.validate(shipment)
        [invoice] = self.run_billing()
        charge = invoice.invoice_line_ids.filtered(lambda line: line.milepost_billable_id.kind == "charge")
        with self.refused(UserError, "is posted"):
            charge.milepost_billable_id = False
        goods = invoice.invoice_line_ids - charge
        with self.refused(UserError, "is posted"):
            goods.sale_line_ids = [Command.clear()]
        with self.refused(UserError, "is posted"):
            self.line_of(shipment).invoice_lines = [Command.clear()]
        self.validate(shipment)
        self.assertFalse(self.run_billing())

    def test_a_posted_line_is_not_linked_to_an_order_afterwards(self):
        shipment = self.held()
        move = self.document(quantity=80)
        move.action_post()
        line = self.line_of(shipment)
        with self.refused(UserError, "is posted|when it is proven"):
            line.with_user(self.seller).sudo(False).invoice_lines = [Command.link(move.invoice_line_ids.id)]
        with self.refused(UserError, "is posted|when it is proven"):
            move.invoice_line_ids.sale_line_ids = [Command.link(line.id)]

    def test_a_draft_is_neither_raised_nor_linked_beyond_what_is_proven(self):
        shipment = self.ready()
        move = shipment.sale_order_ids._create_invoices()
        with self.refused(UserError, "beyond what is proven"):
            move.invoice_line_ids.quantity = 81
        with self.refused(UserError, "beyond what is proven"):
            move.write({"invoice_line_ids": [Command.update(move.invoice_line_ids.id, {"quantity": 90})]})
        other = self.document(quantity=5)
        with self.refused(UserError, "too much"):
            other.invoice_line_ids.sale_line_ids = [Command.link(self.line_of(shipment).id)]
        with self.refused(UserError, "too much"):
            self.line_of(shipment).invoice_lines = [Command.link(other.invoice_line_ids.id)]

    def test_a_line_that_leaves_a_draft_gives_its_amount_back(self):
        for how in ("quantity", "line", "draft", "cancel"):
            with self.subTest(how):
                shipment = self.ready(10)
                move = shipment.sale_order_ids._create_invoices()
                self.assertFalse(self.run_billing())
                if how == "quantity":
                    move.invoice_line_ids.quantity = 4
                elif how == "line":
                    move.invoice_line_ids.unlink()
                elif how == "draft":
                    move.unlink()
                else:
                    move.button_cancel()
                self.validate(shipment)
                [again] = self.run_billing()
                self.assertEqual(again.amount_untaxed, 75 if how == "quantity" else 125)

    def test_a_cancelled_document_is_not_set_back_to_draft_when_another_took_its_place(self):
        shipment = self.ready()
        first = shipment.sale_order_ids._create_invoices()
        first.button_cancel()
        self.validate(shipment)
        self.assertEqual(len(self.run_billing()), 1)
        with self.refused(UserError, "beyond what is proven"):
            first.button_draft()

    def test_a_credit_note_is_not_cancelled_when_its_goods_were_billed_again(self):
        self.ready()
        [invoice] = self.run_billing()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create({"journal_id": invoice.journal_id.id}).modify_moves()
        self.env["account.move"].browse(action["res_id"]).action_post()
        note = invoice.reversal_move_ids
        with self.refused(UserError, "beyond what is proven"):
            note.button_draft()
            note.button_cancel()

    def test_a_copy_bills_what_its_original_bills(self):
        move = self.ready().sale_order_ids._create_invoices()
        with self.refused(UserError, "beyond what is proven"):
            move.copy()

    # Stale decisions

    def test_a_hold_of_this_minute_stops_a_draft_of_the_last(self):
        shipment = self.ready()
        move = shipment.sale_order_ids._create_invoices()
        self.env["milepost.hold"].with_user(self.users["controller"]).create({
            "shipment_id": shipment.id, "reason": "manual", "amount": 1000, "explanation": "wait",
        })  # fmt: skip
        with self.refused(UserError, "wait"):
            move.with_user(self.accountant).action_post()

    def test_a_proof_that_was_withdrawn_stops_a_draft_before_anybody_decided_again(self):
        shipment = self.ready()
        move = shipment.sale_order_ids._create_invoices()
        self.facts(self.fact("retraction", shipment, target={"key": self.proof["key"]}))
        with self.refused(UserError, "POD Missing"):
            move.with_user(self.accountant).action_post()

    def test_a_proof_that_came_after_the_last_decision_lets_a_draft_pass(self):
        shipment = self.held()
        order = shipment.sale_order_ids
        self.facts(self.pod(shipment))
        self.validate(shipment)
        move = order._create_invoices()
        shipment.billing_rev = -1
        shipment.billable_ids.released = False
        move.with_user(self.accountant).action_post()
        self.assertEqual(move.state, "posted")

    # Carriers' bills

    def test_a_held_carrier_bill_is_recognised_however_it_is_typed(self):
        shipment = self.ready()
        fact = self.bill(shipment, [("linehaul", "500.00")], number="CI-77")
        self.facts(fact)
        self.validate(shipment)
        self.assertTrue(self.invoice_of(fact).hold_ids)
        for number in ("CI-77 ", "ci-77", "CI77", "ci 77"):
            for move_type in ("in_invoice", "in_receipt"):
                with self.subTest(number, kind=move_type), self.refused(UserError, "cannot be booked"):
                    self.env["account.move"].create({
                        "move_type": move_type, "partner_id": self.carrier.id, "ref": number,
                        "invoice_date": "2026-03-08",
                        "invoice_line_ids": [Command.create({"name": "freight", "price_unit": 500})],
                    })  # fmt: skip
