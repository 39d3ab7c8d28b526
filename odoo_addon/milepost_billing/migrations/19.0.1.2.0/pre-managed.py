"""What waits for proof keeps waiting: who manages it was asked each time, now it is kept.

Before the models are loaded, because what is stored now says which orders and moves are meant.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools.sql import column_exists


def migrate(cr, version):
    if not column_exists(cr, "sale_order_line", "milepost_waiting_qty"):
        # A database from before orders waited by themselves: nothing is kept yet.
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute("""
        SELECT id, order_id FROM sale_order_line
         WHERE milepost_managed_qty <> 0 OR milepost_waiting_qty <> 0
    """)
    rows = cr.fetchall()
    connections = env["milepost.connection"]
    for order in env["sale.order"].browse({order for _line, order in rows}):
        order.milepost_managed_by_id = order.milepost_shipment_ids[:1].connection_id or connections._of(
            order.company_id, order.carrier_id
        )
    moves = env["stock.move"].search([
        ("sale_line_id", "in", [line for line, _order in rows]), ("state", "=", "done"),
        ("milepost_line_ids", "=", False),
    ])  # fmt: skip
    for move in moves.filtered(lambda one: one._milepost_is_delivery() and one.picking_id._milepost_demand()):
        connection = move.picking_id._milepost_connection()
        since = connection.managed_from
        if connection.auto_transport_order and (not since or move.date >= since):
            move.milepost_managed_by_id = connection
    env.flush_all()
