"""The proof travels with the invoice to customers who want it."""

from unittest.mock import patch

from odoo.tests import tagged

from ..models import account_move_send
from .sign_case import SignCase


@tagged("post_install", "-at_install")
class TestSend(SignCase):
    def mailed(self, skip=False):
        """The names of what the mail of a new invoice carries, sent by somebody who reads no proofs."""
        shipment = self.under_way()
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        invoice = self.run_billing().filtered(lambda one: shipment in one.milepost_shipment_ids)
        if invoice.state == "draft":
            invoice.action_post()
        clerk = self.make_user(f"clerk{shipment.id}", ["account.group_account_invoice"])
        wizard = self.env["account.move.send.wizard"].with_user(clerk).create({"move_id": invoice.id})
        wizard.sending_methods = ["email"]
        if skip:
            wizard.mail_attachments_widget = [
                {**one, "skip": "proof" in str(one["id"])} for one in wizard.mail_attachments_widget
            ]
        wizard.action_send_and_print()
        message = invoice.message_ids.filtered("attachment_ids")[:1]
        return message.attachment_ids.mapped("name")

    def test_a_customer_who_wants_it_gets_it_with_the_mail(self):
        self.customer.milepost_proof_with_invoice = True
        self.assertIn("pod.pdf", self.mailed())
        self.assertNotIn("pod.pdf", self.mailed(skip=True))

    def test_nobody_else_gets_it(self):
        self.assertNotIn("pod.pdf", self.mailed())

    def test_what_is_too_large_for_a_mail_is_said_before_and_noted_after(self):
        self.customer.milepost_proof_with_invoice = True
        with patch.object(account_move_send, "MOST_BYTES", 3):
            self.assertNotIn("pod.pdf", self.mailed())
            invoice = self.env["account.move"].search([("milepost_shipment_ids", "!=", False)], limit=1)
            wizard = self.env["account.move.send.wizard"].create({"move_id": invoice.id})
            wizard.sending_methods = ["email"]
            self.assertIn("pod.pdf", wizard.alerts["milepost_papers"]["message"])
            wizard.sending_methods = ["manual"]
            self.assertNotIn("milepost_papers", wizard.alerts or {})
        self.assertIn("Left out: pod.pdf", str(invoice.message_ids.mapped("body")))
