from odoo import fields, models


class MilepostProposalDismiss(models.TransientModel):
    """Why nothing is done about a difference."""

    _name = "milepost.proposal.dismiss"
    _description = "Dismiss a Proposal"

    proposal_id = fields.Many2one("milepost.proposal", required=True, readonly=True, ondelete="cascade")
    note = fields.Char(string="Reason", required=True)

    def action_dismiss(self):
        """Settle the proposal without a deed."""
        self.ensure_one()
        self.proposal_id.action_dismiss(self.note)
        return {"type": "ir.actions.act_window_close"}
