import functools
import inspect
import sys
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import Controller
from odoo.tests import tagged

from .billing_case import ROLES
from .doors import BILLS_NOTHING, CODE, FUNCTIONS, MAKES
from .test_finance_gate import GateCase

REFUSALS = (UserError, AccessError, ValidationError)


@tagged("finance", "post_install", "-at_install")
class TestFinanceGateDoors(GateCase):
    """Every way to a document, tried in every state of a hold: none bills what is not proven."""

    def test_every_code_of_odoo_that_makes_documents_is_known_here(self):
        """By function: a known model that learns another way to documents is a new door as well."""
        found = {name: makers for name, model in self.env.registry.items() if (makers := self.makers(model))}
        self.assertFalse(self.unknown(found), "new doors: try them in this class and name them in CODE")
        self.assertGreater(len(found), 10, "the search must find what it looks for")
        for name in ("sale.order", "account.move", "sale.advance.payment.inv", "account.debit.note"):
            self.assertIn(name, found)
        for doors in CODE.values():
            for door in doors if isinstance(doors, tuple) else ():
                self.assertIn(f"door_{door}", self.doors)

    def test_a_new_function_of_a_known_model_is_a_new_door(self):
        def bill_at_once(self):
            return self._create_invoices(final=True)

        values = {"__module__": "odoo.addons.sale.models.sale_order", "bill_at_once": bill_at_once}
        grown = type("SaleOrder", (), values)
        self.assertEqual(
            self.unknown({"sale.order": self.makers(grown)}), {"sale.order": ["sale.bill_at_once"]}
        )
        self.assertTrue(self.unknown({"a.new.model": self.makers(grown)}))

    @staticmethod
    def unknown(found):
        """{model: its functions that no door of this test leads through}"""
        known = {name: FUNCTIONS.get(name, "").split() for name in CODE}
        new = {
            name: [one for one in makers if one not in known.get(name, ())] for name, makers in found.items()
        }
        return {name: functions for name, functions in new.items() if functions}

    def test_no_route_and_no_scheduled_action_makes_documents_by_itself(self):
        """They lead through the models, whose code the search above knows."""
        routes = [name for cls in _below(Controller) for name in self.makers(cls)]
        self.assertFalse(routes)
        actions = self.env["ir.actions.server"].search([("state", "=", "code")])
        self.assertGreater(len(actions), 10)
        self.assertFalse(actions.filtered(lambda action: MAKES.search(action.code or "")).mapped("name"))

    def makers(self, model):
        """The functions of Odoo's own classes of a model that make documents or their lines: addon.name."""
        found = []
        for cls in model.mro():
            module = cls.__module__
            if not module.startswith("odoo.addons.") or ".milepost" in module:
                continue
            if not self.mentions(module):
                continue
            found += [
                f"{module.split('.')[2]}.{name}"
                for name, function in vars(cls).items()
                if inspect.isfunction(inspect.unwrap(function) if callable(function) else None)
                and MAKES.search(inspect.getsource(function))
            ]
        return found

    @staticmethod
    @functools.cache
    def mentions(module):
        return bool(MAKES.search(inspect.getsource(sys.modules[module])))

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
        """Of a credit note: its reversal bills what was credited."""
        note = self.typed(env, "out_refund", self.line_values(order))
        note.action_post()
        wizard = env["account.move.reversal"].with_context(active_model="account.move", active_ids=note.ids)
        wizard.create({"journal_id": note.journal_id.id}).refund_moves()

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

    def door_repeated(self, env, order):
        """A document that Odoo makes anew each month."""
        move = self.typed(env, "out_invoice", self.line_values(order, quantity=0))
        move.write({"auto_post": "monthly", "date": fields.Date.today()})
        move.action_post()
        following = self.env["account.move"].search([("auto_post_origin_id", "=", move.id)]) - move
        following.invoice_line_ids[:1].quantity = 80

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
        """{state of what holds the goods: a shipment in it}."""
        waiting = self.shipment(self.order(80))
        self.validate(waiting)
        withdrawn = self.ready()
        self.facts(self.fact("retraction", withdrawn, target={"key": self.proof["key"]}))
        self.validate(withdrawn)
        return {
            "waiting": waiting, "held": self.held(), "withdrawn": withdrawn,
            **{state: self.held_by_hand(state) for state in ("manual", "in_review", "again", "half_agreed")},
        }  # fmt: skip

    def held_by_hand(self, state):
        """A proven shipment that a controller holds, in a state of that hold."""
        shipment = self.ready()
        holds = self.env["milepost.hold"].with_user(self.users["controller"])
        hold = holds.create({
            "shipment_id": shipment.id, "reason": "manual", "amount": 1000, "explanation": "wait",
        })  # fmt: skip
        self.validate(shipment)
        released = {"code": "evidence", "text": "seen"}
        if state == "in_review":
            hold.with_user(self.users["analyst"]).action_review()
        elif state == "half_agreed":
            self.policy.four_eyes_amount = 1
            hold.with_user(self.users["manager"]).action_release(**released)
            self.assertNotEqual(hold.state, "released")
        elif state == "again":
            hold.with_user(self.users["manager"]).action_release(**released)
            self.validate(shipment)
            self.assertEqual(shipment.billing_state, "ready")
            holds.create({
                "shipment_id": shipment.id, "reason": "manual", "amount": 900, "explanation": "wait again",
            })  # fmt: skip
            self.validate(shipment)
        self.assertTrue(shipment.hold_ids._blocking(), state)
        return shipment

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
            for name, door in self.doors.items():
                with self.subTest(door=name, user=user.login):
                    self.through(door, user, order)
                    self.assertLessEqual(self.billed(order), 0)

    def test_a_proven_order_passes_each_door_once(self):
        """Otherwise a door that its own test broke would look as if the ledger had closed it."""
        for name, door in self.doors.items():
            with self.subTest(door=name):
                order = self.ready().sale_order_ids
                for _again in range(2):
                    self.through(door, self.users["manager"], order)
                    wanted = 0 if name in BILLS_NOTHING else 80
                    self.assertEqual(self.billed(order), wanted, BILLS_NOTHING.get(name))


def _below(cls):
    """All classes that stand below one."""
    for one in cls.__subclasses__():
        yield one
        yield from _below(one)
