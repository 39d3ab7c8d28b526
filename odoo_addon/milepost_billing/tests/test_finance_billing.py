# Over 300 lines: one subject, when and by which documents is billed, a test per rule.
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceBilling(BillingCase):
    """When the customer is billed and the carrier paid (T33–T35), and by which documents."""

    def proven(self, *orders, **values):
        shipment = self.shipment(self.env["sale.order"].union(*orders), **values)
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        return shipment

    def sold_on_order(self):
        return self.env["product.product"].create(
            {
                "name": "Filter",
                "type": "consu",
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
            }
        )

    def test_a_shipment_whose_facts_still_come_is_not_locked_by_the_validation(self):
        billing = self.env["milepost.billing"]
        shipment = self.proven(self.order())

        def changed(age):
            self.env.cr.execute(
                "UPDATE milepost_shipment SET write_date = %s WHERE id = %s",
                [datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=age), shipment.id],
            )
            return shipment in billing._changed(1000, resting=True)

        self.assertFalse(changed(0))
        self.assertTrue(changed(5))
        self.assertIn(shipment, billing._changed(1000))
        cron = self.env.ref("milepost_billing.cron_billing_validation")
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 1):
            billing.with_context(cron_id=cron.id)._validate_moving()
        self.assertNotIn(shipment, billing._changed(1000))

    def limit(self, charge_type, **values):
        found = self.policy.limit_ids.filtered(lambda one: one.charge_type == charge_type)
        if found:
            found.write(values)
        else:
            self.policy.limit_ids = [Command.create({"charge_type": charge_type, **values})]

    def test_t33_the_carriers_overcharge_does_not_keep_a_fixed_price_back(self):
        self.expect(None, linehaul=1850)
        shipment = self.proven(self.order())
        self.facts(self.bill(shipment, [("linehaul", 2100)]))
        self.validate(shipment)
        self.assertEqual((self.reasons(shipment), self.reasons(shipment, "ap")), ([], ["charge_variance"]))
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 1250)

    def test_t34_a_passed_on_charge_waits_for_its_bill(self):
        self.expect(None, fuel=455.1)
        self.limit("fuel", pass_through=True)
        shipment = self.proven(self.order())
        self.facts(self.bill(shipment, [("fuel", "499.50")]))
        self.validate(shipment)
        self.assertEqual(self.reasons(shipment), ["charge_pending"])
        self.assertFalse(self.run_billing())
        self.policy.pass_through_pending = "bill_rest"
        rest = self.proven(self.order())
        fact = self.bill(rest, [("fuel", "499.50")])
        self.facts(fact)
        self.validate(rest)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 1250 + 455.1)
        self.invoice_of(fact).hold_ids.with_user(self.users["manager"]).action_release(
            "contract", "new table"
        )
        self.validate(rest)
        [note] = self.run_billing()
        self.assertEqual((note.debit_origin_id, note.amount_untaxed), (invoice, 44.4))

    def test_t35_the_cutoff_is_inclusive_and_a_held_one_keeps_no_other_back(self):
        self.policy.write({"cutoff_every": "week", "cutoff_time": 18.0, "cutoff_zone": "America/Chicago"})
        # Friday 6 March 2026 18:00 in Chicago is Saturday 00:00 UTC.
        friday, after = datetime(2026, 3, 7, 0, 0, 0), datetime(2026, 3, 7, 0, 0, 1)
        ready = [self.proven(self.order(10)) for _n in range(9)]
        held = self.shipment(self.order(10))
        self.deliver(held)
        late = self.proven(self.order(10))
        shipments = self.env["milepost.shipment"].union(*ready)
        self.validate(shipments | held, friday)
        self.validate(late, after)
        self.assertFalse(self.run_billing(datetime(2026, 3, 6, 23, 59, 59)))
        [invoice] = self.run_billing(after)
        self.assertEqual(invoice.milepost_shipment_ids, shipments)
        self.assertEqual(invoice.amount_untaxed, 9 * 125)
        self.assertEqual((held.billing_state, late.billing_state), ("held", "ready"))
        [following] = self.run_billing(datetime(2026, 3, 14, 0, 0))
        self.assertEqual(following.milepost_shipment_ids, late)

    def test_the_supply_date_is_the_sites_and_frozen_at_posting(self):
        shipment = self.shipment(self.order())
        night = datetime(2026, 3, 4, 23, 30)
        stop = shipment.stop_ids.filtered(lambda s: s.kind == "delivery" and s.in_plan)
        stop.zone = "Europe/Amsterdam"
        self.env.flush_all()
        self.deliver(shipment, night)
        self.facts(self.pod(shipment, at=night))
        stop.zone = "Europe/Amsterdam"
        self.validate(shipment)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.delivery_date, date(2026, 3, 5))
        stop.zone = "UTC"
        self.validate(shipment)
        self.assertEqual((shipment.supply_date, invoice.delivery_date), (date(2026, 3, 5), date(2026, 3, 5)))

    def test_goods_sold_on_ordered_quantities_are_billed_as_in_odoo(self):
        order = self.order(100, 60, product=self.sold_on_order())
        shipment = self.proven(order)
        self.assertEqual(order.order_line.qty_to_invoice, 100)
        order._create_invoices().action_post()
        self.validate(shipment)
        self.assertEqual((shipment.billing_state, order.order_line.qty_to_invoice), ("invoiced", 0))
        self.assertFalse(self.run_billing())

    def test_goods_sold_on_ordered_quantities_wait_for_their_proof_where_the_policy_says_so(self):
        self.policy.ordered_goods = "proof"
        product = self.sold_on_order()
        order = self.order(100, 60, product=product)
        backorder = order.picking_ids.filtered(lambda p: p.state != "done")
        self.assertEqual(order.order_line.qty_to_invoice, 100)
        shipment = self.proven(order)
        self.assertEqual(order.order_line.qty_to_invoice, 40, "what does not travel is invoiced as Odoo does")
        self.validate(shipment)
        self.assertEqual(order.order_line.qty_to_invoice, 100)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 1250)
        self.assertTrue(backorder)
        self.assertEqual(shipment.billing_state, "invoiced")

    def test_what_was_paid_in_advance_is_not_billed_again(self):
        product = self.sold_on_order()
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 10,
                            "price_unit": 12.5,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        prepaid = order._create_invoices()
        prepaid.action_post()
        self.ship(order.picking_ids, 10)
        shipment = self.proven(order)
        self.validate(shipment)
        self.assertEqual((shipment.billing_state, shipment.invoiced_amount), ("invoiced", 125))
        self.assertFalse(self.run_billing())

    def test_a_down_payment_is_taken_off_once_the_invoice_can_bear_it(self):
        order = self.order(100, 20)
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_ids=order.ids)
            .create(
                {
                    "advance_payment_method": "fixed",
                    "fixed_amount": 300,
                    "sale_order_ids": [Command.set(order.ids)],
                }
            )
        )
        wizard.create_invoices()
        order.invoice_ids.action_post()
        small = self.proven(order)
        self.validate(small)
        [first] = self.run_billing()
        self.assertEqual((first.move_type, first.amount_untaxed), ("out_invoice", 250))
        self.ship(order.picking_ids.filtered(lambda p: p.state != "done"), 80)
        rest = self.shipment(order, picking_ids=[Command.set(order.picking_ids.sorted("id")[-1:].ids)])
        self.deliver(rest)
        self.facts(self.pod(rest))
        self.validate(rest)
        [second] = self.run_billing()
        self.assertEqual(second.amount_untaxed, 1000 - 300)

    def test_several_orders_in_a_shipment_and_several_shipments_of_an_order(self):
        one, two = self.order(10), self.order(20)
        both = self.proven(one, two)
        self.validate(both)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 375)
        self.assertEqual(invoice.invoice_line_ids.sale_line_ids.order_id, one | two)
        order = self.order(100, 60)
        first = self.proven(order)
        self.ship(order.picking_ids.filtered(lambda p: p.state != "done"), 40)
        second = self.shipment(order, picking_ids=[Command.set(order.picking_ids.sorted("id")[-1:].ids)])
        self.validate(first | second)
        self.assertEqual(first.billable_amount, 750)
        invoice = order._create_invoices()
        self.assertEqual((invoice.amount_untaxed, invoice.milepost_shipment_ids), (750, first))

    def test_consolidation_by_customer_order_or_shipment(self):
        for how, documents in (("partner", 1), ("order", 3), ("shipment", 2)):
            self.policy.consolidation = how
            one, two = self.proven(self.order(10), self.order(20)), self.proven(self.order(30))
            self.validate(one | two)
            moves = self.run_billing()
            self.assertEqual((len(moves), sum(moves.mapped("amount_untaxed"))), (documents, 750), how)

    def test_a_company_that_sells_transport_bills_what_the_partner_names(self):
        shipment = self.shipment(customer_reference="PO-9")
        self.deliver(shipment)
        charge = {"side": "sell", "currency": self.usd.name, "raw_code": "400"}
        self.facts(
            self.pod(shipment),
            self.fact("charge", shipment, charge_type="linehaul", amount="900.00", **charge),
            self.fact("charge", shipment, charge_type="fuel", amount="90.50", **charge),
        )
        self.validate(shipment)
        self.assertEqual((shipment.billable_amount, shipment.waiting_amount), (990.5, 990.5))
        [invoice] = self.run_billing()
        self.assertEqual(
            (invoice.partner_id, invoice.amount_untaxed, invoice.ref), (self.customer, 990.5, "PO-9")
        )
        self.assertEqual(shipment.billing_state, "invoiced")

    def test_transport_as_a_product_is_delivered_when_it_is_proven(self):
        service = self.env["product.product"].create(
            {
                "name": "Rotterdam–Berlin",
                "type": "service",
                "invoice_policy": "delivery",
                "milepost_transport": True,
                "taxes_id": [Command.clear()],
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": service.id,
                            "product_uom_qty": 1,
                            "price_unit": 1400,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        shipment = self.shipment(order)
        self.validate(shipment)
        self.assertEqual((order.order_line.qty_delivered, shipment.billing_state), (0, "waiting"))
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        self.assertEqual(order.order_line.qty_delivered, 1)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 1400)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_one_customers_trouble_keeps_no_other_back(self):
        good = self.proven(self.order(10))
        nobody = self.shipment(partner_id=False)
        self.deliver(nobody)
        self.facts(
            self.pod(nobody),
            self.fact(
                "charge",
                nobody,
                side="sell",
                charge_type="linehaul",
                amount="50",
                currency=self.usd.name,
                raw_code="400",
            ),
        )
        nobody.partner_id = False
        self.validate(good | nobody)
        run = self.env["milepost.billing.run"]._run(self.company, datetime(2026, 3, 5, 12, 0))
        self.assertIn("names no customer", run.problem)
        self.assertEqual(run.move_ids.milepost_shipment_ids, good)
        self.assert_conserved(nobody)

    def test_the_button_decides_and_bills_what_is_due(self):
        shipment = self.proven(self.order(10))
        action = self.env["milepost.billing.run"].with_user(self.users["analyst"]).run_now()
        self.assertEqual(action["res_model"], "account.move")
        self.assertEqual((shipment.billing_state, shipment.invoiced_amount), ("invoiced", 125))

    def test_n25_the_cut_off_is_in_the_customers_zone_where_the_policy_names_none(self):
        self.policy.write({"cutoff_every": "day", "cutoff_time": 18.0})
        self.customer.tz = "America/New_York"
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        self.assertEqual(shipment.billing_due_at.strftime("%H:%M"), "23:00")
        self.policy.cutoff_zone = "Europe/Berlin"
        other = self.shipment(self.order())
        self.deliver(other)
        self.facts(self.pod(other))
        self.validate(other)
        self.assertEqual(other.billing_due_at.strftime("%H:%M"), "17:00")
