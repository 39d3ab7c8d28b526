from odoo import api, fields, models


class StockPickingBatch(models.Model):
    _inherit = "stock.picking.batch"

    milepost_one_truck = fields.Boolean(
        string="One Truck", compute="_compute_milepost_one_truck", store=True, readonly=False,
        help="The transfers of the batch travel together: one shipment, with a stop for each address.",
    )  # fmt: skip

    @api.depends("picking_type_id")
    def _compute_milepost_one_truck(self):
        for batch in self:
            batch.milepost_one_truck = batch.milepost_one_truck or batch.picking_type_id.milepost_one_truck

    @api.model_create_multi
    def create(self, vals_list):
        batches = super().create(vals_list)
        self.env["milepost.outbox"]._watch_transfers(batches.picking_ids)
        return batches

    def write(self, vals):
        result = super().write(vals)
        if {"milepost_one_truck", "picking_ids", "state"} & set(vals):
            self.env["milepost.outbox"]._watch_transfers(self.picking_ids)
        return result
