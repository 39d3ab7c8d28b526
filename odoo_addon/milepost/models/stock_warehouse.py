from odoo import fields, models


class StockWarehouse(models.Model):
    _name = "stock.warehouse"
    _inherit = ["stock.warehouse", "milepost.managed"]

    milepost_managed_from = fields.Datetime(
        string="Managed From", copy=False, groups="milepost.group_viewer",
        help="Goods that leave the warehouse earlier are Odoo's alone. Of connection, warehouse, operation "
        "type and customer the latest instant counts; empty: as the others say.",
    )  # fmt: skip
