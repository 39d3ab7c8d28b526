"""Which table a kind of fact lives in, and how a fact of the contract becomes its row."""

import json

# Written for every kind of fact.
COMMON = {
    "key": "text", "connection_id": "int", "company_id": "int", "shipment_id": "int",
    "identifiers": "jsonb", "applies_to": "text", "source_event": "text", "said_at": "timestamp",
    "received_at": "timestamp", "message_uid": "text", "message_path": "text", "mapping": "text",
}  # fmt: skip

COLUMNS = {
    "milepost_milestone": {
        **COMMON, "code": "text", "raw_code": "text", "raw_text": "text", "is_unmapped": "bool",
        "code_map_id": "int",
        "classifier": "text", "occurred_at": "timestamp", "occurred_zone": "text",
        "occurred_precision": "text", "zone_inferred": "bool", "stop_ref": "jsonb", "stop_id": "int",
        "conditions": "jsonb", "is_damaged": "bool", "is_lost": "bool", "reason": "text",
        "reasons": "jsonb", "raw_reason": "text", "place_name": "text", "latitude": "numeric", "longitude": "numeric",
        "vehicle": "text", "trailer": "text", "driver": "text",
    },
    "milepost_itinerary": {
        **COMMON, "stops": "jsonb", "declares": "jsonb", "carrier_name": "text",
        "carrier_scac": "text",
    },
    "milepost_pod": {
        **COMMON, "stop_ref": "jsonb", "delivered_at": "timestamp", "delivered_zone": "text",
        "signer": "text", "signed": "bool", "remark": "text", "document_count": "int",
        "is_clean": "bool", "state": "text", "document_hashes": "jsonb",
    },
    "milepost_charge": {
        **COMMON, "side": "text", "charge_type": "text", "amount": "numeric", "currency_id": "int",
        "quantity": "numeric", "unit": "text", "rate": "numeric", "stop_ref": "jsonb",
        "occurred_at": "timestamp", "description": "text", "raw_code": "text",
        "code_map_id": "int",
    },
    "milepost_carrier_invoice": {
        **COMMON, "number": "text", "pro": "text", "document": "text", "correction": "text",
        "corrects": "text", "carrier_scac": "text", "carrier_name": "text", "bill_date": "date",
        "due_date": "date", "ship_date": "date", "delivered_at": "timestamp", "currency_id": "int",
        "total": "numeric", "lines": "jsonb", "state": "text", "is_dirty": "bool",
    },
    "milepost_retraction": {**COMMON, "target_key": "text", "target_event": "text"},
}  # fmt: skip

TABLE_OF_KIND = {
    "milestone": "milepost_milestone",
    "itinerary": "milepost_itinerary",
    "proof_of_delivery": "milepost_pod",
    "charge": "milepost_charge",
    "carrier_invoice": "milepost_carrier_invoice",
    "retraction": "milepost_retraction",
}


def utc(text):
    """A contract instant as PostgreSQL's timestamp without zone, which Odoo reads as UTC."""
    return text[:-1]


def said_at(fact):
    """When the sender said it: its own version of the event, else the message's time."""
    return utc(fact.get("version") or fact["recorded_at"])


def row_of(fact, context):
    """Return the fact's row, without its shipment."""
    message = context.messages[fact["message"]]
    row = {
        "key": fact["key"],
        "connection_id": context.connection_id,
        "company_id": context.company_id,
        "identifiers": fact["identifiers"],
        "applies_to": fact["applies_to"],
        "source_event": fact.get("source_event"),
        "said_at": said_at(fact),
        "received_at": utc(message["received_at"]),
        "message_uid": message["id"],
        "message_path": fact.get("message_path"),
        "mapping": message["mapping"],
    }
    row.update(_OWN_COLUMNS[fact["kind"]](fact, context))
    return row


def _milestone(fact, context):
    occurred = fact["occurred"]
    place = fact.get("place") or {}
    conditions = fact.get("conditions") or []
    reasons = fact.get("reasons") or []
    code, code_map = fact.get("code"), None
    if not code and not conditions:
        code, code_map = context.meaning("milestone", fact["raw_code"])
    raw_reason = reasons[0].get("raw") if reasons and reasons[0]["code"] == "other" else None
    reason = context.meaning("reason", raw_reason)[0] if raw_reason else None
    return {
        "code": code,
        "raw_code": fact["raw_code"],
        "raw_text": fact.get("raw_text"),
        "is_unmapped": not code and not conditions,
        "code_map_id": code_map,
        "classifier": fact["classifier"],
        "occurred_at": utc(occurred["at"]),
        "occurred_zone": occurred.get("zone"),
        "occurred_precision": occurred["precision"],
        "zone_inferred": occurred.get("zone_inferred", False),
        "stop_ref": fact.get("stop"),
        "conditions": conditions or None,
        "is_damaged": "damaged" in conditions,
        "is_lost": "lost" in conditions,
        "reason": reason or (reasons[0]["code"] if reasons else None),
        "reasons": reasons or None,
        "raw_reason": raw_reason,
        "place_name": place.get("name") or place.get("city") or place.get("unlocode"),
        "latitude": place.get("latitude"),
        "longitude": place.get("longitude"),
        "vehicle": fact.get("vehicle"),
        "trailer": fact.get("trailer"),
        "driver": fact.get("driver"),
    }


def _itinerary(fact, _context):
    return {
        "stops": fact["stops"],
        "declares": fact.get("declares"),
        "carrier_name": fact.get("carrier_name"),
        "carrier_scac": fact.get("carrier_scac"),
    }


def _proof_of_delivery(fact, _context):
    delivered = fact.get("delivered") or {}
    quantities = fact.get("quantities") or []
    return {
        "stop_ref": fact.get("stop"),
        "delivered_at": utc(delivered["at"]) if delivered else None,
        "delivered_zone": delivered.get("zone"),
        "signer": fact.get("signer"),
        "signed": fact.get("signed", False),
        "remark": fact.get("remark"),
        "document_count": len(fact.get("documents") or ()),
        "is_clean": all(line["outcome"] == "accepted" for line in quantities),
        "state": "received",
        "document_hashes": sorted({document["sha256"] for document in fact.get("documents") or ()}) or None,
    }


def _carrier_invoice(fact, context):
    delivered = fact.get("delivered")
    pros = [i["value"] for i in fact["identifiers"] if i["type"] == "pro"]
    return {
        **{
            name: fact.get(name)
            for name in (
                "number", "document", "correction", "corrects", "carrier_scac", "carrier_name",
                "bill_date", "due_date", "ship_date", "total", "lines",
            )
        },
        "pro": pros[0] if pros else fact["number"],
        "delivered_at": utc(delivered["at"]) if delivered else None,
        "currency_id": context.currencies[fact["currency"]],
        "state": "received",
        "is_dirty": True,
    }  # fmt: skip


def _charge(fact, context):
    occurred = fact.get("occurred")
    meaning, code_map = None, None
    if fact["charge_type"] == "misc":
        meaning, code_map = context.meaning("charge_type", fact["raw_code"])
    return {
        "side": fact["side"],
        "charge_type": meaning or fact["charge_type"],
        "code_map_id": code_map,
        "amount": fact["amount"],
        "currency_id": context.currencies[fact["currency"]],
        "quantity": fact.get("quantity"),
        "unit": fact.get("unit"),
        "rate": fact.get("rate"),
        "stop_ref": fact.get("stop"),
        "occurred_at": utc(occurred["at"]) if occurred else None,
        "description": fact.get("description"),
        "raw_code": fact["raw_code"],
    }


def _retraction(fact, _context):
    target = fact["target"]
    return {"target_key": target.get("key"), "target_event": target.get("source_event")}


_OWN_COLUMNS = {
    "milestone": _milestone,
    "itinerary": _itinerary,
    "proof_of_delivery": _proof_of_delivery,
    "charge": _charge,
    "carrier_invoice": _carrier_invoice,
    "retraction": _retraction,
}


def insert(cr, table, rows, user_id):
    """Insert rows that are not there yet, in key order; return [(id, key, shipment_id)]."""
    if not rows:
        return []
    columns = COLUMNS[table]
    names = ", ".join(columns)
    types = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    cr.execute(
        f"""
        INSERT INTO {table} ({names}, superseded, retracted,
                             create_uid, create_date, write_uid, write_date)
        SELECT {names}, false, false, %(user)s, now() AT TIME ZONE 'UTC', %(user)s,
               now() AT TIME ZONE 'UTC'
          FROM json_to_recordset(%(rows)s::json) AS row({types})
         ORDER BY key, shipment_id
            ON CONFLICT DO NOTHING
        RETURNING id, key, shipment_id
        """,
        {"rows": json.dumps(rows), "user": user_id},
    )
    return cr.fetchall()
