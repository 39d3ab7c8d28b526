from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .going_live_case import GoingLiveCase


@tagged("finance", "golive", "post_install", "-at_install")
class TestBillingWithoutProof(GoingLiveCase):
    """While a partner cannot be heard finance bills named goods; each is a case until it is proven."""

    def setUp(self):
        super().setUp()
        self.managed()
        self.order = self.sell(self.product)
        self.leave(self.order)
        self.shipment = self.order.milepost_shipment_ids
        self.silence()

    def silence(self):
        self.connection.last_heard_at = fields.Datetime.now() - timedelta(hours=9)
        self.assertEqual(self.connection.state, "silent")

    def bill(self, user="manager", reason="carrier is down, INC-4711", shipments=None, orders=None):
        shipments = self.shipment if shipments is None and orders is None else shipments
        self.env.flush_all()
        answer = (
            self.env["milepost.emergency"]
            .with_user(self.users[user])
            .bill(shipments.ids if shipments else None, orders.ids if orders else None, reason)
        )
        self.env.invalidate_all()
        return answer

    def case(self):
        return self.shipment.hold_ids.filtered(lambda hold: hold.reason == "proof_due")

    def test_it_is_billed_as_shipped_and_stays_a_case(self):
        answer = self.bill()
        moves = self.env["account.move"].browse(answer["document_ids"])
        self.assertEqual((moves.state, moves.amount_untaxed, answer["problem"]), ("posted", 125, ""))
        self.assertEqual((self.order.order_line.qty_to_invoice, self.order.invoice_status), (0, "invoiced"))
        self.assertTrue(self.case().is_open)
        self.assertFalse(self.case().is_blocking)
        self.assertEqual(self.case().amount, 125)
        self.assertIn("INC-4711", self.case().explanation)
        found = (
            self.env["milepost.hold"]
            .with_user(self.users["analyst"])
            .search([("reason", "=", "proof_due"), ("is_open", "=", True)])
        )
        self.assertIn(self.case(), found)

    def test_the_audit_says_who_why_and_what_could_not_be_heard(self):
        answer = self.bill()
        entry = self.case().audit_ids.filtered(lambda one: one.event == "billed_without_proof")
        self.assertEqual(entry.user_id, self.users["manager"])
        number = self.env["account.move"].browse(answer["document_ids"]).display_name
        for text in ("INC-4711", "Silent", number):
            self.assertIn(text, entry.data)
        self.assertFalse(self.env["milepost.hold.audit"].verify())

    def test_the_case_closes_by_itself_when_the_proof_arrives(self):
        self.bill()
        self.deliver(self.shipment)
        self.validate(self.shipment)
        self.assertTrue(self.case().is_open, "delivered is not proven")
        self.assertFalse(self.reasons(self.shipment))
        self.facts(self.pod(self.shipment))
        self.validate(self.shipment)
        self.assertEqual((self.case().state, self.case().outlasted), ("auto_cleared", True))
        self.assertFalse(self.run_billing(), "nothing is billed a second time")
        self.assertEqual(self.shipment.billing_state, "invoiced")

    def test_what_the_proof_says_otherwise_is_credited(self):
        self.bill()
        self.deliver(self.shipment)
        self.facts(self.pod(self.shipment, [("accepted", 8), ("short", 2)]))
        self.validate(self.shipment)
        self.assertEqual(self.case().state, "auto_cleared")
        self.assertEqual(self.reasons(self.shipment), ["qty_short"])
        self.env["milepost.billable"].with_user(self.users["analyst"]).dispose(
            self.shipment.id, "bill_accepted"
        )
        self.validate(self.shipment)
        [note] = self.run_billing()
        self.assertEqual((note.move_type, note.amount_untaxed), ("out_refund", 25))

    def test_nobody_closes_the_case_but_the_proof(self):
        self.bill()
        case = self.case().with_user(self.users["controller"])
        case.release_reason = "no matter"
        with self.refused(UserError, "when the proof arrives"):
            case.action_release("commercial", "no matter")
        with self.refused(UserError, "when the proof arrives"):
            case.action_reject()
        self.assertTrue(self.case().is_open)

    def test_a_proof_that_is_withdrawn_opens_the_case_again(self):
        self.bill()
        self.deliver(self.shipment)
        proof = self.pod(self.shipment)
        self.facts(proof)
        self.validate(self.shipment)
        self.facts(self.fact("retraction", self.shipment, target={"key": proof["key"]}))
        self.validate(self.shipment)
        self.assertTrue(self.case().is_open)

    def test_orders_are_named_too_and_get_the_shipment_that_they_lack(self):
        order = self.sell(self.product)
        order.milepost_shipment_ids.outbox_ids.unlink()
        order.milepost_shipment_ids.unlink()
        with self.refused(UserError, "has left"):
            self.bill(orders=order)
        self.leave(order)
        order.milepost_shipment_ids.outbox_ids.unlink()
        order.milepost_shipment_ids.unlink()
        answer = self.bill(orders=order)
        self.assertEqual(len(answer["document_ids"]), 1)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_what_can_be_heard_waits_for_its_proof(self):
        self.connection.last_heard_at = fields.Datetime.now()
        with self.refused(UserError, "can be heard"):
            self.bill()

    def test_other_holds_keep_it_back_all_the_same(self):
        self.env["milepost.hold"].with_user(self.users["controller"]).create({
            "shipment_id": self.shipment.id, "reason": "customer_dispute", "amount": 10,
            "explanation": "wrong colour",
        })  # fmt: skip
        self.assertFalse(self.bill()["document_ids"])
        self.assertFalse(self.order.invoice_ids)
        self.assertTrue(self.order.milepost_is_waiting)

    def test_nothing_that_has_not_left_is_billed(self):
        order = self.sell(self.product)
        with self.refused(UserError, "has not left"):
            self.bill(shipments=order.milepost_shipment_ids)

    def test_it_takes_a_manager_a_reason_and_the_authority_for_the_amount(self):
        for user in ("dispatcher", "analyst", "bridge"):
            with self.subTest(user), self.refused(AccessError, "may not bill|access"):
                self.bill(user)
        with self.refused(UserError, "Say why"):
            self.bill(reason=" ")
        self.policy.manager_amount = 100
        with self.refused(AccessError, "above your limit"):
            self.bill()
        self.policy.four_eyes_amount = 100
        first = self.bill("controller")
        self.assertEqual((first["document_ids"], first["to_agree_ids"]), ([], self.shipment.ids))
        self.assertEqual(self.order.order_line.qty_to_invoice, 0)
        dialog = self.env["milepost.emergency"].with_user(self.users["controller"])
        said = dialog.create({"shipment_ids": self.shipment.ids, "reason": "down"}).action_bill()
        self.assertIn("A second person", said["params"]["message"])
        again = self.bill("controller")
        self.assertEqual(again["document_ids"], [], "nobody is two people")
        answer = dialog.with_user(self.controller2).bill(self.shipment.ids, reason="down")
        self.assertTrue(answer["document_ids"])

    def test_who_edited_the_order_or_a_document_of_it_does_not_bill_it(self):
        for record in (self.order, self.order.order_line, self.order.picking_ids):
            with self.subTest(record), self.env.cr.savepoint() as savepoint:
                record.with_user(self.users["manager"]).sudo().write({
                    "note" if record._name != "sale.order.line" else "name": "edited"
                })  # fmt: skip
                with self.refused(AccessError, "created or edited"):
                    self.bill()
                savepoint.rollback()

    def test_another_companys_shipments_are_not_billed(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = self.env["milepost.shipment"].create({
            "company_id": company.id,
            "connection_id": self.env["milepost.connection"].create({
                "name": "Theirs", "code": "theirs", "source": "otm5", "company_id": company.id,
            }).id,
        })  # fmt: skip
        with self.refused(AccessError, "access|company"):
            self.bill(shipments=other)

    def test_the_dialog_takes_what_is_selected(self):
        context = {"active_model": "sale.order", "active_ids": self.order.ids}
        wizard = self.env["milepost.emergency"].with_user(self.users["manager"]).with_context(**context)
        dialog = wizard.create({"reason": "down"})
        self.assertEqual(dialog.order_ids, self.order.with_user(self.users["manager"]))
        self.assertEqual(dialog.action_bill()["res_model"], "account.move")
        self.assertEqual(self.order.invoice_status, "invoiced")

    def test_what_is_put_on_its_truck_later_waits_for_its_own_proof(self):
        self.bill()
        late = self.sell(self.product, quantity=90)
        self.leave(late, 90)
        self.shipment.picking_ids |= late.picking_ids
        self.env.cr.precommit.run()
        self.validate(self.shipment)
        self.assertFalse(self.run_billing())
        self.assertEqual(late.order_line.qty_to_invoice, 0)
        self.assertTrue(self.case().is_open, "what was billed is a case still")

    def test_who_agreed_to_less_did_not_agree_to_more(self):
        self.policy.write({"manager_amount": 100, "four_eyes_amount": 100})
        self.bill("controller")
        self.order.order_line.price_unit = 125
        dialog = self.env["milepost.emergency"].with_user(self.controller2)
        answer = dialog.bill(self.shipment.ids, reason="down")
        self.assertEqual((answer["document_ids"], answer["to_agree_ids"]), ([], self.shipment.ids))
        self.assertEqual(self.shipment.emergency_by_ids, self.controller2)
        self.assertTrue(self.bill("controller")["document_ids"])
