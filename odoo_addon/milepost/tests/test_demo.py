"""The demo data tells its story: every interesting state is there."""

from odoo.tests import tagged

from .common import MilepostCase, milestone


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


@tagged("post_install", "-at_install", "milepost")
class TestAssign(MilepostCase):
    def test_a_person_says_which_shipment_a_name_belongs_to(self):
        shipment = self.new_shipment()
        self.ingest(
            milestone([("po", "PO-5"), ("bol", "B-5")], "picked_up"), milestone([("po", "PO-5")], "loaded")
        )
        waiting = self.env["milepost.milestone"].search(
            [("shipment_id", "=", False), ("code", "=", "picked_up")]
        )
        dispatcher = self.user_of("dispatcher")
        dialog = self.env["milepost.assign"].browse(waiting.with_user(dispatcher).action_assign()["res_id"])
        dialog = dialog.with_user(dispatcher)
        self.assertEqual(len(dialog.candidate_ids), 2)
        dialog.write({"shipment_id": shipment.id, "identifier_ids": [(6, 0, dialog.candidate_ids.ids)]})
        dialog.action_assign()
        self.env.invalidate_all()
        self.assertEqual((shipment.state, len(shipment.milestone_ids)), ("in_transit", 2))
