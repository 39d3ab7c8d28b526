from odoo import fields, models

from .. import codes


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    milepost_billable_id = fields.Many2one(
        "milepost.billable", string="Billed", index="btree_not_null", ondelete="restrict", copy=False
    )
    milepost_charge_type = fields.Selection(codes.CHARGE_TYPES, string="Carrier Charge", copy=False)
    milepost_is_dispute = fields.Boolean(
        string="Disputed Freight", copy=False, readonly=True,
        help="What the carrier billed and is not owed until that is settled.",
    )  # fmt: skip

    def _copy_data_extend_business_fields(self, values):
        """The reversal of an invoice takes back what the invoice billed."""
        super()._copy_data_extend_business_fields(values)
        values["milepost_billable_id"] = self.milepost_billable_id.id
        values["milepost_charge_type"] = self.milepost_charge_type

    def _milepost_quantity(self):
        """The quantity billed in the unit of the order line; credit notes take away."""
        self.ensure_one()
        line = self.sudo().milepost_billable_id.sale_line_id or self.sale_line_ids[:1]
        quantity = self.quantity
        if line and self.product_uom_id and self.product_uom_id != line.product_uom_id:
            quantity = self.product_uom_id._compute_quantity(quantity, line.product_uom_id)
        return quantity if self.move_id.move_type == "out_invoice" else -quantity
