from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .billing_case import DELIVERY, NOW, BillingCase, utc


@tagged("finance", "post_install", "-at_install")
class TestFinancePod(BillingCase):
    """Proofs of delivery and quantities (T1–T10)."""

    def test_t1_two_stops_with_a_proof_of_one_are_half_covered(self):
        shipment = self.shipment(self.order(), deliveries=2)
        first, second = self.key_of(shipment, 1), self.key_of(shipment, 2)
        self.deliver(shipment, stop=first)
        self.deliver(shipment, stop=second)
        self.facts(self.pod(shipment, stop=first))
        self.validate(shipment)
        self.assertEqual(shipment.pod_coverage, 50)
        [hold] = shipment.hold_ids
        self.assertEqual(hold.reason, "pod_missing")
        self.assertIn("-d2", hold.explanation)
        self.assertEqual(shipment.billing_state, "held")

    def test_t2_a_proof_signed_before_the_arrival_is_invalid(self):
        shipment = self.shipment(self.order())
        arrival = DELIVERY.replace(hour=10, minute=40)
        self.facts(
            self.milestone(shipment, "arrived_delivery", arrival),
            self.milestone(shipment, "delivered", arrival + timedelta(minutes=20)),
            self.pod(shipment, at=DELIVERY.replace(hour=9, minute=50)),
        )
        self.validate(shipment)
        hold = self.holds(shipment)["pod_invalid"]
        self.assertIn("50 minutes before the arrival", hold.explanation)
        self.assertEqual(shipment.pod_ids.state, "rejected")

    def test_t3_a_delivered_event_three_times_changes_readiness_once(self):
        shipment = self.shipment(self.order())
        self.facts(self.pod(shipment))
        fact = self.milestone(shipment, "delivered", DELIVERY)
        self.facts(fact)
        self.validate(shipment)
        ready = shipment.billing_ready_at
        self.assertEqual(len(self.run_billing()), 1)
        for _time in range(2):
            self.facts(fact, expect="duplicate")
            self.validate(shipment, NOW + timedelta(hours=1))
        self.assertEqual(len(shipment.milestone_ids.filtered(lambda m: m.code == "delivered")), 1)
        self.assertEqual(shipment.billing_ready_at, ready)
        self.assertFalse(self.run_billing())
        self.assertEqual(len(shipment.invoice_ids), 1)

    def test_t4_a_proof_revoked_after_posting_is_a_case_and_no_change(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        proof = self.pod(shipment)
        self.facts(proof)
        self.validate(shipment)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.state, "posted")
        self.facts(self.fact("retraction", shipment, target={"key": proof["key"]}))
        self.validate(shipment)
        self.assertEqual(invoice.amount_untaxed, 1250)
        [hold] = shipment.hold_ids
        self.assertEqual((hold.reason, hold.severity, hold.is_blocking), ("pod_revoked", "warn", False))
        self.assertFalse(self.run_billing())

    def test_a_proof_stands_when_another_connection_withdraws_what_it_told_under_the_same_key(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        proof = self.pod(shipment, source_event="e1")
        self.facts(proof)
        other = self.connection.copy(
            {"name": "Other", "code": "other", "user_id": self.connection.user_id.id}
        )
        with patch.object(self, "connection", other):
            self.facts(proof, *(
                self.fact("retraction", shipment, target=target)
                for target in ({"key": proof["key"]}, {"source_event": "e1"})
            ))  # fmt: skip
        self.validate(shipment)
        self.assertEqual(shipment.billing_state, "ready")
        self.assertEqual(
            {one.connection_id: one.retracted for one in shipment.pod_ids},
            {self.connection: False, other: True},
        )

    def _prove(self, quantities, shipped=100, ordered=100):
        shipment = self.shipment(self.order(ordered, shipped))
        self.deliver(shipment)
        self.facts(self.pod(shipment, quantities))
        self.validate(shipment)
        return shipment

    def _dispose(self, shipment, disposition, user="analyst", note=None):
        self.env["milepost.billable"].with_user(self.users[user]).dispose(shipment.id, disposition, note=note)
        self.validate(shipment)

    def test_t5_a_clean_proof_bills_what_was_shipped(self):
        shipment = self._prove([])
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 1250)
        self.assertEqual(shipment.billing_state, "invoiced")

    def test_t6_what_came_short_is_not_billed_and_claimed(self):
        self.expect(None, linehaul=420)
        shipment = self._prove([("accepted", 96), ("short", 4)])
        self.assertEqual(self.reasons(shipment), ["qty_short"])
        self.assertFalse(self.run_billing())
        self._dispose(shipment, "bill_accepted")
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 1200)
        claim = shipment.proposal_ids.filtered(lambda p: p.kind == "claim")
        self.assertEqual((claim.quantity, claim.amount), (4, 66.8))

    def test_t7_an_excess_is_billed_with_acceptance_and_corrected_stock_only(self):
        shipment = self._prove([("accepted", 100), ("over", 2)])
        self.assertEqual(self.reasons(shipment), ["qty_over"])
        analyst = self.env["milepost.billable"].with_user(self.users["analyst"])
        with self.assertRaises(UserError):
            analyst.dispose(shipment.id, "bill_over")
        with self.assertRaises(UserError):
            analyst.dispose(shipment.id, "bill_over", note="Mrs. Lee keeps them")
        self._dispose(shipment, "bill_shipped")
        self.assertEqual(shipment.billable_amount, 1250)
        adjustment = shipment.proposal_ids.filtered(lambda p: p.kind == "adjustment")
        adjustment.with_user(self.users["dispatcher"]).action_done("counted")
        self._dispose(shipment, "bill_over", note="Mrs. Lee keeps them")
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 1275)

    def test_t8_what_was_refused_comes_back_by_a_return_transfer(self):
        shipment = self._prove([("accepted", 94), ("refused", 6)])
        self.assertEqual(self.reasons(shipment), ["qty_refused"])
        self._dispose(shipment, "bill_accepted")
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 1175)
        proposal = shipment.proposal_ids
        self.assertEqual((proposal.kind, proposal.quantity), ("return", 6))
        proposal.action_make_return()
        self.assertEqual(proposal.picking_id.move_ids.product_uom_qty, 6)
        line = shipment.sale_order_ids.order_line
        self.ship(proposal.picking_id, 6)
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (94, 0), "it was never billed")
        self.assertFalse(self.run_billing())

    def test_what_was_refused_comes_back_before_the_rest_is_billed(self):
        """Taken off once: by the proof. What comes back beyond it is taken off too."""
        shipment = self._prove([("accepted", 94), ("refused", 6)])
        line = shipment.sale_order_ids.order_line
        self._come_back(shipment, 4)
        self._dispose(shipment, "bill_accepted")
        self.assertEqual((line.qty_to_invoice, line.milepost_waiting_qty), (94, 0))
        self._come_back(shipment, 5)
        self.assertEqual((line.qty_to_invoice, line.milepost_waiting_qty), (91, 0))
        self.validate(shipment)
        self.assertEqual(shipment.waiting_amount, 91 * 12.5)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 91 * 12.5)
        self.assertEqual((shipment.billing_state, shipment.absorbed_amount), ("invoiced", 37.5))
        runs = self.env["milepost.billing.run"].search_count([])
        self.assertFalse(self.run_billing())
        self.assertEqual(self.env["milepost.billing.run"].search_count([]), runs, "nothing is due")

    def test_what_came_back_of_one_delivery_hides_nothing_of_another_that_waits(self):
        order = self.order(100, 60)
        self.ship(order.picking_ids.filtered(lambda one: one.state != "done"), 40)
        pickings = order.picking_ids.sorted("id")
        first, _second = (
            self.shipment(order, picking_ids=[Command.set(one.ids)]) for one in (pickings[0], pickings[1])
        )
        self.deliver(first)
        self.facts(self.pod(first, [("accepted", 54), ("refused", 6)]))
        self.validate(first)
        self._dispose(first, "bill_accepted")
        self._come_back(first, 6)
        line = order.order_line
        self.assertEqual((line.qty_to_invoice, line.milepost_waiting_qty), (54, 40))

    def test_what_was_refused_on_a_truck_is_taken_off_once_whichever_order_it_comes_back_from(self):
        one, two = self.order(50), self.order(50)
        pickings = (one | two).picking_ids
        shipment = self.shipment(
            one, sale_order_ids=[Command.set((one | two).ids)], picking_ids=[Command.set(pickings.ids)]
        )
        self.deliver(shipment)
        self.facts(self.pod(shipment, [("accepted", 94), ("refused", 6)]))
        self.validate(shipment)
        self._dispose(shipment, "bill_accepted")
        for picking in pickings.sorted("id"):
            self._come_back(shipment, 3, picking)
        lines = (one | two).order_line
        self.assertEqual(sum(lines.mapped("qty_to_invoice")), 94)
        invoices = self.run_billing()
        self.assertEqual(sum(invoices.mapped("amount_untaxed")), 1175)

    def test_goods_that_replace_what_came_back_are_billed_once_it_was_credited(self):
        shipment = self._prove([("accepted", 100)])
        order = shipment.sale_order_ids
        [invoice] = self.run_billing()
        self._come_back(shipment, 6)
        self.assertEqual(order.order_line.qty_to_invoice, -6)
        note = order._create_invoices(final=True)
        note.action_post()
        self.assertEqual(note.amount_untaxed, 75)
        with self.assertRaisesRegex(UserError, "more would be credited than was billed"):
            invoice._reverse_moves([{"invoice_date": invoice.invoice_date}], cancel=True)
        self.assertFalse(self.run_billing())

    def _come_back(self, shipment, quantity, picking=None):
        picking = picking or shipment.picking_ids.filtered(lambda one: one.picking_type_code == "outgoing")
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
        )
        returning = wizard.create({})
        returning.product_return_moves.write({"quantity": quantity, "to_refund": True})
        back = returning._create_return()
        self.ship(back, quantity)
        self.validate(shipment)
        return back

    def test_t9_damaged_goods_that_are_kept_get_an_allowance(self):
        shipment = self._prove([("accepted", 94), ("accepted_damaged", 6)])
        self.assertEqual(self.reasons(shipment), ["damage"])
        self._dispose(shipment, "allowance")
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 1227.5)

    def test_t10_a_later_backorder_is_no_shortage(self):
        shipment = self._prove([("accepted", 60)], shipped=60)
        self.assertEqual(self.reasons(shipment), [])
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 750)

    def test_a_proof_without_a_stop_is_held_where_several_are_possible(self):
        shipment = self.shipment(self.order(), deliveries=2)
        for number in (1, 2):
            self.deliver(shipment, stop=self.key_of(shipment, number))
        self.facts(self.pod(shipment), self.pod(shipment, stop=self.key_of(shipment, 2)))
        self.validate(shipment)
        self.assertIn("names no delivery stop", shipment.pod_ids.filtered("fault").fault)
        self.assertEqual(self.reasons(shipment), ["pod_missing"])
        loose = shipment.pod_ids.filtered("fault")
        stop = shipment.stop_ids.filtered(lambda s: s.kind == "delivery" and s.in_plan).sorted("sequence")[0]
        loose.with_user(self.users["dispatcher"]).assign_stop(stop.id)
        self.validate(shipment)
        self.assertEqual(shipment.billing_state, "ready")

    def test_one_paper_for_two_deliveries_proves_the_first_only(self):
        one, two = self.shipment(self.order()), self.shipment(self.order())
        for shipment in (one, two):
            self.deliver(shipment)
            self.facts(self.pod(shipment, paper="same"))
        self.validate(one | two)
        self.assertEqual(one.billing_state, "ready")
        self.assertIn("proves another delivery", self.holds(two)["pod_invalid"].explanation)

    def test_a_proof_that_is_corrected_carries_its_paper_again(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        told = {"paper": "same", "source_event": "POD 1"}
        self.facts(self.pod(shipment, **told))
        self.validate(shipment)
        later = DELIVERY + timedelta(hours=2)
        self.facts(self.pod(shipment, at=DELIVERY + timedelta(minutes=5), recorded_at=utc(later), **told))
        self.validate(shipment)
        self.assertEqual((shipment.billing_state, self.reasons(shipment)), ("ready", []))

    def test_quantities_that_do_not_add_up_are_said(self):
        shipment = self._prove([("short", 80), ("refused", 60)])
        self.assertIn("do not add up", self.holds(shipment)["pod_invalid"].explanation)
