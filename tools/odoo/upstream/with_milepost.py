"""Stands before `run_tests.py` in a database with the addons: every company of a test uses them.

Without a connection the addons do nothing, and Odoo's tests make companies of their own. Mode
"no_proof" adds a policy that asks for no proof; mode "default" leaves the careful defaults.
"""

from odoo import SUPERUSER_ID, api
from odoo.addons.milepost.models.milepost_connection import MilepostConnection
from odoo.addons.milepost.models.milepost_shipment import MilepostShipment
from odoo.addons.test_milepost_flows.tests.upstream_case import new_companies_use_milepost, use_milepost

POLICIES = {"no_proof": {"mode": "shadow"}, "default": None}
IS_ANY, MAKE_SHIPMENT = MilepostConnection._is_any, MilepostShipment.create
seen = {"asked": False, "shipments": 0}


def look():
    """What the addons did since the last look: were in force and asked, made shipments."""
    told = dict(seen)
    seen.update(asked=False, shipments=0)
    return told


def enter(registry, mode):
    """From now on companies use Milepost in this mode; those that there are do, too."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
        env["milepost.billing.policy"].search([]).unlink()
        use_milepost(env["res.company"].search([]), POLICIES[mode])
    new_companies_use_milepost(POLICIES[mode]).start()


@api.model_create_multi
def make_shipment(self, vals_list):
    seen["shipments"] += len(vals_list)
    return MAKE_SHIPMENT(self, vals_list)


def is_any(self):
    answer = IS_ANY(self)
    seen["asked"] = seen["asked"] or answer
    return answer


MilepostConnection._is_any, MilepostShipment.create = is_any, make_shipment
