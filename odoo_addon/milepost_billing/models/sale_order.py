from odoo import fields, models

from .milepost_shipment_bounds import FINANCE

POLICY_INPUTS = {"partner_id", "carrier_id", "date_order"}
EDITED = POLICY_INPUTS | {"pricelist_id", "currency_id", "fiscal_position_id"}


class SaleOrder(models.Model):
    """Held and unproven goods stay off the invoices of an order."""

    _inherit = "sale.order"

    milepost_policy_inputs = fields.Json(
        readonly=True, copy=False, groups="milepost.group_viewer",
        help="Customer, shipping method, value and day by which the policy was chosen at confirmation.",
    )  # fmt: skip
    milepost_editor_ids = fields.Many2many(
        "res.users", "milepost_sale_order_editor", string="Edited by", readonly=True, copy=False,
        groups="milepost.group_viewer",
        help="Changed what is billed of it after it was confirmed, and so releases nothing of it.",
    )  # fmt: skip

    def write(self, vals):
        if EDITED & set(vals):
            self._milepost_edited()
        # Goods that were delivered are invoiced no more once their order is cancelled.
        cancelled = "state" in vals and "cancel" in (vals["state"], *self.mapped("state"))
        with self.env["milepost.ledger"]._links_kept(self, ["milepost_shipment_ids"], vals):
            result = super().write(vals)
        # What was never managed asks nobody's role.
        kept = POLICY_INPUTS & set(vals) and any(one.milepost_policy_inputs for one in self.sudo())
        if kept and self.env["milepost.hold"]._finance_role() in FINANCE:
            self._milepost_keep_inputs()
        if cancelled or {"client_order_ref", "milepost_shipment_ids"} & set(vals):
            self.sudo().milepost_shipment_ids._billing_changed()
        return result

    def _milepost_policies(self):
        """{order: the policies that its billing follows}: those that its shipments were decided by, before
        that the one that would be chosen for the order itself."""
        decided = {
            order: [one._billing_policy() for one in order._milepost_decided()] for order in self.sudo()
        }
        open_orders = self.filtered(lambda order: not decided[order])
        own = self.env["milepost.billing.policy"]._of_orders(open_orders.sudo())
        return {order: decided[order] or own[order] for order in self.sudo()}

    def _milepost_decide(self):
        super()._milepost_decide()
        self._milepost_keep_inputs()

    def _milepost_keep_inputs(self):
        """Keep by what the policy is chosen: from confirmation on that changes by finance's word alone."""
        for order in self.sudo().filtered("milepost_managed_by_id"):
            order.milepost_policy_inputs = order._milepost_policy_case()

    def _milepost_policy_case(self):
        """What a policy is chosen by, as JSON."""
        return {
            "partner": self.partner_id.id, "carrier": self.carrier_id.id or None,
            "value": self.amount_untaxed,
            "day": fields.Date.to_string(self.date_order or fields.Date.today()),
        }  # fmt: skip

    def _milepost_edited(self):
        """Remember who changed what is billed of a confirmed order."""
        if self.env.su:
            return
        own = self.sudo().filtered(
            lambda order: (
                order.state == "sale" and (order.milepost_managed_by_id or order.milepost_shipment_ids)
            )
        )
        own.filtered(lambda order: self.env.user not in order.milepost_editor_ids).write(
            {"milepost_editor_ids": [fields.Command.link(self.env.uid)]}
        )

    def _milepost_decided(self):
        shipments = self.with_context(active_test=False).milepost_shipment_ids
        return shipments.filtered("policy_version_id")

    def _get_invoiceable_lines(self, final=False):
        """In a billing run: what its shipments carry, and what does not travel at all."""
        lines = super()._get_invoiceable_lines(final)
        if self.env.context.get("milepost_shipments") is None:
            return lines
        down = lines.filtered(lambda line: line.is_downpayment and line._milepost_follows())
        kept = lines.filtered(lambda line: line.display_type or line in down or self._milepost_invoices(line))
        return self._milepost_borne(kept, down)

    @staticmethod
    def _milepost_invoices(line):
        if line._milepost_is_by_shipment():
            return line._milepost_rows() or line._milepost_rest() > 0
        # What is sold in negative quantities is taken off as a discount is.
        return line.qty_to_invoice > 0 or (line.product_uom_qty < 0 and line.qty_to_invoice < 0)

    def _prepare_invoice(self):
        """In a billing run: the charges of its shipments go on the invoice of their goods."""
        values = super()._prepare_invoice()
        if not self.env["milepost.billing.run"]._is_running():
            # Of the context, which anybody can send, nothing is written as the superuser.
            return values
        values |= self.env.context.get("milepost_document", {})
        charges = self.env.context.get("milepost_charges", {}).get(self.id, ())
        rows = self.env["milepost.billable"].sudo().browse(charges)
        values["invoice_line_ids"] += [
            fields.Command.create({**row._prepare_charge_line(), "sequence": 900 + number})
            for number, row in enumerate(rows)
        ]
        return values

    def _create_account_invoices(self, invoice_vals_list, final):
        """Two invoices of one shipment at once: the second fails, runs again and sees the first."""
        numbers = [
            line[2].get("milepost_billable_id")
            for values in invoice_vals_list
            for line in values["invoice_line_ids"]
            if line[0] == fields.Command.CREATE
        ]
        rows = self.env["milepost.billable"].sudo().browse([number for number in numbers if number])
        rows.shipment_id._claim_for_invoice()
        return super()._create_account_invoices(invoice_vals_list, final)

    def _force_lines_to_invoice_policy_order(self):
        """Paid online, an order is invoiced as a whole; what waits for proof waits, and the rest is invoiced.

        Refused instead, the payment could not be processed, and the order it pays not be confirmed.
        """
        super()._force_lines_to_invoice_policy_order()
        gated = self.order_line.browse(self.order_line._milepost_gates())
        self.env.add_to_compute(gated._fields["qty_to_invoice"], gated)

    def _nothing_to_invoice_error_message(self):
        """Say which holds are in the way, when that is the reason."""
        message = super()._nothing_to_invoice_error_message()
        holds = self.sudo().milepost_shipment_ids.hold_ids._blocking()
        if holds:
            held = self.env._("These holds keep it back:")
            message = f"{message}\n\n{held}\n{holds._explain()}"
        return message
