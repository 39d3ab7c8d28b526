from odoo import Command, fields, models
from odoo.exceptions import UserError


class MilepostAssign(models.TransientModel):
    """Says which shipment a name that nobody bears belongs to; what waits for it is applied."""

    _name = "milepost.assign"
    _description = "Assign to a Shipment"

    connection_id = fields.Many2one("milepost.connection", required=True, readonly=True)
    company_id = fields.Many2one(related="connection_id.company_id")
    identifier_ids = fields.Many2many(
        "milepost.identifier", string="Names", help="The shipment is known under them from now on."
    )
    candidate_ids = fields.Many2many("milepost.identifier", "milepost_assign_candidate", readonly=True)
    shipment_id = fields.Many2one(
        "milepost.shipment", check_company=True, domain="[('company_id', '=', company_id)]"
    )

    def action_assign(self):
        self.ensure_one()
        if not self.shipment_id:
            raise UserError(self.env._("Choose the shipment."))
        self.shipment_id.check_access("write")
        names = [(i.type, i.value) for i in self.identifier_ids & self.candidate_ids]
        if not names:
            raise UserError(self.env._("Choose the names that the shipment is known under."))
        self.shipment_id.sudo()._declare(self.connection_id, names)
        return self.shipment_id._action_view("milepost.shipment", self.shipment_id, self.env._("Shipment"))

    def _open(self, fact):
        """Open the dialog for a fact that found no shipment."""
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
        })  # fmt: skip
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign to a Shipment"),
            "res_model": self._name,
            "res_id": dialog.id,
            "view_mode": "form",
            "target": "new",
        }
