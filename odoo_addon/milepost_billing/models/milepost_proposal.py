from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class MilepostProposal(models.Model):
    """What a difference of quantities asks a person to do: return, scrap, adjust, claim.

    Stock is never rewritten by the rules: a person makes the proposal real, or dismisses it.
    """

    _name = "milepost.proposal"
    _description = "Quantity Proposal"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "kind"

    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, readonly=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="shipment_id.company_id", store=True)
    currency_id = fields.Many2one(related="shipment_id.currency_id")
    goods_key = fields.Char(required=True, readonly=True)
    product_id = fields.Many2one("product.product", readonly=True, check_company=True)
    reason = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        [("return", "Return"), ("scrap", "Scrap"), ("adjustment", "Stock Adjustment"), ("claim", "Claim")],
        required=True,
        readonly=True,
    )
    quantity = fields.Float(digits=(16, 6), readonly=True)
    amount = fields.Monetary(readonly=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("done", "Done"),
            ("dismissed", "Dismissed"),
            ("withdrawn", "No Longer Needed"),
        ],
        default="proposed",
        required=True,
        readonly=True,
    )
    done_qty = fields.Float(digits=(16, 6), readonly=True)
    picking_id = fields.Many2one("stock.picking", string="Return", readonly=True, check_company=True)
    note = fields.Char(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)

    _proposal_unique = models.UniqueIndex(
        "(shipment_id, goods_key, reason, kind)", "This is proposed already."
    )

    @api.model
    def _propose(self, wanted):
        """Bring the stored proposals to what the differences ask for.

        :param wanted: {shipment: {(goods key, reason, kind): (quantity, amount)}}
        """
        shipments = self.env["milepost.shipment"].union(*wanted)
        known = {
            (one.shipment_id, one.goods_key, one.reason, one.kind): one for one in shipments.proposal_ids
        }
        creates = []
        for shipment, proposals in wanted.items():
            products = {row.goods_key: row.product_id.id for row in shipment.billable_ids if row.goods_key}
            for (goods_key, reason, kind), (quantity, amount) in proposals.items():
                one = known.pop((shipment, goods_key, reason, kind), None)
                values = {"quantity": float(quantity), "amount": float(amount)}
                if one is None:
                    creates.append({
                        "shipment_id": shipment.id, "goods_key": goods_key, "reason": reason,
                        "kind": kind, "product_id": products.get(goods_key), **values,
                    })  # fmt: skip
                elif abs(one.quantity - values["quantity"]) > 1e-6 or one.state == "withdrawn":
                    # Another quantity needs another deed.
                    one.write({**values, "state": "proposed"})
        for one in known.values():
            if one.state == "proposed":
                one.state = "withdrawn"
        if creates:
            self.create(creates)
            shipments.invalidate_recordset(["proposal_ids"])

    def action_done(self, note=None):
        """The deed was done elsewhere (a claim filed, the stock counted)."""
        self._decide("done", note)

    def action_dismiss(self, note=None):
        """Nothing is done about it."""
        if not note:
            raise UserError(self.env._("Say why nothing is done."))
        self._decide("dismissed", note)

    def action_make_return(self):
        """Make the return transfer of what was refused; the warehouse validates it."""
        self._check_user()
        for one in self.filtered(lambda p: p.kind == "return" and p.state == "proposed"):
            moves = one.sudo().shipment_id.picking_ids.move_ids.filtered(
                lambda move, p=one: move.product_id == p.product_id and move.state == "done"
            )
            if not moves:
                raise UserError(self.env._("Nothing of %s was delivered.", one.product_id.display_name))
            # One transfer takes it all where one can, and each of its lines no more than it brought.
            pickings = moves.picking_id.sorted(
                lambda picking, own=moves: -sum((own & picking.move_ids).mapped("quantity"))
            )
            left = one.quantity
            for picking in pickings:
                if left <= 0:
                    break
                wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
                for line in wizard.product_return_moves:
                    own = line.product_id == one.product_id
                    line.quantity = min(left, line.move_id.quantity) if own else 0
                    left -= line.quantity
                action = wizard.action_create_returns()
                one.sudo().picking_id = one.picking_id or action["res_id"]
            one._decide("done", self.env._("Return made"))
        return True

    def action_make_claim(self):
        """File what the carrier owes: the goods' value and the freight pro rata."""
        self._check_user()
        claim = self.env["milepost.claim"]
        for one in self.filtered(lambda p: p.kind == "claim" and p.state == "proposed"):
            claim |= claim.sudo()._from_proposal(one)
            one._decide("done", self.env._("Claim made"))
        claim = claim.sudo(False)
        return claim.shipment_id._action_view("milepost.claim", claim, self.env._("Claims"))

    def _decide(self, state, note):
        self._check_user()
        for one in self.sudo():
            if one.state != "proposed":
                raise UserError(self.env._("This proposal is settled already."))
            one.write({
                "state": state, "note": note or False, "done_qty": one.quantity,
                "decided_by_id": self.env.uid,
            })  # fmt: skip
        self.sudo().shipment_id._billing_changed()

    def _check_user(self):
        user = self.env.user
        self.check_access("read")
        if user.has_group("milepost.group_bridge") or not (
            user.has_group("milepost.group_dispatcher")
            or user.has_group("milepost_billing.group_billing_analyst")
        ):
            raise AccessError(self.env._("Your role may not decide on quantities."))
