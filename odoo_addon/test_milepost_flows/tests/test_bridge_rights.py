"""The group of the bridge in a database with all addons: it opens no model, whichever there are."""

from odoo import Command
from odoo.tests import TransactionCase, new_test_user, tagged

RIGHTS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install", "milepost", "flows")
class TestBridgeRights(TransactionCase):
    def rights_of(self, user):
        env = self.env(user=user)
        return {
            (name, right)
            for name, model in env.registry.items()
            if not model._abstract
            for right in RIGHTS
            if env[name].has_access(right)
        }

    def test_the_group_opens_no_model_that_a_user_without_any_group_does_not_reach(self):
        bridge = new_test_user(self.env, login="only-bridge", groups="milepost.group_bridge")
        nobody = new_test_user(self.env, login="nobody", groups="milepost.group_bridge")
        nobody.group_ids = [Command.clear()]
        self.assertEqual(self.rights_of(bridge) - self.rights_of(nobody), set())
        own = {name for name, _right in self.rights_of(bridge) if name.startswith("milepost.")}
        self.assertEqual(own, set())
