from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceNextRun(BillingCase):
    """What the next run would invoice, and what misses it, before it comes."""

    def setUp(self):
        super().setUp()
        self.policy.write({"cutoff_every": "day", "cutoff_time": 18, "cutoff_zone": "UTC"})

    def delivered(self, *proof, **order):
        """A delivered shipment with a proof of (outcome, quantity) rows; clean, or none."""
        shipment = self.shipment(self.order(10, price=10, **order))
        self.deliver(shipment)
        if proof != (None,):
            self.facts(self.pod(shipment, list(proof)))
        self.validate(shipment)
        return shipment

    def look(self, until=None):
        analyst = self.env["milepost.next.run"].with_user(self.users["analyst"])
        until = until or fields.Datetime.now() + timedelta(days=2)
        action = analyst.look_ahead(fields.Datetime.to_string(until))
        return analyst.browse(action["res_id"])

    def test_it_names_the_documents_that_the_run_then_makes(self):
        other = self.env["res.partner"].create({"name": "Southwind"})
        ready = self.delivered() | self.delivered(partner=other)
        until = max(ready.mapped("billing_due_at"))
        before = self.env["account.move"].search_count([])
        found = self.look(until)
        told = {(one.partner_id, one.amount, one.shipment_ids) for one in found.document_ids}
        self.assertEqual(self.env["account.move"].search_count([]), before, "nothing of it stays")
        self.assertEqual(set(ready.mapped("billing_state")), {"ready"})
        moves = self.run_billing(until)
        self.assertEqual(
            told, {(one.partner_id, one.amount_total, one.milepost_shipment_ids) for one in moves}
        )

    def test_what_misses_it_stands_by_what_it_needs(self):
        without, short = self.delivered(None), self.delivered(("accepted", "9"), ("short", "1"))
        found = self.look()
        self.assertFalse(found.document_ids)
        needs = {line.need: (line.shipment_ids, line.amount) for line in found.missing_ids}
        self.assertEqual(needs, {"proof": (without, 100.0), "quantities": (short, 90.0)})
        action = found.missing_ids[:1].action_view_shipments()
        self.assertEqual((action["res_model"], action["res_id"]), ("milepost.shipment", without.id))
        self.assertIn("2", found.outlook)

    def test_what_is_billed_once_a_month_misses_no_other_day(self):
        today = fields.Date.today()
        self.policy.write({"cutoff_every": "month", "cutoff_month_day": 25 if 10 < today.day < 20 else 15})
        self.delivered(None)
        self.assertFalse(self.look(fields.Datetime.now() + timedelta(hours=1)).missing_ids)

    def test_what_cannot_be_invoiced_is_said_beforehand(self):
        due = self.delivered().billing_due_at
        with patch.object(
            type(self.env["sale.order"]), "_create_invoices", side_effect=UserError("No journal")
        ):
            found = self.look()
        self.assertIn("No journal", found.problem)
        self.assertFalse(found.is_cut, "what failed is put off, and was tried")
        self.assertFalse(found.document_ids)
        self.assertTrue(self.run_billing(due), "trying it postpones nothing")

    def test_who_bills_nothing_does_not_see_it(self):
        clerk = new_test_user(self.env, "clerk_of_sales", groups="sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.env["milepost.next.run"].with_user(clerk).look_ahead()
