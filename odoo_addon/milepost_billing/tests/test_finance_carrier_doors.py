from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .billing_case import BillingCase

REFUSALS = (UserError, AccessError, ValidationError)
DAY = "2026-03-08"


@tagged("finance", "post_install", "-at_install")
class TestFinanceCarrierDoors(BillingCase):
    """Every way to a vendor's document, tried while the carrier's bill is held: none books it."""

    def setUp(self):
        super().setUp()
        self.expect(None, linehaul=500)

    def billed(self, number, amount="500.00"):
        """A carrier's bill of a shipment that was to cost 500."""
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(fact := self.bill(shipment, [("linehaul", amount)], number=number))
        self.validate(shipment)
        return self.invoice_of(fact)

    def held_by_hand(self, number):
        bill = self.billed(number)
        self.env["milepost.hold"].with_user(self.users["analyst"]).create({
            "shipment_id": bill.shipment_id.id, "side": "ap", "amount": 100, "explanation": "pallets are missing",
        })  # fmt: skip
        self.validate(bill.shipment_id)
        return bill

    def rejected(self, number):
        bill = self.billed(number, "900.00")
        hold = bill.hold_ids.filtered("is_blocking")[:1].with_user(self.users["controller"])
        hold.release_reason = "never agreed"
        hold.action_reject()
        self.validate(bill.shipment_id)
        return bill

    def states(self):
        return {
            "overbilled": lambda number: self.billed(number, "900.00"),
            "held by hand": self.held_by_hand,
            "rejected": self.rejected,
        }

    def typed(self, env, number, move_type="in_invoice", price=900, partner=None):
        return env["account.move"].create({
            "move_type": move_type, "partner_id": (partner or self.carrier).id, "ref": number, "invoice_date": DAY,
            "invoice_line_ids": [Command.create({"name": "freight", "price_unit": price, "tax_ids": []})],
        })  # fmt: skip

    def door_typed(self, env, number):
        self.typed(env, number).action_post()

    def door_typed_otherwise(self, env, number):
        """Numbers compare however they are written."""
        self.typed(env, number.replace("-", " ").lower()).action_post()

    def door_received(self, env, number):
        self.typed(env, number, "in_receipt").action_post()

    def door_named_later(self, env, number):
        move = self.typed(env, False)
        move.ref = number
        move.action_post()

    def door_addressed_later(self, env, number):
        move = self.typed(env, number, partner=self.customer)
        move.partner_id = self.carrier
        move.action_post()

    def door_turned(self, env, number):
        move = self.typed(env, number, "in_refund")
        move.action_switch_move_type()
        move.action_post()

    def door_copied(self, env, number):
        other = self.typed(env, f"other of {number}")
        copy = other.copy({"ref": number, "invoice_date": DAY})
        copy.action_post()

    def door_reversed(self, env, number):
        """The reversal of a refund is a bill."""
        note = self.typed(env, f"refund of {number}", "in_refund")
        note.action_post()
        wizard = env["account.move.reversal"].with_context(active_model="account.move", active_ids=note.ids)
        action = wizard.create({"journal_id": note.journal_id.id}).refund_moves()
        bill = env["account.move"].browse(action["res_id"])
        bill.write({"ref": number, "invoice_date": DAY})
        bill.action_post()

    def door_raised(self, env, number):
        """A draft for nothing that grows before it is posted."""
        move = self.typed(env, number, price=0)
        move.invoice_line_ids.price_unit = 900
        move.action_post()

    def door_imported(self, env, number):
        names = ["move_type", "partner_id/.id", "ref", "invoice_date", "invoice_line_ids/name",
                 "invoice_line_ids/price_unit"]  # fmt: skip
        row = ["in_invoice", str(self.carrier.id), number, DAY, "freight", "900"]
        found = env["account.move"].load(names, [row])
        env["account.move"].browse(found["ids"] or []).action_post()

    def door_posted_automatically(self, env, number):
        move = self.typed(env, number)
        move.write({"auto_post": "at_date", "date": DAY})
        with patch.object(self.env.registry["ir.cron"], "_commit_progress"):
            env["account.move"]._autopost_draft_entries()

    def door_posted_by_force(self, env, number):
        move = self.typed(env, False)
        move.with_context(validate_analytic=False).write({"ref": number, "state": "posted"})

    def door_run(self, env, number):
        """The billing run books what carriers may be paid."""
        env["milepost.billing.run"].run_now()

    @property
    def doors(self):
        return {name: getattr(self, name) for name in dir(type(self)) if name.startswith("door_")}

    def through(self, door, user, number):
        try:
            with self.env.cr.savepoint():
                door(self.env(user=user), number)
                self.env.flush_all()
        except REFUSALS:
            return False
        return True

    def booked(self, bill):
        """What live documents with the bill's number owe the carrier."""
        self.env.invalidate_all()
        written = {bill.number, bill.number.replace("-", " ").lower()}
        moves = self.env["account.move"].search([
            ("partner_id", "=", self.carrier.id), ("ref", "in", list(written)), ("state", "!=", "cancel"),
            ("move_type", "in", ("in_invoice", "in_receipt")),
        ])  # fmt: skip
        lines = moves.invoice_line_ids.filtered(lambda line: not line.milepost_is_dispute)
        return sum(lines.mapped("price_subtotal"))

    def test_no_door_books_what_is_held_of_a_carrier(self):
        for number, (state, made) in enumerate(self.states().items()):
            for place, (name, door) in enumerate(self.doors.items()):
                with self.subTest(door=name, state=state):
                    bill = made(f"CD-{number}{place:02}")
                    before = self.booked(bill)
                    self.through(door, self.users["manager"], bill.number)
                    self.assertLessEqual(self.booked(bill), max(before, bill.approved_amount))

    def test_each_door_books_what_is_approved(self):
        """Otherwise a door that its own test broke would look as if the hold had closed it."""
        for place, (name, door) in enumerate(self.doors.items()):
            with self.subTest(door=name):
                bill = self.billed(f"CF-{place:02}")
                self.through(door, self.users["manager"], bill.number)
                self.assertGreater(self.booked(bill), 0)
