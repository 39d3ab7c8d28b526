from odoo import fields, models

from .. import codes


class MilepostIdentifier(models.Model):
    """A name under which partners speak of shipments.

    A row without shipments stands for facts that wait for it: writing to the row is what makes two
    transactions collide of which one stores the fact and the other brings the shipment.
    """

    _name = "milepost.identifier"
    _description = "Shipment Identifier"
    _check_company_auto = True
    _order = "type, value"
    _rec_name = "value"

    company_id = fields.Many2one("res.company", required=True, index=True)
    connection_id = fields.Many2one(
        "milepost.connection",
        ondelete="cascade",
        help="Set for a partner's own ids, which are unique within its connection only.",
        check_company=True,
    )
    type = fields.Selection(codes.IDENTIFIER_TYPES, required=True)
    value = fields.Char(required=True)
    shipment_ids = fields.Many2many(
        "milepost.shipment",
        "milepost_identifier_shipment",
        "identifier_id",
        "shipment_id",
        check_company=True,
    )
    chosen_shipment_id = fields.Many2one(
        "milepost.shipment", string="Means", readonly=True, ondelete="set null", index="btree_not_null",
        help="Shipment that a dispatcher chose for this identifier. Empty: the one that has it.", check_company=True,
    )  # fmt: skip
    rev = fields.Integer(default=0)

    _value_unique = models.UniqueIndex(
        "(company_id, COALESCE(connection_id, 0), type, value)",
        "This identifier exists already.",
    )
