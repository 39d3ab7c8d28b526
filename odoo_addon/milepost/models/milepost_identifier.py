from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .. import codes
from ..arguments import record_of


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

    def action_let_go(self):
        """A dispatcher's word that a shipment (in the context) bears the name wrongly.

        What was told of it by this name alone is said of it no more, and goes to who bears it rightly.
        """
        self.ensure_one()
        if not self.env.user.has_group("milepost.group_dispatcher"):
            raise AccessError(self.env._("Your role may not take names from shipments."))
        shipment = record_of(self.env, "milepost.shipment", self.env.context.get("milepost_shipment"))
        shipment.check_access("write")
        own = shipment.sudo()
        name, connection = (self.type, self.value), self.connection_id or own.connection_id
        own.lasting_names = sorted(one for one in own._lasting_names() if one[:2] != name)
        own._let_go(connection, {name})
        if own in self.sudo().shipment_ids:
            raise UserError(self.env._(
                "%s is its own, or a plan of the partner says it: correct the order, the transfer or the plan.",
                self.value,
            ))  # fmt: skip
