import itertools
from datetime import date, datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceAccrual(BillingCase):
    """Accrued freight, disputes on the books, and what a late bill does to them (T41–T45)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = {
            name: cls.env["account.account"].create({
                "name": name.capitalize(), "code": f"MP{number}", "account_type": kind,
            })
            for number, (name, kind) in enumerate({
                "freight": "expense_direct_cost", "accrued": "liability_current",
                "disputed": "asset_current",
            }.items())
        }  # fmt: skip
        cls.accounts = accounts
        journal = cls.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.company.write(
            {
                "milepost_freight_account_id": accounts["freight"].id,
                "milepost_accrued_account_id": accounts["accrued"].id,
                "milepost_disputed_account_id": accounts["disputed"].id,
                "milepost_accrual_journal_id": journal.id,
            }
        )
        cls.engine = cls.env["milepost.accrual"]

    def delivered(self, **expected):
        self.expect(self.env["milepost.shipment"], **expected)
        shipment = self.shipment()
        self.deliver(shipment)
        self.validate(shipment)
        return shipment

    def balance(self, name, until=None):
        """Debit minus credit that stands on an account."""
        domain = [("account_id", "=", self.accounts[name].id), ("parent_state", "=", "posted")]
        if until:
            domain.append(("date", "<=", until))
        lines = self.env["account.move.line"].search(domain)
        return self.usd.round(sum(lines.mapped("balance")))

    def assert_controlled(self):
        self.assertEqual(self.engine.control(self.company)["difference"], 0)

    def book(self, fact):
        self.facts(fact)
        invoice = self.invoice_of(fact)
        self.validate(invoice.shipment_id)
        self.env["milepost.billing.run"]._bill_carriers(self.company)
        return invoice

    def t12_bill(self, shipment):
        return self.bill(
            shipment,
            [("linehaul", "1850.00"), ("fuel", "499.50"), ("detention", "150.00"), ("lumper", "120.00")],
            bill_date="2026-04-09",
        )

    def t12_shipment(self):
        shipment = self.delivered(linehaul=1850, fuel=455.10, lumper=120)
        self.engine._accrue(self.company, date(2026, 3, 31))
        return shipment

    def test_t41_a_bill_uses_the_accrual_and_the_disputed_part_waits_on_its_own_account(self):
        shipment = self.t12_shipment()
        self.assertEqual(self.balance("freight"), 2425.10)
        self.assertEqual(self.balance("accrued"), -2425.10)
        self.assert_controlled()
        invoice = self.book(self.t12_bill(shipment))
        self.assertEqual(self.balance("accrued"), 0)
        self.assertEqual(self.balance("disputed"), 194.40)
        self.assertEqual(self.balance("freight"), 2425.10)
        self.assertEqual(sum(invoice.bill_ids.mapped("amount_total")), 2619.50)
        self.assertEqual(shipment.accrued_amount, 0)
        self.assert_controlled()

    def test_t41_a_dispute_that_is_lost_is_freight_of_the_month_of_resolution(self):
        shipment = self.t12_shipment()
        invoice = self.book(self.t12_bill(shipment))
        for hold in invoice.hold_ids.filtered("is_blocking"):
            hold.with_user(self.users["manager"]).action_release("contract", "The carrier proved it")
        self.validate(shipment)
        self.env["milepost.billing.run"]._bill_carriers(self.company)
        self.assertEqual(self.balance("disputed"), 0)
        self.assertEqual(self.balance("freight"), 2619.50)
        self.assertEqual(self.balance("freight", until="2026-04-30"), 2425.10)
        self.assertEqual(sum(invoice.bill_ids.mapped("amount_total")), 2619.50)

    def test_t41_a_dispute_that_is_won_leaves_the_account_with_the_carriers_credit(self):
        shipment = self.t12_shipment()
        self.book(self.t12_bill(shipment))
        credit = self.bill(
            shipment, [("fuel", "-44.40"), ("detention", "-150.00")], document="credit_note",
            bill_date="2026-04-20",
        )  # fmt: skip
        self.book(credit)
        self.assertEqual(self.balance("disputed"), 0)
        self.assertEqual(self.balance("freight"), 2425.10)

    def test_t42_half_of_the_transit_is_half_of_the_cost(self):
        self.policy.accrual_point = "transit"
        self.expect(self.env["milepost.shipment"], linehaul=2425.10)
        shipment = self.shipment(transit_days=2)
        self.facts(self.milestone(shipment, "picked_up", datetime(2026, 3, 30, 8)))
        self.validate(shipment)
        self.engine._accrue(self.company, date(2026, 3, 31))
        self.assertEqual(shipment.accrued_amount, 1212.55)
        self.assert_controlled()

    def test_t43_an_accrual_without_a_bill_goes_to_review_and_is_never_released_by_itself(self):
        shipment = self.t12_shipment()
        days = self.policy.accrual_review_days
        self.assertNotIn(shipment, self.engine._overdue(self.company, date(2026, 3, 31)))
        late = date.fromordinal(date(2026, 3, 31).toordinal() + days + 1)
        self.assertIn(shipment, self.engine._overdue(self.company, late))
        self.assertFalse(self.engine._accrue(self.company, late))
        self.assertEqual(shipment.accrued_amount, 2425.10)

    def test_t44_a_final_bill_below_the_accrual_releases_the_rest(self):
        shipment = self.t12_shipment()
        self.book(self.bill(shipment, [("linehaul", "1824.90"), ("fuel", "455.10"), ("lumper", "120.00")]))
        self.assertEqual(self.balance("freight"), 2400.00)
        self.assertEqual(self.balance("accrued"), 0)
        self.assertEqual(shipment.accrued_amount, 0)

    def test_t45_an_accrual_that_runs_twice_makes_one_entry(self):
        shipment = self.t12_shipment()
        self.assertFalse(self.engine._accrue(self.company, date(2026, 3, 31)))
        self.assertEqual(len(self.engine.search([("shipment_id", "=", shipment.id)])), 1)
        self.assertEqual(self.balance("accrued"), -2425.10)

    def test_the_buttons_of_the_list_work_with_and_without_a_selection(self):
        shipment = self.t12_shipment()
        row = self.engine.search([("shipment_id", "=", shipment.id)])
        manager = self.engine.with_user(self.users["manager"])
        for ids in ([], row.ids):
            for button in ("accrue_now", "action_overdue"):
                action = call_kw(manager, button, [ids], {})
                self.assertEqual(action["type"], "ir.actions.act_window")

    def test_only_finance_managers_accrue(self):
        for user in ("dispatcher", "analyst", "bridge"):
            with self.assertRaises(AccessError):
                self.engine.with_user(self.users[user]).accrue_now("2026-03-31")

    def balances(self, *days):
        return [-self.balance("accrued", until=day) for day in days]

    def test_n17_a_day_over_rpc_is_text_or_is_refused_in_words(self):
        self.delivered(linehaul=500)
        engine = self.engine.with_user(self.users["manager"])
        call_kw(engine, "accrue_now", [[]], {"day": "2026-03-31"})
        self.assertEqual(self.balance("accrued"), -500)
        for day in ("the last", "2026-02-31", 31, ["2026-03-31"]):
            with self.subTest(day), self.refused(UserError, "is no day"):
                call_kw(engine, "accrue_now", [[]], {"day": day})
        with self.refused(UserError, "Nothing is earned yet"):
            call_kw(engine, "accrue_now", [[]], {"day": "2999-01-01"})
        self.assertEqual(call_kw(engine, "control", [], {"company": self.company.id})["difference"], 0)
        with self.refused(UserError, "no record of res.company"):
            call_kw(engine, "control", [], {"company": "all"})

    def test_n17_a_past_months_end_is_accrued_from_the_list(self):
        self.delivered(linehaul=500)
        wizard = self.env["milepost.accrue"].with_user(self.users["manager"]).create({"day": "2026-03-31"})
        wizard.action_accrue()
        self.assertEqual(self.balances("2026-03-30", "2026-03-31"), [0, 500])

    def test_n18_a_month_is_closed_as_of_its_end_though_the_bill_came_since(self):
        shipment = self.delivered(linehaul=500)
        self.book(self.bill(shipment, [("linehaul", "500.00")], bill_date="2026-04-05"))
        self.engine._accrue(self.company, date(2026, 3, 31))
        # Odoo books a bill of a month that is over at its end.
        self.assertEqual(self.balances("2026-03-31", "2026-04-29", "2026-04-30"), [500, 500, 0])
        self.assertEqual(self.balance("freight", until="2026-03-31"), 500)
        self.assertEqual(self.balance("freight"), 500)
        self.assertFalse(self.engine._accrue(self.company, date(2026, 3, 31)))
        self.assert_controlled()

    def test_n19_each_days_balance_is_right_whatever_the_order_of_the_runs(self):
        days = [date(2026, 3, 3), date(2026, 3, 31), date(2026, 4, 30)]
        self.policy.accrual_point = "transit"
        for order in itertools.permutations(days):
            with self.subTest(order), self.env.cr.savepoint() as point:
                shipment = self.delivered(linehaul=500)
                for day in order:
                    self.engine._accrue(self.company, day)
                self.assertEqual(self.balances(*days), [250, 500, 500])
                self.book(self.bill(shipment, [("linehaul", "500.00")], bill_date="2026-04-05"))
                self.assertEqual(self.balances(*days), [250, 500, 0])
                for day in order:
                    self.engine._accrue(self.company, day)
                self.assertEqual(self.balances(*days), [250, 500, 0])
                self.assert_controlled()
                point.rollback()
            self.env.invalidate_all()

    def test_n28_the_delivery_that_is_known_counts_for_the_share_of_the_transit(self):
        self.policy.accrual_point = "transit"
        self.expect(self.env["milepost.shipment"], linehaul=500)
        shipment = self.shipment(due_at=datetime(2026, 4, 1, 12))
        self.deliver(shipment)
        self.validate(shipment)
        self.assertEqual(shipment.planned_delivery_at, datetime(2026, 4, 1, 12))
        self.engine._accrue(self.company, date(2026, 3, 3))
        self.assertEqual(shipment.accrued_amount, 250)

    def test_a_partial_bill_leaves_the_other_charges_accrued(self):
        shipment = self.t12_shipment()
        self.book(self.bill(shipment, [("linehaul", "1850.00")], bill_date="2026-04-09"))
        self.assertEqual(self.balances("2026-03-31", "2026-04-30"), [2425.10, 575.10])
        self.engine._accrue(self.company, date(2026, 4, 30))
        self.assertEqual(shipment.accrued_amount, 575.10)
        self.book(self.bill(
            shipment, [("fuel", "455.10"), ("lumper", "120.00")], bill_date="2026-05-02", correction="balance_due"
        ))  # fmt: skip
        self.assertEqual(self.balances("2026-04-30", "2026-05-31"), [575.10, 0])
        self.assert_controlled()

    def test_a_bill_that_is_reversed_is_accrued_again_from_then_on(self):
        shipment = self.t12_shipment()
        lines = [("linehaul", "1850.00"), ("fuel", "455.10"), ("lumper", "120.00")]
        invoice = self.book(self.bill(shipment, lines, bill_date="2026-04-09"))
        invoice.bill_ids._reverse_moves([{"invoice_date": "2026-05-10", "date": "2026-05-10"}], cancel=True)
        self.engine._accrue(self.company, date(2026, 4, 30))
        self.engine._accrue(self.company, date(2026, 5, 31))
        self.assertEqual(self.balances("2026-03-31", "2026-04-30", "2026-05-31"), [2425.10, 0, 2425.10])
        self.assert_controlled()

    def test_the_ledger_is_compared_with_the_open_accruals_on_the_screen(self):
        self.delivered(fuel=455.1)
        self.engine.with_user(self.users["manager"]).accrue_now()
        said = self.engine.with_user(self.users["analyst"]).action_control()["params"]
        self.assertEqual(said["type"], "success")
        self.assertIn("455.10", said["message"])
        entry = self.env["account.move"].create({
            "move_type": "entry", "journal_id": self.company.milepost_accrual_journal_id.id,
            "line_ids": [
                Command.create({"account_id": self.accounts["accrued"].id, "debit": 5}),
                Command.create({"account_id": self.accounts["freight"].id, "credit": 5}),
            ],
        })  # fmt: skip
        entry.action_post()
        said = self.engine.with_user(self.users["analyst"]).action_control()["params"]
        self.assertEqual((said["type"], said["sticky"]), ("warning", True))
