from odoo import fields, models

from ..billing import incoterms


class MilepostBillingPolicy(models.Model):
    """What counts as earned at the end of a period, and from where on goods are the buyer's."""

    _inherit = "milepost.billing.policy"

    accrued_revenue = fields.Selection(
        [("proven", "What Was Proven by the Day"), ("shipped", "What Was Shipped by the Day")],
        default="proven", required=True, tracking=True,
        help="What Odoo's Accrued Revenue counts of goods and transport that travel. Proven: what was "
        "delivered by the day, by a proof that is there now.",
    )  # fmt: skip
    pickup_incoterm_ids = fields.Many2many(
        "account.incoterms", "milepost_policy_pickup_incoterm", string="Earned at Pickup, Too",
        help="EXW, FCA, CPT and CIP pass control when the goods are handed over; the others at delivery.",
    )  # fmt: skip
    delivery_incoterm_ids = fields.Many2many(
        "account.incoterms", "milepost_policy_delivery_incoterm", string="Earned at Delivery in Spite",
        help="Incoterms of which delivery counts although control passes at pickup.",
    )  # fmt: skip

    def _is_earned_at_pickup(self, order):
        """Whether an order's goods are the buyer's once their pickup is proven, by its Incoterm."""
        self.ensure_one()
        incoterm = order.incoterm or order.company_id.incoterm_id
        if incoterm in self.delivery_incoterm_ids._origin:
            return False
        return incoterm in self.pickup_incoterm_ids._origin or incoterms.passes_at_pickup(incoterm.code)
