"""What people do when Milepost comes, and when a pilot of it ends."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .going_live_case import GoingLiveCase


@tagged("finance", "golive", "post_install", "-at_install")
class TestGoingLiveReport(GoingLiveCase):
    """Before it is enabled people see what of the open orders would change."""

    def figures(self, user="analyst", **values):
        reports = self.env["milepost.going.live"].with_user(self.users[user])
        return reports.figures(self.connection.id, **values)

    def test_every_open_line_stands_in_it_with_what_is_to_be_invoiced_before_and_after(self):
        orders = self.old_orders()
        self.connection.is_default = True
        every = self.env["sale.order"].union(*orders.values())
        before = self.rows(every)
        answer = self.figures()
        rows = {row["order_line_id"]: row for row in answer["lines"]}
        open_ = every.order_line.filtered(lambda line: line.state == "sale" and line.qty_to_invoice)
        self.assertLessEqual(set(open_.ids), set(rows))
        for line in open_:
            row = rows[line.id]
            self.assertEqual(
                (row["before_qty"], row["after_qty"]), (line.qty_to_invoice, line.qty_to_invoice)
            )
        self.assertEqual(answer["totals"]["changed"], 0)
        self.assertEqual(answer["totals"]["lines"], len(rows))
        self.assertFalse(self.connection.auto_transport_order, "it only looked")
        self.assertEqual(self.rows(every), before)

    def test_it_says_what_is_to_be_shipped_drafted_and_will_wait(self):
        orders = self.old_orders()
        self.connection.is_default = True
        rows = {row["order_line_id"]: row for row in self.figures()["lines"]}

        def row_of(kind):
            row = rows[orders[kind].order_line.filtered(lambda line: not line.is_downpayment)[0].id]
            return row["kind"], row["drafted_qty"], row["waiting_qty"], len(row["picking_ids"][0][2])

        self.assertEqual(row_of("open"), ("open", 0, 10, 1))
        self.assertEqual(row_of("open as ordered"), ("ordered", 0, 0, 1))
        self.assertEqual(row_of("shipped"), ("shipped", 0, 0, 0))
        self.assertEqual(row_of("shipped in part"), ("shipped", 0, 6, 1))
        self.assertEqual(row_of("drafted"), ("drafted", 10, 0, 0))

    def test_a_pilot_is_looked_at_as_it_would_be(self):
        order = self.sell(self.product)
        self.connection.is_default = True
        pilot = {"pilot_partner_ids": self.carrier.ids}
        [row] = self.figures(pilot=pilot)["lines"]
        self.assertEqual((row["order_id"], row["waiting_qty"]), (order.id, 0))
        [row] = self.figures(pilot={"pilot_partner_ids": self.customer.ids})["lines"]
        self.assertEqual(row["waiting_qty"], 10)
        later = fields.Datetime.to_string(fields.Datetime.now() + timedelta(days=1))
        [row] = self.figures(managed_from=later)["lines"]
        self.assertEqual(row["waiting_qty"], 0)

    def test_the_screen_shows_the_same_rows_and_enables_what_it_showed(self):
        self.sell(self.product)
        self.connection.is_default = True
        self.users["analyst"].group_ids |= self.env.ref("base.group_allow_export")
        reports = self.env["milepost.going.live"].with_user(self.users["analyst"])
        report = reports.create({"connection_id": self.connection.id})
        action = report.action_show()
        lines = self.env[action["res_model"]].with_user(self.users["analyst"]).search(action["domain"])
        self.assertEqual(lines.mapped("waiting_qty"), [10])
        self.assertTrue(lines.export_data(["order_id/name", "before_qty", "after_qty"])["datas"])
        self.assertEqual(lines.action_view_pickings()["res_id"], lines.picking_ids.id)
        with self.refused(AccessError, "allowed|access"):
            report.action_enable()
        self.users["analyst"].group_ids |= self.env.ref("milepost.group_integration_operator")
        report.action_enable()
        self.assertTrue(self.connection.auto_transport_order)
        self.assertEqual(self.connection.managed_from, report.managed_from)

    def test_it_is_for_finance_and_for_ones_own_company(self):
        with self.refused(AccessError, "may not read|allowed"):
            self.figures(user="dispatcher")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = self.env["milepost.connection"].create({
            "name": "Theirs", "code": "theirs", "source": "otm5", "company_id": company.id,
        })  # fmt: skip
        reports = self.env["milepost.going.live"].with_user(self.users["analyst"])
        with self.refused(AccessError, "access|company"):
            reports.figures(other.id)
        for value in ("tomorrow", "2026-13-01"):
            with self.refused(UserError, "no instant"):
                self.figures(managed_from=value)


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
