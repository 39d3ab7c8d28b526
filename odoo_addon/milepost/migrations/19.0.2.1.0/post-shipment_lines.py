"""Shipments carry lines of stock moves: those that exist get the moves of their transfers."""

from odoo import SUPERUSER_ID, api

BATCH = 500


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    cr.execute("SELECT DISTINCT shipment_id FROM milepost_shipment_picking ORDER BY 1")
    ids = [id_ for (id_,) in cr.fetchall()]
    for start in range(0, len(ids), BATCH):
        shipments = env["milepost.shipment"].browse(ids[start : start + BATCH])
        shipments._carry()
        env.flush_all()
        # Nothing moved: partners are not told of their orders anew because we write them otherwise.
        for shipment in shipments:
            env["milepost.outbox"]._told_now(shipment)
        env.invalidate_all()
