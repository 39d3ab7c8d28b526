"""Every screen of the addon opens for everybody who may see its menu."""

from lxml import etree
from odoo.addons.milepost.tests.common import MilepostCase
from odoo.tests import tagged

GROUPS = (
    "viewer", "dispatcher", "integration_operator", "milepost_billing.group_billing_analyst",
    "milepost_billing.group_finance_manager", "milepost_billing.group_controller",
)  # fmt: skip


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
