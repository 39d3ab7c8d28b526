"""What Odoo runs when the addon comes or goes."""

from odoo.fields import Domain


def uninstall_hook(env):
    """Leave what Odoo and the core keep as if the addon had never been there."""
    _free_order_lines(env)
    _forget_inherited_choices(env)


# What orders have to do with shipments: a fee or a down payment waits for the goods beside it.
OURS = (
    "milepost_managed_by_id", "milepost_shipment_ids", "order_line.move_ids.milepost_managed_by_id",
    "order_line.milepost_is_transport", "order_line.milepost_managed_qty", "milepost_is_waiting",
)  # fmt: skip
AMOUNTS = ("qty_delivered_method", "milepost_managed_qty")


def _free_order_lines(env):
    """Odoo computes nothing anew when an addon goes: an order that was held would never be invoiced."""
    orders = env["sale.order"].search(Domain.OR(Domain(name, "not in", [False, 0]) for name in OURS))
    lines = orders.order_line
    with env["milepost.ledger"]._leaving():
        for name in AMOUNTS:
            env.add_to_compute(lines._fields[name], lines)
        lines.modified(AMOUNTS)
        env.flush_all()


def _forget_inherited_choices(env):
    """Choices of fields that its facts inherit bear names of the core, which would name nothing."""
    names = env["ir.model.data"]
    for model in ("milepost_charge", "milepost_carrier_invoice"):
        names += names.search([
            ("module", "=", "milepost"), ("model", "=", "ir.model.fields.selection"),
            ("name", "=like", f"selection__{model}__%"),
        ])  # fmt: skip
    names.unlink()
