"""Positions are a track of their own: what they say is what the whole history says, at a bounded cost."""

import random

from lxml import etree
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..ingestion.recompute import StoredFacts
from .common import MilepostCase, fact, milestone

SEEDS = 12
BATCHES = 6


def position(shipment, hours, said=None, **says):
    place = {"latitude": round(50 + hours / 10, 4), "longitude": 4.5}
    return milestone(shipment, "in_transit", hours, said, raw_code="POSITION", place=place, **says)


@tagged("post_install", "-at_install", "milepost")
class TestTrack(MilepostCase):
    def known(self, shipment):
        """What is stored of the shipment, and how each of its facts stands."""
        self.env.flush_all()
        columns = ", ".join(self.env["milepost.shipment"]._derived_columns())
        self.env.cr.execute(f"SELECT {columns} FROM milepost_shipment WHERE id = %s", [shipment.id])
        values = self.env.cr.fetchone()
        self.env.cr.execute(
            "SELECT id, stop_id, superseded, retracted FROM milepost_milestone WHERE shipment_id = %s ORDER BY id",
            [shipment.id],
        )
        return values, self.env.cr.fetchall()

    def history(self, chance, shipment):
        """Facts as partners tell them: disordered, in versions, for the same second, withdrawn and not."""
        facts = []
        for _n in range(chance.randrange(5, 25)):
            hours, said = chance.randrange(0, 8) / 2, chance.randrange(0, 12)
            event = {"source_event": f"e{chance.randrange(4)}"} if chance.random() < 0.5 else {}
            kind = chance.random()
            if kind < 0.65:
                facts.append(position(shipment, hours, said, **event))
            elif kind < 0.8:
                facts.append(milestone(shipment, "in_transit", hours, said, **event))
            elif kind < 0.9:
                code = chance.choice(("picked_up", "assigned", "customs_hold", "delivered"))
                facts.append(milestone(shipment, code, hours, said, **event))
            elif facts:
                target = chance.choice(facts)
                by_event = "source_event" in target and chance.random() < 0.3
                meant = {"source_event": target["source_event"]} if by_event else {"key": target["key"]}
                facts.append(fact("retraction", shipment, said, target=meant))
        return facts

    def test_bounded_reading_says_what_the_whole_history_says(self):
        for seed in range(SEEDS):
            chance = random.Random(seed)
            shipment = self.new_shipment()
            facts = self.history(chance, shipment)
            chance.shuffle(facts)
            cuts = sorted(chance.randrange(len(facts) + 1) for _n in range(BATCHES - 1))
            for begin, end in zip([0, *cuts], [*cuts, len(facts)], strict=True):
                if begin == end:
                    continue
                self.ingest(*facts[begin:end])
                bounded = self.known(shipment)
                shipment._derive()
                self.assertEqual(bounded, self.known(shipment), f"seed {seed}, facts {begin} to {end}")

    def test_what_is_read_for_one_fact_more_does_not_grow_with_the_track(self):
        read = {}
        for length in (5, 200):
            shipment = self.new_shipment()
            self.tell(milestone(shipment, "picked_up", 0))
            points = [position(shipment, n / 100) for n in range(length)]
            for at in range(0, length, 100):
                self.tell(*points[at : at + 100])
            self.tell(position(shipment, 9))
            newest = max(shipment.milestone_ids.ids)
            read[length] = len(StoredFacts(self.env, [shipment.id], {newest}).known)
            self.assertEqual(shipment.position_at.hour, 21)
        self.assertEqual(read[5], read[200])

    def test_versions_of_one_event_do_not_pile_up(self):
        """Some partners tell every position as a new version of the same event."""
        shipment = self.new_shipment()
        for n in range(20):
            self.tell(position(shipment, n / 10, source_event="last position"))
        newest = max(shipment.milestone_ids.ids)
        self.assertLess(len(StoredFacts(self.env, [shipment.id], {newest}).known), 4)
        self.assertEqual(shipment.milestone_ids.mapped("superseded").count(False), 1)

    def test_the_panel_shows_the_steps_and_the_end_of_the_track(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "picked_up", 0), *(position(shipment, n / 10) for n in range(30)))
        timeline = shipment.timeline()
        facts = timeline["unplaced"] + [one for stop in timeline["stops"] for one in stop["facts"]]
        self.assertEqual(len(facts), 11)
        self.assertEqual(max(one["occurred_at"] for one in facts).minute, 54)
        positions = self.env["milepost.milestone"].search(
            [("shipment_id", "=", shipment.id), ("is_position", "=", True)]
        )
        self.assertEqual(len(positions), 30)
        self.assertTrue(all(positions.mapped("is_position")))
        self.assertEqual(shipment.fact_count, 1, "positions are not milestones")

    def test_the_form_shows_the_steps_and_leads_to_the_track(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "picked_up"), *(position(shipment, n / 4) for n in range(1, 6)))
        self.assertEqual((shipment.position_count, shipment.fact_count), (5, 1))
        [node] = etree.fromstring(self.env.ref("milepost.view_milepost_shipment_form").arch).xpath(
            "//page[@name='milestones']/field"
        )
        steps = shipment.milestone_ids.filtered_domain(safe_eval(node.get("domain")))
        self.assertEqual(steps.mapped("code"), ["picked_up"])
        found = self.env["milepost.milestone"].search
        self.assertEqual(found(shipment.action_view_milestones()["domain"]), steps)
        self.assertEqual(len(found(shipment.action_view_track()["domain"])), 5)
