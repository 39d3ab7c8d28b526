"""What people do about a shipment beside the control tower, and what they tell of it."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MilepostCase, fact, instant, milestone


@tagged("post_install", "-at_install", "milepost")
class TestTell(MilepostCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dispatcher = cls.user_of("dispatcher")
        cls.now = fields.Datetime.now().replace(microsecond=0)

    def offered(self, shipment, user):
        return [one["key"] for one in shipment.with_user(user).timeline()["actions"]]

    def said(self, shipment, what, hours, **values):
        """Through the dialog, as the panel opens it."""
        dialog = shipment.with_user(self.dispatcher).panel_action(what)
        teller = self.env["milepost.tell"].with_user(self.dispatcher).with_context(**dialog["context"])
        teller.create({"at": self.now + timedelta(hours=hours), **values}).action_tell()
        self.env.invalidate_all()

    def test_a_dispatcher_is_offered_what_can_be_done(self):
        shipment, alone = self.new_shipment(), self.new_shipment(connection_id=False)
        every = ["order", "ask", "note", "milestone", "eta", "exception"]
        self.assertEqual([one for one in self.offered(shipment, self.dispatcher) if one in every], every)
        self.assertEqual(self.offered(alone, self.dispatcher), ["ask", "note"])
        self.assertEqual(self.offered(shipment, self.user_of("viewer")), [])
        with self.assertRaises(UserError):
            shipment.with_user(self.user_of("viewer")).panel_action("eta")
        with self.assertRaises(UserError):
            alone.with_user(self.dispatcher).panel_action("unlink")

    def test_who_told_is_asked_once_however_many_are_looked_at(self):
        shipments = self.new_shipment().union(*(self.new_shipment() for _n in range(7)))

        def measure(looked_at):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(looked_at.teller_ids, self.dispatcher)
            return self.env.cr.sql_log_count - before

        for shipment in shipments:
            self.said(shipment, "eta", 5)
        self.assertEqual(measure(shipments), measure(shipments[0].with_prefetch()))

    def test_the_panel_orders_a_transport(self):
        shipment = self.new_shipment()
        self.assertFalse(shipment.with_user(self.dispatcher).panel_action("order"))
        self.assertEqual(shipment.outbox_ids.mapped("kind"), ["transport_order"])
        self.assertNotIn("order", self.offered(shipment, self.dispatcher))

    def test_the_carrier_is_asked_by_mail_and_a_note_stays_inside(self):
        carrier = self.env["res.partner"].create({"name": "Northwind", "milepost_scac": "NWND"})
        shipment = self.new_shipment()
        stops = [{"id": "d", "sequence": 2, "kind": "delivery", "window_end": instant(6)}]
        self.tell(fact("itinerary", shipment, stops=stops, carrier_name="Northwind", carrier_scac="NWND"))
        shown = shipment.with_user(self.dispatcher)
        asked, note = shown.panel_action("ask"), shown.panel_action("note")
        self.assertEqual(
            (asked["res_model"], asked["context"]["default_res_ids"]), ("mail.compose.message", shipment.ids)
        )
        self.assertEqual(asked["context"]["default_partner_ids"], carrier.ids)
        self.assertEqual(note["context"]["default_subtype_xmlid"], "mail.mt_note")
        self.assertTrue(all(one["views"] and one["target"] == "new" for one in (asked, note)))

    def test_a_persons_eta_is_an_estimate_until_a_later_word(self):
        shipment = self.new_shipment()
        heard = self.connection.last_heard_at
        self.said(shipment, "eta", 5)
        self.assertEqual(shipment.eta, self.now.replace(second=self.now.second) + timedelta(hours=5))
        told = shipment.milestone_ids
        self.assertEqual((told.classifier, told.mapping), ("estimated", "manual@1"))
        self.assertEqual(self.connection.last_heard_at, heard, "the partner said nothing")
        self.assertIn("Told by hand: ETA", str(shipment.message_ids.mapped("body")))

    def test_a_persons_milestone_counts_and_corrects_what_was_told_ahead(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "delivered", 24), received="2026-11-20T12:00:00Z")
        self.assertTrue(shipment.is_ahead)
        delivery = shipment.stop_ids.filtered(lambda one: one.kind == "delivery")
        self.said(shipment, "milestone", -1, milestone="delivered", stop_id=delivery.id, note="By phone")
        self.assertEqual((shipment.state, shipment.is_ahead), ("delivered", False))

    def test_a_persons_exception_is_one(self):
        shipment = self.new_shipment()
        self.said(shipment, "exception", -1, exception="damaged")
        self.assertEqual((shipment.exception_code, shipment.is_damaged), ("damaged", True))
        self.said(shipment, "exception", -0.5, exception="delayed", reason="weather")
        self.assertEqual((shipment.exception_code, shipment.exception_reason), ("delayed", "weather"))

    def test_nobody_tells_the_future_nor_without_the_role(self):
        shipment = self.new_shipment()
        with self.assertRaisesRegex(UserError, "not happened yet"):
            self.said(shipment, "milestone", 2, milestone="picked_up")
        with self.assertRaisesRegex(UserError, "Say what happened"):
            self.said(shipment, "milestone", -1)
        teller = self.env["milepost.tell"].create({"shipment_id": shipment.id, "milestone": "picked_up"})
        with self.assertRaises(AccessError):
            teller.with_user(self.user_of("viewer")).action_tell()
