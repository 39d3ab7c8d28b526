"""Runs in `odoo shell` of the old addon: the company's people, before anything happens."""

from odoo import Command

GROUPS = {
    "bridge": "milepost.group_bridge",
    "controller": "milepost.group_controller",
    "manager": "milepost.group_finance_manager",
    "dispatcher": "milepost.group_dispatcher",
}


def main(env):
    for login, group in GROUPS.items():
        env["res.users"].with_context(no_reset_password=True).create({
            "name": login.capitalize(), "login": login, "password": login,
            "group_ids": [Command.set([env.ref("base.group_user").id, env.ref(group).id])],
        })  # fmt: skip
    env.cr.commit()


main(env)  # noqa: F821 -- the shell gives it
