"""What tests of parcels share: a connection that follows tracking numbers, an order and its transfer."""

import base64
import hashlib

from .common import MilepostCase, milestone

FIRST, SECOND = "1Z999AA10123456784", "1Z999AA10123456785"


def paper(content=b"%PDF-1.4 signature"):
    """A document of a proof, as the contract has it."""
    return {
        "name": "signature.pdf", "media_type": "application/pdf", "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "content_base64": base64.b64encode(content).decode(),
    }  # fmt: skip


class ParcelCase(MilepostCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write({
            "is_default": True, "auto_transport_order": True, "tracks_only": True, "source": "mapped",
        })  # fmt: skip
        cls.product = cls.env["product.product"].create({"name": "Coffee", "type": "consu"})

    def setUp(self):
        super().setUp()
        self.new_order()

    def new_order(self):
        """An order, from now on the one that `picking` and `shipment` are of."""
        self.order = self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "order_line": [(0, 0, {"product_id": self.product.id, "product_uom_qty": 3})],
        })  # fmt: skip
        self.order.action_confirm()
        self.picking = self.order.picking_ids
        self.shipment = self.order.milepost_shipment_ids
        self.exchange = self.env["milepost.exchange"].with_user(self.bridge)

    def happens(self, number, code, hours=0, **more):
        self.tell(milestone([("tracking", number)], code, hours), **more)

    def followed(self, connection="acme"):
        return [one["number"] for one in self.exchange.tracked_numbers(connection)["numbers"]]

    def states(self):
        return {parcel.number: parcel.milestone for parcel in self.shipment.parcel_ids}
