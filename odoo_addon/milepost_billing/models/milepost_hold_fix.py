from odoo import models
from odoo.exceptions import UserError

#: What a person can do about the cause itself; for other reasons the cause lies elsewhere.
PROOF_REASONS = ("pod_missing", "pod_invalid")
QUANTITY_REASONS = ("qty_short", "qty_over", "qty_refused", "damage")


class MilepostHoldFix(models.AbstractModel):
    """What clears a hold without anybody releasing it: the missing proof, a decided quantity."""

    _name = "milepost.hold.fix"
    _description = "What Clears a Hold"

    def _fix(self):
        """`proof`, `quantities` or `bill` for the action that mends the cause; None when there is none."""
        self.ensure_one()
        if self.side == "ar" and self.reason in PROOF_REASONS and self.shipment_id.connection_id:
            return "proof"
        if self.side == "ar" and self.reason in QUANTITY_REASONS:
            return "quantities"
        bills = self.sudo().carrier_invoice_id
        return "bill" if bills and bills.sudo(False).has_access("read") else None

    def _may_fix(self):
        """Dispatchers and finance mend causes; the bridge does so by facts alone."""
        user = self.env.user
        return not user.has_group("milepost.group_bridge") and (
            user.has_group("milepost.group_dispatcher")
            or user.has_group("milepost_billing.group_billing_analyst")
        )

    def action_fix(self):
        """Open what clears the hold."""
        self.ensure_one()
        self.check_access("read")
        fix = self._fix()
        if fix == "proof":
            return self.env["milepost.supply.proof"]._open(self.shipment_id, self._stop_meant())
        if fix == "quantities":
            return self.env["milepost.dispose"]._open(self)
        if fix == "bill":
            bill = self.carrier_invoice_id
            return {
                "type": "ir.actions.act_window", "name": bill.display_name, "res_model": bill._name,
                "res_id": bill.id, "views": [(False, "form")],
            }  # fmt: skip
        raise UserError(self.env._("What clears this hold: %s", self.remedy or self.env._("its cause")))

    def _stop_meant(self):
        """The delivery that a hold on a proof names in its subject (`stop:<id>`)."""
        kind, _colon, id_ = (self.subject or "").partition(":")
        stops = self.env["milepost.stop"]
        return stops.browse(int(id_)).exists() if kind == "stop" and id_.isdigit() else stops
