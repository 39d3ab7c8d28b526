"""Runs in `odoo shell` of the old addon: what is filled in is decided on, invoiced, accrued, booked.

Some of everything stays under way, so that an upgrade finds work half done: shipments that are ready
and not invoiced, holds that are open, in review, released and upheld, a claim, a back-test.
"""

from datetime import date

from odoo import fields

ACCOUNTS = {
    "freight": "expense_direct_cost",
    "accrued": "liability_current",
    "disputed": "asset_current",
}
MONTH_END = date(2026, 11, 30)


def main(env):
    env = env(context={**env.context, "tracking_disable": True})
    company = env.company
    set_accounts(env, company)
    change_records(env)
    env["milepost.demo"]._load()
    # The story's proofs are not signed: its invoices need a policy that takes the status for a proof.
    partners = env["milepost.shipment"].search([("sale_order_ids.client_order_ref", "=like", "PO-%-____")])
    partners.write({"policy_id": env["milepost.billing.policy"].create(
        {"name": "By status", "pod_gate": "pod_or_delivered"}
    ).id})  # fmt: skip
    env["milepost.shipment"].search([])._billing_changed()
    env["milepost.billing"]._catch_up()
    env["milepost.accrual"]._accrue(company, MONTH_END)
    ready = env["milepost.shipment"].search_count([("billing_state", "=", "ready")])
    env["milepost.billing.run"]._run(company, fields.Datetime.now(), limit=max(ready // 2, 1))
    env["milepost.billing.run"]._bill_carriers(company, limit=max(ready // 2, 1))
    people_decide(env)
    claim(env)
    backtest(env)
    env["milepost.billing"]._catch_up()
    assert env["milepost.hold.audit"].verify() == []
    env.cr.commit()
    print("DECIDED")


def set_accounts(env, company):
    found = {
        name: env["account.account"].create({
            "name": name.capitalize(), "code": f"MP{number}", "account_type": kind,
        })
        for number, (name, kind) in enumerate(ACCOUNTS.items())
    }  # fmt: skip
    journal = env["account.journal"].search(
        [("type", "=", "general"), ("company_id", "=", company.id)], limit=1
    )
    company.write(
        {f"milepost_{name}_account_id": account.id for name, account in found.items()}
        | {"milepost_accrual_journal_id": journal.id}
    )


def change_records(env):
    """What the addon brought is people's own since."""
    env.ref("milepost.cron_billing_run").write({"interval_number": 30, "active": False})
    env.ref("milepost.sequence_claim").prefix = "CL-"
    env.ref("milepost.product_transport").write({"name": "Freight", "list_price": 80, "sale_ok": True})


def people_decide(env):
    """One hold is released, one upheld, one under review."""
    controller = env["res.users"].search([("login", "=", "controller")])
    holds = env["milepost.hold"].search([("state", "=", "open"), ("severity", "=", "soft")], limit=3)
    released, upheld, reviewed = holds.with_user(controller)
    released.action_release("evidence", "The paper was seen.")
    upheld.release_reason = "The customer does not pay this part."
    upheld.action_reject()
    reviewed.action_review()


def claim(env):
    controller = env["res.users"].search([("login", "=", "controller")])
    proposal = env["milepost.proposal"].search([("kind", "=", "claim"), ("state", "=", "proposed")], limit=1)
    proposal.with_user(controller).action_make_claim()


def backtest(env):
    controller = env["res.users"].search([("login", "=", "controller")])
    policy = env["milepost.billing.policy"].search([("name", "=", "Bench")]).with_user(controller)
    test = env["milepost.backtest"].with_user(controller).browse(policy.action_backtest()["res_id"])
    test.write({"date_from": "2026-11-01", "date_to": "2026-11-30"})
    test.action_run()
    while test.sudo()._step():
        pass


main(env)  # noqa: F821 -- the shell gives it
