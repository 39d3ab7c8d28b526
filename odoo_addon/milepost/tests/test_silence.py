"""Why nothing is heard of a shipment: the first thing in the way that the system knows."""

from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import MilepostCase, itinerary, milestone, stop


@tagged("post_install", "-at_install", "milepost")
class TestSilence(MilepostCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.later = fields.Datetime.now() + timedelta(hours=9)
        cls.connection.last_heard_at = cls.later
        place = {"country_id": cls.env.ref("base.nl").id, "tz": "Europe/Amsterdam"}
        cls.here = cls.env["res.partner"].create(
            {"name": "Pier 7", "street": "Pier 7", "zip": "3199 LD", "city": "Rotterdam", **place}
        )
        cls.ends = {
            "origin_id": cls.here.id, "destination_id": cls.customer.id,
            "ready_at": cls.later, "due_at": cls.later + timedelta(days=1),
        }  # fmt: skip

    def silence(self, shipment, user=None):
        with freeze_time(self.later):
            shipment.invalidate_recordset()
            return shipment.with_user(user or self.user_of("dispatcher"))._board_silence()

    def cause(self, shipment):
        return self.silence(shipment)["cause"]

    def ordered(self, **values):
        shipment = self.new_shipment(**self.ends, **values)
        shipment.action_order_transport()
        return shipment

    def sent(self, **values):
        shipment = self.ordered(**values)
        shipment.outbox_ids.sudo().write({"state": "accepted", "acknowledged_at": fields.Datetime.now()})
        return shipment

    def test_what_was_never_ordered_and_bears_no_number_of_the_carrier(self):
        shipment = self.new_shipment(**self.ends)
        self.assertEqual(self.cause(shipment), "not_ordered")
        shipment.identifier_ids = self.env["milepost.identifier"].create(
            {"company_id": self.company.id, "type": "tracking", "value": "1Z999AA10123456784"}
        )
        self.assertNotEqual(self.cause(shipment), "not_ordered", "the carrier speaks of it by that")

    def test_an_order_that_waits_was_refused_or_is_not_answered(self):
        shipment = self.ordered()
        self.assertEqual(self.cause(shipment), "not_sent")
        order = shipment.outbox_ids.sudo()
        order.write({"state": "rejected", "reason": "No capacity"})
        said = self.silence(shipment)
        self.assertEqual(said["cause"], "refused")
        self.assertEqual((said["action"]["res_model"], said["action"]["res_id"]), (order._name, order.id))
        self.assertTrue(said["action"]["views"], "Odoo's client asks for them")

    def test_a_connection_that_is_paused_or_heard_of_no_more(self):
        shipment = self.sent()
        self.connection.last_heard_at = self.later - timedelta(days=2)
        self.assertEqual(self.cause(shipment), "connection")
        self.connection.write({"paused_at": self.later, "paused_reason": "Its key has expired"})
        said = self.silence(shipment)
        self.assertEqual(said["cause"], "paused")
        self.assertIn("Its key has expired", said["what"])

    def test_facts_that_name_no_shipment_or_nobody_understands(self):
        shipment = self.sent()
        self.tell(milestone(shipment, None, raw_code="Q9"))
        self.connection.last_heard_at = self.later
        self.assertEqual(self.cause(shipment), "unmapped")
        other = self.sent()
        self.ingest(milestone([("tracking", "JJD0099")], "delivered"))
        self.connection.last_heard_at = self.later
        said = self.silence(other)
        self.assertEqual(said["cause"], "unmatched")
        self.assertIn("1 ", said["what"])
        self.assertIn(("connection_id", "in", self.connection.ids), said["action"]["domain"])

    def test_a_lane_that_the_partner_never_reported(self):
        shipment = self.sent()
        said = self.silence(shipment)
        self.assertEqual(said["cause"], "new_lane")
        self.assertIn("Rotterdam", said["what"])
        self.assertIn("Hamburg", said["what"])
        heard = self.sent()
        self.tell(milestone(heard, "picked_up"))
        self.connection.last_heard_at = self.later
        said = self.silence(shipment)
        self.assertEqual((said["cause"], said["action"]), ("unknown", False))

    def test_the_issue_and_the_panel_say_it_and_a_viewer_is_sent_nowhere(self):
        shipment = self.ordered()
        with freeze_time(self.later):
            self.env["milepost.issue"]._follow(shipment)
            [issue] = shipment.issue_ids
            self.assertEqual(issue.kind, "silent")
            self.assertIn("The order still waits to be sent", issue.what)
            self.assertEqual(issue.next_step, "Look on the order what it waits for")
            viewer = shipment.with_user(self.user_of("viewer"))
            said = viewer.timeline()["silence"]
        self.assertEqual((said["cause"], said["action"]), ("not_sent", False))

    def test_without_a_connection_nobody_was_told_and_it_says_so_at_once(self):
        shipment = self.new_shipment(connection_id=False)
        self.assertFalse(shipment.is_silent, "no clock runs for it")
        said = self.silence(shipment)
        self.assertEqual(said["cause"], "no_connection")
        self.assertIn("nobody was told", said["what"])
        self.assertEqual(
            (said["action"]["res_model"], said["action"]["res_id"]), (shipment._name, shipment.id)
        )
        self.assertEqual((shipment.silence_what, shipment.silence_step), (said["what"], said["step"]))
        self.assertFalse(self.silence(shipment, self.user_of("viewer"))["action"])
        shipment.sudo().state = "cancelled"
        self.assertFalse(self.silence(shipment))

    def test_without_a_connection_its_transfer_says_what_was_missing(self):
        shipment = self.new_shipment(connection_id=False)
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        picking = self.env["stock.picking"].create({
            "picking_type_id": warehouse.out_type_id.id, "partner_id": self.customer.id,
            "milepost_shipment_ids": shipment.ids,
        })  # fmt: skip
        said = self.silence(shipment, self.user_of("dispatcher", "stock.group_stock_user"))
        self.assertEqual(said["what"], picking._milepost_obstacle())
        self.assertEqual(said["action"]["res_model"], "stock.picking")

    def test_the_form_says_why_beside_that_nothing_was_heard(self):
        shipment = self.ordered()
        with freeze_time(self.later):
            shipment.invalidate_recordset()
            self.assertEqual(shipment.silence_what, "The order still waits to be sent")
            self.assertEqual(shipment.silence_step, "Look on the order what it waits for")

    def test_of_what_is_not_silent_nothing_is_said(self):
        shipment = self.ordered()
        self.assertFalse(shipment.timeline()["silence"])
        self.tell(
            itinerary(shipment, [stop("p", 1, "pickup", 0), stop("d", 2, "delivery", 6)]),
            milestone(shipment, "delivered"),
        )
        self.assertFalse(self.silence(shipment), "what is delivered is silent by right")
