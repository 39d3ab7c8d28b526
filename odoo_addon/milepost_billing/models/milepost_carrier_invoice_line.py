from odoo import api, fields, models

from ..selections import charge_types


class MilepostCarrierInvoiceLine(models.Model):
    """One charge of a carrier's bill."""

    _name = "milepost.carrier.invoice.line"
    _description = "Carrier Bill Line"
    _check_company_auto = True
    _order = "invoice_id, number"
    _rec_name = "charge_type"

    invoice_id = fields.Many2one(
        "milepost.carrier.invoice",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
        check_company=True,
    )
    company_id = fields.Many2one(related="invoice_id.company_id", store=True)
    currency_id = fields.Many2one(related="invoice_id.currency_id")
    number = fields.Integer(readonly=True)
    charge_type = fields.Selection(charge_types, required=True, readonly=True)
    amount = fields.Monetary(readonly=True)
    tax_rate = fields.Float(digits=(16, 4), readonly=True)
    rate = fields.Float(digits=(16, 6), readonly=True)
    quantity = fields.Float(digits=(16, 6), readonly=True)
    unit = fields.Char(readonly=True)
    stop_ref = fields.Json(readonly=True)
    description = fields.Char(readonly=True)
    raw_code = fields.Char(string="Carrier's Code", readonly=True)
    code_map_id = fields.Many2one(
        "milepost.code.map", readonly=True, ondelete="set null", index="btree_not_null",
        help="Who says what the carrier's code means.", check_company=True,
    )  # fmt: skip

    _number_unique = models.UniqueIndex("(invoice_id, number)", "This line is stored already.")

    @api.model
    def _read_from(self, invoices):
        """Make the line records of invoices that have none yet, all with one create."""
        values = []
        maps = self.env["milepost.code.map"]._meanings_of(invoices.connection_id, "charge_type")
        taxes = self.env["milepost.code.map"]._meanings_of(invoices.connection_id, "tax")
        unknown = self.env["milepost.code.map"]
        for invoice in invoices:
            if invoice.line_ids:
                continue
            for number, line in enumerate(invoice.lines or ()):
                code_map = unknown
                if line["charge_type"] == "misc":
                    code_map = maps.get((invoice.connection_id, line.get("raw_code")), unknown)
                elif line["charge_type"] == "tax":
                    code_map = taxes.get((invoice.connection_id, line.get("raw_code")), unknown)
                values.append(
                    {
                        "invoice_id": invoice.id,
                        "number": number,
                        "charge_type": code_map.charge_type or line["charge_type"],
                        "code_map_id": code_map.id,
                        "amount": float(line["amount"]),
                        "tax_rate": float(line.get("tax_rate") or 0),
                        "rate": float(line.get("rate") or 0),
                        "quantity": float(line.get("quantity") or 0),
                        "unit": line.get("unit"),
                        "stop_ref": line.get("stop"),
                        "description": line.get("description"),
                        "raw_code": line.get("raw_code"),
                    }
                )
        if values:
            self.create(values)
            invoices.invalidate_recordset(["line_ids"])
