import inspect
import re
import sys
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .billing_case import ROLES
from .test_finance_gate import GateCase

MAKES = re.compile(
    r"""_create_invoices\(|_create_account_invoices\(|_reverse_moves\(|_invoice_sale_orders\(
    |\[['"]account\.move(\.line)?['"]\](\s*\.\w+\([^()]*\))*\s*\.(create|copy|load)\(
    |\bmove(_id|s)?\.copy\(|['"](invoice_line_ids|line_ids|invoice_lines|sale_line_ids)['"]\s*:""",
    re.VERBOSE,
)
# Code of Odoo that makes documents or their lines → the door of this test that leads through it, or why
# nothing of a sales order passes there.
NO_SALE = "makes entries of its own accounts; no line names an order line or a billable"
PART = "a part of the door named beside it in Odoo"
CODE = {
    "account.accrued.orders.wizard": NO_SALE,
    "account.automatic.entry.wizard": NO_SALE,
    "account.bank.statement.line": NO_SALE,
    "account.chart.template": NO_SALE,
    "account.document.import.mixin": "reads vendors' and customers' files into new documents without links",
    "account.edi.common": "reads files into new documents without links",
    "account.edi.ubl": "reads files into new documents without links",
    "account.edi.xml.ubl_20": "reads files into new documents without links",
    "account.journal": "a vendor's bill",
    "account.move": "typed, received, copied, turned, reversed",
    "account.move.line": "line",
    "account.move.reversal": "reversed",
    "account.debit.note": "debited",
    "account.partial.reconcile": NO_SALE,
    "account.payment": NO_SALE,
    "account.payment.register": NO_SALE,
    "account.payment.term": NO_SALE,
    "hr.expense": "an employee's receipt",
    "hr.expense.post.wizard": "an employee's receipt",
    "mrp.account.wip.accounting": NO_SALE,
    "mrp.production": NO_SALE,
    "payment.transaction": "paid online",
    "pos.make.invoice": "its own order's goods, sold at the till",
    "pos.order": "its own order's goods, sold at the till",
    "pos.payment": NO_SALE,
    "pos.session": NO_SALE,
    "purchase.bill.line.match": "a vendor's bill",
    "purchase.order": "a vendor's bill",
    "change.production.qty": "copies stock moves",
    "res.company": NO_SALE,
    "sale.advance.payment.inv": "wizard",
    "sale.order": "order",
    "sale.order.line": "order",
    "stock.landed.cost": NO_SALE,
    "stock.move": NO_SALE,
    "stock.return.picking.line": "copies stock moves",
}
REFUSALS = (UserError, AccessError, ValidationError)


@tagged("finance", "post_install", "-at_install")
class TestFinanceGateDoors(GateCase):
    """Every way to a document, tried in every state of a hold: none bills what is not proven."""

    def test_every_code_of_odoo_that_makes_documents_is_known_here(self):
        found, makes = {}, {}
        for name, model in self.env.registry.items():
            for cls in model.mro():
                module = cls.__module__
                if not module.startswith("odoo.addons.") or ".milepost" in module:
                    continue
                if module not in makes:
                    makes[module] = MAKES.search(inspect.getsource(sys.modules[module]))
                for function in vars(cls).values() if makes[module] else ():
                    if inspect.isfunction(function) and MAKES.search(inspect.getsource(function)):
                        found[name] = f"{module}.{function.__name__}"
        own = {name: where for name, where in found.items() if name not in CODE}
        self.assertFalse(own, "new doors: try them in DOORS and name them in CODE")
        self.assertGreater(len(found), 10, "the search must find what it looks for")
        for name in ("sale.order", "account.move", "sale.advance.payment.inv", "account.debit.note"):
            self.assertIn(name, found)

    # The doors; each tries to bill the goods of the shipment's order

    def line_values(self, order, **values):
        return {
            "product_id": self.product.id, "quantity": 80, "price_unit": 12.5, "tax_ids": [],
            "sale_line_ids": [Command.link(order.order_line[:1].id)], **values,
        }  # fmt: skip

    def door_wizard(self, env, order):
        wizard = env["sale.advance.payment.inv"].with_context(active_ids=order.ids)
        wizard.create({"sale_order_ids": [Command.set(order.ids)]}).create_invoices()

    def door_order(self, env, order):
        env["sale.order"].browse(order.id)._create_invoices(final=True, grouped=True)

    def door_typed(self, env, order):
        self.typed(env, "out_invoice", self.line_values(order))

    def door_received(self, env, order):
        self.typed(env, "out_receipt", self.line_values(order))

    def door_billable(self, env, order):
        row = order.order_line.milepost_billable_ids[:1]
        self.typed(env, "out_invoice", self.line_values(order, milepost_billable_id=row.id))

    def door_entry(self, env, order):
        account = self.env["account.account"].search([("account_type", "=", "income")], limit=1)
        link = {"sale_line_ids": [Command.link(order.order_line[:1].id)], "account_id": account.id}
        env["account.move"].create({"line_ids": [
            Command.create({**link, "name": "a", "credit": 1000}),
            Command.create({"account_id": account.id, "name": "b", "debit": 1000}),
        ]}).action_post()  # fmt: skip

    def typed(self, env, move_type, *lines):
        return env["account.move"].create({
            "move_type": move_type, "partner_id": self.customer.id, "invoice_date": fields.Date.today(),
            "invoice_line_ids": [Command.create(line) for line in lines],
        })  # fmt: skip

    def door_line(self, env, order):
        move = self.typed(env, "out_invoice", {"name": "empty", "price_unit": 0})
        env["account.move.line"].create({"move_id": move.id, **self.line_values(order)})

    def door_linked(self, env, order):
        move = self.typed(env, "out_invoice", self.line_values(order, sale_line_ids=[]))
        env["account.move.line"].browse(move.invoice_line_ids.id).sale_line_ids = [
            Command.link(order.order_line[:1].id)
        ]

    def door_linked_from_the_order(self, env, order):
        move = self.typed(env, "out_invoice", self.line_values(order, sale_line_ids=[]))
        move.action_post()
        env["sale.order.line"].browse(order.order_line[:1].id).invoice_lines = [
            Command.link(move.invoice_line_ids.id)
        ]

    def door_turned(self, env, order):
        move = self.typed(env, "out_refund", self.line_values(order))
        env["account.move"].browse(move.id).action_switch_move_type()

    def door_reversed(self, env, order):
        """Of a credit note: its reversal bills."""
        note = self.typed(env, "out_refund", self.line_values(order))
        note.action_post()
        wizard = env["account.move.reversal"].with_context(active_model="account.move", active_ids=note.ids)
        wizard.create({"journal_id": note.journal_id.id}).modify_moves()

    def door_copied(self, env, order):
        move = self.typed(env, "out_invoice", self.line_values(order, quantity=0))
        env["account.move"].browse(move.id).copy().invoice_line_ids.quantity = 80

    def door_debited(self, env, order):
        move = self.typed(env, "out_invoice", self.line_values(order, quantity=0), {"name": "x"})
        move.action_post()
        wizard = env["account.debit.note"].with_context(active_model="account.move", active_ids=move.ids)
        wizard.create({"copy_lines": True}).create_debit()
        move.debit_note_ids.invoice_line_ids[:1].quantity = 80

    def door_imported(self, env, order):
        names = ["move_type", "partner_id/.id", "invoice_line_ids/name", "invoice_line_ids/quantity",
                 "invoice_line_ids/price_unit", "invoice_line_ids/sale_line_ids/.id"]  # fmt: skip
        row = ["out_invoice", str(self.customer.id), "x", "80", "12.5", str(order.order_line[:1].id)]
        env["account.move"].load(names, [row])

    def door_posted_automatically(self, env, order):
        move = self.typed(env, "out_invoice", self.line_values(order))
        move.write({"auto_post": "at_date", "date": fields.Date.today()})
        with patch.object(self.env.registry["ir.cron"], "_commit_progress"):
            self.env["account.move"]._autopost_draft_entries()

    def door_paid_online(self, env, order):
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
        method = self.env["payment.method"].with_context(active_test=False).search([], limit=1)
        transaction = self.env["payment.transaction"].create({
            "provider_id": self.env["payment.provider"].search([], limit=1).id,
            "payment_method_id": method.id, "reference": f"door-{next(self.numbers)}",
            "partner_id": self.customer.id, "amount": order.amount_total, "state": "done",
            "currency_id": order.currency_id.id, "sale_order_ids": [Command.set(order.ids)],
        })  # fmt: skip
        transaction._invoice_sale_orders()

    @property
    def doors(self):
        return {name: getattr(self, name) for name in dir(type(self)) if name.startswith("door_")}

    def billed(self, order):
        """What live documents bill of the goods; posted or not."""
        line = order.order_line[:1]
        self.env.invalidate_all()
        return line._milepost_billed(lambda one: one.parent_state != "cancel")

    def states(self):
        """{state of the hold: a shipment in it}."""
        waiting = self.shipment(self.order(80))
        self.validate(waiting)
        manual = self.ready()
        self.env["milepost.hold"].with_user(self.users["controller"]).create({
            "shipment_id": manual.id, "reason": "manual", "amount": 1000, "explanation": "wait",
        })  # fmt: skip
        self.validate(manual)
        withdrawn = self.ready()
        self.facts(self.fact("retraction", withdrawn, target={"key": self.proof["key"]}))
        self.validate(withdrawn)
        return {"waiting": waiting, "held": self.held(), "manual": manual, "withdrawn": withdrawn}

    def through(self, door, user, order):
        """Whether the door let the user through."""
        try:
            with self.env.cr.savepoint():
                door(self.env(user=user), order)
                self.env.flush_all()
        except REFUSALS:
            return False
        return True

    def test_no_door_bills_goods_that_are_not_proven(self):
        for state, shipment in self.states().items():
            order = shipment.sale_order_ids
            for name, door in self.doors.items():
                with self.subTest(door=name, state=state):
                    self.through(door, self.users["manager"], order)
                    self.assertLessEqual(self.billed(order), 0)

    def test_no_role_finds_a_door_to_goods_that_are_held(self):
        order = self.held().sale_order_ids
        users = [self.users[role] for role in ROLES] + [self.seller, self.storeman, self.accountant]
        for user in users:
            for name in ("door_wizard", "door_order", "door_typed", "door_line", "door_linked"):
                with self.subTest(door=name, user=user.login):
                    self.through(self.doors[name], user, order)
                    self.assertLessEqual(self.billed(order), 0)

    def test_a_proven_order_passes_the_doors_once(self):
        for name, door in self.doors.items():
            with self.subTest(door=name):
                order = self.ready().sale_order_ids
                for _again in range(2):
                    self.through(door, self.users["manager"], order)
                    self.assertLessEqual(self.billed(order), 80)
