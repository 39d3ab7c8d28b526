from odoo import api, fields, models

from ..selections import charge_types
from ..standard_codes import MEANINGS


class MilepostCodeMap(models.Model):
    """Codes of charges and taxes, and the carrier behind a SCAC on bills."""

    _inherit = "milepost.code.map"

    kind = fields.Selection(
        selection_add=[("charge_type", "Charge Type"), ("carrier",), ("tax", "Tax")],
        ondelete={"charge_type": "cascade", "tax": "cascade"},
    )
    charge_type = fields.Selection(charge_types, tracking=True)
    tax_id = fields.Many2one(
        "account.tax", string="Tax", ondelete="restrict", check_company=True, tracking=True
    )

    @api.model
    def _targets(self):
        return {**super()._targets(), "charge_type": "charge_type", "tax": "tax_id"}

    @api.model
    def _standard_meanings(self):
        return {**super()._standard_meanings(), **MEANINGS}

    def _facts(self):
        raw = self.raw_code
        own = {
            "charge_type": ("milepost.charge", [("raw_code", "=", raw)]),
            "tax": ("milepost.carrier.invoice", [("line_ids.raw_code", "=", raw)]),
        }
        return own.get(self.kind) or super()._facts()

    def _release_charge_type(self):
        shipments = self._read_anew(
            """
            UPDATE milepost_charge
               SET charge_type = COALESCE(%(meaning)s, 'misc'),
                   code_map_id = CASE WHEN %(meaning)s IS NOT NULL THEN %(map)s END
             WHERE connection_id = %(connection)s AND raw_code = %(raw)s
               AND (charge_type = 'misc' OR code_map_id = %(map)s)
            RETURNING shipment_id
            """,
            self.charge_type,
        )
        lines = self.env["milepost.carrier.invoice.line"].search([
            ("invoice_id.connection_id", "=", self.connection_id.id),
            ("raw_code", "=", self.raw_code),
            "|", ("charge_type", "=", "misc"), ("code_map_id", "=", self.id),
        ])  # fmt: skip
        lines.write({"charge_type": self.charge_type or "misc", "code_map_id": self.charge_type and self.id})
        lines.invoice_id._billing_changed()
        return shipments

    def _release_tax(self):
        """Bills whose tax was compared without knowing the carrier's code are decided on again."""
        lines = self.env["milepost.carrier.invoice.line"].search([
            ("invoice_id.connection_id", "=", self.connection_id.id),
            ("raw_code", "=", self.raw_code), ("charge_type", "=", "tax"),
        ])  # fmt: skip
        lines.write({"code_map_id": self.tax_id and self.id})
        lines.invoice_id._billing_changed()
        return []

    def _give_carrier(self, partner):
        bearing = [
            ("connection_id", "=", self.connection_id.id),
            ("carrier_scac", "=", self.raw_code),
            ("carrier_partner_id", "=", False),
        ]
        invoices = self.env["milepost.carrier.invoice"].search(bearing)
        invoices.write({"carrier_partner_id": partner.id})
        invoices._billing_changed()
        shipments = self.env["milepost.shipment"].search(bearing)
        shipments.write({"carrier_partner_id": partner.id})
        return shipments.ids
