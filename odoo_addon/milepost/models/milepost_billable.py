from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..billing import quantities
from . import codes


class MilepostBillable(models.Model):
    """One thing of a shipment that a customer is billed for: goods, a service, a charge.

    Written by the validation. What is invoiced of goods follows from the sales order line; what is
    invoiced of a charge from the invoice lines that point here.
    """

    _name = "milepost.billable"
    _description = "Billable"
    _order = "shipment_id, kind, id"
    _rec_name = "description"

    shipment_id = fields.Many2one("milepost.shipment", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True)
    kind = fields.Selection(
        [("goods", "Goods"), ("service", "Service"), ("charge", "Charge"), ("allowance", "Allowance")],
        required=True,
    )
    key = fields.Char(required=True, help="Goods and order line, or the charge.")
    goods_key = fields.Char(help="The goods as the transport order names them.")
    sale_line_id = fields.Many2one("sale.order.line", ondelete="restrict", index="btree_not_null")
    product_id = fields.Many2one("product.product")
    charge_type = fields.Selection(codes.CHARGE_TYPES)
    description = fields.Char()
    price_unit = fields.Float(digits=(16, 6))
    shipped_qty = fields.Float(digits=(16, 6))
    accepted_qty = fields.Float(digits=(16, 6))
    damaged_qty = fields.Float(digits=(16, 6))
    short_qty = fields.Float(digits=(16, 6))
    refused_qty = fields.Float(digits=(16, 6))
    over_qty = fields.Float(digits=(16, 6))
    billable_qty = fields.Float(digits=(16, 6))
    cost_amount = fields.Monetary(help="Of a passed-on charge: what it costs us.")
    amount = fields.Monetary(string="Billable Amount")
    invoiced_qty = fields.Float(digits=(16, 6))
    invoiced_amount = fields.Monetary()
    absorbed_amount = fields.Monetary(help="Below the threshold for another document: our loss.")
    released = fields.Boolean(help="Proven, undisputed and not held.")
    move_line_ids = fields.One2many("account.move.line", "milepost_billable_id")

    disposition = fields.Selection(
        [
            ("bill_accepted", "Bill What Was Accepted"),
            ("bill_shipped", "Bill What Was Shipped"),
            ("bill_over", "Bill the Excess Too"),
            ("bill_good", "Bill What Is Undamaged"),
            ("allowance", "Bill With an Allowance for Damage"),
        ]
    )
    disposition_basis = fields.Json(help="The differences that were decided on.")
    disposed_by_id = fields.Many2one("res.users")
    disposed_at = fields.Datetime()
    disposition_note = fields.Char()
    proposals = fields.Char(help="Return, scrap, adjustment or claim, for a person to make.")

    _key_unique = models.UniqueIndex("(shipment_id, key)", "This is billed already.")

    @api.model
    def dispose(self, shipment_id, disposition, goods_key=None, note=None):
        """Decide what is billed of goods that came short, damaged, refused or in excess.

        The decision holds for the differences as they are now: others need another one.

        :param goods_key: the goods; all that differ by default
        """
        if not self.env["milepost.hold"]._finance_role() and not self.env.user.has_group(
            "milepost.group_dispatcher"
        ):
            raise AccessError(self.env._("Your role may not decide on quantities."))
        shipment = self.env["milepost.shipment"].browse(shipment_id)
        shipment.check_access("read")
        rows = shipment.sudo().billable_ids.filtered(
            lambda row: row.kind == "goods" and (not goods_key or row.goods_key == goods_key)
        )
        changed = self.browse()
        for own in rows.grouped("goods_key").values():
            basis = own._differences()
            if not basis:
                continue
            allowed = set().union(*(quantities.DISPOSITIONS[reason] for reason in basis))
            if disposition not in allowed:
                raise UserError(self.env._(
                    "“%(disposition)s” does not settle %(reasons)s.",
                    disposition=disposition, reasons=", ".join(sorted(basis)),
                ))  # fmt: skip
            own.write({
                "disposition": disposition,
                "disposition_basis": basis,
                "disposed_by_id": self.env.uid,
                "disposed_at": fields.Datetime.now(),
                "disposition_note": note or False,
            })
            changed |= own
        if not changed:
            raise UserError(self.env._("The quantities of %s do not differ.", shipment.name))
        shipment.sudo()._billing_changed()
        return True

    def _differences(self):
        """{reason: quantity as text} of the goods that these rows make up."""
        sums = {
            "QTY_SHORT": sum(self.mapped("short_qty")),
            "QTY_OVER": sum(self.mapped("over_qty")),
            "QTY_REFUSED": sum(self.mapped("refused_qty")),
            "DAMAGE": sum(self.mapped("damaged_qty")),
        }
        return {reason: _text(quantity) for reason, quantity in sums.items() if _text(quantity) != "0"}


def _text(quantity):
    return f"{quantity:.6f}".rstrip("0").rstrip(".")
