"""What a pack says of an invoice, a bill or a note, and of the document it belongs to."""

from .canonical import safe_name
from .plain import plain


def family_of(move):
    """The document, what it debits or credits, and all notes to either."""
    root = move.debit_origin_id or move.reversed_entry_id or move
    return root | root.debit_note_ids | root.reversal_move_ids | move


def name_of(move):
    """The number, or the id of a draft that has none."""
    number = move.name if move.name and move.name != "/" else ""
    return safe_name(number or f"draft-{move.id}")


def document_of(move):
    """Head, lines and links of one document of the books."""
    return {
        "currency": move.currency_id.name,
        **plain(
            move, "name", "move_type", "state", "payment_state", "company_id", "partner_id", "invoice_date",
            "invoice_date_due", "date", "delivery_date", "ref", "invoice_origin", "amount_untaxed",
            "amount_tax", "amount_total", "inalterable_hash", "debit_origin_id", "reversed_entry_id",
            "debit_note_ids", "reversal_move_ids", "milepost_carrier_invoice_id",
        ),
        "shipments": sorted(move.milepost_shipment_ids.mapped("name")),
        "lines": [
            {
                "shipment": line.milepost_billable_id.shipment_id.name or None,
                "billable": line.milepost_billable_id.key or None,
                **plain(
                    line, "name", "product_id", "quantity", "price_unit", "discount", "tax_ids",
                    "price_subtotal", "price_total", "milepost_charge_type", "milepost_is_dispute",
                ),
            }
            for line in move.invoice_line_ids.sorted(lambda one: (one.sequence, one.id))
            if line.display_type == "product"
        ],
    }  # fmt: skip


def papers_of(move):
    """The document as it was sent, and what people attached to it."""
    attachments = move.env["ir.attachment"].search([
        ("res_model", "=", "account.move"), ("res_id", "in", move.ids), ("type", "=", "binary"),
        ("res_field", "in", (False, "invoice_pdf_report_file")),
    ])  # fmt: skip
    return attachments.sorted("id")
