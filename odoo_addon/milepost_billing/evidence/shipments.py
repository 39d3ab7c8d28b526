"""What a pack says of one shipment: its state, its charges, its holds with their audit."""

from odoo import fields

from .plain import plain, value_of


def shipment_of(shipment):
    """State, times, stops and money of the shipment, as derived and decided."""
    return {
        **plain(
            shipment, "name", "uid", "company_id", "partner_id", "carrier_id", "carrier_partner_id",
            "carrier_name", "service", "customer_reference", "sale_order_ids", "picking_ids", "state",
            "picked_up_at", "delivered_at", "supply_date", "pod_validated_at", "pod_coverage",
            "charges_final_at", "billing_state", "billing_ready_at", "posted_at",
            "billing_value", "billable_amount", "invoiced_amount", "held_amount", "waiting_amount",
            "absorbed_amount",
        ),
        "currency": shipment.currency_id.name,
        "identifiers": sorted([one.type, one.value] for one in shipment.identifier_ids),
        "stops": [
            plain(
                stop, "sequence", "kind", "name", "city", "country_code", "zone", "in_plan",
                "window_start", "window_end", "arrived_at", "departed_at", "completed_at", "outcome",
                "unload_started_at", "excluded_minutes",
            )
            for stop in shipment.stop_ids.sorted(lambda one: (one.sequence, one.id))
        ],
        "billables": [
            plain(
                row, "kind", "charge_type", "description", "goods_key", "sale_line_id", "shipped_qty",
                "accepted_qty", "damaged_qty", "short_qty", "refused_qty", "over_qty", "billable_qty",
                "price_unit", "amount", "invoiced_amount", "absorbed_amount", "open_amount",
                "dispositions", "disposed_by_id", "disposed_at", "disposition_note",
            )
            for row in shipment.billable_ids.sorted("id")
        ],
        "proposals": [
            plain(row, "reason", "kind", "product_id", "quantity", "amount", "state", "note", "decided_by_id")
            for row in shipment.proposal_ids.sorted("id")
        ],
    }  # fmt: skip


def charges_of(shipment):
    """What was expected, what was billed, and how the two were brought together."""
    return {
        "expected_cost": value_of(shipment, "expected_cost"),
        "approved_cost": value_of(shipment, "approved_cost"),
        "expected": [
            {
                "currency": row.currency_id.name,
                **plain(
                    row, "side", "charge_type", "origin", "amount", "rate_id", "stop_id", "basis", "note",
                    "create_uid", "approved_by_id", "approved_at",
                ),
            }
            for row in shipment.expected_charge_ids.sorted("id")
        ],
        "carrier_invoices": [carrier_invoice_of(one) for one in shipment.carrier_invoice_ids.sorted("id")],
        "late": [
            {**plain(row, "charge_type", "kind", "cost", "amount"), "document": row.move_id.name or None}
            for row in shipment.late_charge_ids.sorted("id")
        ],
        "claims": [
            plain(
                claim, "name", "kind", "state", "amount", "settled_amount", "filed_on", "file_by",
                "acknowledge_by", "decide_by",
            )
            for claim in shipment.claim_ids.sorted("id")
        ],
    }  # fmt: skip


def carrier_invoice_of(invoice):
    """How a carrier's bill was matched, compared and booked."""
    return {
        "key": invoice.key,
        "currency": invoice.currency_id.name,
        "contract_currency": invoice.contract_currency_id.name or None,
        **plain(
            invoice, "number", "pro", "document", "correction", "carrier_partner_id", "bill_date", "total",
            "state", "matched_how", "matched_by_id", "duplicate_of_id", "duplicate_kind", "replaced_by_id",
            "net_amount", "tax_amount", "compared_amount", "exchange_difference", "expected_amount",
            "approved_amount", "disputed_amount", "credited_amount", "verdicts", "approved_by_type",
        ),
        "lines": [
            plain(
                line, "number", "charge_type", "amount", "tax_rate", "rate", "quantity", "unit",
                "description", "raw_code",
            )
            for line in invoice.line_ids.sorted("number")
        ],
        "booked_as": sorted(move.name or "draft" for move in invoice.bill_ids),
    }  # fmt: skip


def hold_of(hold):
    """A hold with its whole audit; the entries carry what their hashes are taken over."""
    return {
        "id": hold.id,
        "currency": hold.currency_id.name,
        **plain(
            hold, "side", "reason", "subject", "severity", "state", "is_manual", "shadow", "amount",
            "percent", "explanation", "remedy", "fingerprint", "opened_at", "closed_at", "expires_on",
            "policy_id", "carrier_invoice_id", "release_code", "release_reason", "released_by_id",
            "approved_by_ids", "touched_by_ids",
        ),
        "audit": [entry_of(entry) for entry in hold.audit_ids.sorted("number")],
        "audit_head": hold.audit_head or "",
    }  # fmt: skip


def entry_of(entry):
    """An audit entry in the names that evidence.chain hashes."""
    return {
        "hold_id": entry.hold_id.id,
        "number": entry.number,
        "event": entry.event,
        "user_id": entry.user_id.id,
        "user": entry.user_id.name,
        "at": fields.Datetime.to_string(entry.at),
        "data": entry.data or "",
        "previous": entry.previous or "",
        "hash": entry.hash,
    }
