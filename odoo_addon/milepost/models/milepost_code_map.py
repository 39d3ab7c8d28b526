from odoo import api, fields, models

from .. import codes


class MilepostCodeMap(models.Model):
    """What a partner's own code means. A person maps it once; the facts that wait are read anew."""

    _name = "milepost.code.map"
    _description = "Code Map"
    _order = "connection_id, raw_code"
    _rec_name = "raw_code"

    connection_id = fields.Many2one(
        "milepost.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    raw_code = fields.Char(required=True)
    milestone_code = fields.Selection(codes.MILESTONE_CODES, string="Milestone", required=True)
    seen_count = fields.Integer(compute="_compute_seen_count")

    _raw_code_unique = models.UniqueIndex(
        "(connection_id, raw_code)", "This code of the connection is mapped already."
    )

    def _compute_seen_count(self):
        for code_map in self:
            code_map.seen_count = self.env["milepost.milestone"].search_count(
                [
                    ("connection_id", "=", code_map.connection_id.id),
                    ("raw_code", "=", code_map.raw_code),
                ]
            )

    @api.model_create_multi
    def create(self, vals_list):
        maps = super().create(vals_list)
        maps._read_facts_anew()
        return maps

    def write(self, vals):
        result = super().write(vals)
        self._read_facts_anew()
        return result

    def unlink(self):
        affected = [(m.connection_id.id, m.raw_code) for m in self]
        result = super().unlink()
        self._derive_again(affected)
        return result

    def _read_facts_anew(self):
        self._derive_again([(m.connection_id.id, m.raw_code) for m in self])

    def _derive_again(self, codes_of_connections):
        """Derive every shipment again that holds a milestone with one of these codes."""
        shipments = self.env["milepost.shipment"].sudo()
        for connection_id, raw_code in codes_of_connections:
            milestones = self.env["milepost.milestone"].sudo().search(
                [("connection_id", "=", connection_id), ("raw_code", "=", raw_code)]
            )
            shipments |= milestones.shipment_id
        shipments._derive()
