from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from .billing_case import NOW, BillingWorld


@tagged("finance", "post_install", "-at_install")
class TestFinanceConcurrency(BillingWorld, BaseCase):
    """Two workers on real connections, with real commits (T36)."""

    def worker(self):
        cr = db_connect(get_db_name()).cursor()
        self.addCleanup(cr.close)
        cr.execute("SELECT 1")
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def setUp(self):
        super().setUp()
        env = self.worker()
        # A company of its own: what is committed here is nobody else's.
        company = env["res.company"].create({"name": f"Parallel {env.cr.now()}"})
        env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
        env["res.users"].search([("login", "in", ("bridge", "__system__"))]).company_ids += company
        env.user.company_ids += company
        env = env(context={**env.context, "allowed_company_ids": company.ids})
        self.make_world(env, company)
        self.order_ = self.order(10)
        shipment = self.shipment(self.order_)
        self.deliver(shipment)
        self.proof = self.pod(shipment)
        self.facts(self.proof)
        self.validate(shipment)
        self.assertEqual(shipment.billing_state, "ready")
        self.carrier.milepost_scac = False
        self.shipment_id = shipment.id
        env.cr.commit()
        self.addCleanup(self.forget)

    def forget(self):
        env = self.worker()
        env["milepost.shipment"].browse(self.shipment_id).write({"billing_state": "nothing"})
        env.cr.commit()

    def run_in(self, env):
        company = env["res.company"].browse(self.company.id)
        return env["milepost.billing.run"]._run(company, NOW)

    def invoices(self):
        env = self.worker()
        return env["milepost.shipment"].browse(self.shipment_id).invoice_ids

    def test_t36_two_workers_make_exactly_one_invoice(self):
        first, second = self.worker(), self.worker()
        self.assertTrue(self.run_in(first))
        self.assertFalse(self.run_in(second), "what another run holds is left to it")
        first.cr.commit()
        second.cr.rollback()
        self.assertFalse(self.run_in(second))
        second.cr.commit()
        self.assertEqual(len(self.invoices()), 1)

    def test_t36_a_worker_that_read_before_the_other_wrote_runs_again(self):
        first, late, button = self.worker(), self.worker(), self.worker()
        order = button["sale.order"].browse(self.order_.id)
        self.assertEqual(order.order_line.qty_to_invoice, 10)
        self.assertTrue(self.run_in(first))
        first.cr.commit()
        with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
            self.run_in(late)
        late.cr.rollback()
        late.clear()
        self.assertFalse(self.run_in(late))
        with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
            order._create_invoices()
        button.cr.rollback()
        [invoice] = self.invoices()
        self.assertEqual(invoice.amount_untaxed, 125)

    def test_a_posting_that_read_before_a_proof_was_withdrawn_runs_again_and_is_refused(self):
        order = self.drafted()
        posting, partner = self.worker(), self.worker()
        move = posting["account.move"].browse(order.invoice_ids.id)
        self.assertTrue(move.milepost_shipment_ids)
        self.withdraw(partner)
        partner.cr.commit()
        with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
            move.action_post()
        posting.cr.rollback()
        posting.clear()
        with self.assertRaisesRegex(UserError, "POD Missing"):
            move.action_post()

    def test_a_proof_withdrawn_while_the_invoice_is_posted_waits_and_becomes_a_case(self):
        order = self.drafted()
        posting, partner = self.worker(), self.worker()
        partner["milepost.shipment"].browse(self.shipment_id).read(["rev"])
        posting["account.move"].browse(order.invoice_ids.id).action_post()
        posting.cr.commit()
        with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
            self.withdraw(partner)
        partner.cr.rollback()
        partner.clear()
        self.withdraw(partner)
        shipment = partner["milepost.shipment"].browse(self.shipment_id)
        partner["milepost.billing"]._validate(shipment)
        self.assertEqual(shipment.hold_ids.filtered("is_open").mapped("reason"), ["pod_revoked"])
        self.assertEqual(shipment.invoice_ids.state, "posted")

    def drafted(self):
        """The order with a draft that was made on a valid proof, committed."""
        env = self.worker()
        order = env["sale.order"].browse(self.order_.id)
        order._create_invoices()
        env.cr.commit()
        return order

    def withdraw(self, env):
        """The partner takes its proof back, through the exchange, in a transaction of its own."""
        shipment = env["milepost.shipment"].browse(self.shipment_id)
        with patch.multiple(
            self, env=env, users={"bridge": env["res.users"].browse(self.users["bridge"].id)}
        ):
            self.facts(self.fact("retraction", shipment, target={"key": self.proof["key"]}))
        env.flush_all()
