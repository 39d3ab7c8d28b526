from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..selections import charge_types

LINKS = {"sale_line_ids", "milepost_billable_id"}
# What a line bills changes with these; what is booked of it follows.
BILLING_FIELDS = LINKS | {
    "quantity", "product_uom_id", "price_unit", "discount", "tax_ids", "move_id", "display_type", "currency_id",
}  # fmt: skip


class AccountMoveLine(models.Model):
    """Where every way to a document leads through: what lines bill is checked and counted here."""

    _inherit = "account.move.line"

    milepost_billable_id = fields.Many2one(
        "milepost.billable", string="Billed", index="btree_not_null", ondelete="restrict", copy=False,
        check_company=True,
    )  # fmt: skip
    milepost_charge_type = fields.Selection(charge_types, string="Carrier Charge", copy=False)
    milepost_is_dispute = fields.Boolean(
        string="Disputed Freight", copy=False, readonly=True,
        help="What the carrier billed and is not owed until that is settled.",
    )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        linked = lines.filtered(lambda line: line.milepost_billable_id) | lines.browse(
            [line.id for line, vals in zip(lines, vals_list, strict=True) if vals.get("sale_line_ids")]
        )
        self.env["milepost.ledger"]._check_made(linked)
        linked._milepost_recount(linked._milepost_rows())
        return lines

    def write(self, vals):
        if not BILLING_FIELDS & set(vals):
            return super().write(vals)
        self._milepost_refuse_steering(vals)
        linked = self.filtered(lambda line: line.sudo().milepost_billable_id or line.sale_line_ids)
        if LINKS & set(vals):
            linked = self
        rows, links = linked._milepost_rows(), linked._milepost_links()
        with self.env["milepost.ledger"]._kept(linked):
            result = super().write(vals)
        linked._refuse_new_links(links)
        linked._milepost_recount(rows | linked._milepost_rows())
        return result

    def unlink(self):
        rows = self._milepost_rows()
        with self.env["milepost.ledger"]._kept(self):
            result = super().unlink()
        self._milepost_recount(rows)
        return result

    def _milepost_refuse_steering(self, vals):
        """Which of a shipment's things a line bills is said by what makes the document."""
        if "milepost_billable_id" in vals and not self.env.su:
            value = vals["milepost_billable_id"] or False
            if any(line.milepost_billable_id.id != value for line in self.sudo()):
                raise AccessError(
                    self.env._("The link of a line to a shipment is computed and cannot be edited.")
                )

    def copy_data(self, default=None):
        """A copy bills what its original bills: the ledger must see it, else it would be billed twice."""
        vals_list = super().copy_data(default)
        gates = self.sudo().sale_line_ids._milepost_gates()
        for line, vals in zip(self.sudo(), vals_list, strict=True):
            if line.milepost_billable_id or set(line.sale_line_ids.ids) & set(gates):
                line._copy_data_extend_business_fields(vals)
        return vals_list

    def _milepost_links(self):
        """{line of a posted document: what it says that it bills}."""
        posted = self.sudo().filtered(lambda line: line.parent_state == "posted")
        return {line: (line.milepost_billable_id, line.sale_line_ids) for line in posted}

    def _refuse_new_links(self, before):
        """What a posted line bills is history: neither taken from it nor given to it afterwards."""
        for line, (row, order_lines) in before.items():
            now = line.sale_line_ids
            changed = (order_lines - now) | (now - order_lines)
            if row != line.milepost_billable_id or changed._milepost_gates():
                line._milepost_refuse_history()

    def _milepost_refuse_history(self):
        raise UserError(self.env._(
            "%(document)s is posted: what its line “%(line)s” bills stays as it is. Credit it, or set the "
            "document back to draft.",
            document=self.move_id.display_name, line=self.name or self.display_name,
        ))  # fmt: skip

    def _milepost_rows(self):
        """The billables that lines count for: those that they name; of goods that are billed as ordered, or
        of which some came back, those of the order line, whatever the line names."""
        lines = self.sudo()
        named = lines.milepost_billable_id
        shared = named.sale_line_id.filtered(lambda line: len(line.milepost_billable_ids) > 1)
        named |= shared.filtered(lambda line: line._milepost_back()).milepost_billable_ids
        loose = lines.filtered(lambda line: not line.milepost_billable_id).sale_line_ids
        ordered = loose.filtered(lambda line: line.milepost_is_by_order and line.milepost_managed_qty)
        return named | ordered.milepost_billable_ids

    def _milepost_recount(self, rows):
        """What documents bill of the rows changed; a billing run sums it up once, at its end."""
        rows = rows.exists()
        if self.env["milepost.billing.run"]._is_running():
            rows._count_invoiced()
        else:
            rows.shipment_id._recount_money()

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
        return -quantity if self.move_id.move_type == "out_refund" else quantity
