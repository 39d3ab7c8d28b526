from .billing_case import BillingCase


class CountedCase(BillingCase):
    """Deliveries of which the proof says how many arrived."""

    def counted(self, order, quantities):
        """The shipment of an order, decided by a proof with these quantities of the contract."""
        shipment = self.shipment(order)
        self.deliver(shipment)
        self.facts({**self.pod(shipment), "quantities": quantities})
        self.validate(shipment)
        return shipment

    def count(self, shipment):
        """(accepted, short, over) of its goods."""
        row = shipment.billable_ids.filtered(lambda one: one.kind == "goods")
        return row.accepted_qty, row.short_qty, row.over_qty
