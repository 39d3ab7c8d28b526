"""Carriers are asked for missing proofs, step by step; the ladder stops by itself."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .sign_case import SignCase


@tagged("post_install", "-at_install")
class TestReminder(SignCase):
    @classmethod
    def build(cls, world):
        cls.carrier.email = "dispatch@roadline.example"
        cls.connection.write({"remind_after_hours": 24, "remind_every_hours": 12, "remind_times": 2})
        cls.delivered = world.under_way()
        cls.start = fields.Datetime.now().replace(microsecond=0) - timedelta(hours=30)
        world.deliver(cls.delivered, cls.start)
        cls.reminders = cls.env["milepost.reminder"]
        world.validate(cls.delivered, fields.Datetime.now())

    def hours(self, hours):
        """What is due so many hours after the delivery, as the cron finds it; the steps are taken."""
        now = self.start + timedelta(hours=hours)
        due = self.reminders._due(now).filtered(lambda one: one == self.delivered)
        for shipment in due:
            self.reminders._remind(shipment)
            self.env.cr.execute(
                "UPDATE milepost_reminder SET create_date = %s WHERE create_date > %s AND shipment_id = %s",
                [now, self.start + timedelta(hours=29), shipment.id],
            )
            self.reminders.invalidate_model(["create_date"])
        return len(due)

    def test_two_mails_then_somebody_here_then_nothing(self):
        self.assertEqual(
            [self.hours(at) for at in (23, 24, 25, 35.9, 36, 48, 60, 600)], [0, 1, 0, 0, 1, 1, 0, 0]
        )
        steps = self.delivered.reminder_ids.sorted("step")
        self.assertEqual(steps.mapped("kind"), ["carrier", "carrier", "escalation"])
        self.assertEqual(len(self.mails("dispatch@roadline.example")), 2)
        self.assertIn("2 reminders", self.delivered.activity_ids.note)
        self.assertTrue(self.delivered.activity_ids.user_id)

    def test_it_stops_when_the_proof_comes_by_the_link(self):
        self.assertEqual(self.hours(24), 1)
        path = self.path_in(self.mails("dispatch@roadline.example"))
        stop = self.delivered.stop_ids.filtered(lambda one: one.kind == "delivery" and one.in_plan)
        self.authenticate(None, None)
        self.post(
            f"{path}/delivery/{stop.id}", at=f"{self.start:%Y-%m-%dT%H:%M}", signer="J. Doe",
            files={"paper": ("a.pdf", b"%PDF-1.4 found")},
        )  # fmt: skip
        self.validate(self.delivered, fields.Datetime.now())
        self.assertEqual(self.delivered.pod_ids.state, "validated")
        self.assertEqual([self.hours(at) for at in (36, 48)], [0, 0])

    def test_a_released_hold_a_proof_in_review_and_a_switched_off_connection_need_no_reminder(self):
        self.connection.remind_after_hours = 0
        self.assertEqual(self.hours(40), 0)
        self.connection.remind_after_hours = 24
        self.policy.pod_auto_validate = False
        self.facts(self.pod(self.delivered, at=self.start, stop=self.key_of(self.delivered)))
        self.validate(self.delivered, fields.Datetime.now())
        self.assertEqual(self.delivered.pod_ids.state, "received")
        self.assertEqual(self.hours(40), 0)

    def test_a_carrier_without_an_address_is_somebodys_task_here(self):
        self.carrier.email = False
        self.assertEqual(self.hours(24), 1)
        self.assertEqual(self.delivered.reminder_ids.kind, "escalation")
        self.assertIn("no email", self.delivered.activity_ids.note)
