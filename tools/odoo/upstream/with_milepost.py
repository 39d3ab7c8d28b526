"""Stands before `run_tests.py` in a database with the addons: every company of a test uses them.

Without a connection the addons do nothing, and Odoo's tests make companies of their own. Mode
"no_proof" adds a policy that asks for no proof; mode "default" leaves the careful defaults; so do those of
twins: "proven" tells a clean proof of all goods at the moment they leave, "together" has a backorder go
with what left before it and tells the proof once all has left, "handed_back" hands orders back to Odoo
before they are invoiced.
"""

from odoo import SUPERUSER_ID, api
from odoo.addons.base.models.res_company import ResCompany
from odoo.addons.milepost.models.milepost_connection import MilepostConnection
from odoo.addons.milepost.models.milepost_shipment import MilepostShipment
from odoo.addons.milepost_billing.models.milepost_billing_policy import MilepostBillingPolicy
from odoo.addons.test_milepost_flows.tests.upstream_case import (
    goods_are_proven,
    new_companies_use_milepost,
    orders_are_handed_back,
    use_milepost,
)

POLICIES = {"no_proof": {"mode": "shadow"}}
IS_ANY, MAKE_SHIPMENT = MilepostConnection._is_any, MilepostShipment.create
RESOLVE = MilepostBillingPolicy._resolve
seen = {"asked": False, "shipments": 0, "policies": False}
entered = []


def look():
    """What the addons did since the last look: were in force and asked, made shipments, asked a policy."""
    assert [ResCompany.create] == entered, "companies use the addons no more: what passes proves nothing"
    told = dict(seen)
    seen.update(asked=False, shipments=0, policies=False)
    return told


def enter(registry, mode):
    """From now on companies use Milepost in this mode; those that there are do, too."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
        env["milepost.billing.policy"].search([]).unlink()
        use_milepost(env["res.company"].search([]), POLICIES.get(mode))
    new_companies_use_milepost(POLICIES.get(mode))
    if mode in ("proven", "together"):
        goods_are_proven(together=mode == "together")
    if mode == "handed_back":
        orders_are_handed_back()
    entered.append(ResCompany.create)


@api.model_create_multi
def make_shipment(self, vals_list):
    seen["shipments"] += len(vals_list)
    return MAKE_SHIPMENT(self, vals_list)


def is_any(self):
    answer = IS_ANY(self)
    seen["asked"] = seen["asked"] or answer
    return answer


@api.model
def resolve(self, cases):
    seen["policies"] = seen["policies"] or bool(cases)
    return RESOLVE(self, cases)


MilepostConnection._is_any, MilepostShipment.create = is_any, make_shipment
MilepostBillingPolicy._resolve = resolve
