"""T29–T46 as arithmetic."""

import unittest
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal as D

from .. import accrual, authority, claims, cutoff, holds, late_charge, money_split, policy
from ..errors import BillingError


def decided(amount, **values):
    base = {
        "side": "ap",
        "reason": "CHARGE_VARIANCE",
        "subject": "charge:fuel",
        "severity": "soft",
        "amount": D(amount),
        "explanation": "",
        "basis": (D(amount),),
    }
    return holds.Decided(**{**base, **values})


def stored(one, state, number=1):
    return holds.Existing(number, one.side, one.reason, one.subject, state, one.fingerprint)


class TestHolds(unittest.TestCase):
    """Opening, clearing and reopening."""

    def test_t32_a_released_hold_stays_until_the_facts_change(self):
        one = decided("44.40")
        self.assertFalse(holds.diff([stored(one, "released")], [decided("44.4")]))
        changes = holds.diff([stored(one, "released")], [decided("61.00")])
        self.assertEqual([number for number, _hold in changes.reopen], [1])

    def test_deciding_twice_changes_nothing(self):
        one = decided("44.40")
        self.assertEqual(holds.diff([], [one]).open, (one,))
        self.assertFalse(holds.diff([stored(one, "open")], [one]))

    def test_a_hold_clears_when_its_cause_is_gone_and_comes_back_with_it(self):
        one = decided("44.40")
        self.assertEqual(holds.diff([stored(one, "open")], []).clear, (1,))
        self.assertTrue(holds.diff([stored(one, "auto_cleared")], [one]).reopen)

    def test_people_s_holds_are_left_alone(self):
        manual = holds.Existing(1, "ar", "MANUAL", "", "open", "", manual=True)
        self.assertFalse(holds.diff([manual], []))

    def test_a_warning_never_blocks(self):
        self.assertFalse(holds.blocks("open", "warn"))
        self.assertTrue(holds.blocks("open", "hard"))
        self.assertFalse(holds.blocks("released", "soft"))


class TestAuthority(unittest.TestCase):
    """Who may release."""

    def ask(self, role, amount, percent=None, reason="CHARGE_VARIANCE", **values):
        extra = {name: values.pop(name) for name in ("severity", "touched_by") if name in values}
        held = authority.Held(
            reason,
            extra.get("severity", "soft"),
            D(amount),
            None if percent is None else D(percent),
            extra.get("touched_by", frozenset()),
        )
        return authority.may_release(held, role, values.pop("user", 1), authority.Authority(), **values)

    def test_t29_above_five_percent_needs_a_manager(self):
        self.assertFalse(self.ask("analyst", "44.40", "9.756").allowed)
        self.assertTrue(self.ask("manager", "44.40", "9.756").complete)

    def test_a_refusal_names_the_limit_and_what_is_above_it(self):
        amount = self.ask("analyst", "250.01", "1")
        self.assertEqual((amount.code, amount.value, amount.limit), ("amount", D("250.01"), D(250)))
        percent = self.ask("analyst", "44.40", "9.756")
        self.assertEqual((percent.code, percent.value, percent.limit), ("percent", D("9.756"), D(5)))

    def test_who_is_needed_is_told_whoever_asks(self):
        def needed(amount, percent, severity="soft", reason="CHARGE_VARIANCE"):
            held = authority.Held(reason, severity, D(amount), D(percent), frozenset({1}))
            found = authority.needed(held, authority.Authority())
            return found.role, found.people

        self.assertEqual(needed("44.40", "4"), ("analyst", 1))
        self.assertEqual(needed("44.40", "9.756"), ("manager", 1))
        self.assertEqual(needed("2500.01", "1"), ("controller", 2))
        self.assertEqual(needed("10", "1", reason="DUPLICATE"), ("controller", 2))
        self.assertEqual(needed("10", "1", "hard"), (None, 0))

    def test_t30_dispatcher_and_bridge_never(self):
        self.assertFalse(self.ask(None, "1", "0.1").allowed)

    def test_t31_two_controllers_above_the_limit(self):
        first = self.ask("controller", "2500.01", "1")
        self.assertEqual((first.allowed, first.complete), (True, False))
        self.assertFalse(self.ask("controller", "2500.01", "1", approvals=[1]).complete)
        self.assertTrue(self.ask("controller", "2500.01", "1", user=2, approvals=[1]).complete)
        self.assertTrue(self.ask("controller", "2500.00", "1").complete)

    def test_limits_are_inclusive(self):
        self.assertTrue(self.ask("analyst", "250", "5").complete)
        self.assertFalse(self.ask("analyst", "250.01", "5").allowed)
        self.assertFalse(self.ask("manager", "2500.01", "1").allowed)

    def test_nobody_releases_what_he_touched(self):
        self.assertFalse(self.ask("controller", "1", "1", touched_by=frozenset({1})).allowed)

    def test_a_hard_hold_is_released_by_nobody(self):
        self.assertFalse(self.ask("controller", "1", "1", severity="hard").allowed)

    def test_duplicates(self):
        self.assertFalse(self.ask("analyst", "1", "1", reason="DUPLICATE").allowed)
        self.assertFalse(self.ask("analyst", "1", "1", reason="DUP_SUSPECT").allowed)
        self.assertTrue(self.ask("manager", "150", "1", reason="DUP_SUSPECT").complete)


class TestCutOff(unittest.TestCase):
    """T35: Friday 18:00 where the customer is."""

    RULE = cutoff.CutOff("week", time(18), "America/New_York", weekday=4)

    def test_t35_to_the_second(self):
        ready = datetime(2026, 3, 6, 23, 0, tzinfo=UTC)
        self.assertEqual(cutoff.cycle_of(self.RULE, ready), ready)
        later = cutoff.cycle_of(self.RULE, ready + timedelta(seconds=1))
        # Daylight saving began on 8 March: 18:00 is an hour earlier in UTC.
        self.assertEqual(later, datetime(2026, 3, 13, 22, 0, tzinfo=UTC))

    def test_the_last_day_of_a_month(self):
        rule = cutoff.CutOff("month", time(12), "UTC", month_day=31)
        ready = datetime(2026, 2, 10, tzinfo=UTC)
        self.assertEqual(cutoff.cycle_of(rule, ready).date(), date(2026, 2, 28))

    def test_the_supply_date_is_the_day_at_the_site(self):
        late = datetime(2026, 3, 6, 23, 30, tzinfo=UTC)
        self.assertEqual(cutoff.supply_date(late, "Europe/Amsterdam"), date(2026, 3, 7))
        self.assertEqual(cutoff.supply_date(late, "America/New_York"), date(2026, 3, 6))


class TestLateCharge(unittest.TestCase):
    """T37–T40."""

    def late(self, cost, **values):
        return late_charge.late_charge(D(cost), late_charge.Rule(**values))

    def test_t37_debit_note(self):
        found = self.late("120.00", markup_percent=D(10))
        self.assertEqual((found.kind, found.amount), ("debit_note", D("132.00")))

    def test_t38_leak(self):
        found = self.late("18.00")
        self.assertEqual((found.kind, found.amount, found.leak), ("leak", D(0), D(18)))

    def test_t39_credit_or_margin(self):
        found = self.late("-44.40")
        self.assertEqual((found.kind, found.amount), ("credit_note", D("44.40")))
        before, after = {"fuel": D("499.50")}, {"fuel": D("455.10"), "toll": D(12)}
        self.assertEqual(late_charge.margin_changes(before, after), {"fuel": D("-44.40")})

    def test_t40_after_the_window(self):
        first = date(2026, 1, 1)
        self.assertEqual(late_charge.days_late(first, first + timedelta(days=180), 180), 0)
        self.assertEqual(late_charge.days_late(first, first + timedelta(days=181), 180), 181)
        self.assertEqual(late_charge.days_late(first, date(2030, 1, 1), 0), 0)
        self.assertEqual(late_charge.days_late(None, date(2030, 1, 1), 180), 0)


class TestAccrual(unittest.TestCase):
    """T41–T45."""

    def test_t42_half_of_the_transit(self):
        progress = accrual.Progress(True, False, 1, 2)
        self.assertEqual(accrual.earned(D("2425.10"), "transit", progress), D("1212.55"))

    def test_t43_overdue_is_a_list_for_people(self):
        self.assertTrue(accrual.is_overdue(date(2026, 1, 1), date(2026, 3, 3), 60))
        self.assertFalse(accrual.is_overdue(date(2026, 1, 1), date(2026, 3, 2), 60))

    def test_t44_a_bill_keeps_what_it_says_nothing_of(self):
        self.assertEqual(accrual.kept(D("2425.10"), D("2425.10"), D(0)), D(0))
        self.assertEqual(accrual.kept(D(1000), D(2000), D(500)), D(250))
        self.assertEqual(accrual.kept(D(1000), D(0), D(0)), D(0))


class TestClaims(unittest.TestCase):
    """Deadlines."""

    def test_carmack_gives_nine_months_whatever_the_contract_says(self):
        found = claims.clocks("carmack", "loss", date(2026, 5, 31), date(2026, 6, 10), 30)
        self.assertEqual(found.file_by, date(2027, 2, 28))
        self.assertEqual((found.acknowledge_by, found.decide_by), (date(2026, 7, 10), date(2026, 10, 8)))

    def test_cmr_hidden_damage_counts_neither_sundays_nor_holidays(self):
        found = claims.clocks("cmr", "hidden_damage", date(2026, 4, 2), holidays=[date(2026, 4, 6)])
        self.assertEqual(found.notice_by, date(2026, 4, 11))
        self.assertEqual(claims.clocks("cmr", "delay", date(2026, 4, 2)).notice_by, date(2026, 4, 23))


class TestPolicyAndMoney(unittest.TestCase):
    """Precedence, splitting, conservation."""

    def test_the_most_specific_policy_wins(self):
        rules = [
            policy.Conditions(1),
            policy.Conditions(2, carrier=5),
            policy.Conditions(3, customers=frozenset({10})),
            policy.Conditions(4, customers=frozenset({11})),
            policy.Conditions(5, customers=frozenset({11}), value_from=D(1000)),
        ]

        def resolve(**values):
            return policy.resolve(rules, policy.Case(**values))

        self.assertEqual(resolve(customers=(1,)), 1)
        self.assertEqual(resolve(customers=(1,), carrier=5), 2)
        self.assertEqual(resolve(customers=(11, 10), carrier=5), 4)
        self.assertEqual(resolve(customers=(12, 10)), 3)
        self.assertEqual(resolve(customers=(11,), value=D(1000)), 5)
        self.assertIsNone(policy.resolve([], policy.Case()))

    def test_buckets_sum_to_what_is_billable(self):
        one = money_split.buckets(D(1200), D(700), D(18), blocked=True)
        self.assertEqual((one.held, one.waiting), (D(482), D(0)))
        with self.assertRaises(BillingError):
            money_split.Buckets(D(1), D(2)).check()


if __name__ == "__main__":
    unittest.main()
