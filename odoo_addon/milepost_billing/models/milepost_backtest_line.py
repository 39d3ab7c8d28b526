from odoo import api, fields, models

from ..selections import hold_reasons


class MilepostBacktestLine(models.Model):
    """One thing that a back-test would hold, or that is held without the proposal."""

    _name = "milepost.backtest.line"
    _description = "Back-Test Result"
    _check_company_auto = True
    _order = "backtest_id, id"
    _rec_name = "shipment_id"

    backtest_id = fields.Many2one(
        "milepost.backtest", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="backtest_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    partner_id = fields.Many2one(related="shipment_id.partner_id", store=True, string="Customer")
    carrier_invoice_id = fields.Many2one(
        "milepost.carrier.invoice",
        string="Carrier Bill",
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )
    side = fields.Selection(
        [("ar", "Customer Invoice"), ("ap", "Carrier Bill")], required=True, readonly=True
    )
    reason = fields.Selection(hold_reasons, required=True, readonly=True)
    subject = fields.Char(readonly=True)
    explanation = fields.Char(readonly=True)
    said = fields.Json(readonly=True)
    explanation_shown = fields.Char(string="What Is Wrong", compute="_compute_explanation_shown")
    amount = fields.Monetary(readonly=True, help="Of the hold, in the company's currency.")
    was_held = fields.Boolean(string="Really Held", readonly=True)
    held_now = fields.Boolean(
        string="Held by the Policy", readonly=True, help="By the shipment's policy as it reads today."
    )
    would_hold = fields.Boolean(string="Held by the Proposal", readonly=True)
    effect = fields.Selection(
        [
            ("new", "Newly Held"),
            ("gone", "No Longer Held"),
            ("same", "Held as Before"),
            ("then", "Held by Neither"),
        ],
        required=True,
        readonly=True,
        help="What the proposal changes for the document, compared with today's policy. Held by neither: it "
        "was held in reality, but not by today's policy or the proposal.",
    )

    def _document(self):
        """The document that the line is about: a carrier's bill, or a shipment's invoice."""
        self.ensure_one()
        return (self.side, self.carrier_invoice_id.id or self.shipment_id.id)

    def action_open(self):
        self.ensure_one()
        return self.shipment_id._action_view("milepost.shipment", self.shipment_id, self.shipment_id.name)

    @api.depends("said", "explanation")
    @api.depends_context("lang")
    def _compute_explanation_shown(self):
        words = self.env["milepost.words"]
        for line in self:
            invoice = line.sudo().carrier_invoice_id
            currency = invoice.contract_currency_id or line.shipment_id.currency_id
            currency = words._currency(line.reason, invoice, currency)
            line.explanation_shown = words._words(line.said, line.explanation, currency)
