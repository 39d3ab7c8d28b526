# Over 300 lines: the figures of one screen, measured on one kind of shipment.
import random
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .billing_case import DELIVERY, BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceLag(BillingCase):
    """Key figures: how long money takes from the door to the books (T46)."""

    def setUp(self):
        super().setUp()
        self.before = self.env["milepost.shipment"].search([])

    def delivered(self, **hours):
        """A delivered shipment whose marks are set to so many hours after the delivery."""
        shipment = self.shipment()
        self.deliver(shipment)
        # The bridge had the word at once, and Odoo too.
        self.env.cr.execute(
            "UPDATE milepost_milestone SET create_date = received_at WHERE shipment_id = %s", [shipment.id]
        )
        values = dict.fromkeys(("pod_validated_at", "charges_final_at", "billing_ready_at", "posted_at"))
        values |= {name: DELIVERY + timedelta(hours=after) for name, after in hours.items()}
        shipment.with_context(tracking_disable=True).write(values)
        return shipment

    def figures(self, shipments=None, now=None, user=None):
        domain = [("id", "in", shipments.ids)] if shipments else [("id", "not in", self.before.ids)]
        lag = self.env["milepost.billing.lag"]
        return (lag.with_user(self.users[user]) if user else lag).figures(domain, now)

    def parts(self, figures, field="seconds"):
        return {part["key"]: part[field] for part in figures["parts"] if part[field]}

    def test_t46_the_median_counts_what_is_ready_and_the_open_one_stays_on_the_screen(self):
        for hours in (2, 6, 40):
            self.delivered(billing_ready_at=hours)
        self.delivered()
        figures = self.figures(now=DELIVERY + timedelta(hours=30))
        readiness = figures["readiness"]
        self.assertEqual((readiness["n"], readiness["median_hours"]), (3, "6.00"))
        self.assertEqual((readiness["mean_hours"], readiness["p90_hours"]), ("16.00", "40.00"))
        self.assertEqual((readiness["open"], readiness["open_ages_hours"]), (1, ["30.00"]))
        self.assertEqual(figures["n"], 4)

    def test_the_parts_of_the_waterfall_sum_to_the_whole_delay(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        self.run_billing()
        figures = self.figures(shipment)
        whole = int((shipment.posted_at - shipment.delivered_at).total_seconds())
        self.assertEqual(sum(part["seconds"] for part in figures["parts"]), whole)
        self.assertEqual(figures["total_seconds"], whole)
        self.assertEqual(figures["posted"], 1)

    def test_each_part_gets_the_time_that_was_waited_for_it(self):
        shipment = self.delivered(pod_validated_at=3, charges_final_at=5, billing_ready_at=6, posted_at=10)
        self.env.cr.execute(
            "UPDATE milepost_milestone SET received_at = %s, create_date = %s"
            " WHERE shipment_id = %s AND code = 'delivered'",
            [DELIVERY + timedelta(hours=1), DELIVERY + timedelta(minutes=90), shipment.id],
        )
        figures = self.figures()
        self.assertEqual(
            self.parts(figures, "mean_hours"),
            {
                "carrier_reporting": "1.00", "bridge": "0.50", "pod_wait": "1.50",
                "charge_wait": "2.00", "review_wait": "1.00", "posting_wait": "4.00",
            },
        )  # fmt: skip
        self.assertEqual(self.parts(figures, "share")["posting_wait"], 40.0)

    def test_the_tiles_and_the_waterfall_tell_one_story(self):
        """What was ready or proven ahead of the delivery waited no time: not 3 days, and not minus 3."""
        self.delivered(pod_validated_at=-71, charges_final_at=-71, billing_ready_at=-71, posted_at=2)
        self.delivered(pod_validated_at=1, charges_final_at=1, billing_ready_at=2, posted_at=3)
        figures = self.figures()
        parts = {part["key"]: part["seconds"] / 3600 for part in figures["parts"]}
        tiles = {key: float(figures[key]["mean_hours"]) * 2 for key in ("readiness", "posting", "whole")}
        self.assertEqual(sum(parts.values()), tiles["whole"])
        self.assertEqual(parts["posting_wait"], tiles["posting"])
        self.assertEqual(tiles["readiness"] + tiles["posting"], tiles["whole"])
        self.assertEqual(figures["whole"]["n"], figures["posted"])
        self.assertLessEqual(
            float(figures["readiness"]["median_hours"]), float(figures["readiness"]["p90_hours"])
        )

    def test_what_is_delivered_after_the_time_of_looking_is_counted_nowhere(self):
        for hours in (-80, 80):
            shipment = self.shipment(self.order())
            self.deliver(shipment)
            self.validate(shipment)
            shipment.delivered_at = DELIVERY + timedelta(hours=hours)
        figures = self.figures(now=DELIVERY + timedelta(hours=1))
        unbilled = figures["kpis"]["unbilled"]
        self.assertEqual((figures["n"], unbilled["n"]), (1, 1))
        self.assertEqual(sum(one["amount"] for one in unbilled["buckets"]), unbilled["amount"])
        self.assertEqual(sum(one["n"] for one in unbilled["buckets"]), unbilled["n"])

    def test_the_parts_sum_to_the_whole_whatever_the_order_of_the_marks(self):
        chance = random.Random(1)
        names = ("pod_validated_at", "charges_final_at", "billing_ready_at")
        shipments = self.env["milepost.shipment"]
        for _n in range(30):
            marks = {name: chance.randrange(-5, 90) for name in names if chance.random() < 0.8}
            shipments |= self.delivered(posted_at=chance.randrange(0, 100), **marks)
        figures = self.figures()
        whole = sum(int((one.posted_at - one.delivered_at).total_seconds()) for one in shipments)
        self.assertEqual(sum(part["seconds"] for part in figures["parts"]), whole)
        self.assertTrue(all(part["seconds"] >= 0 for part in figures["parts"]))

    def test_an_open_shipment_waits_in_the_part_that_keeps_it(self):
        proofless = self.shipment(self.order())
        self.deliver(proofless)
        self.validate(proofless)
        self.delivered(billing_ready_at=1)
        figures = self.figures(now=DELIVERY + timedelta(hours=5))
        self.assertEqual(self.parts(figures, "open"), {"pod_wait": 1, "posting_wait": 1})
        self.assertEqual(self.parts(figures, "open_seconds")["pod_wait"], 5 * 3600)
        self.assertEqual(figures["total_seconds"], 0, "nothing is posted")

    def test_what_is_unbilled_is_told_by_its_age(self):
        for quantity in (10, 20):
            shipment = self.shipment(self.order(quantity))
            self.deliver(shipment)
            self.validate(shipment)
        unbilled = self.figures(now=DELIVERY + timedelta(days=3, hours=1))["kpis"]["unbilled"]
        self.assertEqual((unbilled["n"], unbilled["amount"]), (2, 375.0))
        self.assertEqual([one["n"] for one in unbilled["buckets"]], [0, 2, 0, 0])
        later = self.figures(now=DELIVERY + timedelta(days=8))["kpis"]["unbilled"]
        self.assertEqual([one["amount"] for one in later["buckets"]], [0, 0, 0, 375.0])

    def test_a_proof_is_missing_only_when_it_is_due(self):
        self.delivered(pod_validated_at=1)
        for _n in range(3):
            self.delivered()
        early = self.figures(now=DELIVERY + timedelta(hours=23))["kpis"]["missing_pod"]
        self.assertEqual(early, {"value": None, "n": 0, "of": 0})
        late = self.figures(now=DELIVERY + timedelta(hours=25))["kpis"]["missing_pod"]
        self.assertEqual(late, {"value": 75.0, "n": 3, "of": 4})

    def test_what_carriers_billed_beside_what_was_expected(self):
        self.expect(None, fuel=455.1)
        clean, held, released = (self.shipment() for _n in range(3))
        for shipment, amount in ((clean, "455.10"), (held, "499.50"), (released, "499.50")):
            self.facts(self.bill(shipment, [("fuel", amount)]))
            self.deliver(shipment)
            self.validate(shipment)
        hold = released.hold_ids.filtered(lambda one: one.side == "ap")
        hold.with_user(self.users["manager"]).action_release("contract", "agreed")
        self.validate(released)
        kpis = self.figures()["kpis"]
        self.assertEqual(kpis["charge_exceptions"], {"value": 66.7, "n": 2, "of": 3})
        value = kpis["charge_exception_value"]
        self.assertEqual((value["amount"], value["of_amount"]), (88.8, 1454.1))
        self.assertEqual(value["value"], 6.1)
        self.assertEqual(kpis["touchless"], {"value": 50.0, "n": 1, "of": 2})
        self.assertEqual(kpis["false_holds"], {"value": 100.0, "n": 1, "of": 1})

    def test_holds_that_overlap_count_once_as_primary_and_each_in_the_raw_count(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.validate(shipment)
        [missing] = shipment.hold_ids
        dispute = self.env["milepost.hold"].create(
            {"shipment_id": shipment.id, "reason": "customer_dispute", "amount": 100}
        )
        missing.sudo().opened_at = DELIVERY
        dispute.sudo().opened_at = DELIVERY + timedelta(hours=30)
        self.env.company.milepost_capital_rate = 8.76
        kpis = self.figures(now=DELIVERY + timedelta(hours=40))["kpis"]
        rows = {row["reason"]: row for row in kpis["hold_pareto"]}
        self.assertEqual([row["reason"] for row in kpis["hold_pareto"]], ["pod_missing", "customer_dispute"])
        first, second = rows["pod_missing"], rows["customer_dispute"]
        self.assertEqual((first["n"], first["hours"], first["amount"]), (1, 40.0, 1250.0))
        self.assertEqual((first["primary_n"], first["primary_hours"]), (1, 40.0))
        self.assertEqual((second["n"], second["hours"], second["primary_n"]), (1, 10.0, 0))
        # 1,250.00 × 40 / 8760 × 8.76 % = 0.50; the overlapping 100.00 cost nothing more.
        self.assertEqual(kpis["hold_cost"], {"amount": 0.5, "n": 1})

    def test_an_invoice_that_a_note_corrects_was_not_accurate(self):
        shipments = self.env["milepost.shipment"]
        self.policy.consolidation = "shipment"
        for _n in range(2):
            shipment = self.shipment(self.order())
            self.deliver(shipment)
            self.facts(self.pod(shipment))
            self.validate(shipment)
            shipments |= shipment
        moves = self.run_billing()
        self.assertEqual(self.figures()["kpis"]["billing_accuracy"], {"value": 100.0, "n": 2, "of": 2})
        refund = moves[:1]._reverse_moves([{"date": moves[:1].date}])
        refund.action_post()
        self.assertEqual(self.figures()["kpis"]["billing_accuracy"], {"value": 50.0, "n": 1, "of": 2})
        self.assertEqual(self.behind("billing_accuracy"), moves[:1].milepost_shipment_ids)
        self.assertEqual(self.figures()["kpis"]["first_pass"]["of"], 2)

    def behind(self, key):
        domain = [("id", "not in", self.before.ids)]
        action = self.env["milepost.billing.lag"].with_user(self.users["analyst"]).records(key, domain)
        return self.env[action["res_model"]].search(action["domain"])

    def test_each_number_leads_to_the_records_that_it_counts(self):
        self.expect(None, fuel=455.1)
        held = self.shipment(self.order())
        self.facts(self.bill(held, [("fuel", "499.50")]))
        self.deliver(held)
        self.validate(held)
        ready = self.delivered(pod_validated_at=1, billing_ready_at=2)
        posted = self.delivered(pod_validated_at=1, billing_ready_at=2, posted_at=3)
        self.assertEqual(self.behind("readiness"), posted | ready)
        self.assertEqual(self.behind("readiness/open"), held)
        self.assertEqual(self.behind("posting/open"), ready)
        self.assertEqual(self.behind("proof/open"), held)
        self.assertEqual(self.behind("missing_pod"), held)
        self.assertEqual(self.behind("unbilled"), held | ready)
        self.assertEqual(self.behind("unbilled/3"), held | ready)
        self.assertFalse(self.behind("unbilled/0"))
        self.assertEqual(self.behind("part/pod_wait"), posted)
        self.assertEqual(self.behind("part/pod_wait/open"), held)
        self.assertEqual(self.behind("first_pass"), held.filtered("billing_ready_at"))
        self.assertEqual(self.behind("charge_exceptions"), held.carrier_invoice_ids)
        self.assertEqual(self.behind("charge_exception_value").reason, "charge_variance")
        self.assertEqual(self.behind("hold_pareto/ar/pod_missing"), self.holds(held)["pod_missing"])
        for key in (
            "whole", "hold_cost", "false_holds", "touchless", "late_charge_leak", "detention_recovery",
            "dwell", "completeness", "event_latency", "on_time_last", "on_time_first", "otif",
        ):  # fmt: skip
            self.behind(key)
        with self.refused(UserError, "no figure"):
            self.behind("part/nonsense")

    def test_the_number_of_queries_does_not_grow_with_the_shipments(self):
        def measure():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.figures()
            return self.env.cr.sql_log_count - before

        self.delivered(billing_ready_at=1, posted_at=2)
        measure()  # fills the caches of rights
        few = measure()
        for _n in range(5):
            self.delivered(billing_ready_at=1, posted_at=2)
        self.assertEqual(measure(), few)

    def test_the_figures_are_for_finance_and_for_its_own_companies(self):
        self.delivered(billing_ready_at=1)
        self.assertEqual(self.figures(user="analyst")["n"], 1)
        with self.refused(AccessError, "for finance"):
            self.figures(user="dispatcher")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        analyst = self.users["analyst"]
        analyst.company_ids += elsewhere
        lag = self.env["milepost.billing.lag"].with_user(analyst)
        there = lag.with_context(allowed_company_ids=elsewhere.ids).figures()
        self.assertEqual((there["n"], there["kpis"]["unbilled"]["n"]), (0, 0))

    def test_n17_the_time_of_looking_may_be_text(self):
        figures = self.figures(now="2026-12-01 00:00:00")
        self.assertEqual(figures["now"], "2026-12-01 00:00:00")
        for now in ("yesterday", 5, {"at": 1}):
            with self.subTest(now), self.refused(UserError, "is no instant"):
                self.figures(now=now)

    def test_n22_a_bill_that_is_told_in_three_versions_is_one_exception(self):
        self.expect(None, linehaul=1850, fuel=455.1)
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        for hour in (10, 11, 12):
            self.facts(self.bill(
                shipment, [("linehaul", "1850.00"), ("fuel", "499.50")], number="N22", source_event="E22",
                recorded_at=f"2026-03-06T{hour}:00:00Z",
            ))  # fmt: skip
            self.validate(shipment)
        value = self.figures(shipment)["kpis"]["charge_exception_value"]
        self.assertEqual((value["amount"], value["of_amount"]), (44.4, 2349.5))

    def test_monitoring_gets_counts_and_durations_of_billing_and_no_money(self):
        for hours in (2, 6, 40):
            self.delivered(billing_ready_at=hours)
        held = self.delivered()
        self.env["milepost.hold"].create({"shipment_id": held.id, "explanation": "look at it"})
        # What was delivered lies within the window that the figures look back on.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE milepost_shipment SET delivered_at = delivered_at + shift.by,"
            " billing_ready_at = billing_ready_at + shift.by"
            " FROM (SELECT date_trunc('day', now() AT TIME ZONE 'UTC') - interval '3 days' - %s AS by) shift"
            " WHERE connection_id = %s",
            [DELIVERY, self.connection.id],
        )
        self.env.invalidate_all()
        answer = self.env["milepost.exchange"].with_user(self.users["bridge"]).figures()
        billing = answer["billing"]
        self.assertEqual(billing["deliveries"], 4)
        self.assertEqual(billing["readiness_median_seconds"], 6 * 3600)
        self.assertEqual(billing["readiness_p90_seconds"], 40 * 3600)
        self.assertEqual(billing["without_proof_share"], 1)
        counts = {one["reason"]: one["count"] for one in billing["holds"]}
        self.assertEqual((counts["manual"], counts["duplicate"]), (1, 0))
        self.assertNotIn("amount", str(answer))
