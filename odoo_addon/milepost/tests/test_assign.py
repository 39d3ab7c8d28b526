"""A person says which shipment a fact belongs to."""

from odoo.tests import tagged

from .common import MilepostCase, milestone


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
