"""The demo data tells its story: every interesting state is there."""

from odoo.addons.milepost.tests.common import MilepostCase
from odoo.tests import tagged


@tagged("post_install", "-at_install", "milepost")
class TestDemo(MilepostCase):
    def test_the_story_shows_every_interesting_state(self):
        shipments = self.env["milepost.demo"]._load()
        self.env.invalidate_all()
        states = set(shipments.mapped("state"))
        self.assertLessEqual(
            {"waiting", "booked", "at_pickup", "in_transit", "delivered", "partially_delivered", "returned"},
            states,
        )
        for field in (
            "is_late",
            "is_silent",
            "is_overdue",
            "exception_code",
            "is_damaged",
            "has_pod",
            "unmapped_count",
        ):
            with self.subTest(field):
                self.assertTrue(any(shipments.mapped(field)))
        connection = shipments.connection_id
        self.assertEqual((connection.name, connection.unmatched_count), ("Northwind TMS", 1))
        self.assertEqual(set(shipments.outbox_ids.mapped("state")), {"queued", "accepted", "rejected"})
        paper = shipments.pod_ids.document_ids
        self.assertEqual(set(paper.mapped("mimetype")), {"application/pdf"})
        self.assertTrue(
            self.env["milepost.code.map"].search([("raw_code", "=", "ZB7"), ("is_mapped", "=", False)])
        )
