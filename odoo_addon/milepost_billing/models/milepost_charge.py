from odoo import api, fields, models
from odoo.addons.milepost.ingestion.tables import utc

from .. import codes


class MilepostCharge(models.Model):
    """A charge that a partner named: what the carrier bills us, or what we bill."""

    _name = "milepost.charge"
    _description = "Charge"
    _check_company_auto = True
    _inherit = ["milepost.fact"]
    _order = "said_at desc, id desc"
    _rec_name = "charge_type"
    _fact_kind = "charge"
    _fact_moment = "occurred_at"
    _fact_has_standing = True

    side = fields.Selection(
        [("cost", "Cost"), ("sell", "Sell")],
        required=True,
        readonly=True,
        help="Carrier or customer.",
        fact=True,
    )
    charge_type = fields.Selection(codes.CHARGE_TYPES, required=True, readonly=True, fact=True)
    amount = fields.Monetary(required=True, readonly=True, fact=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, fact=True)
    quantity = fields.Float(digits=(16, 6), readonly=True, fact=True)
    unit = fields.Char(readonly=True, fact=True)
    rate = fields.Float(digits=(16, 6), readonly=True, fact=True)
    stop_ref = fields.Json(readonly=True, fact=True)
    stop_id = fields.Many2one("milepost.stop", readonly=True, ondelete="set null", check_company=True)
    occurred_at = fields.Datetime(readonly=True, fact=True)
    description = fields.Char(readonly=True, fact=True)
    code_map_id = fields.Many2one(
        "milepost.code.map", readonly=True, ondelete="set null", index="btree_not_null",
        help="Who says what the partner's code means.",
        fact=True, check_company=True,
    )  # fmt: skip
    raw_code = fields.Char(string="Partner's Code", required=True, readonly=True, fact=True)

    _fact_unique = models.UniqueIndex(
        "(connection_id, key, shipment_id) NULLS NOT DISTINCT", "This fact is stored already."
    )
    _shipment_index = models.Index("(shipment_id)")
    _raw_code_index = models.Index("(connection_id, raw_code) WHERE charge_type = 'misc'")
    _waiting_index = models.Index("USING gin (identifiers jsonb_path_ops) WHERE shipment_id IS NULL")

    @api.model
    def _prepare_fact_row(self, fact, context):
        occurred = fact.get("occurred")
        meaning, code_map = None, None
        if fact["charge_type"] == "misc":
            meaning, code_map = context.meaning("charge_type", fact["raw_code"])
        return {
            **super()._prepare_fact_row(fact, context),
            "side": fact["side"],
            "charge_type": meaning or fact["charge_type"],
            "code_map_id": code_map,
            "amount": fact["amount"],
            "currency_id": context.currencies[fact["currency"]],
            "quantity": fact.get("quantity"),
            "unit": fact.get("unit"),
            "rate": fact.get("rate"),
            "stop_ref": fact.get("stop"),
            "occurred_at": utc(occurred["at"]) if occurred else None,
            "description": fact.get("description"),
            "raw_code": fact["raw_code"],
        }

    @api.model
    def _codes_in(self, fact):
        yield from codes.codes_in_charge(fact)
