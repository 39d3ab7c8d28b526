from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import MilepostCase, fact, instant, milestone


@tagged("post_install", "-at_install", "milepost")
class TestService(MilepostCase):
    """Who looks after a connection, what was agreed, what was measured."""

    def setUp(self):
        super().setUp()
        self.exchange = self.env["milepost.exchange"].with_user(self.bridge)

    def age(self, days):
        """Have the connection made so long ago."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE milepost_connection SET create_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(days=days), self.connection.id],
        )
        self.env.invalidate_all()

    def figures(self):
        [found] = [one for one in self.exchange.figures()["connections"] if one["code"] == "acme"]
        return found

    def level(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["milepost.service.level"].search(
            [("connection_id", "=", self.connection.id)], order="month desc", limit=1
        )

    def test_an_outage_lasts_from_the_pause_until_somebody_says_that_it_goes_on(self):
        self.exchange.report_status("acme", "paused", "key refused")
        self.exchange.report_status("acme", "paused", "still refused")
        [outage] = self.connection.outage_ids
        self.assertEqual((outage.reason, outage.ended_at), ("key refused", False))
        self.exchange.report_status("acme", "ok")
        self.assertTrue(outage.ended_at)
        self.exchange.report_status("acme", "paused", "again")
        self.connection.action_resume()
        self.assertEqual(len(self.connection.outage_ids.filtered("ended_at")), 2)

    def test_whoever_looks_after_it_is_told_of_a_pause_until_it_goes_on(self):
        owner, deputy = self.user_of("integration_operator"), self.user_of("integration_operator")
        self.connection.write({"owner_id": owner.id, "deputy_id": deputy.id})
        for why in ("key refused", "still refused"):
            self.exchange.report_status("acme", "paused", why)
        [activity] = self.connection.activity_ids
        self.assertEqual((activity.user_id, activity.summary), (owner, "Acme TMS is paused: key refused"))
        self.exchange.report_status("acme", "ok")
        self.assertFalse(self.connection.activity_ids)
        owner.active = False
        self.exchange.report_status("acme", "paused", "again")
        self.assertEqual(self.connection.activity_ids.user_id, deputy)
        self.connection.action_resume()
        self.assertFalse(self.connection.activity_ids)

    def test_uptime_is_the_share_of_the_window_that_no_outage_covers(self):
        self.assertEqual(self.figures()["uptime"], 1)
        self.age(60)
        now = fields.Datetime.now()
        self.connection.paused_at = now - timedelta(days=40)
        self.connection.paused_at = False
        self.connection.outage_ids.ended_at = now - timedelta(days=27)
        self.assertAlmostEqual(self.figures()["uptime"], 0.9, 3)

    def test_the_figures_tell_what_waits_and_no_money(self):
        shipment = self.new_shipment()
        shipment.action_order_transport()
        self.ingest(milestone([("tracking", "unknown-1")], "picked_up"))
        figures = self.figures()
        self.assertEqual((figures["orders_waiting"], figures["unmatched"]), (1, 1))
        self.assertGreaterEqual(figures["orders_oldest_seconds"], 0)
        self.assertNotIn("amount", str(self.exchange.figures()))

    def test_the_figures_are_of_the_callers_connections_alone(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        self.env["milepost.connection"].create({
            "name": "Theirs", "code": "theirs", "source": "otm5", "company_id": elsewhere.id,
        })  # fmt: skip
        self.assertNotIn("theirs", [one["code"] for one in self.exchange.figures()["connections"]])

    def test_the_month_compares_what_was_measured_with_what_was_agreed(self):
        self.age(1)
        level = self.level()
        self.assertEqual((level.uptime, level.agreed_uptime, level.verdict), (100, 99, "met"))
        self.connection.paused_at = fields.Datetime.now() - timedelta(hours=2)
        level = self.level()
        self.assertLess(level.uptime, 99)
        self.assertEqual(level.verdict, "missed")

    def test_a_proof_that_comes_after_the_agreed_hours_is_not_in_time(self):
        now = fields.Datetime.now()
        if now.day < 3:
            now = now.replace(day=1) - timedelta(days=3)
        after = (1, 30)
        for hours in after:
            shipment = self.new_shipment()
            self.ingest(fact("proof_of_delivery", shipment, delivered=instant(6), signed=True))
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE milepost_shipment SET delivered_at = %s, state = 'delivered' WHERE id = %s",
                [now - timedelta(hours=40), shipment.id],
            )
            self.env.cr.execute(
                "UPDATE milepost_pod SET received_at = %s WHERE shipment_id = %s",
                [now - timedelta(hours=40 - hours), shipment.id],
            )
        self.age(90)
        month = (now - timedelta(hours=40)).date().replace(day=1)
        level = self.env["milepost.service.level"].search(
            [("connection_id", "=", self.connection.id), ("month", "=", month)]
        )
        self.assertEqual((level.delivered_count, level.proof_percent), (2, 50))

    def test_the_deputy_is_another_person_and_what_is_agreed_makes_sense(self):
        user = self.user_of("dispatcher")
        self.connection.owner_id = user
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.connection.write({"deputy_id": user.id})
            self.env.flush_all()

    def test_a_viewer_reads_service_levels_of_own_companies_only(self):
        viewer = self.user_of("viewer")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        theirs = self.env["milepost.connection"].create({
            "name": "Theirs", "code": "theirs", "source": "otm5", "company_id": elsewhere.id,
        })  # fmt: skip
        self.env.flush_all()
        seen = self.env["milepost.service.level"].with_user(viewer).search([]).connection_id
        self.assertIn(self.connection, seen)
        self.assertNotIn(theirs, seen)

    def test_a_message_is_followed_to_its_records_and_to_no_others(self):
        shipment = self.new_shipment()
        known = milestone(shipment, "picked_up")
        self.ingest(known)
        answer = self.exchange.trace([known["key"], "0" * 64])
        [record] = answer["records"]
        self.assertEqual(
            (record["key"], record["model"], record["shipment"], record["standing"]),
            (known["key"], "milepost.milestone", shipment.name, "counts"),
        )
        self.assertEqual([one["id"] for one in answer["shipments"]], [shipment.id])
        with self.assertRaises(ValidationError):
            self.exchange.trace("everything")

    def test_a_message_is_followed_by_its_sender_s_trace(self):
        trace = "0af7651916cd43dd8448eb211c80319c"
        shipment = self.new_shipment()
        batch = self.batch(milestone(shipment, "picked_up"))
        batch["messages"][0]["trace_id"] = trace
        self.exchange.ingest(batch)
        self.ingest(milestone(shipment, "loaded"))
        [record] = self.exchange.trace(trace_id=trace)["records"]
        self.assertEqual((record["model"], record["message"]), ("milepost.milestone", "m1"))
        self.assertEqual(self.exchange.trace(trace_id="1" * 32)["records"], [])
