"""Every screen of the addon opens for everybody who may see its menu."""

import re

from lxml import etree
from odoo.addons.milepost.tests.common import MilepostCase
from odoo.tests import tagged

GROUPS = (
    "viewer", "dispatcher", "integration_operator", "milepost_billing.group_billing_analyst",
    "milepost_billing.group_finance_manager", "milepost_billing.group_controller",
)  # fmt: skip

OWN = re.compile(r"milepost(_billing)?\.menu_")
#: What everybody sees who may look at shipments.
SEEN = {"control_tower", "shipments", "stops", "pods", "punctuality", "service_levels"}
LOOKED_AFTER = {"milestones", "outbox", "unmapped_codes", "unmatched"}
SET_UP = {"connections", "subscriptions", "code_maps", "issue_rules", "publishers"}
DISPATCH = {"issues", "pod_review", "holds", "charges", "claims"}
INSPECTION = {"events", "identifiers", "itineraries", "retractions"}
COSTS = {"holds", "charges", "claims", "carrier_invoices", "billing_policies", "rates", "fuel_prices"}
BILLING = {
    "proof_due", "proposals", "next_run", "billing_runs", "accruals", "billing_lag", "shadow",
    "backtests", "going_live", "evidence_verify",
}  # fmt: skip
FINANCE = SEEN | SET_UP | COSTS | BILLING
#: Role → its menus of the core and of billing, by their names.
MENUS = {
    "viewer": SEEN,
    "dispatcher": SEEN | LOOKED_AFTER | SET_UP | DISPATCH,
    "integration_operator": SEEN | LOOKED_AFTER | SET_UP | INSPECTION,
    "milepost_billing.group_cost_viewer": SEEN | SET_UP | COSTS,
    "milepost_billing.group_billing_analyst": FINANCE,
    "milepost_billing.group_finance_manager": FINANCE,
    "milepost_billing.group_controller": FINANCE,
}


@tagged("post_install", "-at_install", "milepost")
class TestViews(MilepostCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["milepost.demo"]._load()
        cls.env.invalidate_all()

    def menus_of(self, user):
        root = self.env.ref("milepost.menu_root")
        visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        return self.env["ir.ui.menu"].search([("id", "child_of", root.id), ("id", "in", list(visible))])

    def test_each_role_sees_its_own_menus_and_no_others(self):
        for group, wanted in MENUS.items():
            with self.subTest(group):
                menus = self.menus_of(self.user_of(group))
                # Below a menu that is not shown nothing is reached.
                reached = menus.filtered(
                    lambda menu, menus=menus: (
                        menu.action and all(int(id_) in menus.ids for id_ in menu.parent_path.split("/")[:-1])
                    )
                )
                ids = [id_ for id_ in reached.get_external_id().values() if OWN.match(id_)]
                self.assertEqual({OWN.sub("", id_) for id_ in ids}, wanted)

    def test_every_view_of_every_menu_opens_and_reads_its_records(self):
        for group in GROUPS:
            user = self.user_of(group)
            actions = [
                menu.action
                for menu in self.menus_of(user)
                if menu.action and menu.action._name == "ir.actions.act_window"
            ]
            self.assertTrue(actions)
            for action in actions:
                if not action.res_model.startswith("milepost."):
                    continue
                model = self.env[action.res_model].with_user(user)
                modes = action.view_mode.split(",")
                views = model.get_views([(False, mode) for mode in modes] + [(False, "search")])["views"]
                for mode in modes:
                    with self.subTest(action=action.name, mode=mode, group=group):
                        self.assert_reads(model, views[mode]["arch"])

    def assert_reads(self, model, arch):
        """Read a few records with the fields that the view itself names."""
        node = etree.fromstring(arch)
        fields = {}
        for field in node.iter("field"):
            inside = [a for a in field.iterancestors("field")]
            if not inside and field.get("name") in model._fields:
                fields[field.get("name")] = {}
        model.search([], limit=5).web_read(fields)

    def test_empty_screens_say_what_belongs_there(self):
        actions = self.env["ir.actions.act_window"].search([("res_model", "=like", "milepost.%")])
        own = actions.filtered(
            lambda a: (a.get_external_id().get(a.id) or "").startswith(
                ("milepost.action_", "milepost_billing.action_")
            )
        )
        self.assertTrue(own)
        for action in own.filtered(lambda a: a.target == "current"):
            with self.subTest(action.name):
                self.assertIn("o_view_nocontent", action.help or "")
