from odoo import models


class MilepostShipment(models.Model):
    """Its money, as a trial of a mapping compares it."""

    _inherit = "milepost.shipment"

    def _decide_now(self):
        super()._decide_now()
        self.env["milepost.billing"]._place_unmatched()
        self.env["milepost.billing"]._validate(self)

    def _compared_values(self):
        holds = sorted({f"{one.side}/{one.reason}" for one in self.hold_ids if one.is_open})
        return {
            **super()._compared_values(),
            "billing_state": self.billing_state,
            **({"holds": ", ".join(holds)} if holds else {}),
        }

    def _compared_money(self):
        def told(amount, currency):
            return f"{currency.round(amount):.{currency.decimal_places}f} {currency.name}"

        own = {
            name: told(self[name], self.currency_id)
            for name in ("billable_amount", "invoiced_amount", "held_amount", "waiting_amount")
            if self[name]
        }
        if self.approved_cost:
            own["approved_cost"] = told(self.approved_cost, self.cost_currency_id)
        bills = {
            f"bill {one.number}": f"{told(one.total, one.currency_id)} {one.state}"
            for one in self.carrier_invoice_ids.sorted("id")
            if not one.retracted and not one.superseded
        }
        return {**super()._compared_money(), **own, **bills}
