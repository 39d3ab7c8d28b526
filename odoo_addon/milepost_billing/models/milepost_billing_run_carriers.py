import logging

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

_logger = logging.getLogger(__name__)
# Shipments of one transaction; all that go on one invoice go together, however many they are.
BATCH = 200


class MilepostBillingRunCarriers(models.AbstractModel):
    """What carriers may be paid, booked in the run."""

    _name = "milepost.billing.run.carriers"
    _description = "Booking of Carriers in a Run"

    @api.model
    def _bill_carriers(self, company, limit=BATCH):
        """Book what carriers may be paid: approved and not booked yet."""
        invoices = self.env["milepost.carrier.invoice"].search(
            [
                ("company_id", "=", company.id), ("state", "in", ("payable", "partial")),
                ("to_book_amount", "!=", 0), ("is_dirty", "=", False),
            ],
            limit=limit, order="id",
        )  # fmt: skip
        moves = self.env["account.move"]
        for invoice in invoices.try_lock_for_update(allow_referencing=True):
            try:
                with self.env.cr.savepoint():
                    moves |= invoice._book()
            except (UserError, ValidationError) as error:
                _logger.warning("carrier invoice %s is not booked: %s", invoice.number, error)
        return moves | self._book_won_disputes(company)

    @api.model
    def _book_won_disputes(self, company):
        """Disputes that the carriers lost come off the books."""
        booked = self.env["milepost.carrier.invoice"].search([
            ("company_id", "=", company.id), ("dispute_booked_amount", "!=", 0),
            ("to_book_amount", "=", 0), ("is_dirty", "=", False),
        ])  # fmt: skip
        return booked._book_won_dispute()
