from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .billing_case import PICKUP, BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceAuthority(BillingCase):
    """What was decided is nobody's to edit, and nobody releases what he entered or edited."""

    def setUp(self):
        super().setUp()
        self.shipment_ = self.shipment()

    def fuel_hold(self, amount="499.50", shipment=None, **expected):
        """A fuel bill above what its contract says."""
        if not self.env["milepost.rate"].search_count([("charge_type", "=", "fuel")]):
            self.expect(None, fuel=expected.get("fuel", 455.1))
        fact = self.bill(shipment or self.shipment_, [("fuel", amount)])
        self.facts(fact)
        self.validate(shipment or self.shipment_)
        return self.invoice_of(fact).hold_ids

    def as_(self, record, user):
        return record.with_user(self.users[user])

    def manual_hold(self, user="analyst", **values):
        return self.as_(self.env["milepost.hold"], user).create({
            "shipment_id": self.shipment_.id, "reason": "manual", "amount": 1000,
            "explanation": "Ask first", **values,
        })  # fmt: skip

    def test_who_told_a_milestone_by_hand_releases_nothing_that_rests_on_it(self):
        hold = self.fuel_hold()
        dispatcher = self.env.ref("milepost.group_dispatcher")
        self.users["manager"].group_ids |= dispatcher
        self.assertTrue(self.as_(hold, "manager").may_release)
        told = self.as_(self.env["milepost.tell"], "manager").create({
            "shipment_id": self.shipment_.id, "milestone": "arrived_delivery", "at": PICKUP,
        })  # fmt: skip
        told.action_tell()
        self.env.invalidate_all()
        self.assertIn(self.users["manager"], hold._people())
        self.assertIn(self.users["manager"], self.shipment_._emergency_people())
        with self.assertRaises(AccessError):
            self.as_(hold, "manager").action_release("contract", "As I saw it")
        self.assertNotIn(self.users["controller"], hold._people())

    # What the decision wrote

    def test_nothing_that_a_decision_wrote_of_a_hold_is_written_by_a_person(self):
        hold = self.fuel_hold()
        for user in ("analyst", "manager", "controller"):
            for values in (
                {"amount": 1}, {"explanation": "all well"}, {"expires_on": "2020-01-01"}, {"percent": 0.1},
                {"has_percent": False}, {"remedy": "none"}, {"severity": "warn"}, {"side": "ar"},
                {"reason": "manual"}, {"subject": "x"}, {"policy_id": False}, {"touched_by_ids": [(5,)]},
                {"currency_id": self.env.ref("base.EUR").id}, {"shipment_id": False}, {"shadow": True},
                {"fingerprint": "x"}, {"is_manual": True}, {"audit_count": 0}, {"company_id": False},
            ):  # fmt: skip
                with self.subTest(user=user, values=values), self.assertRaises(AccessError):
                    self.as_(hold, user).write(values)
        self.as_(hold, "analyst").user_id = self.users["manager"]

    def test_another_persons_hold_is_edited_by_nobody_and_ones_own_only_while_it_is_undecided(self):
        hold = self.manual_hold("controller")
        for values in ({"amount": 1}, {"expires_on": "2020-01-01"}, {"explanation": "ok"}):
            with self.subTest(values=values), self.refused(AccessError, "Only who opened"):
                self.as_(hold, "analyst").write(values)
        self.as_(hold, "controller").write({"amount": 900, "expires_on": "2030-01-01"})
        self.as_(hold, "manager").action_release("commercial", "Agreed by phone")
        self.assertEqual(hold.state, "released")
        with self.refused(AccessError, "Only who opened"):
            self.as_(hold, "controller").write({"amount": 1})

    def test_the_reason_of_a_release_stays_as_it_was_given(self):
        hold = self.fuel_hold()
        self.as_(hold, "manager").action_release("contract", "As agreed in March")
        for user in ("analyst", "manager", "controller"):
            for values in ({"release_reason": "never"}, {"release_code": "error"}):
                with self.subTest(user=user, values=values), self.refused(AccessError, "stays as it is"):
                    self.as_(hold, user).write(values)

    def test_a_hold_is_opened_with_what_is_a_persons_to_say(self):
        generous = self.policy.copy({"analyst_amount": 1e6, "active": False})
        for values in (
            {"policy_id": generous.id}, {"approved_by_ids": [(4, self.users["manager"].id)]},
            {"percent": 1, "has_percent": True}, {"release_code": "error"}, {"severity": "hard"},
            {"touched_by_ids": [(5,)]}, {"fingerprint": "x"},
        ):  # fmt: skip
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.manual_hold(**values)

    def test_a_code_that_does_not_exist_is_refused_in_words(self):
        with self.refused(UserError, "none of"):
            self.as_(self.fuel_hold(), "manager").action_release("because", "I say so")

    # One's own work

    def assert_kept_from(self, hold, user):
        with self.refused(AccessError, "created or edited"):
            self.as_(hold, user).action_release("evidence", "seen")

    def test_n26_who_made_the_rate_does_not_release_its_variance(self):
        self.as_(self.env["milepost.rate"], "manager").create({
            "name": "Fuel", "company_id": self.company.id, "carrier_partner_id": self.carrier.id,
            "charge_type": "fuel", "amount": 455.1, "valid_from": "2026-01-01",
        })  # fmt: skip
        hold = self.fuel_hold()
        self.assert_kept_from(hold, "manager")
        self.as_(hold, "controller").action_release("evidence", "seen")
        self.assertEqual(hold.state, "released")
        self.assertIn(self.users["manager"], hold.touched_by_ids)

    def test_an_earlier_editor_of_a_rate_is_kept_from_it_too(self):
        self.expect(None, fuel=455.1)
        rate = self.env["milepost.rate"].search([("charge_type", "=", "fuel")])
        self.as_(rate, "manager").amount = 455.1
        self.as_(rate, "controller").name = "Fuel 2026"
        hold = self.fuel_hold()
        self.assert_kept_from(hold, "manager")
        self.assert_kept_from(hold, "controller")
        hold.with_user(self.controller2).action_release("evidence", "seen")

    def test_a_tolerance_is_its_editors_whoever_edited_it_last(self):
        self.as_(self.policy.limit_ids[0], "controller").over_amount = 26
        self.policy.with_user(self.controller2).name = "Test 2"
        hold = self.fuel_hold()
        self.assert_kept_from(hold, "controller")
        self.as_(hold, "manager").action_release("evidence", "seen")

    def test_who_entered_the_price_of_fuel_does_not_release_what_it_gives(self):
        self.as_(self.env["milepost.fuel.price"], "manager").create({
            "fuel_index": "DOE", "effective_from": "2026-02-24 00:01:00", "price": 3.9, "company_id": self.company.id,
        })  # fmt: skip
        self.env["milepost.rate"].create({
            "name": "Fuel", "company_id": self.company.id, "carrier_partner_id": self.carrier.id,
            "charge_type": "fuel", "method": "fuel_formula", "fuel_index": "DOE", "fuel_base": 1.2,
            "fuel_divisor": 6, "valid_from": "2026-01-01",
        })  # fmt: skip
        self.shipment_.distance = 1000
        self.facts(self.milestone(self.shipment_, "picked_up", PICKUP))
        self.assert_kept_from(self.fuel_hold(), "manager")

    def test_who_edits_after_the_hold_was_opened_is_kept_from_it(self):
        hold = self.fuel_hold()
        self.as_(self.env["milepost.expected.charge"], "manager").create({
            "shipment_id": self.shipment_.id, "charge_type": "lumper", "amount": 5,
        })  # fmt: skip
        self.validate(self.shipment_)
        self.assert_kept_from(hold, "manager")

    def test_a_request_is_the_work_of_all_who_edited_it_on_either_side(self):
        for side in ("cost", "sell"):
            with self.subTest(side=side):
                request = self.as_(self.env["milepost.expected.charge"], "dispatcher").create({
                    "shipment_id": self.shipment_.id, "charge_type": "lumper", "amount": 10, "side": side,
                })  # fmt: skip
                self.as_(request, "analyst").amount = 500
                with self.refused(AccessError, "entered or edited"):
                    self.as_(request, "analyst").action_approve()
                self.as_(request, "manager").action_approve()
                self.assertEqual(request.approved_by_id, self.users["manager"])
                self.assertIn(self.users["analyst"], request.touched_by_ids)

    def test_a_request_does_not_come_approved(self):
        for values in ({"approved_by_id": self.users["analyst"].id}, {"approved_at": "2026-03-01"},
                       {"basis": "by contract"}, {"rate_id": 1}):  # fmt: skip
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.as_(self.env["milepost.expected.charge"], "dispatcher").create({
                    "shipment_id": self.shipment_.id, "charge_type": "lumper", "amount": 10, **values,
                })  # fmt: skip

    def test_who_entered_times_or_reviewed_the_proof_releases_no_hold_of_the_customers_invoice(self):
        order = self.order()
        shipment = self.shipment(order)
        self.deliver(shipment)
        self.facts(self.pod(shipment, [("short", 4)]))
        stop = shipment.stop_ids.filtered(lambda one: one.kind == "delivery" and one.in_plan)
        self.as_(stop, "manager").enter_times(excluded_minutes=5)
        self.validate(shipment)
        hold = self.holds(shipment)["qty_short"]
        self.assert_kept_from(hold, "manager")
        self.as_(shipment.pod_ids, "analyst").action_validate()
        self.assert_kept_from(hold, "analyst")
        self.as_(hold, "controller").action_release("evidence", "seen")

    # What was decided follows

    def newer(self, shipment, lines, event, at, **values):
        fact = self.bill(shipment, lines, source_event=event, recorded_at=at, **values)
        self.facts(fact)
        self.validate(shipment)
        return self.invoice_of(fact)

    def test_n10_a_release_follows_to_a_newer_version_of_the_same_bill(self):
        self.expect(None, linehaul=1850, fuel=455.1)
        lines, shipment = [("linehaul", "1850.00"), ("fuel", "499.50")], self.shipment_
        first = self.newer(shipment, lines, "INV-1", "2026-03-06T10:00:00Z", number="1")
        self.as_(first.hold_ids, "manager").action_release("contract", "agreed")
        self.validate(shipment)
        self.assertEqual(first.approved_amount, 2349.5)
        second = self.newer(shipment, lines, "INV-1", "2026-03-06T11:00:00Z", number="1")
        self.assertEqual((second.approved_amount, second.state), (2349.5, "payable"))
        self.assertEqual(shipment.hold_ids.mapped("state"), ["released"])
        self.assertEqual(shipment.hold_ids.carrier_invoice_id, second)
        third = self.newer(
            shipment,
            [("linehaul", "1850.00"), ("fuel", "520.00")],
            "INV-1",
            "2026-03-06T12:00:00Z",
            number="1",
        )
        self.assertEqual((third.hold_ids.state, third.hold_ids.amount), ("open", 64.9))

    def test_n10_a_rejected_bill_stays_rejected_when_it_is_told_again(self):
        shipment = self.shipment_
        self.expect(None, fuel=455.1)
        first = self.newer(shipment, [("fuel", "455.10")], "INV-2", "2026-03-06T10:00:00Z", number="2")
        self.as_(first, "manager").action_reject()
        second = self.newer(shipment, [("fuel", "455.10")], "INV-2", "2026-03-06T11:00:00Z", number="2")
        self.assertEqual(second.state, "rejected")
        third = self.newer(shipment, [("fuel", "450.00")], "INV-2", "2026-03-06T12:00:00Z", number="2")
        self.assertEqual(third.state, "payable")

    def test_n11_a_released_hold_whose_reason_grows_is_reopened(self):
        self.policy.pay_needs_pod = True
        self.expect(None, fuel=10000)
        self.deliver(self.shipment_)
        first = self.newer(self.shipment_, [("fuel", "100.00")], "INV-3", "2026-03-06T10:00:00Z", number="3")
        hold = first.hold_ids
        self.assertEqual(hold.reason, "pod_missing")
        self.as_(hold, "manager").action_release("contract", "small")
        again = self.newer(self.shipment_, [("fuel", "90.00")], "INV-3", "2026-03-06T11:00:00Z", number="3")
        self.assertEqual((hold.carrier_invoice_id, hold.state), (again, "released"))
        grown = self.newer(self.shipment_, [("fuel", "9000.00")], "INV-3", "2026-03-06T12:00:00Z", number="3")
        self.assertEqual((hold.carrier_invoice_id, hold.state, hold.amount), (grown, "open", 9000))

    def test_n11_a_proof_that_was_waived_for_little_is_asked_for_when_the_value_grows(self):
        order = self.order(quantity=10)
        shipment = self.shipment(order)
        self.deliver(shipment)
        self.validate(shipment)
        hold = self.holds(shipment)["pod_missing"]
        self.as_(hold, "manager").action_release("customer_agreed", "small")
        self.validate(shipment)
        self.assertEqual(hold.state, "released")
        order.order_line.price_unit = 125
        self.validate(shipment)
        self.assertEqual((hold.state, hold.amount), ("open", 1250))
