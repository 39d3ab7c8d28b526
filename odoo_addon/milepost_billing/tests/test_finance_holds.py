from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceHolds(BillingCase):
    """Who may let money go (T29–T32), and what a hold keeps from happening."""

    def fuel_bill(self, amount="499.50", shipment=None, **values):
        shipment = shipment or self.shipment()
        fact = self.bill(shipment, [("fuel", amount)], **values)
        self.facts(fact)
        self.validate(shipment)
        return self.invoice_of(fact)

    def setUp(self):
        super().setUp()
        self.expect(None, fuel=455.1)

    def release(self, hold, user, code="evidence", text="seen"):
        user = self.users[user] if isinstance(user, str) else user
        hold.with_user(user).action_release(code, text)

    def test_t29_a_percentage_beyond_the_analyst_is_the_managers(self):
        hold = self.fuel_bill().hold_ids
        self.assertEqual((hold.amount, hold.percent), (44.4, 9.756))
        with self.refused(AccessError, "above your limit of 5"):
            self.release(hold, "analyst")
        with self.assertRaises(ValidationError):
            self.release(hold, "manager", text=None)
        self.release(hold, "manager")
        self.assertEqual((hold.state, hold.released_by_id), ("released", self.users["manager"]))

    def test_t30_a_dispatcher_cannot_write_a_hold(self):
        hold = self.fuel_bill().hold_ids.with_user(self.users["dispatcher"])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            hold.write({"state": "released"})
        with self.assertRaises(AccessError):
            hold.action_release("evidence", "seen")
        for user in ("analyst", "controller"):
            with self.assertRaises(AccessError):
                hold.with_user(self.users[user]).write({"state": "released"})

    def test_t31_above_the_limit_two_controllers_must_agree(self):
        hold = self.fuel_bill(amount="2955.11").hold_ids
        self.assertEqual(hold.amount, 2500.01)
        with self.assertRaises(AccessError):
            self.release(hold, "manager")
        self.release(hold, "controller")
        self.assertEqual((hold.state, hold.is_blocking), ("in_review", True))
        self.release(hold, "controller")
        self.assertEqual(hold.state, "in_review", "the same person twice is one person")
        self.release(hold, self.controller2)
        self.assertEqual((hold.state, hold.released_by_id), ("released", self.controller2))
        self.assertEqual(hold.approved_by_ids, self.users["controller"] | self.controller2)

    def test_t32_a_release_stands_while_its_facts_do(self):
        first = self.fuel_bill(number="77000001")
        shipment, hold = first.shipment_id, first.hold_ids
        self.release(hold, "manager")
        self.validate(shipment)
        self.assertEqual(first.approved_amount, 499.5)
        same = self.fuel_bill(shipment=shipment, number="77000001", correction="correction")
        self.assertEqual((hold.carrier_invoice_id, hold.state), (same, "released"))
        self.assertEqual(same.approved_amount, 499.5)
        other = self.fuel_bill("516.10", shipment, number="77000001", correction="correction")
        self.assertEqual((hold.carrier_invoice_id, hold.state, hold.amount), (other, "open", 61))
        self.assertEqual(other.approved_amount, 455.1)
        self.assertEqual(hold.audit_ids.mapped("event"), ["opened", "released", "reopened"])
        self.assertEqual(hold.audit_ids.mapped("event_shown"), ["Opened", "Released", "Reopened"])

    def test_nobody_releases_what_he_entered_himself(self):
        shipment = self.shipment()
        request = (
            self.env["milepost.expected.charge"]
            .with_user(self.users["manager"])
            .create(
                {
                    "shipment_id": shipment.id,
                    "charge_type": "lumper",
                    "amount": 10,
                    "currency_id": self.usd.id,
                }
            )
        )
        request.with_user(self.users["analyst"]).action_approve()
        hold = self.fuel_bill(shipment=shipment).hold_ids
        with self.refused(AccessError, "created or edited"):
            self.release(hold, "manager")
        self.policy.with_user(self.users["controller"]).over_percent = 1
        with self.refused(AccessError, "created or edited"):
            self.release(hold, "controller")

    def test_a_hard_hold_goes_only_with_its_cause(self):
        self.policy.reference_required = True
        order = self.order()
        shipment = self.shipment(order)
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        hold = self.holds(shipment)["ref_missing"]
        with self.refused(AccessError, "only when its cause is fixed"):
            self.release(hold, "controller")
        order.client_order_ref = "PO-77"
        self.validate(shipment)
        self.assertEqual((hold.state, shipment.billing_state), ("auto_cleared", "ready"))

    def test_the_bridge_neither_releases_nor_posts(self):
        hold = self.fuel_bill().hold_ids
        bridge = self.users["bridge"]
        with self.assertRaises(AccessError):
            self.release(hold, "bridge")
        bridge.group_ids += self.env.ref("milepost_billing.group_controller") + self.env.ref(
            "account.group_account_manager"
        )
        with self.assertRaises(AccessError):
            self.release(hold, "bridge")
        move = self.env["account.move"].create({"move_type": "out_invoice", "partner_id": self.customer.id})
        with self.refused(AccessError, "bridge"):
            move.with_user(bridge).action_post()
        with self.refused(AccessError, "bridge"):
            move.with_user(bridge).create({"move_type": "out_invoice", "partner_id": self.customer.id})
        with self.assertRaises(AccessError):
            self.env["milepost.billing.run"].with_user(bridge).run_now()

    def test_held_goods_are_invoiced_by_no_way(self):
        order = self.order()
        shipment = self.shipment(order)
        self.deliver(shipment)
        self.validate(shipment)
        self.assertEqual(self.reasons(shipment), ["pod_missing"])
        with self.refused(UserError, "POD Missing"):
            order._create_invoices()
        line = order.order_line
        values = {
            "move_type": "out_invoice", "partner_id": self.customer.id,
            "invoice_line_ids": [(0, 0, {
                "product_id": self.product.id, "quantity": 100, "price_unit": 12.5,
                "sale_line_ids": [(4, line.id)],
            })],
        }  # fmt: skip
        accountant = self.env["account.move"].with_user(self.users["manager"])
        with self.refused(UserError, "travels with Milepost"):
            accountant.create(values)
        values["invoice_line_ids"][0][2]["milepost_billable_id"] = shipment.billable_ids.id
        with self.refused(UserError, "POD Missing"):
            accountant.create([values])
        self.assertFalse(order.invoice_ids)

    def test_a_hold_that_comes_before_the_posting_stops_it(self):
        self.policy.auto_post = False
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.state, "draft")
        dispute = (
            self.env["milepost.hold"]
            .with_user(self.users["analyst"])
            .create(
                {
                    "shipment_id": shipment.id,
                    "reason": "customer_dispute",
                    "explanation": "wrong colour",
                    "amount": 5,
                }
            )
        )
        self.validate(shipment)
        with self.refused(UserError, "Customer Dispute"):
            invoice.with_user(self.users["manager"]).action_post()
        self.release(dispute, "manager")
        self.validate(shipment)
        invoice.with_user(self.users["manager"]).action_post()
        self.assertEqual(invoice.state, "posted")

    def test_a_bill_that_is_held_is_booked_by_no_way(self):
        invoice = self.fuel_bill()
        values = {
            "move_type": "in_invoice", "partner_id": self.carrier.id, "ref": invoice.number,
            "invoice_date": "2026-03-06",
            "invoice_line_ids": [(0, 0, {"name": "Fuel", "quantity": 1, "price_unit": 499.5})],
        }  # fmt: skip
        with self.refused(UserError, "cannot be booked"):
            self.env["account.move"].with_user(self.users["manager"]).create(values).action_post()
        self.release(invoice.hold_ids, "manager")
        self.validate(invoice.shipment_id)
        [bill] = self.env["milepost.billing.run"]._bill_carriers(self.company)
        self.assertEqual(bill.amount_untaxed, 499.5)

    def test_the_audit_shows_what_was_tampered_with(self):
        hold = self.fuel_bill().hold_ids
        self.release(hold, "manager")
        audit = self.env["milepost.hold.audit"].with_user(self.users["controller"])
        self.assertEqual(audit.verify(hold.ids), [])
        with self.assertRaises(AccessError):
            audit.browse(hold.audit_ids.ids).write({"event": "x"})
        with self.assertRaises(AccessError):
            hold.audit_ids.unlink()
        self.env.flush_all()
        cr = self.env.cr
        with self.assertRaisesRegex(Exception, "append-only"), mute_logger("odoo.sql_db"), cr.savepoint():
            cr.execute("UPDATE milepost_hold_audit SET event = 'x' WHERE hold_id = %s", [hold.id])
        cr.execute("ALTER TABLE milepost_hold_audit DISABLE TRIGGER milepost_hold_audit_append_only")
        for statement, fault in (
            ("UPDATE milepost_hold_audit SET data = '{}' WHERE number = 1 AND hold_id = %s", "changed"),
            ("DELETE FROM milepost_hold_audit WHERE number = 2 AND hold_id = %s", "end is missing"),
            ("DELETE FROM milepost_hold_audit WHERE number = 1 AND hold_id = %s", "missing"),
        ):
            with self.subTest(statement), cr.savepoint() as point:
                cr.execute(statement, [hold.id])
                self.env.invalidate_all()
                [found] = audit.verify(hold.ids)
                self.assertIn(fault, found["fault"])
                point.rollback()
            self.env.invalidate_all()
