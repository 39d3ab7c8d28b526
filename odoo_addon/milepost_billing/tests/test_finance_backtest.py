from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models import milepost_backtest
from .billing_case import BillingCase

# All that was really decided.
DECIDED = (
    "milepost_hold", "milepost_hold_audit", "milepost_shipment", "milepost_billable", "milepost_pod",
    "milepost_carrier_invoice", "milepost_carrier_invoice_line", "milepost_expected_charge",
    "milepost_proposal", "milepost_late_charge", "sale_order_line", "account_move",
)  # fmt: skip


@tagged("finance", "post_install", "-at_install")
class TestFinanceBacktest(BillingCase):
    """A changed policy over past shipments: what it would have held, and what no longer."""

    def setUp(self):
        super().setUp()
        self.expect(None, fuel=455.1)
        self.controller = self.users["controller"]

    def delivered(self, *amounts, proof=True, quantities=(), order=True):
        """A delivered shipment, decided on; a carrier's bill for each amount of fuel."""
        shipment = self.shipment(self.order() if order else None)
        self.deliver(shipment)
        if proof:
            self.facts(self.pod(shipment, quantities))
        for amount in amounts:
            self.facts(self.bill(shipment, [("fuel", amount)]))
        self.validate(shipment)
        return shipment

    def later(self, record, **delta):
        """Have a fact stand in Odoo later than it does."""
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE {record._table} SET create_date = create_date + %s WHERE id IN %s",
            [timedelta(**delta), tuple(record.ids)],
        )
        self.env.invalidate_all()

    def backtest(self, **values):
        """A back-test of March 2026, to be run."""
        self.env.invalidate_all()
        policy = self.policy.with_user(self.controller)
        test = self.env[policy.action_backtest()["res_model"]].with_user(self.controller).browse(
            policy.action_backtest()["res_id"]
        )  # fmt: skip
        test.write({"date_from": "2026-03-01", "date_to": "2026-03-31", **values})
        return test

    def ran(self, **values):
        test = self.backtest(**values)
        test.action_run()
        self.assertEqual(test.state, "done")
        return test

    def fuel(self, test, **limit):
        test.limit_ids.filtered(lambda one: one.charge_type == "fuel").write(limit)

    def told(self, test):
        return sorted(
            (line.reason, line.effect, line.amount, line.was_held) for line in test.line_ids
        )  # fmt: skip

    def test_a_wider_tolerance_says_what_it_would_hold_no_more(self):
        self.delivered("499.50")
        self.delivered("470.10")
        self.delivered("455.10")
        test = self.backtest()
        self.fuel(test, over_percent=5, over_amount=20)
        test.action_run()
        self.assertEqual(
            self.told(test),
            [("charge_variance", "gone", 15, True), ("charge_variance", "same", 44.4, True)],
        )
        figures = test.figures()
        self.assertEqual(figures["would_hold"], {"documents": 1, "amount": "44.40"})
        self.assertEqual(figures["gone"], {"documents": 1, "amount": "15.00"})
        self.assertEqual(figures["new"], {"documents": 0, "amount": "0.00"})
        self.assertEqual((test.shipment_count, test.would_hold_count, test.gone_amount), (3, 1, 15))
        self.assertIn("1 documents", " ".join(test.summary.striptags().split()))

    def test_a_tighter_tolerance_says_what_it_would_newly_hold(self):
        free = self.delivered("460.00")
        held = self.delivered("499.50")
        test = self.backtest()
        self.fuel(test, over_percent=0.5, over_amount=1)
        test.action_run()
        lines = {line.shipment_id: line for line in test.line_ids}
        self.assertEqual((lines[free].effect, lines[free].amount, lines[free].was_held), ("new", 4.9, False))
        self.assertEqual((lines[held].effect, lines[held].was_held), ("same", True))
        self.assertEqual(lines[free].carrier_invoice_id, free.carrier_invoice_ids)
        self.assertEqual(test.figures()["would_hold"], {"documents": 2, "amount": "49.30"})

    def test_a_proof_that_came_later_does_not_count_before_it_came(self):
        shipment = self.delivered(proof=False)
        self.facts(self.pod(shipment))
        self.later(shipment.pod_ids, hours=5)
        self.validate(shipment)
        test = self.ran(pod_gate="pod_or_delivered")
        self.assertEqual(self.told(test), [("pod_missing", "gone", 1250, True)])
        same = self.delivered()
        self.assertFalse(self.ran().line_ids.filtered(lambda line: line.shipment_id == same))

    def test_what_came_after_the_invoice_does_not_count(self):
        shipment = self.delivered()
        [invoice] = self.run_billing()
        self.assertEqual(invoice.milepost_shipment_ids, shipment)
        proof = shipment.pod_ids
        self.facts(self.fact("retraction", shipment, target={"key": proof.key}))
        self.later(self.env["milepost.retraction"].search([("shipment_id", "=", shipment.id)]), hours=9)
        self.validate(shipment)
        self.assertFalse(self.ran().line_ids)

    def test_what_people_disposed_of_was_held_all_the_same(self):
        shipment = self.delivered(quantities=[("accepted", 96), ("short", 4)])
        self.env["milepost.billable"].dispose(shipment.id, "bill_accepted")
        self.validate(shipment)
        self.run_billing()
        self.assertEqual(self.told(self.ran()), [("qty_short", "same", 50, True)])

    def test_a_request_counts_once_it_was_approved(self):
        shipment = self.delivered()
        request = self.env["milepost.expected.charge"].with_user(self.users["dispatcher"]).create({
            "shipment_id": shipment.id, "charge_type": "lumper", "amount": 120, "currency_id": self.usd.id,
        })  # fmt: skip
        self.facts(self.bill(shipment, [("lumper", 120)]))
        self.validate(shipment)
        request.with_user(self.users["analyst"]).action_approve()
        self.validate(shipment)
        self.assertFalse(self.reasons(shipment, "ap"))
        request.sudo().approved_at = fields.Datetime.now() + timedelta(days=1)
        self.assertEqual(self.told(self.ran()), [("unexpected_charge", "same", 120, True)])

    def test_a_duplicate_and_a_replaced_bill_are_seen_as_when_they_came(self):
        shipment = self.delivered()
        for number, values in (("88000001", {}), ("88000001", {"correction": "correction"})):
            amount = "455.10" if values else "499.50"
            self.facts(self.bill(shipment, [("fuel", amount)], number=number, **values))
            self.validate(shipment)
        first, second = shipment.carrier_invoice_ids.sorted("id")
        self.assertEqual((first.state, first.replaced_by_id), ("superseded", second))
        self.later(second, hours=3)
        test = self.ran()
        self.assertEqual([(line.carrier_invoice_id, line.amount) for line in test.line_ids if line.held_now],
                         [(first, 44.4)])  # fmt: skip

    def test_nothing_that_was_really_decided_is_written(self):
        self.delivered("499.50", proof=False)
        self.delivered("460.00", quantities=[("accepted", 90), ("accepted_damaged", 10)])
        posted = self.delivered("455.10")
        self.run_billing()
        self.assertTrue(posted.posted_at)
        test = self.backtest(pod_gate="pod_or_delivered", reference_required=True, over_percent=9)

        def dump():
            self.env.flush_all()
            state = {}
            for table in DECIDED:
                self.env.cr.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM {table} t")
                state[table] = self.env.cr.fetchone()[0]
            return state

        before = dump()
        test.action_run()
        self.assertTrue(test.line_ids)
        self.env.invalidate_all()
        self.assertEqual(dump(), before)
        self.assertTrue(self.policy.active)
        self.assertEqual(self.policy.pod_gate, "pod")
        self.assertFalse(test.proposal_id.active, "a proposal applies to nothing")

    def test_only_the_period_and_the_policy_are_looked_at(self):
        ours = self.delivered()
        other = self.env["res.partner"].create({"name": "Southwind"})
        special = self.policy.copy({"name": "Special", "partner_ids": [Command.set(other.ids)]})
        theirs = self.shipment(self.order(partner=other))
        self.deliver(theirs)
        self.validate(theirs)
        self.assertEqual((ours.policy_id, theirs.policy_id), (self.policy, special))
        self.assertEqual(self.ran().shipment_count, 1)
        self.assertEqual(self.ran(scope="all").shipment_count, 2)
        self.assertEqual(self.ran(date_from="2026-03-05").shipment_count, 0)
        self.assertEqual(self.ran(date_from="2026-03-04", date_to="2026-03-04").shipment_count, 1)
        with self.assertRaises(ValidationError):
            self.backtest(date_from="2026-04-01")

    def test_much_is_worked_off_by_the_cron_in_batches(self):
        for _ in range(5):
            self.delivered("499.50", order=False)
        with patch.object(milepost_backtest, "AT_ONCE", 2), patch.object(milepost_backtest, "BATCH", 2):
            test = self.backtest()
            test.action_run()
            self.assertEqual((test.state, test.shipment_count), ("running", 5))
            with self.assertRaises(UserError):
                test.action_run()
            # Within a test nothing is committed.
            with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_more: 60):
                self.env["milepost.backtest"]._cron_run()
        self.assertEqual((test.state, test.done_count, test.progress), ("done", 5, 100))
        self.assertEqual(len(test.line_ids.filtered(lambda line: line.side == "ap")), 5)

    def test_a_batch_takes_the_same_number_of_queries_however_large_it_is(self):
        def queries():
            test = self.backtest()
            test.action_run()
            test = self.backtest()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            test.action_run()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        for _ in range(2):
            self.delivered("499.50", proof=False)
        few = queries()
        for _ in range(8):
            self.delivered("499.50", proof=False)
        self.assertLessEqual(queries(), few + 2)

    def test_a_run_can_be_repeated_and_the_proposal_changed(self):
        self.delivered("499.50")
        test = self.ran()
        self.assertEqual(self.told(test), [("charge_variance", "same", 44.4, True)])
        test.action_reset()
        self.fuel(test, over_percent=20, over_amount=100)
        test.action_run()
        self.assertEqual(self.told(test), [("charge_variance", "gone", 44.4, True)])
        proposal = test.proposal_id
        test.unlink()
        self.assertFalse(proposal.exists())

    def test_only_finance_sees_it_and_only_the_controller_tests(self):
        test = self.ran()
        bridge = self.users["bridge"]
        bridge.group_ids += self.env.ref("milepost_billing.group_controller")
        for user in (self.users["dispatcher"], self.users["analyst"], bridge):
            with self.assertRaises(AccessError):
                self.policy.with_user(user).action_backtest()
            with self.assertRaises(AccessError):
                test.with_user(user).action_run()
        with self.assertRaises(AccessError):
            test.with_user(self.users["dispatcher"]).read(["name"])
        self.assertTrue(test.with_user(self.users["analyst"]).read(["name", "summary"]))
        other = self.env["res.company"].create({"name": "Other"})
        self.users["manager"].write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        model = self.env["milepost.backtest"].with_user(self.users["manager"])
        self.assertFalse(model.search([]))
        self.assertFalse(self.env["milepost.backtest.line"].with_user(self.users["manager"]).search([]))

    def test_n12_a_document_that_keeps_another_hold_is_neither_new_nor_gone(self):
        self.env["milepost.rate"].search([]).unlink()
        self.expect(None, fuel=400, lumper=100)
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment), self.bill(shipment, [("fuel", "408"), ("lumper", "107")]))
        self.policy.limit_ids.unlink()
        self.policy.write({"over_amount": 10, "over_percent": 10, "document_amount": 10})
        self.validate(shipment)
        test = self.backtest(over_amount=5, over_percent=10, document_amount=5)
        test.action_run()
        figures = test.figures()
        for kind in ("new", "gone"):
            self.assertEqual(figures[kind], {"documents": 0, "amount": "0.00"}, kind)
        self.assertEqual((figures["held_now"]["documents"], figures["would_hold"]["documents"]), (1, 1))
        self.assertEqual(set(test.line_ids.mapped("effect")), {"same"})
