"""What people do about orders, trucks and holds."""

from datetime import date

from odoo import Command, fields

from ...billing import quantities
from .partners import Partners

DAYS = (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5))


class People(Partners):
    """Each deed takes the step's luck, acts on what is there, and says what it did; or does nothing."""

    # The sales

    def do_sell(self, rng):
        order = self.new_order(rng)
        lines = [
            f"{line.product_uom_qty:g} {line.product_uom_id.name} × {line.price_unit} −{line.discount} %"
            for line in order.order_line
        ]
        self.say(f"sell {', '.join(lines)}, in {order.currency_id.name}")

    def do_change_order(self, rng):
        line = self.picked(
            rng, self.sold.order_line.filtered(lambda line: not line.display_type and not line.is_downpayment)
        )
        if not line:
            return
        [line] = self.people(line)
        if rng.random() < 0.5:
            line.price_unit += 1
            self.say(f"the order's price of {line.product_id.default_code} becomes {line.price_unit}")
        else:
            line.product_uom_qty += 2
            self.say(f"the order of {line.product_id.default_code} is raised to {line.product_uom_qty:g}")

    def do_cancel_order(self, rng):
        order = self.picked(rng, self.sold.filtered(lambda order: order.state == "sale"))
        if order:
            [order] = self.people(order)
            order._action_cancel()
            self.say(f"order {self.sold.ids.index(order.id) + 1} is cancelled")

    # Finance

    def do_run(self, rng):
        self.env["milepost.billing.run"].with_user(self.clerk).run_now()
        self.say("run the billing")

    def do_accrue(self, rng):
        day = rng.choice((*DAYS, None))
        self.env["milepost.accrual"].with_user(self.clerk).accrue_now(day and fields.Date.to_string(day))
        self.say(f"accrue up to {day or 'today'}")

    def open_holds(self, *states):
        holds = self.fleet.hold_ids.filtered(lambda one: one.state in (states or ("open", "in_review")))
        return holds.sorted(
            lambda one: (self.trucks.index(one.shipment_id), one.side, one.reason, one.amount)
        )

    def do_release(self, rng):
        hold = self.picked(
            rng, self.open_holds("open", "in_review", "rejected").filtered(lambda one: one.severity == "soft")
        )
        if hold:
            hold.with_user(self.users["controller"]).action_release("commercial", "let it go")
            self.released = self.decided = True
            self.say(f"release {hold.reason} of {self.name(hold.shipment_id)}, {hold.amount}")

    def do_reject(self, rng):
        hold = self.picked(rng, self.open_holds())
        if hold:
            hold = hold.with_user(self.users["controller"])
            hold.release_reason = "it is right"
            hold.action_reject()
            self.decided = True
            self.say(f"uphold {hold.reason} of {self.name(hold.shipment_id)}")

    def do_hold(self, rng):
        truck = self.picked(rng, self.trucks)
        if truck:
            self.env["milepost.hold"].with_user(self.users["analyst"]).create({
                "shipment_id": truck.id, "reason": rng.choice(("manual", "customer_dispute")), "amount": 50,
                "explanation": "wait",
            })  # fmt: skip
            self.say(f"hold {self.name(truck)} by hand")

    def do_dispose(self, rng):
        holds = self.open_holds().filtered(lambda one: one.reason.upper() in quantities.DISPOSITIONS)
        hold = self.picked(rng, holds)
        if hold:
            disposition = rng.choice(quantities.DISPOSITIONS[hold.reason.upper()])
            self.env["milepost.billable"].with_user(self.users["analyst"]).dispose(
                hold.shipment_id.id, disposition
            )
            self.decided = True
            self.say(f"{self.name(hold.shipment_id)}: {disposition}")

    # Invoices of the orders

    def do_invoice(self, rng):
        """The invoicing wizard of one order, or of all at once: together or apart."""
        orders = self.sold if rng.random() < 0.3 else (self.picked(rng, self.orders) or self.sold)
        if not orders:
            return
        [orders] = self.people(orders)
        apart = rng.random() < 0.5
        moves = orders._create_invoices(grouped=apart, final=rng.random() < 0.7)
        self.say(f"invoice by the wizard: {self.words(moves)}")

    def do_hand_back(self, rng):
        """Everything is Odoo's again that was sold so far."""
        if not self.orders:
            return
        count = self.connection.with_user(self.users["manager"]).hand_back("the trial is over")
        self.connection.invalidate_recordset()
        self.say(f"hand {count} orders back")

    def do_down_payment(self, rng):
        order = self.picked(rng, self.sold.filtered(lambda order: order.state == "sale"))
        if not order:
            return
        [order] = self.people(order)
        values = {"sale_order_ids": [Command.set(order.ids)]}
        if rng.random() < 0.5:
            values |= {"advance_payment_method": "percentage", "amount": rng.choice((10, 30, 100))}
        else:
            values |= {"advance_payment_method": "fixed", "fixed_amount": rng.choice((1, 20, 33.33))}
        before = order.invoice_ids
        wizard = self.env["sale.advance.payment.inv"].with_user(self.clerk).with_context(active_ids=order.ids)
        wizard.create(values).create_invoices()
        self.say(f"down payment: {self.words(order.invoice_ids - before)}")

    def words(self, moves):
        return [f"{move.move_type} {move.state} {move.amount_untaxed:.2f}" for move in moves]
