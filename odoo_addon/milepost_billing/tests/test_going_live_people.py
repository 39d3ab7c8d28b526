"""What people do when Milepost comes, and when a pilot of it ends."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .going_live_case import GoingLiveCase


@tagged("finance", "golive", "post_install", "-at_install")
class TestHandingBack(GoingLiveCase):
    """A pilot ends: everything that it managed is Odoo's again."""

    def used(self):
        """Orders of every kind, sold while it was managed; some proven, short, billed, held."""
        self.managed()
        orders = self.old_orders()
        proven, short = orders["shipped"][0].milepost_shipment_ids, orders["drafted"][0].milepost_shipment_ids
        self.deliver(proven)
        self.deliver(short)
        self.facts(self.pod(proven), self.pod(short, [("accepted", 7), ("short", 3)]))
        self.validate(proven | short)
        self.env["milepost.billable"].with_user(self.users["analyst"]).dispose(short.id, "bill_accepted")
        self.validate(proven | short)
        self.assertTrue(self.run_billing())
        self.held = orders["down-paid and shipped"].milepost_shipment_ids
        self.deliver(self.held)
        self.validate(self.held)
        self.assertEqual(self.reasons(self.held), ["pod_missing"])
        return self.env["sale.order"].union(*orders.values())

    def hand_back(self, user="manager", reason="the pilot is over"):
        return self.connection.with_user(self.users[user]).hand_back(reason)

    def test_every_amount_is_odoos_and_stays_so(self):
        orders = self.used()
        self.assertTrue(orders.filtered("milepost_is_waiting"))
        invoiced = orders.invoice_ids.filtered(lambda one: one.state == "posted")
        self.assertEqual(self.hand_back(), len(orders.filtered("milepost_managed_by_id")))
        self.assert_odoos(orders)
        self.recompute(orders)
        self.assert_odoos(orders)
        self.assertFalse(orders.filtered("milepost_is_waiting"))
        shipments = orders.milepost_shipment_ids
        self.validate(shipments)
        self.assertFalse(self.run_billing(), "no run bills beside Odoo")
        self.assert_odoos(orders)
        self.assertEqual(set(invoiced.mapped("state")), {"posted"})
        open_ = orders.filtered(lambda one: one.invoice_status == "to invoice")
        open_._create_invoices(final=True).with_user(self.accountant).action_post()
        self.validate(shipments)
        self.assertFalse(self.run_billing(), "nothing is credited")
        self.assert_odoos(orders)

    def test_what_is_shipped_later_is_odoos_too_even_when_it_is_enabled_again(self):
        self.managed()
        order = self.sell(self.product)
        self.leave(order, 4)
        self.hand_back()
        self.managed()
        self.leave(order, 6)
        self.assertEqual((order.order_line.qty_delivered, order.order_line.qty_to_invoice), (10, 10))
        self.assertTrue(self.sell(self.product).milepost_managed_by_id, "new orders are managed")

    def test_it_is_said_who_handed_back_and_why_and_the_audit_holds_it(self):
        self.used()
        hold = self.holds(self.held)["pod_missing"]
        self.hand_back(reason="the carrier left")
        self.validate(self.held)
        self.assertEqual(hold.state, "auto_cleared")
        entries = {entry.event: entry for entry in hold.audit_ids}
        self.assertIn("the carrier left", entries["handed_back"].data)
        self.assertEqual(entries["handed_back"].user_id, self.users["manager"])
        self.assertFalse(self.env["milepost.hold.audit"].verify())
        self.assertIn("the carrier left", self.connection.message_ids[:1].body)
        self.assertFalse(self.connection.auto_transport_order)

    def test_a_manager_hands_back_with_a_reason_what_is_his_companys(self):
        self.managed()
        self.sell(self.product)
        for user in ("dispatcher", "analyst", "bridge"):
            with self.subTest(user), self.refused(AccessError, "finance manager|access"):
                self.hand_back(user)
        with self.refused(UserError, "Say why"):
            self.hand_back(reason="  ")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = self.env["milepost.connection"].create({
            "name": "Theirs", "code": "theirs", "source": "otm5", "company_id": company.id,
        })  # fmt: skip
        with self.refused(AccessError, "access|company"):
            other.with_user(self.users["manager"]).hand_back("mine")

    def test_the_orders_of_a_branch_are_handed_back_with_its_companys_connection(self):
        self.managed()
        branch = self.env["res.company"].create({"name": "North", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", branch.id)], limit=1)
        warehouse.partner_id = self.customer.create({"name": "North", "street": "Yard 3"})
        order = self.sell(self.product, company_id=branch.id, warehouse_id=warehouse.id)
        self.assertEqual(order.milepost_managed_by_id, self.connection)
        self.leave(order)
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        self.hand_back()
        self.assertEqual(order.order_line.qty_to_invoice, 10)
