from odoo import api, fields, models


class MilepostHandBack(models.TransientModel):
    """Asks why the orders of a connection are handed back to Odoo."""

    _name = "milepost.hand.back"
    _description = "Hand Back to Odoo"

    connection_id = fields.Many2one("milepost.connection", required=True)
    reason = fields.Char(required=True)
    order_count = fields.Integer(string="Orders", compute="_compute_order_count")

    @api.depends("connection_id")
    def _compute_order_count(self):
        for wizard in self:
            wizard.order_count = len(wizard.connection_id.sudo()._managed_orders())

    def action_hand_back(self):
        self.ensure_one()
        self.connection_id.hand_back(self.reason)
        return {"type": "ir.actions.act_window_close"}
