"""What Odoo runs when the addon comes or goes."""


def uninstall_hook(env):
    """Leave what Odoo and the core keep as if the addon had never been there."""
    _free_order_lines(env)
    _forget_inherited_choices(env)


def _free_order_lines(env):
    """Odoo computes nothing anew when an addon goes: an order that was held would never be invoiced."""
    lines = env["sale.order.line"]
    products = env["product.template"].with_context(active_test=False)
    products = products.search([("milepost_transport", "=", True)])
    transport = lines.search([("product_template_id", "in", products.ids)])
    products.milepost_transport = False
    env.add_to_compute(lines._fields["qty_delivered_method"], transport)
    transport.flush_recordset(["qty_delivered_method"])
    # Without what travels, the computation of what is to be invoiced is Odoo's.
    lines.search([("milepost_managed_qty", "!=", 0)]).milepost_managed_qty = 0


def _forget_inherited_choices(env):
    """Choices of fields that its facts inherit bear names of the core, which would name nothing."""
    names = env["ir.model.data"]
    for model in ("milepost_charge", "milepost_carrier_invoice"):
        names += names.search([
            ("module", "=", "milepost"), ("model", "=", "ir.model.fields.selection"),
            ("name", "=like", f"selection__{model}__%"),
        ])  # fmt: skip
    names.unlink()
