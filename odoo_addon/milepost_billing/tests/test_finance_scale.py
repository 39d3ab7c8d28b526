from datetime import date

from odoo.tests import tagged

from .billing_case import NOW, BillingCase

FEW, MANY = 2, 8


@tagged("finance", "post_install", "-at_install")
class TestFinanceScale(BillingCase):
    """What a batch asks of the database does not depend on how many shipments are in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.consolidation = "shipment"

    def queries(self, work):
        """How many queries the work takes, from a cold cache to the last write."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def assert_same_growth(self, ours, own):
        """Not one query more for each shipment; one for the whole batch may fall here or there."""
        self.assertLess(ours - own, MANY - FEW)

    def proven(self, count, short=0):
        """Shipments that are delivered, proven and billed by their carrier, and not decided on."""
        shipments = self.env["milepost.shipment"]
        for _number in range(count):
            shipment = self.shipment(self.order(10))
            self.deliver(shipment)
            rows = [("accepted", 10 - short), ("short", short)] if short else [("accepted", 10)]
            self.facts(self.pod(shipment, rows), self.bill(shipment, [("linehaul", "400.00")]))
            shipments |= shipment
        return shipments

    def validation(self, shipments):
        return self.queries(lambda: self.env["milepost.billing"]._validate(shipments, NOW))

    def test_a_validation_takes_as_many_queries_for_many_shipments_as_for_few(self):
        self.expect(self.env["milepost.shipment"], linehaul=400)
        for short in (0, 1):
            with self.subTest(short=short):
                self.validation(self.proven(1, short))
                few, many = self.proven(FEW, short), self.proven(MANY, short)
                taken = self.validation(few)
                self.assertLessEqual(self.validation(many), taken)
                self.assertEqual(set(many.mapped("billing_state")), {"held" if short else "ready"})
                # Decided on again, when much is stored already.
                taken = self.validation(few)
                self.assertLessEqual(self.validation(many), taken)

    def test_an_invoice_more_takes_no_more_queries_than_an_invoice_of_odoos_own(self):
        runs = self.env["milepost.billing.run"]

        def run(count):
            shipments = self.proven(count)
            self.validate(shipments)
            taken = self.queries(lambda: runs._run(self.company, NOW))
            self.assertEqual(set(shipments.mapped("billing_state")), {"invoiced"})
            self.assertEqual(len(shipments.invoice_ids), count)
            return taken

        def invoice(count):
            orders = self.env["sale.order"].union(*(self.order(10) for _number in range(count)))
            return self.queries(lambda: orders._create_invoices(grouped=True)._post(soft=False))

        for take in (run, invoice):
            take(1)
        ours, own = run(MANY) - run(FEW), invoice(MANY) - invoice(FEW)
        self.assert_same_growth(ours, own)

    def test_a_shipment_more_in_an_accrual_takes_no_more_queries_than_two_lines_of_an_entry(self):
        accounts = self.env["account.account"].create([
            {"name": name, "code": f"MPS{number}", "account_type": kind}
            for number, (name, kind) in enumerate(
                (("Freight", "expense_direct_cost"), ("Accrued", "liability_current"))
            )
        ])  # fmt: skip
        self.company.write({
            "milepost_freight_account_id": accounts[0].id, "milepost_accrued_account_id": accounts[1].id,
            "milepost_accrual_journal_id": self.env["account.journal"].search(
                [("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1
            ).id,
        })  # fmt: skip
        self.expect(self.env["milepost.shipment"], linehaul=400)
        engine = self.env["milepost.accrual"]

        def accrue(count, day):
            shipments = self.env["milepost.shipment"].union(*(self.shipment() for _number in range(count)))
            for shipment in shipments:
                self.deliver(shipment)
            self.validate(shipments)
            self.env["milepost.shipment"].search([("id", "not in", shipments.ids)]).expected_cost = 0
            taken = self.queries(lambda: engine._accrue(self.company, day))
            self.assertEqual(shipments.mapped("accrued_amount"), [400.0] * count)
            return taken, shipments

        def enter(shipments):
            lines = [
                engine._line(account, shipment, sign * 400)
                for shipment in shipments for account, sign in zip(accounts, (1, -1), strict=True)
            ]  # fmt: skip
            return self.queries(lambda: engine._post(self.company, date(2026, 3, 31), "by hand", lines))

        accrue(1, date(2026, 3, 29))
        (many, more), (few, some) = accrue(MANY, date(2026, 3, 30)), accrue(FEW, date(2026, 3, 31))
        self.assert_same_growth(many - few, enter(more) - enter(some))

    def test_orders_of_several_customers_and_shipments_keep_their_own_invoices_in_one_run(self):
        """Groups that are invoiced together come out as they would one by one."""
        other = self.env["res.partner"].create({"name": "Southwind", "tz": "UTC"})
        mine, theirs = self.order(10), self.order(4, partner=other)
        two = self.order(3) | self.order(5)
        shipments = self.shipment(mine) | self.shipment(theirs) | self.shipment(two)
        for shipment in shipments:
            self.deliver(shipment)
            self.facts(self.pod(shipment))
        self.validate(shipments)
        moves = self.run_billing()
        self.assertEqual(len(moves), 3)
        self.assertEqual(sorted(moves.mapped("amount_untaxed")), [50.0, 100.0, 125.0])
        for move in moves:
            self.assertEqual(len(move.milepost_shipment_ids), 1)
            self.assertEqual(move.invoice_date, date.today())
