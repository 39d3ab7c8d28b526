import runpy

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_path, mute_logger

from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceHoldBoard(BillingCase):
    """The board of invoice holds: what is blocked, why, since when, who can free it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["milepost.hold"].search([]).sudo().write({"state": "expired"})

    def proofless(self, quantity=100):
        """Delivered without a proof: all of its money is blocked."""
        shipment = self.shipment(self.order(quantity))
        self.deliver(shipment)
        self.validate(shipment)
        return shipment

    def fuel_bill(self, amount="499.50"):
        shipment = self.shipment()
        fact = self.bill(shipment, [("fuel", amount)])
        self.facts(fact)
        self.validate(shipment)
        return self.invoice_of(fact)

    def board(self, user="analyst", **options):
        return self.env["milepost.hold"].with_user(self.users[user]).hold_board(**options)

    def lines(self, board):
        return [line for group in board["groups"] for line in group["holds"]]

    def sums(self, part):
        return [(one["currency_id"], one["amount"]) for one in part["totals"]]

    def test_money_that_several_holds_block_counts_once(self):
        shipment = self.proofless()
        self.env["milepost.hold"].with_user(self.users["analyst"]).create(
            {"shipment_id": shipment.id, "reason": "customer_dispute", "amount": 50}
        )
        board = self.board()
        receivable = board["sides"][0]
        self.assertEqual((receivable["key"], receivable["count"]), ("ar", 2))
        self.assertEqual(self.sums(receivable), [(self.usd.id, 1250.0)])
        self.assertEqual([self.sums(group) for group in board["groups"]], [[(self.usd.id, 1250.0)]] * 2)
        amounts = {line["reason"]: (line["amount"], line["blocked_amount"]) for line in self.lines(board)}
        self.assertEqual(amounts["Customer Dispute"], (50.0, 1250.0))

    def test_a_bill_that_is_payable_in_part_blocks_only_the_disputed_part(self):
        self.expect(None, fuel=455.1)
        invoice = self.fuel_bill()
        [line] = self.lines(self.board(side="ap"))
        self.assertEqual((invoice.state, line["amount"], line["blocked_amount"]), ("partial", 44.4, 44.4))
        self.assertEqual(line["percent"], 9.756)
        self.assertEqual(self.board()["groups"], [], "the two sides stand apart")

    def test_groups_with_more_money_come_first_and_show_more_on_demand(self):
        for quantity in (10, 30, 20):
            self.proofless(quantity)
        [group] = self.board(limit=2)["groups"]
        self.assertEqual((group["key"], group["count"]), ("pod_missing", 3))
        self.assertEqual([line["blocked_amount"] for line in group["holds"]], [375.0, 250.0])
        [group] = self.board(limit=2, limits={"pod_missing": 3})["groups"]
        self.assertEqual(len(group["holds"]), 3)

    def test_groups_by_customer_carrier_and_who_may_release(self):
        self.expect(None, fuel=455.1)
        self.proofless()
        self.fuel_bill()
        [group] = self.board(group="customer")["groups"]
        self.assertEqual(group["label"], "Northwind")
        [group] = self.board(group="carrier", side="ap")["groups"]
        self.assertEqual(group["label"], "Roadline")
        [group] = self.board(group="release", side="ap")["groups"]
        self.assertEqual(group["label"], "Finance Manager", "9.756 % is beyond the analyst's 5 %")

    def test_a_line_says_whether_its_reader_may_release_it_and_why_not(self):
        self.expect(None, fuel=455.1)
        self.fuel_bill()
        why = {}
        users = {**self.users, "buyer": self.make_user("buyer", ["milepost_billing.group_cost_viewer"])}
        for user in ("buyer", "analyst", "manager"):
            board = self.env["milepost.hold"].with_user(users[user]).hold_board(side="ap")
            [line] = self.lines(board)
            self.assertEqual(line["may_release"], not line["why_not"])
            self.assertEqual(line["may_review"], user != "buyer")
            why[user] = line["why_not"]
        self.assertEqual(why["buyer"], "Your role may not decide on holds.")
        self.assertEqual(why["analyst"], "You cannot release it: 9.756 % is above your limit of 5 %.")
        self.assertFalse(why["manager"])

    def test_of_four_eyes_the_first_pair_waits_for_the_second(self):
        self.expect(None, fuel=455.1)
        hold = self.fuel_bill("2955.11").hold_ids
        [line] = self.lines(self.board("controller", side="ap"))
        self.assertEqual((line["needs"], line["people"]), ("Two people, Controller or above", 2))
        hold.with_user(self.users["controller"]).action_release("contract", "agreed rate")
        [line] = self.lines(self.board("controller", side="ap"))
        self.assertEqual(line["agreed"], ["Controller"])
        self.assertIn("somebody else must agree", line["why_not"])
        hold.with_user(self.controller2).action_release("contract", "agreed rate")
        self.assertEqual(self.lines(self.board("controller", side="ap")), [])

    def test_a_released_hold_leaves_the_board_and_an_upheld_one_stays(self):
        self.expect(None, fuel=455.1)
        first, second = (self.fuel_bill() for _n in range(2))
        first.hold_ids.with_user(self.users["manager"]).action_release("evidence", "seen")
        second.hold_ids.with_user(self.users["manager"]).release_reason = "not agreed"
        second.hold_ids.with_user(self.users["manager"]).action_reject()
        [line] = self.lines(self.board(side="ap"))
        self.assertEqual((line["id"], line["state"]), (second.hold_ids.id, "rejected"))

    def test_alike_holds_go_with_one_code_and_text_and_what_stays_says_why(self):
        self.expect(None, fuel=455.1)
        holds = (self.fuel_bill() | self.fuel_bill() | self.fuel_bill("2955.11")).hold_ids
        mine = holds.with_user(self.users["manager"])
        group = self.board("manager", side="ap")["groups"][0]
        self.assertEqual(sorted(group["hold_ids"]), sorted(holds.ids))
        outlook = mine.release_outlook()
        large = holds.filtered(lambda hold: hold.amount > 2000)
        self.assertEqual((len(outlook["free"]), [one["id"] for one in outlook["skipped"]]), (2, large.ids))
        result = mine.release_alike("evidence", "index sheet seen")
        self.assertEqual(sorted(result["released"]), sorted((holds - large).ids))
        [skipped] = result["skipped"]
        self.assertEqual(skipped["id"], large.id)
        self.assertIn("above your limit of", skipped["why"])
        self.assertEqual((holds - large).mapped("release_reason"), ["index sheet seen"] * 2)
        self.assertEqual((large.state, large.release_reason), ("open", False))
        self.assertEqual([entry.event for entry in (holds - large)[0].audit_ids], ["opened", "released"])

    def test_one_text_does_not_release_different_things(self):
        self.expect(None, fuel=455.1)
        mixed = self.fuel_bill().hold_ids | self.proofless().hold_ids
        with self.assertRaises(UserError):
            mixed.with_user(self.users["controller"]).release_alike("evidence", "seen")
        with self.assertRaises(AccessError):
            mixed[:1].with_user(
                self.make_user("buyer", ["milepost_billing.group_cost_viewer"])
            ).release_alike("evidence", "seen")

    def test_the_form_says_whether_its_reader_may_release(self):
        self.expect(None, fuel=455.1)
        hold = self.fuel_bill().hold_ids
        manager, analyst = (hold.with_user(self.users[user]) for user in ("manager", "analyst"))
        self.assertEqual((manager.may_release, manager.why_not_released), (True, False))
        self.assertFalse(analyst.may_release)
        self.assertIn("above your limit of 5 %", analyst.why_not_released)
        wizard = self.env["milepost.release"].with_user(self.users["manager"]).create({
            "hold_ids": [(6, 0, hold.ids)], "release_code": "contract", "release_reason": "as agreed",
        })  # fmt: skip
        self.assertEqual((wizard.free_count, wizard.skipped), (1, ""))
        wizard.action_release()
        self.assertEqual((hold.state, hold.release_reason), ("released", "as agreed"))

    def test_a_decision_on_quantities_offers_what_settles_the_hold_and_says_what_it_bills(self):
        shipment = self.shipment(self.order(100))
        self.deliver(shipment)
        self.facts(self.pod(shipment, [("accepted", 90), ("accepted_damaged", 10)]))
        self.validate(shipment)
        hold = shipment.hold_ids.filtered(lambda one: one.reason == "damage")
        action = hold.with_user(self.users["analyst"]).action_fix()
        before = shipment.billable_amount
        wizard = (
            self.env["milepost.dispose"].with_user(self.users["analyst"]).with_context(**action["context"])
        )
        wizard = wizard.create({})
        self.assertEqual(wizard.allowed, "bill_accepted,allowance,bill_good")
        offered = dict(line.split(": ") for line in wizard.outcome.splitlines())
        self.assertEqual(
            set(offered), {"Bill What Was Accepted", "Give the Damage Allowance", "Bill What Is Undamaged"}
        )
        self.assertIn("1,125.00", offered["Bill What Is Undamaged"])
        self.assertEqual(shipment.billable_amount, before, "a try leaves nothing behind")
        self.assertEqual(hold.state, "open")

    def test_the_number_of_queries_does_not_grow_with_the_holds(self):
        self.expect(None, fuel=455.1)

        def measure():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.board("manager", side="ap", group="release")
            return self.env.cr.sql_log_count - before

        for _n in range(2):
            self.fuel_bill()
        measure()  # fills the caches of rights and views
        few = measure()
        for _n in range(6):
            self.fuel_bill()
        self.assertEqual(measure(), few)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_holds_of_other_companies_and_of_nobody_are_not_shown(self):
        self.proofless()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        manager = self.users["manager"]
        manager.company_ids += company
        elsewhere = self.env["milepost.hold"].with_user(manager).with_company(company)
        board = elsewhere.with_context(allowed_company_ids=company.ids).hold_board()
        self.assertEqual([side["count"] for side in board["sides"]], [0, 0])
        outsider = self.make_user("outsider", [])
        with self.assertRaises(AccessError):
            self.env["milepost.hold"].with_user(outsider).hold_board()

    def test_boards_hear_of_a_hold_that_changes(self):
        self.expect(None, fuel=455.1)
        invoice = self.fuel_bill()
        self.env.cr.precommit.run()
        self.env["bus.bus"].search([]).unlink()
        invoice.hold_ids.with_user(self.users["manager"]).action_release("evidence", "seen")
        self.env.cr.precommit.run()
        messages = "".join(self.env["bus.bus"].search([]).mapped("message"))
        self.assertIn("milepost.hold/changed", messages)
        self.assertIn(str(invoice.hold_ids.id), messages)

    def test_the_tower_and_the_queue_say_what_money_waits_behind_what_is_wrong(self):
        shipment = self.proofless()
        self.assertEqual((shipment.billing_value, shipment.at_stake_amount), (1250, 1250))
        as_dispatcher = shipment.with_user(self.users["dispatcher"])
        row = as_dispatcher._board_rows()[0]
        self.assertEqual((row["at_stake_amount"], row["at_stake_currency_id"]), (1250, self.usd.id))
        issue = self.env["milepost.issue"].with_user(self.users["dispatcher"])
        self.assertTrue(issue.fields_get(["at_stake_amount"])["at_stake_amount"]["sortable"])
        shipment.sudo().write({"invoiced_amount": 1000, "absorbed_amount": 50})
        self.assertEqual(shipment.at_stake_amount, 200)
        shipment.sudo().write({"invoiced_amount": 2000})
        self.assertEqual(shipment.at_stake_amount, 0, "what waits is a credit")

    def test_an_upgrade_reckons_what_is_at_stake_of_all_shipments_at_once(self):
        shipment, paid = self.proofless(), self.proofless(10)
        paid.sudo().write({"invoiced_amount": 2000})
        self.env.flush_all()
        self.env.cr.execute("UPDATE milepost_shipment SET at_stake_amount = NULL")
        script = file_path("milepost_billing/migrations/19.0.1.6.0/pre-at_stake.py")
        for _again in range(2):
            runpy.run_path(script)["migrate"](self.env.cr, "19.0.1.5.0")
            self.env.invalidate_all()
            self.assertEqual((shipment.at_stake_amount, paid.at_stake_amount), (1250, 0))
