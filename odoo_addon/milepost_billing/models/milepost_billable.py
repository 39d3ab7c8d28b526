from odoo import api, fields, models
from odoo.addons.milepost.arguments import choice_of, record_of
from odoo.exceptions import AccessError, UserError

from ..billing import late_charge, quantities
from ..billing.decimals import decimal
from ..billing.money import ZERO, rounded
from ..billing.quantities import SMALLEST
from ..selections import charge_types


class MilepostBillable(models.Model):
    """One thing of a shipment that a customer is billed for: goods, a service, a charge.

    Written by the validation. What is invoiced of goods follows from the sales order line; what is
    invoiced of a charge from the invoice lines that point here.
    """

    _name = "milepost.billable"
    _description = "Billable"
    _inherit = [
        "milepost.billable.lines", "milepost.billable.decision", "milepost.billable.returns",
        "milepost.billable.customer",
    ]  # fmt: skip
    _check_company_auto = True
    _order = "shipment_id, kind, id"
    _rec_name = "description"

    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True)
    kind = fields.Selection(
        [
            ("goods", "Goods"),
            ("part", "Part of Goods"),
            ("service", "Service"),
            ("charge", "Charge"),
            ("allowance", "Allowance"),
        ],
        required=True,
    )
    key = fields.Char(required=True, help="Goods and order line, or the charge.")
    goods_key = fields.Char(help="The goods as the transport order names them.")
    sale_line_id = fields.Many2one(
        "sale.order.line", ondelete="restrict", index="btree_not_null", check_company=True
    )
    part_of_id = fields.Many2one(
        "sale.order.line", string="Part Of", ondelete="restrict", index="btree_not_null", check_company=True,
        help="The order line that sells the whole of which this is a part.",
    )  # fmt: skip
    product_id = fields.Many2one("product.product", check_company=True)
    charge_type = fields.Selection(charge_types)
    description = fields.Char()
    rate_id = fields.Many2one(
        "milepost.rate",
        string="Contract Rate",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
    basis = fields.Char(help="How the amount came about.")
    basis_said = fields.Json(readonly=True)
    basis_shown = fields.Char(string="How It Came About", compute="_compute_basis_shown")
    price_unit = fields.Float(digits=(16, 6))
    shipped_qty = fields.Float(digits=(16, 6))
    accepted_qty = fields.Float(digits=(16, 6))
    damaged_qty = fields.Float(digits=(16, 6))
    short_qty = fields.Float(digits=(16, 6))
    refused_qty = fields.Float(digits=(16, 6))
    over_qty = fields.Float(digits=(16, 6))
    billable_qty = fields.Float(digits=(16, 6))
    cost_amount = fields.Monetary(
        help="Of a passed-on charge: what it costs us.", groups="milepost_billing.group_cost_viewer"
    )
    amount = fields.Monetary(string="Billable Amount")
    invoiced_qty = fields.Float(digits=(16, 6))
    invoiced_amount = fields.Monetary()
    absorbed_amount = fields.Monetary(
        help="Written off: below the threshold for another document, credited by a person, or a price that "
        "was changed on the invoice."
    )
    leak_amount = fields.Monetary(help="The part of it that was below the threshold.")
    settled_cost = fields.Monetary(
        help="The cost that documents and leaks account for.", groups="milepost_billing.group_cost_viewer"
    )
    open_qty = fields.Float(digits=(16, 6))
    open_amount = fields.Monetary(help="Neither invoiced nor given up; negative: to be credited.")
    supply_date = fields.Date(
        help="Day on which the goods were delivered, by the clock of their own stop. Frozen with the invoice."
    )
    released = fields.Boolean(help="Proven, undisputed and not held.")
    move_line_ids = fields.One2many("account.move.line", "milepost_billable_id")

    dispositions = fields.Json(
        help="Per difference what was decided, and the quantity that it was decided on."
    )
    disposed_by_id = fields.Many2one("res.users")
    disposed_at = fields.Datetime()
    disposition_note = fields.Char()

    _key_unique = models.UniqueIndex("(shipment_id, key)", "This is billed already.")

    @api.depends("basis_said", "basis")
    @api.depends_context("lang")
    def _compute_basis_shown(self):
        for one in self:
            one.basis_shown = self.env["milepost.words"]._words(one.basis_said, one.basis, one.currency_id)

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
        shipment = record_of(self.env, "milepost.shipment", shipment_id)
        shipment.check_access("read")
        choice_of(self.env, disposition, {one for own in quantities.DISPOSITIONS.values() for one in own})
        rows = shipment.sudo().billable_ids.filtered(
            lambda row: row.kind in ("goods", "part") and (not goods_key or row.goods_key == goods_key)
        )
        changed = self.browse()
        for key, own in rows.grouped("goods_key").items():
            basis = own._differences()
            settles = [r for r in basis if disposition in quantities.DISPOSITIONS[r]]
            if basis and not settles:
                raise UserError(self.env._(
                    "“%(disposition)s” does not settle %(reasons)s.",
                    disposition=disposition, reasons=", ".join(sorted(basis)),
                ))  # fmt: skip
            if not settles:
                continue
            if disposition == "bill_over":
                self._check_over(shipment, key, note)
            decided = dict(own[:1].dispositions or {})
            decided.update({reason: [disposition, basis[reason]] for reason in settles})
            own.write({
                "dispositions": decided, "disposed_by_id": self.env.uid,
                "disposed_at": fields.Datetime.now(), "disposition_note": note or False,
            })  # fmt: skip
            changed |= own
        if not changed:
            raise UserError(self.env._("The quantities of %s do not differ.", shipment.name))
        shipment.sudo()._billing_changed()
        return True

    @api.model
    def _check_over(self, shipment, goods_key, note):
        """An excess is billed when the customer accepted it and the stock was corrected."""
        if not note:
            raise UserError(self.env._("Say who at the customer accepted the excess."))
        done = shipment.sudo().proposal_ids.filtered(
            lambda one: one.goods_key == goods_key and one.reason == "QTY_OVER" and one.state == "done"
        )
        if not done:
            raise UserError(self.env._("Correct the stock first: the adjustment is proposed and not made."))

    def _billed(self, counts):
        """What documents bill of the row: of goods the quantity, of a charge the amount.

        :param counts: tells which account.move.line count
        """
        self.ensure_one()
        lines = self.move_line_ids.filtered(counts)
        if self.sale_line_id:
            return sum(line._milepost_quantity() for line in lines)
        # Not by the booked amount: it is signed only after the line is made.
        return float(sum(
            self._here(line, line.price_subtotal) * (-1 if line.move_id.move_type == "out_refund" else 1)
            for line in lines
        ))  # fmt: skip

    def _milepost_allowed(self):
        """What may be billed of the row: what is proven and released; held, only what is posted."""
        self.ensure_one()
        if not self.released:
            return self._billed(_stands)
        return self.billable_qty if self.sale_line_id else self.amount

    def _milepost_tolerance(self):
        """Half of the last digit of a document's quantity, or amount: what rounding alone may add."""
        if not self.sale_line_id:
            return self.currency_id.rounding / 2
        return self.sale_line_id._milepost_tolerance()

    def _milepost_refusal(self, over):
        """Why `over` more of the row cannot be billed."""
        shipment = self.shipment_id
        if not self.released:
            why = shipment.hold_ids._blocking()._explain()
            why = why or self.env._("• %s is not delivered yet.", shipment.name)
            return self.env._("%(names)s cannot be invoiced.\n%(why)s", names=shipment.name, why=why)
        return self.env._(
            "%(what)s of %(shipment)s would be invoiced beyond what is proven (by %(over)s).",
            what=self.description, shipment=shipment.name,
            over=self.env["milepost.words"]._quantity(over),
        )  # fmt: skip

    def _count_invoiced(self):
        """Count what documents bill of these rows; a cancelled document bills nothing."""
        self.move_line_ids.mapped("parent_state")
        prepaid = self._prepaid()
        open_goods = self._open_goods(prepaid)
        for row in self:
            live = row._live_lines()
            invoiced = row._booked(live)
            quantity = sum((decimal(line._milepost_quantity()) for line in live), ZERO)
            amount, leak = decimal(row.amount), ZERO
            if row.sale_line_id:
                before = prepaid.get(row, ZERO)
                quantity += before
                invoiced += rounded(before * decimal(row.price_unit), row.currency_id.decimal_places)
                # Of goods the quantity counts: a price that a person changed on the invoice stands.
                digits = row.currency_id.decimal_places
                open_qty = open_goods[row]
                open_amount = rounded(open_qty * decimal(row.price_unit), digits)
                if abs(open_qty) < SMALLEST:
                    open_qty, open_amount = ZERO, ZERO
                absorbed = amount - invoiced - open_amount
                if row._is_rounding(live, absorbed):
                    amount, absorbed = amount - absorbed, ZERO
            else:
                credited = live.filtered(lambda line: line.move_id._milepost_is_persons_credit())
                given = -row._booked(credited)
                leak = late_charge.still_given_up(decimal(row.leak_amount), amount - invoiced)
                open_qty = open_amount = late_charge.without_credited(amount - invoiced - leak, given)
                absorbed = amount - invoiced - open_amount
            values = {
                "amount": float(amount), "invoiced_qty": float(quantity), "invoiced_amount": float(invoiced),
                "absorbed_amount": float(absorbed), "open_qty": float(open_qty),
                "open_amount": float(open_amount), "leak_amount": float(leak),
            }  # fmt: skip
            if not open_amount:
                values["settled_cost"] = row.cost_amount
            changed = {name: value for name, value in values.items() if abs(row[name] - value) > 1e-9}
            if changed:
                row.write(changed)

    def _unbilled(self, charges):
        """What no posted document bills of the goods as stored, and of the charges as they are now.

        :param charges: reconciliation.sell rows
        """
        wanted = {f"charge:{one.charge_type}": decimal(one.amount) for one in charges}
        total = ZERO
        for row in self:
            drafts = row.move_line_ids.filtered(lambda line: line.parent_state == "draft")
            drafted = row._booked(drafts)
            grown = wanted.pop(row.key, decimal(row.amount)) - decimal(row.amount)
            total += max(decimal(row.open_amount) + drafted + grown, ZERO)
        return total + sum((max(amount, ZERO) for amount in wanted.values()), ZERO)

    def _is_open_charge(self):
        """A charge or allowance of which something is to be invoiced."""
        self.ensure_one()
        return self.released and not self.sale_line_id and bool(self.open_amount)

    def _differences(self):
        """{reason: quantity as text} of the goods that these rows make up."""
        sums = {
            "QTY_SHORT": sum(self.mapped("short_qty")),
            "QTY_OVER": sum(self.mapped("over_qty")),
            "QTY_REFUSED": sum(self.mapped("refused_qty")),
            "DAMAGE": sum(self.mapped("damaged_qty")),
        }
        return {reason: _text(quantity) for reason, quantity in sums.items() if _text(quantity) != "0"}


def _stands(line):
    """Whether a line is on the books, or is a credit that was and is only being corrected."""
    move = line.move_id
    is_corrected = move.state == "draft" and move.posted_before and move.move_type == "out_refund"
    return move.state == "posted" or is_corrected


def _text(quantity):
    return f"{quantity:.6f}".rstrip("0").rstrip(".")
