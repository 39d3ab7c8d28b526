"""Facts of the future are not believed: of those that are stored, what is still to come is flagged.

What was told ahead and has passed since was believed, billed and paid: it stays as it was.
"""

from odoo import SUPERUSER_ID, api
from odoo.addons.milepost.ingestion.ahead import clock_tolerance

BATCH = 500


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    later = {"tolerance": clock_tolerance(env)}
    touched = set()
    for table, moment, more in (
        ("milepost_milestone", "occurred_at", "classifier = 'actual'"),
        ("milepost_pod", "delivered_at", "true"),
    ):
        cr.execute(
            f"""
            UPDATE {table} SET is_ahead = true
             WHERE {more} AND {moment} > received_at + %(tolerance)s
               AND {moment} > now() AT TIME ZONE 'UTC' + %(tolerance)s
            RETURNING shipment_id
            """,
            later,
        )
        touched |= {id_ for (id_,) in cr.fetchall() if id_}
    env.invalidate_all()
    ids = sorted(touched)
    for start in range(0, len(ids), BATCH):
        env["milepost.shipment"].browse(ids[start : start + BATCH])._derive()
