from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..ingestion import matching


class MilepostAssign(models.TransientModel):
    """Says which shipment a fact means: one of those that bear its names, or one that bears none yet."""

    _name = "milepost.assign"
    _description = "Assign to a Shipment"

    connection_id = fields.Many2one("milepost.connection", required=True, readonly=True)
    company_id = fields.Many2one(related="connection_id.company_id")
    line_ids = fields.One2many("milepost.assign.line", "assign_id", string="Candidates", readonly=True)
    identifier_ids = fields.Many2many(
        "milepost.identifier", string="Names", help="The shipment is known under them from now on."
    )
    candidate_ids = fields.Many2many("milepost.identifier", "milepost_assign_candidate", readonly=True)
    shipment_id = fields.Many2one(
        "milepost.shipment", check_company=True, domain="[('company_id', '=', company_id)]"
    )

    def action_assign(self):
        """Give the chosen names to the shipment, also those that others bear."""
        self.ensure_one()
        if not self.shipment_id:
            raise UserError(self.env._("Choose the shipment."))
        names = self.identifier_ids & self.candidate_ids
        if not names:
            raise UserError(self.env._("Choose the names that the shipment is known under."))
        shared = names.filtered(lambda name: name.sudo().shipment_ids - self.shipment_id)
        return self._assign(self.shipment_id, names, shared)

    def _assign(self, shipment, names, shared):
        """The shipment bears the names from now on, and the shared ones mean it alone.

        A choice among those who bear a name gives it to none of them: it goes as it came.
        """
        shipment.check_access("write")
        connection = self.connection_id
        given = names.filtered(lambda name: shipment not in name.sudo().shipment_ids)
        shipment.sudo()._declare(connection, [(i.type, i.value) for i in given], lasting=True)
        if shared:
            shipment.sudo()._choose(connection, [(i.type, i.value) for i in shared])
        return shipment._action_view("milepost.shipment", shipment, self.env._("Shipment"))

    @api.model
    def _open(self, fact):
        """Open the dialog for a fact that found no shipment, with the candidates where it found several."""
        names = {(i["type"], i["value"]) for i in fact.identifiers or ()}
        rows = self.env["milepost.identifier"].search([
            ("company_id", "=", fact.company_id.id),
            ("connection_id", "in", (False, fact.connection_id.id)),
            ("type", "in", [type_ for type_, _value in names]),
            ("value", "in", [value for _type, value in names]),
        ])  # fmt: skip
        rows = rows.filtered(lambda row: (row.type, row.value) in names)
        dialog = self.create({
            "connection_id": fact.connection_id.id,
            "candidate_ids": [Command.set(rows.ids)],
            "identifier_ids": [Command.set(rows.filtered(lambda row: not row.shipment_ids)[:1].ids)],
            "line_ids": [Command.create(vals) for vals in self._prepare_lines(fact, rows)],
        })  # fmt: skip
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign to a Shipment"),
            "res_model": self._name,
            "res_id": dialog.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _prepare_lines(self, fact, rows):
        row_of = {(row.type, row.value): row.id for row in rows}
        lines = []
        for shipment_id, borne in matching.candidates_of(fact):
            named = [row_of[i["type"], i["value"]] for i in borne if (i["type"], i["value"]) in row_of]
            lines.append({"shipment_id": shipment_id, "identifier_ids": [Command.set(named)]})
        return lines
