from collections import defaultdict

from odoo import SUPERUSER_ID, fields, models
from odoo.addons.milepost.codes import DEAD_STATES
from odoo.exceptions import AccessError, UserError

from ..billing import authority
from ..billing.decimals import decimal
from ..billing.money import ZERO


class MilepostShipment(models.Model):
    """Billed before it is proven, because nobody can tell of the proof: the bridge or the partner is down."""

    _inherit = "milepost.shipment"

    emergency_at = fields.Datetime(
        string="Billed Without Proof", readonly=True, copy=False, derived="billing",
        help="Since then it is billed as it was shipped; a case until it is proven.",
    )  # fmt: skip
    emergency_reason = fields.Char(string="Why Without Proof", readonly=True, copy=False, derived="billing")
    emergency_by_ids = fields.Many2many(
        "res.users", "milepost_shipment_emergency", "shipment_id", "user_id", string="Agreed To by",
        readonly=True, copy=False, derived="billing",
    )  # fmt: skip

    emergency_scope = fields.Json(
        readonly=True, copy=False, derived="billing",
        help="The goods and the value that were agreed to be billed without proof.",
    )  # fmt: skip

    def _emergency_now(self, value):
        """What would be billed without proof: the quantity by order line, and its value."""
        goods = defaultdict(lambda: ZERO)
        for line in self.line_ids:
            goods[str(line.move_id.sale_line_id.id)] += decimal(line.quantity)
        return {"value": str(value), "goods": {key: str(quantity) for key, quantity in goods.items()}}

    def _is_as_agreed(self, value):
        """Whether that is no more, and nothing else, than what was agreed to.

        Else goods that are put on its truck later would be billed by an agreement about others.
        """
        agreed = self.emergency_scope
        if not agreed:
            return True
        now = self._emergency_now(value)
        return decimal(value) <= decimal(agreed["value"]) and all(
            decimal(quantity) <= decimal(agreed["goods"].get(key, "0"))
            for key, quantity in now["goods"].items()
        )

    def _allow_emergency(self, reason):
        """Have these shipments billed without proof, as far as the user's authority goes.

        :param reason: why, for the case and the audit
        :return: those that nobody else has to agree to any more
        :raises AccessError: the user may not, for one of them
        :raises UserError: one of them has not left, or its partner can be heard
        """
        now, allowed = fields.Datetime.now(), self.browse()
        for shipment in self:
            shipment._check_emergency()
            scope = shipment._emergency_now(decimal(shipment.billing_value))
            if not shipment._is_as_agreed(decimal(shipment.billing_value)):
                # What others agreed to was less, or something else.
                shipment.write({"emergency_by_ids": [(5,)], "emergency_at": False})
            answer = shipment._emergency_answer()
            if not answer.allowed:
                raise AccessError(self.env._(
                    "You cannot bill %(shipment)s without proof: %(why)s.", shipment=shipment.name,
                    why=self.env["milepost.hold"].new({"company_id": shipment.company_id.id})._refusal_text(answer),
                ))  # fmt: skip
            values = {
                "emergency_reason": reason, "emergency_by_ids": [(4, self.env.uid)], "emergency_scope": scope,
            }  # fmt: skip
            if answer.complete:
                allowed |= shipment
                values["emergency_at"] = now
            shipment.write(values)
            shipment._message_log(body=self.env._(
                "%(user)s agreed to bill it without proof: %(reason)s", user=self.env.user.name, reason=reason
            ))  # fmt: skip
        return allowed

    def _check_emergency(self):
        connection = self.connection_id
        if connection.state == "ok":
            raise UserError(self.env._(
                "%(connection)s can be heard: %(shipment)s is billed when it is proven, or its hold is released.",
                connection=connection.name, shipment=self.name,
            ))  # fmt: skip
        if self.state in DEAD_STATES or any(one.state not in ("done", "cancel") for one in self.picking_ids):
            raise UserError(self.env._("%s has not left.", self.name))

    def _emergency_answer(self):
        """Whether the user may, and whether somebody else must agree, too: as for a hold of its value."""
        company = self.company_id.currency_id
        day = fields.Date.context_today(self)
        value = self.currency_id._convert(self.billing_value, company, self.company_id, day)
        held = authority.Held(
            "PROOF_DUE", "soft", decimal(company.round(value)), None,
            frozenset(self._emergency_people().ids),
        )  # fmt: skip
        return authority.may_release(
            held,
            self.env["milepost.hold"]._finance_role(),
            self.env.uid,
            self._billing_policy()._authority(),
            self.emergency_by_ids.ids,
        )

    def _emergency_people(self):
        """Who made or edited what would be billed: they do not decide that it is."""
        people = self.stop_ids.times_by_id | self.pod_ids.reviewed_by_id | self.billable_ids.disposed_by_id
        people |= self.teller_ids
        people |= self._who_sold() | self.sale_order_ids.write_uid | self.sale_order_ids.order_line.write_uid
        return people.filtered(lambda user: user.id != SUPERUSER_ID)

    def _audit_emergency(self, reason, moves):
        """Write into the cases' audit who billed what without proof, why, and what could not be heard."""
        states = dict(self.env["milepost.connection"]._fields["state"]._description_selection(self.env))
        for case in self.hold_ids.filtered(lambda hold: hold.reason == "proof_due" and hold.is_open):
            shipment = case.shipment_id
            connection = shipment.connection_id
            case._audit(
                "billed_without_proof", text=reason, agreed=sorted(shipment.emergency_by_ids.ids),
                connection=f"{connection.name}: {states.get(connection.state, '')}",
                documents=sorted((moves & shipment.sudo().invoice_ids).mapped("display_name")),
            )  # fmt: skip
