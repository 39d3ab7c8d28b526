from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    milepost_freight_account_id = fields.Many2one(
        related="company_id.milepost_freight_account_id", readonly=False
    )
    milepost_accrued_account_id = fields.Many2one(
        related="company_id.milepost_accrued_account_id", readonly=False
    )
    milepost_disputed_account_id = fields.Many2one(
        related="company_id.milepost_disputed_account_id", readonly=False
    )
    milepost_accrual_journal_id = fields.Many2one(
        related="company_id.milepost_accrual_journal_id", readonly=False
    )
    milepost_pod_due_hours = fields.Integer(related="company_id.milepost_pod_due_hours", readonly=False)
    milepost_capital_rate = fields.Float(related="company_id.milepost_capital_rate", readonly=False)
