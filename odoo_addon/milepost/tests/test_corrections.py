"""Corrections, withdrawals and disorder: the set of facts decides, never their order."""

import itertools

from odoo.tests import tagged

from .common import NOON, MilepostCase, fact, itinerary, milestone, stop, text_of

KNOWN = (
    "state", "current_milestone", "eta", "planned_delivery_at", "picked_up_at", "arrived_delivery_at",
    "delivered_at", "lateness_minutes", "punctuality", "exception_code", "stop_count", "stop_done_count",
    "progress", "fact_count", "carrier_name",
)  # fmt: skip


@tagged("post_install", "-at_install", "milepost")
class TestCorrections(MilepostCase):
    def setUp(self):
        super().setUp()
        self.shipment = self.new_shipment()

    def known(self, shipment):
        stops = [(s.sequence, s.kind, s.state, s.arrived_at, s.completed_at) for s in shipment.stop_ids]
        facts = sorted((m.raw_code, m.occurred_at, m.superseded, m.retracted) for m in shipment.milestone_ids)
        return {name: shipment[name] for name in KNOWN} | {"stops": stops, "facts": facts}

    def test_the_later_word_on_the_same_milestone_counts(self):
        self.tell(milestone(self.shipment, "delivered", 5, said=5))
        self.tell(milestone(self.shipment, "delivered", 4, said=6))
        self.assertEqual(self.shipment.delivered_at.hour, 16)
        self.assertEqual(
            self.shipment.milestone_ids.sorted("said_at").mapped("standing"), ["superseded", "counts"]
        )

    def test_an_older_word_that_arrives_later_does_not_count(self):
        self.tell(milestone(self.shipment, "delivered", 4, said=6))
        self.tell(milestone(self.shipment, "delivered", 5, said=5))
        self.assertEqual(self.shipment.delivered_at.hour, 16)

    def test_a_fact_that_is_told_again_counts_from_when_it_was_first_said(self):
        for order in itertools.permutations(range(3)):
            shipment = self.new_shipment()
            first = milestone(shipment, "delivered", 5, said=5)
            correction = milestone(shipment, "delivered", 4, said=6)
            again = {**first, "recorded_at": text_of(NOON.replace(hour=22))}
            facts = (first, correction, again)
            for index in order:
                self.ingest(facts[index])
            with self.subTest(order=order):
                self.assertEqual(shipment.delivered_at.hour, 16)
        shipment = self.new_shipment()
        first = milestone(shipment, "delivered", 5, said=5)
        again = {**first, "recorded_at": text_of(NOON.replace(hour=22))}
        self.ingest(again, milestone(shipment, "delivered", 4, said=6), first)
        self.assertEqual(shipment.delivered_at.hour, 16)

    def test_a_plan_without_stops_only_names_and_hides_no_plan(self):
        stops = [stop("p", 0, "pickup"), stop("h", 1, "terminal"), stop("d", 2, "delivery", due=5)]
        names = {"declares": [{"type": "entity", "value": "tms-order"}]}
        self.tell(itinerary(self.shipment, stops, said=1, carrier_name="Rhein Cargo"))
        self.tell(itinerary(self.shipment, [], said=2, **names))
        self.assertEqual(self.shipment.stop_count, 3)
        self.assertEqual(self.shipment.carrier_name, "Rhein Cargo")
        self.tell(milestone([("entity", "tms-order")], "delivered", 4))
        self.assertEqual(self.shipment.state, "delivered")

    def test_a_vehicle_that_goes_on_does_not_undo_a_cancellation(self):
        self.tell(milestone(self.shipment, "cancelled", 1), milestone(self.shipment, "in_transit", 2))
        self.assertEqual(self.shipment.state, "cancelled")

    def test_a_newer_version_of_an_event_replaces_the_older_even_under_another_code(self):
        first = {"source_event": "e1", "version": text_of(NOON)}
        second = {"source_event": "e1", "version": text_of(NOON.replace(hour=13))}
        self.tell(milestone(self.shipment, "delivered", 5, **first))
        self.tell(milestone(self.shipment, "arrived_delivery", 5, **second))
        self.assertEqual(self.shipment.state, "at_delivery")

    def test_a_withdrawn_event_counts_no_more_nor_do_its_later_versions(self):
        self.tell(milestone(self.shipment, "delivered", 5, source_event="e1"))
        self.tell(fact("retraction", self.shipment, 6, target={"source_event": "e1"}))
        self.assertEqual(self.shipment.state, "waiting")
        self.tell(milestone(self.shipment, "delivered", 6, said=9, source_event="e1"))
        self.assertEqual(self.shipment.state, "waiting")
        self.assertEqual(set(self.shipment.milestone_ids.mapped("standing")), {"retracted"})

    def test_a_paper_that_was_fetched_is_withdrawn_with_the_events_that_named_it(self):
        paper = "|paper/" + "0" * 32
        cases = (
            ("a1/pod|d1/pod", "d1/pod", True), ("a1/pod|d1/pod", "a1/pod", True), ("a|1", "a|1", True),
            ("a2/pod", "a1/pod", False),
        )  # fmt: skip
        for events, withdrawn, is_gone in cases:
            for order in (1, -1):
                shipment = self.new_shipment()
                told = [
                    milestone(shipment, "delivered", 5, source_event=events + paper),
                    fact("retraction", shipment, 6, target={"source_event": withdrawn}),
                ]
                with self.subTest(events, withdrawn=withdrawn, order=order):
                    for one in told[::order]:
                        self.tell(one)
                    self.assertEqual(shipment.state, "waiting" if is_gone else "delivered")

    def test_a_connection_withdraws_its_own_events_and_facts_alone(self):
        by_event = milestone(self.shipment, "arrived_delivery", 4, source_event="e1")
        by_key = milestone(self.shipment, "delivered", 5)
        withdrawals = [
            fact("retraction", self.shipment, 6, target=target)
            for target in ({"source_event": "e1"}, {"key": by_key["key"]})
        ]
        self.tell(by_event, by_key)
        self.tell_by_another(by_event, by_key, *withdrawals)
        standing = {
            (one.connection_id == self.connection, one.code): one.standing
            for one in self.shipment.milestone_ids
        }
        self.assertEqual(standing[False, "arrived_delivery"], "retracted")
        self.assertEqual(standing[False, "delivered"], "retracted")
        self.assertEqual(standing[True, "arrived_delivery"], "counts")
        self.assertEqual(self.shipment.state, "delivered")
        # Nor does it take back another's withdrawal.
        self.tell(withdrawals[1])
        self.assertEqual(self.shipment.state, "at_delivery")
        back = fact("retraction", self.shipment, 7, target={"key": withdrawals[1]["key"]})
        self.tell_by_another(back)
        self.assertEqual(self.shipment.state, "delivered", "its own word counts again")
        own = self.shipment.milestone_ids.filtered(lambda one: one.connection_id == self.connection)
        self.assertEqual(own.filtered(lambda one: one.code == "delivered").standing, "retracted")

    def test_a_newer_version_of_an_event_of_another_connection_replaces_nothing(self):
        self.tell(milestone(self.shipment, "delivered", 5, source_event="e1"))
        self.tell_by_another(milestone(self.shipment, "delayed", 6, source_event="e1"))
        self.assertEqual(set(self.shipment.milestone_ids.mapped("standing")), {"counts"})
        self.assertEqual(self.shipment.state, "delivered")

    def test_a_withdrawal_may_come_before_what_it_withdraws(self):
        told = milestone(self.shipment, "delivered", 5)
        self.tell(fact("retraction", self.shipment, 6, target={"key": told["key"]}))
        self.tell(told)
        self.assertEqual(self.shipment.state, "waiting")

    def test_a_withdrawal_that_is_taken_back_counts_no_more_in_any_order(self):
        for words, state in ((1, "waiting"), (2, "delivered"), (3, "waiting")):
            for order in itertools.permutations(range(words + 1)):
                shipment = self.new_shipment()
                facts = [milestone(shipment, "delivered", 5)]
                for number in range(words):
                    facts.append(fact("retraction", shipment, 6 + number, target={"key": facts[-1]["key"]}))
                for index in order:
                    self.ingest(facts[index])
                with self.subTest(words=words, order=order):
                    self.assertEqual(shipment.state, state)

    def test_a_withdrawal_goes_to_where_its_fact_is_whatever_the_names_mean_by_now(self):
        names = [("bol", "BOL-77")]
        first = self.new_shipment()
        self.tell(itinerary(first, [], declares=[{"type": "bol", "value": "BOL-77"}]))
        told = milestone(names, "delivered", 5)
        self.tell(told)
        second = self.new_shipment()
        self.tell(itinerary(second, [], declares=[{"type": "bol", "value": "BOL-77"}]))
        self.assertEqual((first.state, second.state), ("delivered", "waiting"))
        self.tell(fact("retraction", names, 6, target={"key": told["key"]}))
        self.assertEqual((first.state, second.state), ("waiting", "waiting"))

    def test_what_a_batch_would_change_is_told_and_does_not_stay(self):
        told = milestone(self.shipment, "delivered", 5)
        self.tell(told)
        before = self.known(self.shipment)
        exchange = self.env["milepost.exchange"].with_user(self.bridge)
        answer = exchange.compare(
            self.batch(
                fact("retraction", self.shipment, 6, target={"key": told["key"]}),
                milestone(self.shipment, "arrived_delivery", 5),
            )
        )
        [change] = answer["shipments"]
        self.assertEqual(change["shipment"], self.shipment.name)
        states = (change["before"]["values"]["state"], change["after"]["values"]["state"])
        self.assertEqual(states, ("delivered", "at_delivery"))
        self.env.invalidate_all()
        self.assertEqual(self.known(self.shipment), before)
        self.assertEqual(exchange.compare(self.batch(told))["shipments"], [])

    def test_a_withdrawn_plan_gives_way_to_the_one_before(self):
        self.tell(itinerary(self.shipment, [stop("p", 1, "pickup"), stop("d", 2, "delivery", 3)], 0))
        second = itinerary(
            self.shipment, [stop("p", 1, "pickup"), stop("d", 2, "delivery", 9)], 1, source_event="plan"
        )
        self.tell(second)
        self.assertEqual(self.shipment.planned_delivery_at.hour, 21)
        self.tell(fact("retraction", self.shipment, 2, target={"source_event": "plan"}))
        self.assertEqual(self.shipment.planned_delivery_at.hour, 15)

    def test_every_order_of_the_same_facts_gives_the_same_record(self):
        def story(shipment):
            return [
                itinerary(
                    shipment,
                    [stop("p", 1, "pickup", 0), stop("h", 2, "terminal"), stop("d", 3, "delivery", 5)],
                    carrier_name="Northwind",
                ),
                milestone(shipment, "picked_up", 1, stop={"id": "p"}),
                milestone(shipment, "eta_updated", 7, said=2, classifier="estimated", stop={"id": "d"}),
                milestone(shipment, "delivered", 6, said=6, source_event="e1", stop={"id": "d"}),
                milestone(shipment, "delivered", 5, said=8, source_event="e1", stop={"id": "d"}),
            ]

        self.tell(*story(self.shipment))
        wanted = self.known(self.shipment)
        self.assertEqual(wanted["state"], "delivered")
        orders = list(itertools.permutations(range(5)))[::7]
        for order in orders:
            shipment = self.new_shipment()
            facts = story(shipment)
            for index in order:
                self.tell(facts[index])
            with self.subTest(order=order):
                self.assertEqual(self.known(shipment), wanted)


@tagged("post_install", "-at_install", "milepost")
class TestStops(MilepostCase):
    """Progress of each stop of a plan."""

    def setUp(self):
        super().setUp()
        self.shipment = self.new_shipment()
        self.plan = [
            stop("p1", 1, "pickup", 0),
            stop("d1", 2, "delivery", 3, place={"name": "Store 1", "city": "Bremen", "country": "DE"}),
            stop("d2", 3, "delivery", 6, aliases=["unload-2"], place={"name": "Store 2", "city": "Kiel"}),
        ]
        self.tell(itinerary(self.shipment, self.plan, carrier_name="Northwind", carrier_scac="NWND"))

    def stop(self, name):
        return self.shipment.stop_ids.filtered(lambda s: name in (s.key, *(s.aliases or ())))

    def test_the_plan_refines_the_stops_that_the_shipment_began_with(self):
        stops = self.shipment.stop_ids.filtered("in_plan")
        self.assertEqual(stops.mapped("kind"), ["pickup", "delivery", "delivery"])
        self.assertEqual(stops.mapped("is_base"), [True, False, True])
        self.assertEqual(stops.mapped("city")[1:], ["Bremen", "Kiel"])
        self.assertEqual(stops[1:].mapped("due_at"), stops[1:].mapped("window_end"))
        self.assertEqual((self.shipment.stop_count, self.shipment.carrier_scac), (3, "NWND"))

    def test_each_stop_has_its_own_times_and_state(self):
        self.tell(
            milestone(self.shipment, "arrived_pickup", -1, stop={"sequence": 1}),
            milestone(self.shipment, "picked_up", 1, stop={"sequence": 1}),
            milestone(self.shipment, "arrived_delivery", 4, stop={"id": "d1"}),
        )
        self.assertEqual(self.stop("p1").state, "done")
        self.assertEqual((self.stop("d1").state, self.stop("d1").lateness_minutes), ("arrived", 60))
        self.assertEqual(self.stop("d1").arrived_milestone_id.code, "arrived_delivery")
        self.assertEqual(self.stop("unload-2").state, "pending")
        self.assertEqual(self.shipment.state, "at_delivery")

    def test_a_shipment_is_delivered_when_its_last_delivery_is(self):
        self.tell(milestone(self.shipment, "delivered", 4, stop={"id": "d1"}))
        self.assertEqual((self.shipment.state, self.shipment.delivered_at), ("in_transit", False))
        self.tell(milestone(self.shipment, "delivered", 7, stop={"id": "unload-2"}))
        self.assertEqual((self.shipment.state, self.shipment.delivered_at.hour), ("delivered", 19))
        self.assertEqual(self.shipment.punctuality, "late")

    def test_deliveries_that_end_differently_are_a_partial_delivery(self):
        self.tell(
            milestone(self.shipment, "delivered", 4, stop={"id": "d1"}),
            milestone(self.shipment, "refused", 6, stop={"id": "d2"}),
        )
        self.assertEqual(self.shipment.state, "partially_delivered")

    def test_an_outcome_without_a_stop_is_told_of_every_delivery(self):
        self.tell(milestone(self.shipment, "delivered", 6))
        self.assertEqual(self.shipment.state, "delivered")
        self.assertEqual(
            self.shipment.stop_ids.filtered(lambda s: s.kind == "delivery").mapped("outcome"),
            ["delivered"] * 2,
        )

    def test_a_kind_alone_means_the_first_pickup_or_the_last_delivery(self):
        self.tell(milestone(self.shipment, "delivered", 6, stop={"kind": "delivery"}))
        self.assertEqual(self.stop("d2").outcome, "delivered")
        self.assertFalse(self.stop("d1").outcome)

    def test_the_grace_of_the_connection_says_what_is_late(self):
        self.connection.late_grace_minutes = 90
        self.tell(milestone(self.shipment, "delivered", 7, stop={"id": "d2"}))
        self.assertEqual((self.shipment.lateness_minutes, self.shipment.is_late), (60, False))
        other = self.new_shipment()
        self.connection.late_grace_minutes = 15
        self.tell(milestone(other, "delivered", 7))
        self.assertEqual((other.lateness_minutes, other.is_late), (60, True))
