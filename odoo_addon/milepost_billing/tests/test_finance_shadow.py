from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .billing_case import DELIVERY, NOW, BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceShadow(BillingCase):
    """Shadow mode beside what people did: right and false holds, and what the rules missed."""

    def setUp(self):
        super().setUp()
        self.policy.mode = "shadow"

    def delivered(self, proof=True, quantities=()):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        if proof:
            self.facts(self.pod(shipment, quantities))
        self.validate(shipment)
        return shipment

    def invoice(self, shipment, at=NOW):
        """As people do it: from the sales order, at some time."""
        move = shipment.sale_order_ids._create_invoices()
        move.invoice_date = at.date()
        move.action_post()
        shipment.posted_at = at
        self.validate(shipment)
        return move

    def credit(self, move, amount):
        note = move._reverse_moves([{"invoice_date": move.invoice_date}])
        note.invoice_line_ids.write({"quantity": 1, "price_unit": amount})
        note.action_post()
        return note

    def rows(self, *shipments, user="analyst"):
        """The comparison's rows of some shipments, as stored now."""
        self.env.flush_all()
        self.env.invalidate_all()
        model = self.env["milepost.shadow"].with_user(self.users[user])
        return model.search([("shipment_id", "in", [one.id for one in shipments])], order="id")

    def told(self, shipment):
        return [(one.side, one.reason, one.outcome, one.verdict) for one in self.rows(shipment)]

    def test_a_hold_on_what_was_invoiced_as_it_was_is_false(self):
        shipment = self.delivered(proof=False)
        [row] = self.rows(shipment)
        self.assertEqual((row.outcome, row.verdict, row.false_percent), ("pending", "open", 0))
        self.invoice(shipment)
        [row] = self.rows(shipment)
        self.assertEqual((row.reason, row.held_amount, row.policy_id), ("pod_missing", 1250, self.policy))
        self.assertEqual((row.outcome, row.verdict, row.false_percent), ("as_is", "false", 100))
        self.assertEqual(row.partner_id, self.customer)

    def test_a_hold_is_right_when_people_credited_later(self):
        shipment = self.delivered(quantities=[("accepted", 96), ("short", 4)])
        self.credit(self.invoice(shipment), 50)
        [row] = self.rows(shipment)
        self.assertEqual((row.reason, row.held_amount), ("qty_short", 50))
        self.assertEqual((row.outcome, row.verdict), ("corrected", "right"))
        self.assertEqual((row.corrected_amount, row.false_percent), (50, 0))

    def test_a_hold_is_right_when_people_waited_for_the_proof(self):
        shipment = self.delivered(proof=False)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        hold = shipment.hold_ids
        hold.write({"opened_at": DELIVERY, "closed_at": DELIVERY + timedelta(hours=5)})
        self.assertEqual(self.told(shipment), [("ar", "pod_missing", "waited", "right")])
        self.invoice(shipment, DELIVERY + timedelta(hours=9))
        self.assertEqual(self.told(shipment), [("ar", "pod_missing", "waited", "right")])
        shipment.posted_at = DELIVERY + timedelta(hours=2)
        self.assertEqual(
            self.told(shipment), [("ar", "pod_missing", "as_is", "false")], "the proof came after the invoice"
        )

    def test_a_dispute_of_the_customer_makes_the_hold_right(self):
        shipment = self.delivered(proof=False)
        self.invoice(shipment)
        self.env["milepost.hold"].with_user(self.users["analyst"]).create(
            {"shipment_id": shipment.id, "reason": "customer_dispute", "explanation": "never came"}
        )
        self.assertEqual(self.told(shipment), [("ar", "pod_missing", "disputed", "right")])

    def test_a_correction_that_no_hold_foresaw_was_missed(self):
        wrong, good = self.delivered(), self.delivered()
        self.credit(self.invoice(wrong), 80)
        self.invoice(good)
        self.assertEqual(self.told(wrong), [("ar", "none", "corrected", "missed")])
        self.assertEqual(self.told(good), [("ar", "none", "as_is", "clear")])
        rows = self.rows(wrong, good)
        self.assertEqual(rows.mapped("missed_percent"), [100, 0])
        self.assertEqual(rows.mapped("corrected_amount"), [80, 0])

    def test_a_correction_counts_once_however_many_holds_there_were(self):
        shipment = self.delivered(quantities=[("accepted", 90), ("short", 4), ("refused", 6)])
        self.credit(self.invoice(shipment), 125)
        rows = self.rows(shipment)
        self.assertEqual(rows.mapped("reason"), ["qty_short", "qty_refused"])
        self.assertEqual(
            {row.reason: row.corrected_amount for row in rows}, {"qty_refused": 125, "qty_short": 0}
        )

    def test_carriers_bills_are_compared_with_what_was_paid_and_credited(self):
        self.expect(None, fuel=455.1)
        shipments = [self.delivered() for _ in range(3)]
        for shipment, amount in zip(shipments, ("499.50", "455.10", "499.50"), strict=True):
            self.facts(self.bill(shipment, [("fuel", amount)]))
            self.validate(shipment)
        self.env["milepost.billing.run"]._bill_carriers(self.company)
        credit = self.bill(shipments[0], [("fuel", "-44.40")], document="credit_note", number="C1")
        self.facts(credit)
        self.validate(shipments[0])
        credited, fine, overpaid = ([row for row in self.rows(one) if row.side == "ap"] for one in shipments)
        self.assertEqual(
            [(row.reason, row.outcome, row.verdict, row.corrected_amount) for row in credited],
            [("charge_variance", "corrected", "right", 44.4)],
        )
        self.assertEqual([(row.reason, row.verdict) for row in fine], [("none", "clear")])
        self.assertEqual([(row.held_amount, row.verdict) for row in overpaid], [(44.4, "false")])

    def test_rates_money_and_counts_come_by_policy_and_reason(self):
        for shipment in (self.delivered(proof=False), self.delivered(proof=False)):
            self.invoice(shipment)
        right = self.delivered(proof=False)
        self.credit(self.invoice(right), 10)
        self.env.flush_all()
        [(policy, reason, count, money, rate)] = self.env["milepost.shadow"]._read_group(
            [("policy_id", "=", self.policy.id)], ["policy_id", "reason"],
            ["__count", "held_amount:sum", "false_percent:avg"],
        )  # fmt: skip
        self.assertEqual((policy, reason, count, money), (self.policy, "pod_missing", 3, 3750))
        self.assertAlmostEqual(rate, 200 / 3)

    def test_warnings_and_enforced_holds_are_no_part_of_it(self):
        self.policy.mode = "enforce"
        shipment = self.delivered(proof=False)
        self.assertFalse(self.rows(shipment))
        self.facts(self.pod(shipment))
        self.validate(shipment)
        self.run_billing()
        self.assertFalse(self.rows(shipment))

    def test_the_row_opens_its_shipment(self):
        shipment = self.delivered(proof=False)
        action = self.rows(shipment).action_open()
        self.assertEqual((action["res_model"], action["res_id"]), ("milepost.shipment", shipment.id))

    def test_only_finance_sees_it_and_only_of_its_companies(self):
        shipment = self.delivered(proof=False)
        for user in ("dispatcher", "bridge"):
            with self.assertRaises(AccessError):
                self.rows(shipment, user=user)
        other = self.env["res.company"].create({"name": "Other"})
        self.users["controller"].write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(self.rows(shipment, user="controller"))
        self.assertTrue(self.rows(shipment, user="analyst"))

    def test_n13_a_proof_in_the_same_second_as_the_invoice_came_after_it(self):
        shipment = self.delivered(proof=False)
        self.invoice(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        hold = shipment.hold_ids
        self.assertEqual(hold.state, "auto_cleared")
        hold.closed_at = shipment.posted_at
        self.assertEqual(self.told(shipment), [("ar", "pod_missing", "as_is", "false")])

    def test_n14_a_hold_that_a_person_upheld_was_right(self):
        shipment = self.delivered(proof=False)
        hold = shipment.hold_ids.with_user(self.users["manager"])
        hold.release_reason = "No proof, no bill"
        hold.action_reject()
        self.assertEqual(self.told(shipment), [("ar", "pod_missing", "disputed", "right")])
