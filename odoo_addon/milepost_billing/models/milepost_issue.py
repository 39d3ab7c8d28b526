from odoo import api, fields, models

#: The one issue of a shipment about its billing.
BILLING = "billing"


class MilepostIssue(models.Model):
    _inherit = "milepost.issue"

    kind = fields.Selection(
        selection_add=[("undecided", "Billing Cannot Be Decided")], ondelete={"undecided": "cascade"}
    )

    at_stake_amount = fields.Monetary(related="shipment_id.at_stake_amount")
    currency_id = fields.Many2one(related="shipment_id.currency_id")

    def _what_text(self):
        if self.kind == "undecided":
            return self.env._(
                "Billing cannot be decided: %s", self.shipment_id.billing_problem or self.reason
            )
        return super()._what_text()

    def _next_text(self):
        if self.kind == "undecided":
            return self.env._("Mend what it names: it is decided again by itself")
        return super()._next_text()

    @api.model
    def _follow_decisions(self, shipments):
        """Open an issue of what cannot be decided, and close it once it is."""
        issues = self.sudo().search([
            ("shipment_id", "in", shipments.ids), ("subject", "=", BILLING), ("state", "!=", "closed"),
        ])  # fmt: skip
        now, known = fields.Datetime.now(), issues.grouped("shipment_id")
        for issue in issues:
            problem = issue.shipment_id.billing_problem
            if problem and issue.fingerprint != problem:
                issue.write({"fingerprint": problem, "state": "open"})
        issues.filtered(lambda issue: not issue.shipment_id.billing_problem).write(
            {"state": "closed", "closed_at": now}
        )
        quiet = self.sudo().with_context(tracking_disable=True, mail_create_nolog=True)
        quiet.create([
            {
                "shipment_id": one.id, "company_id": one.company_id.id, "kind": "undecided", "subject": BILLING,
                "fingerprint": one.billing_problem, **self._prepare_timing("undecided", None, now, one.company_id),
            }
            for one in shipments
            if one.billing_problem and one not in known
        ])  # fmt: skip
