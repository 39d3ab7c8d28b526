"""Names that a partner's answer or a person gave are kept as such, and copies of proofs are whole.

Of names that are stored nobody noted who gave them: what a shipment bears neither by itself nor by its
parcels and plans, somebody else gave. Copies of a proof that is said of several shipments had neither
quantities nor papers, so that a shortage was a clean proof.
"""

from odoo import SUPERUSER_ID, api
from odoo.addons.milepost.ingestion.letting_go import names_given

BATCH = 500


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    # Only numbers of parcels are taken away again.
    ids = env["milepost.shipment"].search([("parcel_ids", "!=", False)]).ids
    for start in range(0, len(ids), BATCH):
        for shipment in env["milepost.shipment"].browse(ids[start : start + BATCH]):
            shipment.lasting_names = sorted(shipment._lasting_names() | names_given(shipment))
        env.flush_all()
        env.invalidate_all()
    _complete_copies(env)


def _complete_copies(env):
    pods = env["milepost.pod"].search([("applies_to", "=", "every"), ("shipment_id", "!=", False)])
    bare, origins = pods.browse(), {}
    for alike in pods.grouped(lambda pod: (pod.connection_id, pod.key)).values():
        whole = alike.filtered(lambda pod: pod.line_ids or pod.document_ids)[:1]
        for copy in alike.filtered(lambda pod: not (pod.line_ids or pod.document_ids)) if whole else ():
            origins[copy.id], bare = whole.id, bare | copy
    env["milepost.pod"]._copy_parts(origins)
    bare.shipment_id._derive()
