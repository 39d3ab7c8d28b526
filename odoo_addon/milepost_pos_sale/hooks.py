"""What Odoo runs when the addon comes."""


def post_init_hook(env):
    """Count what tills settled already as billed."""
    sold = env["pos.order.line"].search([("sale_order_line_id", "!=", False)]).sale_order_line_id
    managed = sold.browse(sold._milepost_gates())
    env.add_to_compute(managed._fields["qty_to_invoice"], managed)
    managed.milepost_billable_ids.shipment_id._recount_money()
