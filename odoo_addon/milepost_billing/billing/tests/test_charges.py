"""T11–T28 as arithmetic."""

import unittest
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from zoneinfo import ZoneInfo

from .. import charge_match, currency, decide, detention, fuel, holds, tax_check
from ..errors import RateGap
from ..tolerance import Limit, Line, Tolerances, judge, judge_line

TOLERANCES = Tolerances(
    over={"linehaul": Limit(D(25), D(2)), "fuel": Limit(D(10), D(3))},
    document=Limit(D(25), D(2)),
    cumulative=Limit(D(25), D(2)),
)


class TestTolerance(unittest.TestCase):
    """Line, document and cumulative limits."""

    def hold(self, expected, invoiced):
        line = Line("linehaul", "linehaul", D(expected), D(invoiced))
        return judge_line(line, TOLERANCES).hold

    def test_t11_limits_are_inclusive(self):
        self.assertIsNone(self.hold("1000", "1020.00"))
        self.assertEqual(self.hold("1000", "1020.01"), "CHARGE_VARIANCE")
        self.assertIsNone(self.hold("2000", "2025.00"))
        self.assertEqual(self.hold("2000", "2025.01"), "CHARGE_VARIANCE")

    def test_t12_document(self):
        result = judge(
            [
                Line("linehaul", "linehaul", D("1850"), D("1850")),
                Line("fuel", "fuel", D("455.10"), D("499.50")),
                Line("detention", "detention", D(0), D("150")),
                Line("lumper", "lumper", D(0), D("120"), requested=D("120")),
            ],
            TOLERANCES,
        )
        self.assertEqual(
            [one.hold for one in result.lines],
            [None, "CHARGE_VARIANCE", "UNEXPECTED_CHARGE", None],
        )
        self.assertEqual(result.lines[1].percent, D("9.756"))
        self.assertEqual((result.pay, result.dispute), (D("2425.10"), D("194.40")))
        self.assertEqual(len(result.holds), 2)
        self.assertEqual(fuel.percentage(D(1850), D("24.6")), D("455.10"))
        self.assertEqual(fuel.percentage(D(1850), D("27")), D("499.50"))

    def test_t13_salami(self):
        tolerances = Tolerances(default_over=Limit(D(5)), document=Limit(D(15)))
        lines = [Line(str(n), "misc", D(100), D(104)) for n in range(5)]
        result = judge(lines, tolerances)
        self.assertEqual([one.hold for one in result.lines], [None] * 5)
        self.assertEqual(
            (result.document.hold, result.document.variance),
            ("CHARGE_VARIANCE", D(20)),
        )
        self.assertEqual((result.pay, result.dispute), (D(500), D(20)))

    def test_t14_cumulative(self):
        def one(amount, before):
            line = Line("linehaul", "linehaul", D(1000), D(amount), approved_before=D(before))
            return judge([line], TOLERANCES, D(1000), D(before))

        self.assertEqual(one(1000, 0).holds, [])
        self.assertEqual(one(20, 1000).holds, [])
        third = one(15, 1020)
        self.assertEqual([hold.variance for hold in third.holds], [D(35)])
        self.assertEqual(third.pay, D(0))

    def test_the_sum_of_invoices_is_held_where_every_line_passes(self):
        wide = Tolerances(default_over=Limit(D(500)), cumulative=Limit(D(25), D(2)))
        line = Line("misc", "misc", D(100), D(35), approved_before=D(100))
        result = judge([line], wide, D(1000), D(1000))
        self.assertEqual([one.key for one in result.holds], ["cumulative"])

    def test_too_little_only_warns(self):
        verdict = judge_line(Line("fuel", "fuel", D(455), D(200)), TOLERANCES)
        self.assertEqual((verdict.hold, verdict.warning), (None, "UNDER_BILLED"))

    def test_nothing_expected_passes_up_to_the_threshold(self):
        tolerances = Tolerances(auto_approve=D(25))
        line = Line("toll", "toll_border_customs", D(0), D(25))
        self.assertIsNone(judge_line(line, tolerances).hold)

    def test_t15_currency_at_the_contract_date(self):
        compared, difference = currency.compare({"linehaul": D(1095)}, D("1.08"), D("1.05"))
        self.assertEqual(compared, {"linehaul": D("1013.89")})
        self.assertIsNone(self.hold(1000, compared["linehaul"]))
        self.assertEqual(self.hold(1000, compared["linehaul"] + difference), "CHARGE_VARIANCE")
        self.assertEqual(difference, D("28.97"))

    def test_t16_tax_apart(self):
        found = tax_check.judge_tax(D(200), D(190))
        self.assertEqual((found.hold, found.expected), ("TAX_MISMATCH", D(200)))
        reverse = tax_check.judge_tax(D(0), D(200), reverse_charge=True)
        self.assertEqual(reverse.hold, "TAX_MISMATCH")
        self.assertIn("reverse charge", reverse.text)
        self.assertIsNone(tax_check.judge_tax(D(200), D("200.05")).hold)
        self.assertIsNotNone(tax_check.judge_tax(D(200), D("200.06")).hold)

    def test_an_invoice_that_does_not_add_up_says_where(self):
        self.assertIsNone(tax_check.adds_up([D(60), D(40)], D(100), D(19), D(119)))
        self.assertIn("sum to 99", tax_check.adds_up([D(59), D(40)], D(100), D(19), D(119)))
        self.assertIn("make 119", tax_check.adds_up([D(100)], D(100), D(19), D(120)))
        facts = decide.Payable(1, D(120), not_adding_up="net and tax differ")
        self.assertEqual([h.reason for h in decide.payable_holds(facts)], ["NOT_ADDING_UP"])


class TestMatch(unittest.TestCase):
    """Matching and duplicates."""

    def bill(self, number, pro, amount, **values):
        return charge_match.Bill(number, 7, pro, D(amount), "EUR", shipment=1, **values)

    def test_t17_duplicates(self):
        first = self.bill(1, "123456780", "2425.10")

        def hold(*args, **values):
            found = charge_match.duplicate_of(self.bill(*args, **values), [first])
            return found.hold, found.kind

        self.assertEqual(hold(2, "123456780", "2425.10"), ("DUPLICATE", "same"))
        self.assertEqual(hold(3, "123456781", "150.00"), ("DUP_SUSPECT", "balance_due"))
        self.assertEqual(hold(4, "0123456780-00", "2425.10"), ("DUPLICATE", "same"))
        self.assertEqual(hold(5, "123456780-01", "150.00"), ("DUP_SUSPECT", "balance_due"))
        found = charge_match.duplicate_of(
            self.bill(6, "123456780", "2275.10", kind="replacement"),
            [first],
        )
        self.assertEqual((found.hold, found.replaces), (None, 1))

    def test_t18_a_credit_is_no_duplicate_and_reduces_the_dispute(self):
        first = self.bill(1, "123456780", "2619.50")
        credit = self.bill(2, "123456780", "-44.40", kind="credit")
        self.assertIsNone(charge_match.duplicate_of(credit, [first]).hold)
        self.assertEqual(D("194.40") + credit.amount, D("150.00"))

    def test_pro_comes_before_reference_and_reference_before_bol(self):
        a = charge_match.Candidate(1, 7, pros=frozenset({"0123456780"}))
        b = charge_match.Candidate(2, 7, references=frozenset({"SHP/1"}), bols=frozenset({"B1"}))
        c = charge_match.Candidate(3, 7, bols=frozenset({"B1"}), ship_date=date(2026, 3, 2))
        all_of = [a, b, c]
        by = {"references": frozenset({"SHP/1"}), "bols": frozenset({"B1"})}
        found = charge_match.match(self.bill(1, "123456780", 1, **by), all_of)
        self.assertEqual((found.shipment, found.how), (1, "pro"))
        found = charge_match.match(self.bill(1, "9", 1, **by), all_of)
        self.assertEqual((found.shipment, found.how), (2, "reference"))
        found = charge_match.match(self.bill(1, "9", 1, bols=frozenset({"B1"})), all_of)
        self.assertEqual((found.shipment, found.hold), (None, "AMBIGUOUS"))
        far = date(2026, 5, 1)
        found = charge_match.match(
            self.bill(1, "9", 1, bols=frozenset({"B1"}), ship_date=far),
            [c],
        )
        self.assertEqual(found.hold, "NO_MATCH")

    def test_another_carriers_pro_is_no_hit(self):
        other = charge_match.Candidate(1, 8, pros=frozenset({"123456780"}))
        self.assertEqual(
            charge_match.match(self.bill(1, "123456780", 1), [other]).hold,
            "NO_MATCH",
        )


class TestDetention(unittest.TestCase):
    """Free 120, increments of 15 up, 60/h, cap 500, minimum 15."""

    TERMS = detention.Terms(hourly_rate=D(60), cap=D(500))

    def visit(self, arrival, departure, appointment=None, unload=None):
        def at(text):
            return text and datetime.fromisoformat(f"2026-03-02T{text}:00+00:00")

        return detention.Visit(at(arrival), at(departure), at(appointment), at(unload))

    def amount(self, visit, **values):
        terms = detention.Terms(**{"hourly_rate": D(60), "cap": D(500), **values})
        return detention.detention(visit, terms).amount

    def test_t19_early(self):
        found = detention.detention(self.visit("09:35", "14:20", "10:00"), self.TERMS)
        self.assertEqual(
            (found.chargeable_minutes, found.billed_minutes, found.amount),
            (140, 150, D(150)),
        )

    def test_t20_late_and_void(self):
        self.assertEqual(self.amount(self.visit("10:50", "14:20", "10:00")), D(0))

    def test_t21_late_and_from_unloading(self):
        visit = self.visit("10:50", "14:20", "10:00", "11:30")
        self.assertEqual(self.amount(visit, late="unload"), D(60))

    def test_t22_cap(self):
        self.assertEqual(self.amount(self.visit("06:00", "18:00")), D(500))

    def test_t23_minimum(self):
        self.assertEqual(self.amount(self.visit("10:00", "12:07")), D(0))

    def test_t24_without_departure_there_is_no_amount(self):
        found = detention.detention(self.visit("10:00", None), self.TERMS)
        self.assertEqual((found.amount, found.hold), (None, "DET_EVIDENCE"))

    def test_t25_the_hour_that_summer_time_skips_did_not_pass(self):
        zone = ZoneInfo("Europe/Berlin")
        start = datetime(2026, 3, 29, 1, 30, tzinfo=zone)
        end = datetime(2026, 3, 29, 3, 30, tzinfo=zone)
        self.assertEqual(detention.elapsed_minutes(start, end), 60)

    def test_t26_a_corrected_arrival_gives_another_fingerprint(self):
        before = self.amount(self.visit("10:00", "14:20"))
        after = self.amount(self.visit("10:30", "14:20"))
        self.assertEqual((before, after, after - before), (D(150), D(120), D(-30)))
        key = ("ap", "CHARGE_VARIANCE", "charge:detention")
        self.assertNotEqual(holds.fingerprint(key, (before,)), holds.fingerprint(key, (after,)))

    def test_one_free_time_for_all_stops(self):
        visits = [self.visit("10:00", "11:40"), self.visit("13:00", "14:30")]
        self.assertEqual(detention.cumulative(visits, self.TERMS).amount, D(75))


class TestFuel(unittest.TestCase):
    """Formula, brackets and effective dates."""

    def price(self, value, moment=datetime(2026, 3, 3, tzinfo=UTC)):
        return fuel.Price(moment, D(value))

    def test_t27_formula(self):
        found = fuel.surcharge(self.price("3.912"), fuel.Formula(D("1.200"), D("6.0")), D(640))
        self.assertEqual((found.value, found.amount), (D("0.452"), D("289.28")))

    def test_t28_bracket(self):
        brackets = [
            fuel.Bracket(D("3.85"), D("3.899"), D("0.53")),
            fuel.Bracket(D("3.90"), D("3.949"), D("0.54")),
        ]
        self.assertEqual(fuel.surcharge(self.price("3.912"), brackets, D(640)).amount, D("345.60"))
        self.assertEqual(fuel.gaps(brackets), [])

    def test_brackets_join_in_the_step_that_their_table_is_written_in(self):
        def gaps(*rows, digits=2):
            return fuel.gaps([fuel.Bracket(D(low), D(high), D(1)) for low, high in rows], digits)

        for joined in (
            [("1.50", "1.59"), ("1.60", "1.69")],
            [("1.500", "1.599"), ("1.600", "1.699")],
            [("1.5000", "1.5999"), ("1.6000", "1.6999")],
            [("1.5", "1.6"), ("1.6", "1.7")],
        ):
            with self.subTest(joined):
                self.assertEqual(gaps(*joined), [])
        self.assertEqual(gaps(("150", "159"), ("160", "169"), digits=0), [])
        # A cent is missing where the table names tenths of cents, and a unit where it names none.
        for torn in (
            [("3.9", "3.94"), ("3.95", "3.999")],
            [("1", "2"), ("3", "4")],
            [("1.5", "1.6"), ("1.59", "2")],
        ):
            with self.subTest(torn):
                self.assertEqual(len(gaps(*torn)), 1)

    def test_a_gap_is_an_error_and_never_zero(self):
        brackets = [fuel.Bracket(D("3.85"), D("3.899"), D("0.53"))]
        with self.assertRaises(RateGap):
            fuel.per_distance(D("3.912"), brackets)
        with self.assertRaises(RateGap):
            fuel.price_at([], datetime(2026, 3, 2, tzinfo=UTC))

    def test_monday_uses_last_weeks_price(self):
        zone = ZoneInfo("America/Chicago")
        old = self.price("3.70", datetime(2026, 2, 24, 0, 1, tzinfo=zone))
        new = self.price("3.912", datetime(2026, 3, 3, 0, 1, tzinfo=zone))
        monday = datetime(2026, 3, 2, 23, 59, tzinfo=zone)
        self.assertEqual(fuel.price_at([old, new], monday).price, D("3.70"))
        tuesday = monday + timedelta(minutes=2)
        self.assertEqual(fuel.price_at([old, new], tuesday).price, D("3.912"))
        with self.assertRaises(RateGap):
            fuel.price_at([old], datetime(2026, 3, 20, tzinfo=zone))


if __name__ == "__main__":
    unittest.main()
