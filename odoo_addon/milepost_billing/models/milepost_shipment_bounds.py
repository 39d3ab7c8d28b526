from odoo import fields, models
from odoo.addons.milepost.codes import CHANGEABLE_STATES, DEAD_STATES
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

POLICY_INPUTS = {"partner_id", "carrier_id", "service"}
LINKS = ("picking_ids", "sale_order_ids", "invoice_ids")
FINANCE = ("manager", "controller")


class MilepostShipment(models.Model):
    """What nobody loosens by a write: a shipment's links, its policy, its place on the lists."""

    _inherit = "milepost.shipment"

    policy_inputs = fields.Json(
        readonly=True, copy=False, derived="billing",
        help="Customer, shipping method and service by which the policy was chosen.",
    )  # fmt: skip

    covered_stops = fields.Json(
        readonly=True, copy=False, derived="billing", help="Keys of the deliveries that are proven."
    )
    proven_stops = fields.Json(
        readonly=True, copy=False, derived="billing",
        help="Keys of the deliveries that were proven when an invoice was posted: it rests on these.",
    )  # fmt: skip

    def _keep_proven_stops(self):
        """An invoice of the shipments is posted: what is proven now it rests on, whatever is told later."""
        for shipment in self.with_context(tracking_disable=True):
            proven = sorted({*(shipment.proven_stops or ()), *(shipment.covered_stops or ())})
            if proven != (shipment.proven_stops or []):
                shipment.proven_stops = proven

    def _bounds_kept(self, vals):
        """The context in which to write: refuses before it and after it what loosens a bound."""
        self._refuse_archiving(vals)
        if POLICY_INPUTS & set(vals) and self.env["milepost.hold"]._finance_role() in FINANCE:
            # Who is bound by a policy does not choose it; finance does.
            self.sudo().filtered("policy_inputs").policy_inputs = False
        return self.env["milepost.ledger"]._links_kept(self, LINKS, vals)

    def _milepost_binds(self, others):
        """Whether what is billed of a shipment hangs on its link to these transfers, orders or documents."""
        if others._name == "stock.picking":
            return any(picking.state == "done" for picking in others)
        if others._name == "sale.order":
            moved = others.picking_ids & self.picking_ids
            return any(picking.state == "done" for picking in moved) or bool(
                self.billable_ids.sale_line_id.order_id & others
            )
        return bool(others)

    def _refuse_archiving(self, vals):
        """An archived shipment is out of sight; its goods may be neither on the way nor unbilled."""
        if vals.get("active", True) or self.env.su:
            return
        for shipment in self.sudo():
            over = shipment.state in DEAD_STATES or shipment.billing_state in ("invoiced", "nothing")
            if not over and (shipment.picking_ids or shipment.sale_order_ids or shipment.billable_ids):
                raise AccessError(self.env._(
                    "%s is not billed yet: archived, it would be forgotten. Cancel it, or detach its goods.",
                    shipment.name,
                ))  # fmt: skip

    def action_detach(self, model, ids, reason):
        """Take transfers or sales orders off the shipment; what then may be billed is decided anew.

        Goods that have left are billed without this shipment's proof afterwards: that is a finance
        manager's decision.

        :param model: stock.picking or sale.order
        :param reason: why, for the history
        """
        self.ensure_one()
        is_finance = self.env["milepost.hold"]._finance_role() in FINANCE
        self.check_access("read" if is_finance else "write")
        field = {"stock.picking": "picking_ids", "sale.order": "sale_order_ids"}.get(model)
        if not field or not (reason or "").strip():
            raise UserError(self.env._("Say what is detached, and why."))
        own = self.sudo()
        gone = own[field] & self.env[model].browse(ids)
        if own._milepost_binds(gone) and not is_finance:
            raise AccessError(self.env._("Goods that have left are detached by finance."))
        own.write({field: [Command.unlink(one.id) for one in gone]})
        for record in (own, *gone):
            record._message_log(body=self.env._(
                "%(user)s detached %(what)s from %(shipment)s: %(reason)s",
                user=self.env.user.name, what=", ".join(gone.mapped("display_name")),
                shipment=own.name, reason=reason,
            ))  # fmt: skip
        own.hold_ids._audit("detached", reason=reason)
        return True

    def _who_sold(self):
        """Who made or edited the orders, transfers and drafts that the customer's side rests on."""
        orders = self.sale_order_ids
        # A run makes its drafts by the rules alone.
        drafts = orders.invoice_ids.filtered(lambda move: move.state == "draft" and not move.milepost_run_id)
        # Not by the stamps of orders: what billing brings up to date of them bears its user's.
        people = orders.milepost_editor_ids | orders.create_uid | orders.order_line.create_uid
        for records in (drafts, drafts.invoice_line_ids, self.picking_ids):
            people |= records.create_uid | records.write_uid
        return people

    def _is_handed_back(self):
        """Whether all that it carries is Odoo's again."""
        orders = self.sudo().sale_order_ids
        return bool(orders) and all(order.milepost_handed_back_at for order in orders)

    def _bound_inputs(self):
        """What the policy is chosen by, as it was when the goods left; by finance's word as it is now."""
        kept = self.policy_inputs and self._is_on_the_way()
        return self.policy_inputs if kept else self._policy_inputs()

    def _policy_inputs(self):
        return {
            "partner": self.partner_id.id, "carrier": self.carrier_id.id, "service": self.service or False,
        }  # fmt: skip

    def _is_on_the_way(self):
        return self.state not in CHANGEABLE_STATES or any(one.state == "done" for one in self.picking_ids)

    def _bound_policy(self, found):
        """The policy that counts: the one found, unless somebody else than finance made it milder.

        Once goods are on the way another customer, shipping method or service may only make the
        policy stricter; until finance sets them the one that applied before counts.
        """
        old = self._billing_policy()
        if not self.policy_inputs or self.policy_inputs == self._policy_inputs() or not self._is_on_the_way():
            return found
        strictness = zip(found._strictness(), old._strictness(), strict=True)
        return found if all(new >= before for new, before in strictness) else old

    def _billing_policy(self):
        """The policy that was resolved, or the careful defaults."""
        self.ensure_one()
        return self.policy_id or self.env["milepost.billing.policy"]._careful_default(self.company_id)

    def _forget_posting(self):
        """What no posted document bills any more was never billed: it waits for proof like anything else."""
        for shipment in self.sudo().with_context(tracking_disable=True).filtered("posted_at"):
            lines = shipment.billable_ids.move_line_ids.filtered(lambda line: line.parent_state == "posted")
            if not lines.move_id.filtered(lambda move: move.move_type in ("out_invoice", "out_receipt")):
                shipment.posted_at = False

    def _claim_for_invoice(self):
        """Of two transactions that invoice one shipment only one gets through; the other is run again."""
        if self:
            self.env.flush_all()
            self.env.execute_query(SQL(
                "UPDATE milepost_shipment SET billing_rev = -1 WHERE id IN %s RETURNING id",
                tuple(sorted(self.ids)),
            ))  # fmt: skip
            self.invalidate_recordset(["billing_rev"])

    def _take_for_posting(self):
        """Take the shipments' rows until the transaction ends; returns those whose decision is stale."""
        if not self:
            return self
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            "UPDATE milepost_shipment SET rev = rev WHERE id IN %s RETURNING id, billing_rev <> rev",
            tuple(sorted(self.ids)),
        ))  # fmt: skip
        return self.browse(sorted(id_ for id_, stale in rows if stale))
