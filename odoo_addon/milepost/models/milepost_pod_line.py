from odoo import fields, models

from .. import codes


class MilepostPodLine(models.Model):
    """What became of one quantity."""

    _name = "milepost.pod.line"
    _description = "Delivered Quantity"
    _check_company_auto = True
    _order = "id"

    pod_id = fields.Many2one(
        "milepost.pod", string="POD", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="pod_id.company_id", store=True)
    goods = fields.Char(readonly=True)
    description = fields.Char(readonly=True)
    quantity = fields.Float(digits=(16, 6), readonly=True)
    unit = fields.Char(string="Partner's Unit", readonly=True)
    uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True, help="What the partner's unit means.")
    outcome = fields.Selection(codes.QUANTITY_OUTCOMES, required=True, readonly=True)
    reason = fields.Selection(codes.REASONS, readonly=True)
