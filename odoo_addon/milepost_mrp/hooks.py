"""What Odoo runs when the addon comes."""


def post_init_hook(env):
    """Count what kits shipped already in whole kits, and decide again about their shipments."""
    moves = env["stock.move"].search([
        ("sale_line_id", "!=", False), ("bom_line_id.bom_id.type", "=", "phantom"),
        ("milepost_line_ids", "!=", False),
    ])  # fmt: skip
    lines = moves.sale_line_id
    env.add_to_compute(lines._fields["milepost_managed_qty"], lines)
    moves.milepost_line_ids.shipment_id._billing_changed()
