from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from .billing_case import BillingCase

LOGGER = "odoo.addons.milepost_billing.models.milepost_billing"


@tagged("finance", "post_install", "-at_install")
class TestFinanceApart(BillingCase):
    """A shipment that cannot be decided takes no other of its batch with it."""

    def setUp(self):
        super().setUp()
        # A test commits nothing.
        self.patch(self.registry["ir.cron"], "_commit_progress", lambda *_done, **_left: 1)
        self.env["milepost.billing"]._catch_up()
        self.fleet = self.env["milepost.shipment"]
        for _number in range(5):
            self.fleet |= self.shipment(self.order(10))
        for shipment in self.fleet:
            self.deliver(shipment)
            self.facts(self.pod(shipment))

    def failing(self, shipment, error):
        """Deciding about one shipment raises it."""
        decide = self.registry["milepost.billing"]._decide

        def fail(self, one, *more):
            if one == shipment:
                raise error
            return decide(self, one, *more)

        return patch.object(self.registry["milepost.billing"], "_decide", fail)

    def undecided(self):
        """{shipment: what is wrong} of the open issues."""
        issues = self.env["milepost.issue"].search([("kind", "=", "undecided"), ("state", "!=", "closed")])
        return {issue.shipment_id: issue.what for issue in issues}

    def test_the_next_run_says_what_cannot_be_decided(self):
        """What was ready stayed "ready", past its cut-off, and each run left it out without a word."""
        self.env["milepost.billing"]._cron_validate()
        broken = self.fleet[1]
        with mute_logger(LOGGER), self.failing(broken, ValueError("no such unit")):
            broken._billing_changed()
            self.env["milepost.billing"]._cron_validate()
        self.assertEqual(broken.billing_state, "ready")
        until = fields.Datetime.to_string(fields.Datetime.now() + timedelta(days=2))
        shown = self.env["milepost.next.run"].with_user(self.users["analyst"]).look_ahead(until)
        missing = self.env["milepost.next.run"].browse(shown["res_id"]).missing_ids
        self.assertEqual([(line.need, line.shipment_ids) for line in missing], [("undecided", broken)])

    def test_the_others_of_its_batch_are_decided_and_billed(self):
        billing = self.env["milepost.billing"]
        broken = self.fleet[2]
        for error in (UserError("of another company"), ValueError("no such unit"), KeyError("goods")):
            with self.subTest(error=error), mute_logger(LOGGER), self.failing(broken, error):
                self.fleet._billing_changed()
                billing._cron_validate()
                self.assertEqual(
                    self.fleet.filtered(lambda one: one.billing_rev == one.rev), self.fleet - broken
                )
                self.assertEqual(broken.billing_problem, str(error))
                self.assertFalse((self.fleet - broken).filtered("billing_problem"))
                self.assertEqual(self.undecided(), {broken: f"Billing cannot be decided: {error}"})
        self.assertEqual(set((self.fleet - broken).mapped("billing_state")), {"ready"})
        issue = self.env["milepost.issue"].search(
            [("shipment_id", "=", broken.id), ("state", "!=", "closed")]
        )
        issue.sudo().state = "acknowledged"
        with mute_logger(LOGGER), self.failing(broken, ValueError("another one")):
            billing._cron_validate()
        self.assertEqual((issue.state, issue.what), ("open", "Billing cannot be decided: another one"))
        cutoff = fields.Datetime.now() + timedelta(days=2)
        with mute_logger(LOGGER), self.failing(broken, ValueError("still")):
            moves = self.run_billing(cutoff)
        self.assertEqual(sum(moves.mapped("amount_untaxed")), 4 * 125)
        billing._cron_validate()
        self.assertEqual((broken.billing_state, broken.billing_problem), ("ready", False))
        self.assertFalse(self.undecided())
        self.assertEqual(self.run_billing(cutoff).amount_untaxed, 125)

    def test_who_was_only_slower_than_another_transaction_is_run_again_and_says_nothing(self):
        with self.failing(self.fleet[2], SerializationFailure()), self.assertRaises(SerializationFailure):
            self.env["milepost.billing"]._cron_validate()
        self.assertFalse(self.fleet.filtered("billing_problem"))

    def test_its_invoice_is_not_posted_on_the_decision_that_was_made_before(self):
        """Whoever posts it gets the error: a stale decision is made again, never trusted."""
        broken = self.fleet[0]
        self.env["milepost.billing"]._cron_validate()
        draft = broken.sale_order_ids._create_invoices()
        broken._billing_changed()
        with self.failing(broken, UserError("no such unit")), self.refused(UserError, "no such unit"):
            draft.action_post()
        self.assertEqual(draft.state, "draft")
