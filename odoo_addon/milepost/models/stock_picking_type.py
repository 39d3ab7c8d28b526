from odoo import fields, models


class StockPickingType(models.Model):
    _name = "stock.picking.type"
    _inherit = ["stock.picking.type", "milepost.managed"]

    milepost_transport = fields.Selection(
        [("default", "What Leaves"), ("always", "Every Transfer"), ("never", "Nothing")],
        string="Needs Transport", default="default", required=True,
        help="Which transfers of this type are shipments. What leaves: goods on their way to a customer, "
        "a vendor or another warehouse, not steps inside the warehouse. The shipping method of a "
        "transfer may say otherwise.",
    )  # fmt: skip
    milepost_returns = fields.Selection(
        [
            ("none", "Nobody of Ours"),
            ("make", "A Shipment, Ordered by Hand"),
            ("order", "A Shipment, Ordered at Once"),
        ],
        string="Who Fetches Returns", default="make", required=True,
        help="What comes back of this type's deliveries that travelled with a transport connection.",
    )  # fmt: skip
    milepost_managed_from = fields.Datetime(
        string="Managed From", copy=False, groups="milepost.group_viewer",
        help="Goods that this type of operation moves earlier are Odoo's alone. Of connection, warehouse, "
        "operation type and customer the latest instant counts; empty: as the others say.",
    )  # fmt: skip
