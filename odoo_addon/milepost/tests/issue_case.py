"""What the tests of issues share: two dispatchers, a clock, and a shipment that customs holds."""

from datetime import timedelta

from odoo.tests import freeze_time

from .common import NOON, MilepostCase, milestone


class IssueCase(MilepostCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dispatcher, cls.colleague = cls.user_of("dispatcher"), cls.user_of("dispatcher")

    def setUp(self):
        super().setUp()
        # Two hours after the first fact, and long before anything is overdue or silent.
        clock = freeze_time(NOON + timedelta(hours=2))
        clock.start()
        self.addCleanup(clock.stop)

    def held(self, **values):
        """A shipment that customs holds, and its issue as the dispatcher sees it."""
        shipment = self.new_shipment(**values)
        self.tell(milestone(shipment, "customs_hold", 1))
        return shipment, self.issue_of(shipment)

    def issue_of(self, shipment):
        found = self.env["milepost.issue"].search([
            ("shipment_id", "=", shipment.id), ("state", "!=", "closed"),
        ])  # fmt: skip
        return found.with_user(self.dispatcher)

    def column_of(self, shipment):
        board = self.env["milepost.shipment"].control_tower([("id", "=", shipment.id)])
        [key] = [column["key"] for column in board["columns"] if column["shipments"]]
        return key
