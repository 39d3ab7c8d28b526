"""What is ahead of its receipt counts as said no later than that: a clock that is put right is believed.

So does what lay ahead once and was believed when it was told again.
"""

from odoo import SUPERUSER_ID, api
from odoo.addons.milepost.ingestion.ahead import clock_tolerance

BATCH = 500


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    touched = set()
    for table, ahead in (
        ("milepost_milestone", "classifier = 'actual' AND occurred_at > received_at + %s"),
        ("milepost_pod", "delivered_at > received_at + %s"),
    ):
        cr.execute(
            f"""
            UPDATE {table} SET said_at = received_at
             WHERE said_at > received_at AND (is_ahead OR {ahead})
            RETURNING shipment_id
            """,
            [clock_tolerance(env)],
        )
        touched |= {id_ for (id_,) in cr.fetchall() if id_}
    ids = sorted(touched)
    for start in range(0, len(ids), BATCH):
        env["milepost.shipment"].browse(ids[start : start + BATCH])._derive()
