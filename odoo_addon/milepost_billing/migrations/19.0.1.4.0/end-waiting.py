"""Orders that were confirmed before they kept what their policy was chosen by keep it now.

And what waits for proof is computed anew: ordered goods without a transfer were nobody's. What Odoo
calls invoiced stays as it is until something of the line changes: an upgrade changes no stored status.
"""

from odoo import SUPERUSER_ID, api
from odoo.fields import Domain


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    orders = env["sale.order"].search([
        ("state", "=", "sale"), ("milepost_managed_by_id", "!=", False),
        ("milepost_policy_inputs", "=", False),
    ])  # fmt: skip
    orders._milepost_keep_inputs()
    lines = env["sale.order.line"]
    open_ = Domain("qty_to_invoice", "!=", 0) | Domain("milepost_waiting_qty", "!=", 0)
    lines = lines.search(Domain("state", "=", "sale") & open_)
    for name in ("milepost_managed_qty", "milepost_waiting_qty"):
        env.add_to_compute(lines._fields[name], lines)
    env.flush_all()
