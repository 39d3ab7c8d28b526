"""What people do with documents: edit, post, cancel, credit, copy them, type their own."""

from odoo import Command, fields

from .warehouse import Warehouse


class Documents(Warehouse):
    def one(self, rng, *states, types=("out_invoice", "out_refund", "out_receipt")):
        move = self.picked(rng, self.documents(*states).filtered(lambda one: one.move_type in types))
        return self.people(move)[0] if move else None

    def line_of(self, rng, move):
        """One of its lines that bill something."""
        return self.picked(rng, move.invoice_line_ids.filtered(lambda line: line.display_type == "product"))

    def do_post(self, rng):
        if move := self.one(rng, "draft"):
            move.invoice_date = move.invoice_date or fields.Date.today()
            move.action_post()
            self.say(f"post {self.words(move)}")

    def do_edit_quantity(self, rng):
        move = self.one(rng, "draft")
        if move and (line := self.line_of(rng, move)):
            quantity = rng.choice(
                (0, line.quantity / 2, line.quantity - 1, line.quantity + 1, line.quantity * 2)
            )
            self.say(f"{self.words(move)}: quantity {line.quantity:g} becomes {quantity:g}")
            move.invoice_line_ids = [Command.update(line.id, {"quantity": quantity})]

    def do_edit_price(self, rng):
        move = self.one(rng, "draft")
        if move and (line := self.line_of(rng, move)):
            price = line.price_unit * rng.choice((0, 0.9, 1.1))
            self.say(f"{self.words(move)}: price {line.price_unit} becomes {price}")
            line.price_unit = price

    def do_edit_currency(self, rng):
        if move := self.one(rng, "draft"):
            currency = self.foreign if move.currency_id == self.usd else self.usd
            self.say(f"{self.words(move)} {move.currency_id.name} becomes one in {currency.name}")
            move.currency_id = currency

    def do_remove_line(self, rng):
        move = self.one(rng, "draft")
        if move and (line := self.line_of(rng, move)):
            self.say(f"{self.words(move)}: without its line of {line.price_subtotal:.2f}")
            move.invoice_line_ids = [Command.delete(line.id)]

    def do_add_line(self, rng):
        move = self.one(rng, "draft")
        if move:
            self.say(f"{self.words(move)}: with a line for 5.00")
            move.invoice_line_ids = [
                Command.create({"name": "Pallet", "quantity": 1, "price_unit": 5, "tax_ids": []})
            ]

    def do_move_line(self, rng):
        """Two drafts become one, line by line: what bills goods is taken from one and given to the other."""
        drafts = self.documents("draft").filtered(lambda move: move.move_type == "out_invoice")
        if len(drafts) < 2:
            return
        one, other = self.people(*rng.sample(list(drafts), 2))
        if line := self.line_of(rng, one):
            values = {
                "name": line.name, "product_id": line.product_id.id, "quantity": line.quantity,
                "product_uom_id": line.product_uom_id.id, "price_unit": line.price_unit,
                "discount": line.discount, "tax_ids": [Command.set(line.tax_ids.ids)],
                "sale_line_ids": [Command.set(line.sale_line_ids.ids)],
            }  # fmt: skip
            one.invoice_line_ids = [Command.delete(line.id)]
            other.invoice_line_ids = [Command.create(values)]
            self.say(f"a line goes to another draft, now {self.words(other)}")

    def do_delete(self, rng):
        if move := self.one(rng, "draft", "cancel"):
            self.say(f"delete {self.words(move)}")
            move.unlink()

    def do_cancel(self, rng):
        if move := self.one(rng, "draft", "posted"):
            self.say(f"cancel {self.words(move)}")
            if move.state == "posted":
                move.button_draft()
            move.button_cancel()

    def do_unpost(self, rng):
        if move := self.one(rng, "posted", "cancel"):
            self.say(f"set back to draft {self.words(move)}")
            move.button_draft()

    def do_copy(self, rng):
        if move := self.one(rng):
            self.say(f"copy {self.words(move)}: {self.words(move.copy())}")

    def reversal(self, move):
        wizard = self.env["account.move.reversal"].with_user(self.clerk).with_context(
            active_model="account.move", active_ids=move.ids
        )  # fmt: skip
        return wizard.create({"journal_id": move.journal_id.id})

    def do_reverse(self, rng):
        if move := self.one(rng, "posted"):
            action = self.reversal(move).reverse_moves()
            self.say(f"reverse {self.words(move)}")
            if rng.random() < 0.7 and action.get("res_id"):
                move.browse(action["res_id"]).action_post()
                self.say("… and post it")

    def do_reverse_and_invoice(self, rng):
        if move := self.one(rng, "posted", types=("out_invoice",)):
            self.reversal(move).modify_moves()
            self.say(f"reverse and invoice again {self.words(move)}")

    def do_credit_part(self, rng):
        """A credit note of some of an invoice."""
        move = self.one(rng, "posted", types=("out_invoice",))
        if not move:
            return
        note = move.browse(self.reversal(move).reverse_moves()["res_id"])
        for line in note.invoice_line_ids.filtered(lambda line: line.quantity > 1):
            line.quantity = rng.choice((1, line.quantity / 2))
        self.say(f"credit of {self.words(move)} {self.words(note)}")
        if rng.random() < 0.8:
            note.action_post()

    def do_type_invoice(self, rng):
        """Somebody types an invoice, or receipt, of an order's line."""
        line = self.picked(rng, self.sold.order_line.filtered(lambda line: not line.display_type))
        if not line:
            return
        move = self.env["account.move"].with_user(self.clerk).create({
            "move_type": rng.choice(("out_invoice", "out_receipt")), "partner_id": line.order_id.partner_id.id,
            "invoice_date": fields.Date.today(),
            # Now and then in the company's, whatever the order is in.
            "currency_id": (line.currency_id if rng.random() < 0.8 else self.usd).id,
            "invoice_line_ids": [Command.create({
                "product_id": line.product_id.id, "quantity": rng.choice((1, line.product_uom_qty)),
                "product_uom_id": line.product_uom_id.id, "price_unit": line.price_unit, "tax_ids": [],
                "sale_line_ids": [Command.link(line.id)],
            })],
        })  # fmt: skip
        self.say(f"type {self.words(move)}")

    def do_pay(self, rng):
        if move := self.one(rng, "posted", types=("out_invoice",)):
            register = self.env["account.payment.register"].with_user(self.clerk).with_context(
                active_model="account.move", active_ids=move.ids
            )  # fmt: skip
            register.create({})._create_payments()
            self.say(f"pay {self.words(move)}")

    def do_undo_bill(self, rng):
        """A carrier's bill that was booked is reversed, or set back and cancelled."""
        bill = self.picked(
            rng,
            self.fleet.carrier_invoice_ids.bill_ids.filtered(lambda one: one.state == "posted").sorted("id"),
        )
        if not bill:
            return
        [bill] = self.people(bill)
        if rng.random() < 0.5:
            note = bill.browse(self.reversal(bill).reverse_moves()["res_id"])
            note.invoice_date = fields.Date.today()
            note.action_post()
            self.say(f"reverse the carrier's {self.words(bill)}")
        else:
            bill.button_draft()
            bill.button_cancel()
            self.say(f"cancel the carrier's {self.words(bill)}")

    def came_back(self, line):
        """What was returned of an order's line, in its unit."""
        back = line.move_ids.filtered(
            lambda move: move.state == "done" and move.location_id.usage == "customer"
        )
        return sum(move.product_uom._compute_quantity(move.quantity, line.product_uom_id) for move in back)
