from odoo import models
from odoo.exceptions import UserError

#: What a person can do about the cause itself; for other reasons the cause lies elsewhere.
PROOF_REASONS = ("pod_missing", "pod_invalid", "proof_due", "fact_ahead")
QUANTITY_REASONS = ("qty_short", "qty_over", "qty_refused", "damage")


class MilepostHoldFix(models.AbstractModel):
    """What clears a hold without anybody releasing it: a proof, a person's yes to one, a decided quantity."""

    _name = "milepost.hold.fix"
    _description = "What Clears a Hold"

    def _fix(self, waiting=None):
        """`review`, `proof`, `quantities` or `bill` for what mends the cause; None when nothing does.

        :param waiting: the shipments of `_waiting_proofs`, where they are known for many holds
        """
        self.ensure_one()
        if self.side == "ar" and self.reason in PROOF_REASONS:
            waiting = self._waiting_proofs().shipment_id if waiting is None else waiting
            if self.shipment_id in waiting:
                return "review"
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
        if fix == "review":
            proofs = self._waiting_proofs()
            return {
                "type": "ir.actions.act_window", "name": self.env._("Proofs to Validate"),
                "res_model": proofs._name, "domain": [("id", "in", proofs.ids)],
                "views": [(False, "list"), (False, "form")],
            }  # fmt: skip
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

    def _waiting_proofs(self):
        """The proofs of these holds' shipments that the checks found right and a person has to validate."""
        return self.env["milepost.pod"].search([
            ("shipment_id", "in", self.shipment_id.ids), ("state", "=", "received"), ("fault", "=", False),
            ("superseded", "=", False), ("retracted", "=", False),
        ])  # fmt: skip

    def _stop_meant(self):
        """The delivery that a hold on a proof names in its subject (`stop:<id>`)."""
        kind, _colon, id_ = (self.subject or "").partition(":")
        stops = self.env["milepost.stop"]
        return stops.browse(int(id_)).exists() if kind == "stop" and id_.isdigit() else stops
