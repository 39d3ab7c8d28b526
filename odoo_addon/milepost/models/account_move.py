from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    milepost_shipment_ids = fields.Many2many(
        "milepost.shipment", "milepost_shipment_move", "move_id", "shipment_id",
        string="Shipments", copy=False,
    )  # fmt: skip
    milepost_shipment_count = fields.Integer(compute="_compute_milepost_shipment_count")
    milepost_open_hold_count = fields.Integer(compute="_compute_milepost_shipment_count")

    @api.depends("milepost_shipment_ids.hold_ids.state")
    def _compute_milepost_shipment_count(self):
        for move in self:
            move.milepost_shipment_count = len(move.milepost_shipment_ids)
            move.milepost_open_hold_count = len(move.milepost_shipment_ids.hold_ids._blocking())

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._link_milepost_shipments()
        return moves

    def _link_milepost_shipments(self):
        """An invoice belongs to the shipments of the sales orders that it bills."""
        for move in self.filtered(lambda m: m.move_type in ("out_invoice", "out_refund")):
            shipments = move.invoice_line_ids.sale_line_ids.order_id.milepost_shipment_ids
            if shipments:
                move.sudo().milepost_shipment_ids = [(4, shipment.id) for shipment in shipments]

    def _post(self, soft=True):
        """Held money is not billed, whoever posts and by whatever way."""
        for move in self.filtered(lambda m: m.move_type == "out_invoice"):
            holds = move.sudo().milepost_shipment_ids.hold_ids._blocking()
            if holds:
                raise UserError(
                    self.env._(
                        "The invoice %(invoice)s cannot be posted: %(holds)s. "
                        "Clear or release the holds first.",
                        invoice=move.display_name,
                        holds=", ".join(holds.mapped("display_name")),
                    )
                )
        return super()._post(soft=soft)

    def action_view_milepost_shipments(self):
        self.ensure_one()
        return self.milepost_shipment_ids._action_view(
            "milepost.shipment", self.milepost_shipment_ids, self.env._("Shipments")
        )
