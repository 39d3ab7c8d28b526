"""A tracking number that was wrong bills nothing by what was told of somebody else's parcel."""

import runpy

from odoo.tests import tagged
from odoo.tools import file_path

from .billing_case import DELIVERY, PICKUP, BillingCase

STRANGE, OWN = "1Z999AA10199999990", "1Z999AA10123456784"


@tagged("finance", "post_install", "-at_install")
class TestFinanceNumbers(BillingCase):
    def by_number(self, shipment, number):
        """All that makes its goods billable, told by the tracking number alone."""
        named = {"identifiers": [{"type": "tracking", "value": number}]}
        self.facts(
            self.milestone(shipment, "picked_up", PICKUP, **named),
            self.milestone(shipment, "delivered", DELIVERY, **named),
            self.pod(shipment, **named),
        )
        self.validate(shipment)

    def mistaken(self):
        """A shipment that is ready by somebody else's delivery and proof, and its transfer."""
        shipment = self.shipment(self.order())
        picking = shipment.picking_ids
        picking.carrier_tracking_ref = STRANGE
        self.by_number(shipment, STRANGE)
        self.assertEqual(shipment.billing_state, "ready")
        return shipment, picking

    def test_nothing_is_billed_by_the_delivery_and_proof_of_a_number_that_was_wrong(self):
        shipment, picking = self.mistaken()
        picking.carrier_tracking_ref = OWN
        self.validate(shipment)
        self.assertEqual((shipment.billing_state, shipment.has_pod), ("waiting", False))
        self.assertFalse(shipment.pod_validated_at or shipment.supply_date)
        self.assertFalse(self.run_billing())
        self.by_number(shipment, OWN)
        self.assertEqual(sum(self.run_billing().mapped("amount_untaxed")), 1250)

    def test_an_invoice_that_was_posted_by_a_wrong_number_is_a_case_and_no_change(self):
        shipment, picking = self.mistaken()
        [invoice] = self.run_billing()
        self.assertEqual(invoice.state, "posted")
        picking.carrier_tracking_ref = OWN
        self.validate(shipment)
        self.assertEqual((invoice.state, invoice.amount_untaxed), ("posted", 1250))
        self.assertEqual(shipment.hold_ids.filtered("is_open").mapped("reason"), ["pod_revoked"])
        self.assertFalse(self.run_billing())
        self.by_number(shipment, OWN)
        self.assertFalse(shipment.hold_ids.filtered("is_open"))
        self.assertFalse(self.run_billing(), "once is enough")

    def test_a_proof_that_is_gone_after_the_invoice_is_a_case_where_the_delivery_stands(self):
        """The TMS told the delivery by the shipment's name, the carrier its proof by a wrong number."""
        shipment = self.shipment(self.order())
        shipment.picking_ids.carrier_tracking_ref = STRANGE
        self.deliver(shipment)
        self.facts(self.pod(shipment, identifiers=[{"type": "tracking", "value": STRANGE}]))
        self.validate(shipment)
        self.run_billing()
        shipment.picking_ids.carrier_tracking_ref = OWN
        for _again in range(2):
            self.validate(shipment)
            self.assertEqual(shipment.state, "delivered")
            self.assertEqual(shipment.hold_ids.filtered("is_open").mapped("reason"), ["pod_revoked"])
        self.facts(self.pod(shipment))
        self.validate(shipment)
        self.assertFalse(shipment.hold_ids.filtered("is_open"))

    def test_what_was_posted_without_a_proof_by_a_persons_word_is_no_such_case(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.validate(shipment)
        hold = self.holds(shipment)["pod_missing"]
        hold.with_user(self.users["controller"]).action_release("commercial", "Agreed by phone")
        self.validate(shipment)
        self.assertEqual(len(self.run_billing()), 1)
        delivered = shipment.milestone_ids.filtered(lambda one: one.code == "delivered")
        self.facts(self.fact("retraction", shipment, target={"key": delivered.key}))
        self.validate(shipment)
        self.assertFalse(shipment.hold_ids.filtered(lambda one: one.is_open and one.reason == "pod_revoked"))

    def drops(self, shipment, *keys):
        stops = [{"id": "P", "sequence": 1, "kind": "pickup"}]
        stops += [{"id": key, "sequence": at, "kind": "delivery"} for at, key in enumerate(keys, 2)]
        self.facts(self.fact("itinerary", shipment, stops=stops))

    def billed_by_release(self, shipment):
        self.validate(shipment)
        hold = self.holds(shipment)["pod_missing"]
        hold.with_user(self.users["controller"]).action_release("commercial", "Agreed by phone")
        self.validate(shipment)
        self.assertEqual(len(self.run_billing()), 1)

    def cases(self, shipment):
        self.validate(shipment)
        return shipment.hold_ids.filtered(lambda one: one.is_open and one.reason == "pod_revoked")

    def test_of_several_drops_the_loss_of_the_one_that_was_proven_is_a_case(self):
        shipment = self.shipment(self.order())
        shipment.picking_ids.carrier_tracking_ref = STRANGE
        self.drops(shipment, "A", "B")
        self.deliver(shipment)
        named = {"identifiers": [{"type": "tracking", "value": STRANGE}]}
        self.facts(self.pod(shipment, stop={"id": "A"}, **named))
        self.billed_by_release(shipment)
        self.assertFalse(self.cases(shipment))
        shipment.picking_ids.carrier_tracking_ref = OWN
        case = self.cases(shipment)
        first = shipment.stop_ids.filtered(lambda stop: stop.key == "A" or "A" in (stop.aliases or ()))
        self.assertEqual(case.subject, f"stop:{first.id}")

    def test_an_invoice_that_was_posted_unproven_never_rested_on_a_proof_that_came_and_went(self):
        shipment = self.shipment(self.order())
        shipment.picking_ids.carrier_tracking_ref = STRANGE
        self.deliver(shipment)
        self.billed_by_release(shipment)
        self.facts(self.pod(shipment, identifiers=[{"type": "tracking", "value": STRANGE}]))
        self.validate(shipment)
        shipment.picking_ids.carrier_tracking_ref = OWN
        self.assertFalse(self.cases(shipment))

    def test_an_upgrade_knows_what_posted_invoices_rest_on(self):
        proven, released = self.mistaken()[0], self.shipment(self.order())
        self.assertEqual(len(self.run_billing()), 1)
        self.deliver(released)
        self.billed_by_release(released)
        (proven | released).write({"proven_stops": False, "covered_stops": False})
        self.env.flush_all()
        script = file_path("milepost_billing/migrations/19.0.1.6.0/post-proven.py")
        runpy.run_path(script)["migrate"](self.env.cr, "19.0.1.5.0")
        self.env.invalidate_all()
        keys = proven.stop_ids.filtered(lambda stop: stop.kind == "delivery").mapped("key")
        self.assertEqual((proven.proven_stops, bool(released.proven_stops)), (keys, False))

    def test_a_plan_that_is_told_anew_hides_no_loss(self):
        shipment = self.shipment(self.order())
        shipment.picking_ids.carrier_tracking_ref = STRANGE
        self.drops(shipment, "A", "B")
        self.deliver(shipment)
        for key in ("A", "B"):
            named = {"identifiers": [{"type": "tracking", "value": STRANGE}]}
            self.facts(self.pod(shipment, stop={"id": key}, **named))
        self.validate(shipment)
        self.assertEqual(len(self.run_billing()), 1)
        shipment.picking_ids.carrier_tracking_ref = OWN
        self.drops(shipment, "C", "D", "E")
        self.assertTrue(self.cases(shipment))

    def test_a_rejected_proof_is_billed_no_more_by_taking_its_number_away_and_giving_it_back(self):
        shipment, picking = self.mistaken()
        shipment.pod_ids.with_user(self.users["analyst"]).action_reject("Another hand")
        for number in (False, STRANGE):
            picking.carrier_tracking_ref = number
            self.validate(shipment)
        self.assertEqual((shipment.state, self.reasons(shipment)), ("delivered", ["pod_invalid"]))
        self.assertFalse(self.run_billing())
