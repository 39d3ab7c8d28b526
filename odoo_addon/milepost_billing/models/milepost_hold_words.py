from odoo import api, fields, models

from ..billing import holds
from .milepost_hold_fix import PROOF_REASONS


class MilepostHoldWords(models.AbstractModel):
    """What a hold says to its reader; what it said when it was decided stays as it is."""

    _name = "milepost.hold.words"
    _description = "Words of Invoice Holds"

    said = fields.Json(readonly=True, copy=False, help="Explanation and remedy as codes and values.")
    explanation_shown = fields.Char(string="What Is Wrong", compute="_compute_shown")
    remedy_shown = fields.Char(string="What Clears It", compute="_compute_shown")

    @api.depends("said", "explanation", "remedy", "state")
    @api.depends_context("lang")
    def _compute_shown(self):
        words = self.env["milepost.words"]._words
        elsewhere = self._waits_for_proof().shipment_id._proofs_not_fetched()
        for hold in self:
            said = hold.said or {}
            invoice = hold.sudo().carrier_invoice_id
            currency = self.env["milepost.words"]._currency(hold.reason, invoice, hold.currency_id)
            what = words(said.get("explanation"), hold.explanation, currency)
            where = elsewhere.get(hold.shipment_id) if hold._waits_for_proof() else None
            hold.explanation_shown = f"{what.rstrip('.')}. {where}" if what and where else what or where
            hold.remedy_shown = words(said.get("remedy"), hold.remedy, currency)

    def _waits_for_proof(self):
        return self.filtered(
            lambda hold: (
                hold.side == "ar" and hold.reason in PROOF_REASONS and hold.state in holds.OPEN_STATES
            )
        )

    def _explain(self):
        """One line per hold, for the message of a refusal."""
        return "\n".join(
            f"• {hold.display_name}: {hold.explanation_shown or ''}".rstrip(": ") for hold in self
        )
