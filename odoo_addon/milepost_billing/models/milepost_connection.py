from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

# Languages in which the bridge can tell a partner what became of the money.
OUTCOME_SOURCES = ("otm5", "mapped")


class MilepostConnection(models.Model):
    """Partners that want to know what became of the money."""

    _inherit = "milepost.connection"

    wants_outcomes = fields.Boolean(
        string="Report Invoice Status to Partner",
        help="The partner is told when a shipment is invoiced, paid or disputed.",
    )

    @api.constrains("wants_outcomes", "source")
    def _check_outcomes_can_be_told(self):
        for connection in self.filtered("wants_outcomes"):
            if connection.source not in OUTCOME_SOURCES:
                raise ValidationError(self.env._(
                    "%(connection)s speaks %(language)s, in which no invoice status can be reported. Switch "
                    "“Report Invoice Status to Partner” off; it is possible with %(possible)s.",
                    connection=connection.name, language=connection.source,
                    possible=", ".join(OUTCOME_SOURCES),
                ))  # fmt: skip

    def hand_back(self, reason):
        """End a pilot, or all of it: every order that the connection manages is Odoo's again.

        What is to be invoiced of them is what Odoo counts, nothing of them waits, and no billing run
        takes their shipments; what was invoiced stays. The connection orders nothing by itself any
        more. For a finance manager.

        :param reason: why, for the history
        :return: how many orders were handed back
        """
        self.ensure_one()
        self.check_access("read")
        if self.env["milepost.hold"]._finance_role() not in ("manager", "controller"):
            raise AccessError(self.env._("Orders are handed back by a finance manager."))
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("%s is another company's.", self.name))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the orders are handed back."))
        own = self.sudo()
        orders = own._managed_orders()
        shipments = orders.milepost_shipment_ids
        shipments.hold_ids.filtered("is_open")._audit("handed_back", text=reason)
        orders.milepost_handed_back_at = fields.Datetime.now()
        own.write({"auto_transport_order": False, "managed_from": False})
        shipments._billing_changed()
        own._message_log(body=self.env._(
            "%(user)s handed %(count)s orders back to Odoo: %(reason)s",
            user=self.env.user.name, count=len(orders), reason=reason,
        ))  # fmt: skip
        return len(orders)

    def _managed_orders(self):
        """The orders of which something is managed by the connection, or carried by its shipments."""
        ours = Domain.OR(
            Domain(name, "in", self.ids)
            for name in (
                "milepost_managed_by_id", "milepost_shipment_ids.connection_id",
                "order_line.move_ids.milepost_managed_by_id",
            )
        )  # fmt: skip
        return self.env["sale.order"].search(ours & Domain("milepost_handed_back_at", "=", False))
