from odoo import fields, models

from .. import codes


class MilepostCharge(models.Model):
    """A charge that a partner named: what the carrier bills us, or what we bill."""

    _name = "milepost.charge"
    _description = "Charge"
    _inherit = ["milepost.fact"]
    _order = "said_at desc, id desc"
    _rec_name = "charge_type"

    side = fields.Selection(
        [("cost", "Cost"), ("sell", "Sell")], required=True, readonly=True, help="Carrier or customer."
    )
    charge_type = fields.Selection(codes.CHARGE_TYPES, required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    quantity = fields.Float(digits=(16, 6), readonly=True)
    unit = fields.Char(readonly=True)
    rate = fields.Float(digits=(16, 6), readonly=True)
    stop_ref = fields.Json(readonly=True)
    stop_id = fields.Many2one("milepost.stop", readonly=True, ondelete="set null")
    occurred_at = fields.Datetime(readonly=True)
    description = fields.Char(readonly=True)
    code_map_id = fields.Many2one(
        "milepost.code.map", readonly=True, ondelete="set null", index="btree_not_null",
        help="Who says what the partner's code means.",
    )  # fmt: skip
    raw_code = fields.Char(string="Partner's Code", required=True, readonly=True)

    _fact_unique = models.UniqueIndex(
        "(connection_id, key, shipment_id) NULLS NOT DISTINCT", "This fact is stored already."
    )
    _shipment_index = models.Index("(shipment_id)")
    _raw_code_index = models.Index("(connection_id, raw_code) WHERE charge_type = 'misc'")
    _waiting_index = models.Index("USING gin (identifiers jsonb_path_ops) WHERE shipment_id IS NULL")
