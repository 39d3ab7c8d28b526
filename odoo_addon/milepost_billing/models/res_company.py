from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    """Its accounts say where freight stands in the books.

    Without an account of accrued freight nothing is accrued.
    """

    _inherit = "res.company"

    milepost_freight_account_id = fields.Many2one("account.account", string="Freight", check_company=True)
    milepost_accrued_account_id = fields.Many2one(
        "account.account", string="Accrued Freight", check_company=True
    )
    milepost_disputed_account_id = fields.Many2one(
        "account.account", string="Disputed Freight", check_company=True,
        help="Set: bills are booked whole, with what is disputed on this account. "
        "Empty: only what is approved is booked.",
    )  # fmt: skip
    milepost_pod_due_hours = fields.Integer(
        string="Proof Due After (Hours)", default=24,
        help="Hours after delivery before a missing proof is reported.",
    )  # fmt: skip
    milepost_capital_rate = fields.Float(
        string="Cost of Capital (% a Year)",
        default=8.0,
        help="Annual cost of capital, used to price held invoices.",
    )
    milepost_accrual_journal_id = fields.Many2one(
        "account.journal", string="Accrual Journal", check_company=True, domain=[("type", "=", "general")]
    )

    _milepost_figures_positive = models.Constraint(
        "CHECK (milepost_pod_due_hours >= 0 AND milepost_capital_rate >= 0)",
        "Neither the hours until a proof is due nor the cost of capital can be negative.",
    )

    def _milepost_freight_accounts(self):
        """{freight, accrued} accounts; an error that says what to set when one is missing."""
        self.ensure_one()
        found = {"freight": self.milepost_freight_account_id, "accrued": self.milepost_accrued_account_id}
        if not all(found.values()) or not self.milepost_accrual_journal_id:
            raise UserError(self.env._(
                "Set the accounts of freight and accrued freight and the journal of %s in "
                "Milepost › Configuration › Settings first.", self.name,
            ))  # fmt: skip
        return found
