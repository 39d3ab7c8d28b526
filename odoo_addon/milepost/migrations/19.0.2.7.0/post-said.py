"""What is ahead of its receipt counts as said no later than that: a clock that is put right is believed."""

from odoo import SUPERUSER_ID, api

BATCH = 500


def migrate(cr, version):
    touched = set()
    for table in ("milepost_milestone", "milepost_pod"):
        cr.execute(
            f"""
            UPDATE {table} SET said_at = received_at WHERE is_ahead AND said_at > received_at
            RETURNING shipment_id
            """
        )
        touched |= {id_ for (id_,) in cr.fetchall() if id_}
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    ids = sorted(touched)
    for start in range(0, len(ids), BATCH):
        env["milepost.shipment"].browse(ids[start : start + BATCH])._derive()
