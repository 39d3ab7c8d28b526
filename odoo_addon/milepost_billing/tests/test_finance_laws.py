import random

from odoo import Command
from odoo.tests import tagged

from .billing_case import DELIVERY, BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceLaws(BillingCase):
    """Laws that hold through any sequence of facts, decisions and runs; the seeds are fixed."""

    SEEDS = range(8)
    STEPS = 10

    def test_money_never_appears_or_vanishes_and_nothing_is_billed_twice(self):
        self.expect(None, fuel=100, linehaul=500)
        self.policy.limit_ids.filtered(lambda one: one.charge_type == "fuel").unlink()
        self.policy.write(
            {
                "pass_through_pending": "bill_rest",
                "limit_ids": [
                    Command.create({"charge_type": "fuel", "pass_through": True, "markup_percent": 7})
                ],
            }
        )
        for seed in self.SEEDS:
            with self.subTest(seed=seed):
                self.story(random.Random(seed))

    def story(self, rng):
        shipments = [
            self.shipment(self.order(rng.randint(5, 40), price=rng.choice((3.33, 12.5, 0.07))))
            for _n in (1, 2)
        ]
        proofs, told = {shipment: [] for shipment in shipments}, []
        for step in range(self.STEPS):
            shipment = rng.choice(shipments)
            deed = rng.choice((
                self.deliver_it, self.prove, self.prove, self.revoke, self.bill_it, self.credit, self.repeat,
                self.release, self.dispose, self.dispose, self.run_it, self.run_it, self.cancel,
            ))  # fmt: skip
            deed(shipment, rng, proofs[shipment], told)
            self.validate(self.env["milepost.shipment"].union(*shipments))
            for one in shipments:
                self.assert_billed_once(one, f"{deed.__name__} at step {step}")
        self.finish(shipments, rng, proofs, told)

    def finish(self, shipments, rng, proofs, told):
        """Whatever happened: proven, disposed and run, everything ends as invoiced or absorbed."""
        together = self.env["milepost.shipment"].union(*shipments)
        for shipment in shipments:
            self.deliver_it(shipment, rng, proofs[shipment], told)
            self.prove(shipment, rng, proofs[shipment], told, rows=())
        self.validate(together)
        for _again in range(2):
            for shipment in shipments:
                self.dispose(shipment, rng, proofs[shipment], told)
            self.validate(together)
            self.run_billing()
            self.validate(together)
        self.assertFalse(self.run_billing())
        for shipment in shipments:
            self.assertEqual(
                shipment.held_amount + shipment.waiting_amount, 0, shipment.hold_ids.mapped("explanation")
            )

    def assert_billed_once(self, shipment, when):
        for row in shipment.billable_ids.filtered("sale_line_id"):
            live = row.move_line_ids.filtered(lambda line: line.parent_state == "posted")
            billed = sum(line._milepost_quantity() for line in live)
            self.assertLessEqual(billed, row.shipped_qty + 1e-6, when)

    def deliver_it(self, shipment, rng, proofs, told):
        fact = self.milestone(shipment, "delivered", DELIVERY)
        told.append(fact)
        self.facts(fact)

    def prove(self, shipment, rng, proofs, told, rows=None):
        shipped = int(sum(shipment.picking_ids.move_ids.mapped("quantity")))
        if rows is None:
            short = rng.choice((0, 0, 1, 2))
            refused = rng.choice((0, 0, 1))
            rows = [("accepted", shipped - short - refused), ("short", short), ("refused", refused)]
        fact = self.pod(shipment, rows)
        fact["recorded_at"] = f"2026-03-05T{len(told) // 60:02d}:{len(told) % 60:02d}:00Z"
        proofs.append(fact)
        told.append(fact)
        self.facts(fact)

    def revoke(self, shipment, rng, proofs, told):
        if proofs:
            self.facts(self.fact("retraction", shipment, target={"key": rng.choice(proofs)["key"]}))

    def bill_it(self, shipment, rng, proofs, told):
        fact = self.bill(
            shipment, [("fuel", rng.choice(("100.00", "101.00", "180.00"))), ("linehaul", "500.00")]
        )
        told.append(fact)
        self.facts(fact)

    def credit(self, shipment, rng, proofs, told):
        fact = self.bill(shipment, [("fuel", rng.choice(("-5.00", "-40.00")))], document="credit_note")
        told.append(fact)
        self.facts(fact)

    def repeat(self, shipment, rng, proofs, told):
        if told:
            self.facts(rng.choice(told), expect="duplicate")

    def release(self, shipment, rng, proofs, told):
        soft = shipment.hold_ids.filtered(lambda h: h.is_open and h.severity == "soft")
        if soft:
            hold = rng.choice(list(soft))
            hold.with_user(self.users["controller"]).action_release("commercial", "let it go")

    def dispose(self, shipment, rng, proofs, told):
        if shipment.hold_ids.filtered(lambda h: h.is_open and h.reason in ("qty_short", "qty_refused")):
            self.env["milepost.billable"].with_user(self.users["analyst"]).dispose(
                shipment.id, "bill_accepted"
            )

    def run_it(self, shipment, rng, proofs, told):
        self.run_billing()

    def cancel(self, shipment, rng, proofs, told):
        invoices = shipment.invoice_ids.filtered(lambda m: m.state == "posted" and not m.debit_note_ids)
        if invoices:
            invoice = rng.choice(list(invoices))
            invoice.button_draft()
            invoice.button_cancel()
