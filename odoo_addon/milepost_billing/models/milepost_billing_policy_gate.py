from odoo import api, fields, models
from odoo.fields import Domain

from ..billing import policy
from ..billing.decimals import decimal

# What of a policy decides how much of an order waits, and for which orders it does.
GATES = frozenset({
    "mode", "ordered_goods", "transport_products", "delivery_fee", "down_payments", "active", "sequence",
    "company_id", "partner_ids", "carrier_id", "service", "value_from", "value_to", "valid_from", "valid_to",
})  # fmt: skip


class MilepostBillingPolicy(models.Model):
    """What of an order waits for proof. The defaults are the careful ones, but for what Odoo bills as ordered."""

    _inherit = "milepost.billing.policy"

    ordered_goods = fields.Selection(
        [("odoo", "As in Odoo, Whether Proven or Not"), ("proof", "When They Are Proven")],
        string="Goods Sold on Ordered Quantities", default="odoo", required=True, tracking=True,
    )  # fmt: skip
    transport_products = fields.Selection(
        [("proof", "When They Are Proven"), ("odoo", "As in Odoo")],
        default="proof", required=True, tracking=True,
    )  # fmt: skip
    delivery_fee = fields.Selection(
        [("first", "With the First Proven Goods"), ("odoo", "As in Odoo")],
        default="first", required=True, tracking=True,
    )  # fmt: skip
    down_payments = fields.Selection(
        [("free", "At Any Time"), ("proof", "Not Before the First Proof")],
        default="free", required=True, tracking=True,
    )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._gates_changed(policies._applying())
        return policies

    def write(self, vals):
        companies = self._applying()
        result = super().write(vals)
        if GATES & set(vals):
            self._gates_changed(companies | self._applying())
        return result

    def unlink(self):
        companies = self._applying()
        result = super().unlink()
        self._gates_changed(companies)
        return result

    def _applying(self):
        """The companies to which these policies apply; a proposal that is archived applies to none."""
        return self.filtered("active").company_id

    @api.model
    def _gates_changed(self, companies):
        """Bring what is stored of orders and shipments up to what the policies of companies ask for now.

        Of orders the lines of which something is to be invoiced or waits, in this transaction; open
        shipments by the next validation. What was invoiced stays as it is.
        """
        if not companies:
            return
        below = Domain("company_id", "child_of", companies.ids)
        open_ = Domain("qty_to_invoice", "!=", 0) | Domain("milepost_waiting_qty", "!=", 0)
        lines = self.env["sale.order.line"].sudo()
        lines = lines.search(below & Domain("state", "=", "sale") & open_)
        # As if what is managed had changed: all that follows from it is computed anew, up to the order.
        lines.modified(["milepost_managed_qty"])
        shipments = self.env["milepost.shipment"].sudo()
        shipments.search(
            below & Domain("posted_at", "=", False) & Domain("policy_version_id", "!=", False)
        )._billing_changed()

    @api.model
    def _of_orders(self, orders):
        """{order: [the policies that its goods are billed by, before any shipment says more]}.

        Chosen by what the order says now, and by what it said when it was confirmed where somebody
        else than finance changed that: who is bound by a policy does not choose a milder one.
        """
        said = {
            order: [order._milepost_policy_case(), *filter(None, [order.milepost_policy_inputs])]
            for order in orders
        }
        cases = {
            (order.id, at): (order.company_id, self._order_case(order, one))
            for order, inputs in said.items() for at, one in enumerate(inputs)
        }  # fmt: skip
        found = self._resolve(cases)
        return {
            order: [found[order.id, at] for at in range(len(inputs))] for order, inputs in said.items()
        }  # fmt: skip

    @api.model
    def _order_case(self, order, inputs):
        customer = order.partner_id
        if inputs["partner"] != customer.id:
            customer = customer.browse(inputs["partner"]).exists()
        return policy.Case(
            customers=customer._milepost_ancestry(),
            carrier=inputs["carrier"], service=None, value=decimal(inputs["value"]),
            day=fields.Date.to_date(inputs["day"]),
        )  # fmt: skip

    def _counts_fractions(self):
        """Hook: whether parts that make up no whole are billed as the fraction of one."""
        return False

    def _strictness(self):
        """How much the policy asks for, one answer per question: greater is stricter."""
        self.ensure_one()
        return (
            self.mode == "enforce", self.pod_gate == "pod", not self.pod_auto_validate, self.pod_need_signer,
            self.pod_need_signature, self.pod_need_document, self.pod_need_quantities,
            self.reference_required, ("shipped", "accepted", "good").index(self.quantity_policy),
            self.pass_through_pending == "hold",  # noqa: S105
            self.ordered_goods == "proof",
            self.transport_products == "proof", self.delivery_fee == "first",
        )  # fmt: skip

    def _gate_of(self, line):
        """What an order line that travels waits for: "proof", "first" (proof of its order) or False."""
        self.ensure_one()
        if self.mode == "shadow":
            return False
        if line._milepost_follows():
            waits = self.delivery_fee == "first" if line.is_delivery else self.down_payments == "proof"
            return "first" if waits else False
        if line.milepost_is_transport:
            return "proof" if self.transport_products == "proof" else False
        return False if line.milepost_is_by_order and self.ordered_goods == "odoo" else "proof"
