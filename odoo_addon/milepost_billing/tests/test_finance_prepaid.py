from odoo.tests import tagged

from .customers_case import CustomersCase


@tagged("finance", "post_install", "-at_install")
class TestFinancePrepaid(CustomersCase):
    """Goods that were invoiced before they travelled: what their proof says otherwise is credited, once."""

    def test_an_allowance_on_goods_that_were_invoiced_before_they_travelled_is_credited(self):
        """Odoo's default: goods on ordered quantities. It stayed ready for ever, and a run each minute made nothing."""
        self.product.invoice_policy = "order"
        order = self.order(100)
        order._create_invoices().action_post()
        truck = self.shipment(order)
        self.deliver(truck)
        self.facts(self.counted(truck, "PUMP", ("accepted", "94"), ("accepted_damaged", "6")))
        self.dispose(truck, "allowance")
        [credit] = self.run_billing()
        self.assertEqual((credit.move_type, credit.amount_total), ("out_refund", 22.5))
        self.assertEqual(credit.reversed_entry_id, order.invoice_ids - credit)
        self.validate(truck)
        self.assertEqual(truck.billing_state, "invoiced")

    def test_what_was_invoiced_before_it_travelled_and_did_not_arrive_is_credited(self):
        """1,250.00 were posted for 1,200.00 of goods: neither credited nor a case."""
        self.product.invoice_policy = "order"
        order = self.order(100)
        order._create_invoices().action_post()
        truck = self.shipment(order)
        self.deliver(truck)
        self.facts(self.counted(truck, "PUMP", ("accepted", "96"), ("short", "4")))
        self.validate(truck)
        self.assertEqual((self.reasons(truck), self.run_billing()), (["qty_short"], self.env["account.move"]))
        self.dispose(truck, "bill_accepted")
        [credit] = self.run_billing()
        self.assertEqual((credit.move_type, credit.amount_total), ("out_refund", 50.0))
        self.assertEqual(credit.reversed_entry_id, order.invoice_ids - credit)
        self.assertEqual((truck.invoiced_amount, truck.billing_state), (1200.0, "invoiced"))
        self.assertFalse(self.run_billing())

    def test_of_two_trucks_each_credits_what_it_lost_once(self):
        """Each credit made room for the next: 37.50 were credited fifteen times."""
        self.product.invoice_policy = "order"
        order = self.order(100, shipped=60)
        order._create_invoices().action_post()
        truck = self.shipment(order)
        self.deliver(truck)
        self.facts(self.counted(truck, "PUMP", ("accepted", "57"), ("short", "3")))
        self.dispose(truck, "bill_accepted")
        credits = self.run_billing()
        for _again in range(3):
            self.validate(truck)
            credits |= self.run_billing()
        self.assertEqual(credits.mapped("amount_total"), [37.5])

    def test_nor_stays_what_a_receipt_bills_of_it(self):
        self.product.invoice_policy = "order"
        order = self.order(100)
        receipt = order._create_invoices()
        receipt.move_type = "out_receipt"
        receipt.action_post()
        truck = self.shipment(order)
        self.deliver(truck)
        self.facts(self.counted(truck, "PUMP", ("accepted", "96"), ("refused", "4")))
        self.dispose(truck, "bill_accepted")
        [credit] = self.run_billing()
        self.assertEqual((credit.move_type, credit.amount_total), ("out_refund", 50.0))

    def test_in_another_currency_it_is_credited_in_the_orders_own(self):
        self.product.invoice_policy = "order"
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "rate": 0.8, "company_id": self.company.id}
        )
        prices = self.env["product.pricelist"].create({"name": "Euro", "currency_id": euro.id})
        self.customer.property_product_pricelist = prices
        order = self.order(100)
        self.assertEqual(order.currency_id, euro)
        order._create_invoices().action_post()
        truck = self.shipment(order)
        self.deliver(truck)
        self.facts(self.counted(truck, "PUMP", ("accepted", "96"), ("short", "4")))
        self.dispose(truck, "bill_accepted")
        [credit] = self.run_billing()
        self.assertEqual((credit.currency_id, credit.amount_total), (euro, 50.0))
        self.validate(truck)
        self.assertFalse(self.run_billing())
