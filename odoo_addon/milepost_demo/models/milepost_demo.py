"""Demo data, by the ways of real life: orders are confirmed, and the bridge hands facts over."""

import base64
import hashlib
import json
import uuid
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.addons.milepost.contract import CONTRACT

from . import story


class MilepostDemo(models.AbstractModel):
    """Loads the story. Called by the demo file alone; nothing of it is public."""

    _name = "milepost.demo"
    _description = "Milepost Demo Data"

    @api.model
    def _load(self):
        """Make the story's shipments; return them in its order."""
        demo = self.with_context(tracking_disable=True, mail_create_nolog=True, mail_notrack=True)
        bridge = demo._bridge_user()
        connection = demo._connections()
        customers, products = demo._customers(), demo._products()
        method = demo._shipping_method(connection)
        shipments = self.env["milepost.shipment"]
        for chapter in story.SHIPMENTS:
            lines = {products[name]: quantity for name, quantity in chapter["goods"].items()}
            order = demo._sell(customers[chapter["customer"]], lines, chapter["due"], method)
            shipments |= order.milepost_shipment_ids
        demo._answer_orders(shipments)
        demo._tell(bridge, connection, shipments)
        return shipments

    def _moment(self, hours):
        return fields.Datetime.now().replace(second=0) + timedelta(hours=hours)

    def _utc(self, hours):
        return self._moment(hours).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _bridge_user(self):
        group = self.env.ref("milepost.group_bridge")
        return self.env["res.users"].with_context(no_reset_password=True).create({
            "name": "Milepost Bridge (demo)", "login": "milepost-bridge-demo",
            "group_ids": [Command.set(group.ids)],
        })  # fmt: skip

    def _connections(self):
        """A TMS that works, a carrier that fell silent, and a gateway that the bridge paused."""
        connections = self.env["milepost.connection"].create([
            {"name": "Northwind TMS", "code": "northwind", "source": "otm5", "auto_transport_order": True},
            {"name": "Bluebird Parcels", "code": "bluebird", "source": "easypost"},
            {"name": "Harbour EDI Gateway", "code": "harbour-edi", "source": "x12"},
        ])  # fmt: skip
        northwind, bluebird, gateway = connections
        # Its SCAC is not known yet: the screen of unmapped codes suggests this contact for it.
        self.env["res.partner"].create({"name": "Northwind Freight", "is_company": True})
        bluebird.last_heard_at = self._moment(-31)
        gateway.write({
            "last_heard_at": self._moment(-2), "paused_at": self._moment(-1),
            "paused_reason": "The server refused the bridge's key (401).",
        })  # fmt: skip
        return northwind

    def _customers(self):
        countries = {c.code: c.id for c in self.env["res.country"].search([])}
        return {
            name: self.env["res.partner"].create({
                "name": title, "street": street, "zip": code, "city": city, "tz": zone,
                "country_id": countries[country], "is_company": True,
            })
            for name, (title, street, code, city, country, zone) in story.CUSTOMERS.items()
        }  # fmt: skip

    def _products(self):
        return {
            name: self.env["product.product"].create({
                "name": title, "default_code": reference, "list_price": price, "weight": weight, "type": "consu",
            })
            for name, (title, reference, price, weight) in story.PRODUCTS.items()
        }  # fmt: skip

    def _shipping_method(self, connection):
        freight = self.env["product.product"].create({
            "name": "Road Freight", "type": "service", "list_price": 0.0,
        })  # fmt: skip
        return self.env["delivery.carrier"].create({
            "name": "Northwind Road Freight", "product_id": freight.id, "delivery_type": "fixed",
            "milepost_connection_id": connection.id,
        })  # fmt: skip

    def _sell(self, customer, lines, due, method):
        """A confirmed sales order: its transfer is a shipment, and its transport is ordered."""
        order = self.env["sale.order"].create({
            "partner_id": customer.id, "carrier_id": method.id, "commitment_date": self._moment(due),
            "client_order_ref": f"PO-{customer.name[:3].upper()}-{abs(int(due * 10)):04}",
            "order_line": [
                Command.create({"product_id": product.id, "product_uom_qty": quantity})
                for product, quantity in lines.items()
            ],
        })  # fmt: skip
        order.action_confirm()
        return order

    def _answer_orders(self, shipments):
        """What the TMS said of the orders."""
        number = 20480
        for chapter, shipment in zip(story.SHIPMENTS, shipments, strict=True):
            answer = chapter.get("order", "accepted")
            if answer == "queued":
                continue
            number += 1
            accepted = answer == "accepted"
            shipment.outbox_ids.sudo().write({
                "state": answer, "attempts": 1, "acknowledged_at": self._moment(-1),
                "external_number": f"NW-{number}" if accepted else False,
                "reason": False if accepted else "No truck is free on that day.",
            })  # fmt: skip

    def _tell(self, bridge, connection, shipments):
        """Hand everything over as the bridge does, and one milestone of a shipment that nobody knows."""
        exchange = self.env["milepost.exchange"].with_user(bridge)
        batches = [
            [self._fact(shipment, entry, chapter) for entry in self._entries(chapter, shipment)]
            for chapter, shipment in zip(story.SHIPMENTS, shipments, strict=True)
        ]
        stranger = {**story.said("picked_up", -5), "named": [{"type": "po", "value": "PO-90210"}]}
        batches.append([self._fact(None, stranger, {})])
        told = [entry for entries in batches for entry in entries]
        messages = [message for _fact, message in told]
        verdicts = exchange.ingest({
            "contract": CONTRACT, "connection": connection.code,
            "messages": messages, "facts": [fact for fact, _message in told],
        })["verdicts"]  # fmt: skip
        refused = [verdict for verdict in verdicts if verdict["status"] == "rejected"]
        if refused:
            raise ValueError(f"The demo's facts break the contract: {refused[0]}")

    def _entries(self, chapter, shipment):
        plan = [{"kind": "itinerary", "at": -46}] if chapter.get("plan", True) else []
        return [*plan, *chapter["facts"]]

    def _fact(self, shipment, entry, chapter):
        """Return (fact, message) in the contract's words."""
        told = entry.get("told", entry["at"])
        named = entry.get("named") or [{"type": "shipment", "value": shipment.name}]
        content = {
            "kind": entry["kind"], "identifiers": named, "applies_to": "one", "recorded_at": self._utc(told),
            **getattr(self, f"_say_{entry['kind']}")(shipment, entry, chapter),
        }  # fmt: skip
        says = {name: value for name, value in content.items() if name != "recorded_at"}
        key = hashlib.sha256(json.dumps(says, sort_keys=True).encode()).hexdigest()
        message = {
            "id": str(uuid.uuid4()), "sha256": key, "received_at": self._utc(told), "mapping": "otm5@1",
            "channel": "webhook",
        }  # fmt: skip
        path = f"/events/0/{entry['kind']}"
        return {**content, "key": key, "message": message["id"], "message_path": path}, message

    def _instant(self, hours, zone="Europe/Amsterdam"):
        return {"at": self._utc(hours), "precision": "minute", "zone": zone}

    def _say_milestone(self, _shipment, entry, _chapter):
        says = {
            "classifier": entry.get("classifier", "actual"), "occurred": self._instant(entry["at"]),
            "raw_code": entry.get("raw_code") or entry["code"],
        }  # fmt: skip
        if entry["code"]:
            says["code"] = entry["code"]
        if "text" in entry:
            says["raw_text"] = entry["text"]
        if "conditions" in entry:
            says["conditions"] = entry["conditions"]
        if "reasons" in entry:
            says["reasons"] = [{"code": reason} for reason in entry["reasons"]]
        place = {"name": entry["place"]} if "place" in entry else {}
        if "position" in entry:
            place["latitude"], place["longitude"] = entry["position"]
        says |= {"place": place} if place else {}
        return says | {name: entry[name] for name in ("vehicle", "driver") if name in entry}

    def _say_itinerary(self, shipment, _entry, chapter):
        ends = shipment.stop_ids.sorted("sequence")
        return {
            "carrier_name": "Northwind Freight", "carrier_scac": "NWFR",
            "stops": [
                {"id": ends[0].key, "sequence": 1, "kind": "pickup", "window_end": self._instant(chapter["due"] - 15)},
                {"id": ends[1].key, "sequence": 2, "kind": "delivery", "window_end": self._instant(chapter["due"])},
            ],
        }  # fmt: skip

    def _say_proof_of_delivery(self, shipment, entry, _chapter):
        says = {
            "delivered": self._instant(entry["at"]), "signer": entry["signer"], "signed": True,
            "quantities": [
                {"description": "Packages", "quantity": str(quantity), "unit": "Units", "outcome": outcome}
                | ({"reason": reason} if reason else {})
                for quantity, outcome, reason in entry["lines"]
            ],
        }  # fmt: skip
        if "remark" in entry:
            says["remark"] = entry["remark"]
        if entry.get("paper"):
            paper = _pdf(
                f"Proof of delivery {shipment.name}",
                f"Received by {entry['signer']}",
                entry.get("remark", ""),
            )
            says["documents"] = [{
                "name": f"POD {shipment.name.replace('/', '-')}.pdf", "media_type": "application/pdf",
                "size": len(paper), "sha256": hashlib.sha256(paper).hexdigest(),
                "content_base64": base64.b64encode(paper).decode(),
            }]  # fmt: skip
        return says

    def _say_charge(self, shipment, entry, _chapter):
        says = {
            "side": "cost", "charge_type": entry["charge_type"], "amount": entry["amount"],
            "currency": shipment.company_id.currency_id.name, "raw_code": entry["raw_code"],
        }  # fmt: skip
        return says | ({"description": entry["text"]} if "text" in entry else {})


def _pdf(*lines):
    """A page with these lines, as small as a PDF can be."""
    text = " ".join(f"({line}) Tj 0 -28 Td" for line in lines)
    content = f"BT /F1 18 Tf 72 740 Td {text} ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content_of in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content_of)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(body)
    body += b"xref\n0 5\n0000000000 65535 f \n" + table
    return body + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
