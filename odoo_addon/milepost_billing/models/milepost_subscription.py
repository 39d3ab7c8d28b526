import hashlib
import json

from odoo import api, fields, models
from odoo.addons.milepost.contract import instant_text
from odoo.exceptions import AccessError

#: Kinds that tell what became of the money, by the state that they tell.
MONEY_KINDS = ("invoiced", "paid", "disputed")


class MilepostSubscription(models.Model):
    """Consumers that want to know what is proven, invoiced, paid and disputed.

    Amounts and documents are told to those alone who may see money, which a finance manager says; to
    whom they go then is changed by him alone.
    """

    _inherit = "milepost.subscription"

    tells_proven = fields.Boolean(string="Delivery Proven", tracking=True)
    tells_invoiced = fields.Boolean(string="Invoiced", tracking=True)
    tells_paid = fields.Boolean(string="Paid", tracking=True)
    tells_disputed = fields.Boolean(string="Disputed", tracking=True)
    tells_money = fields.Boolean(
        string="May See Money", tracking=True,
        help="Numbers and amounts of the invoices; without it only that there are any. Of a customer's "
        "subscription they are his own invoices. Only a finance manager gives it.",
    )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        made = super().create(vals_list)
        if made.filtered("tells_money"):
            self._check_finance()
        return made

    def write(self, vals):
        if self._rights() & set(vals) and (vals.get("tells_money") or any(self.mapped("tells_money"))):
            self._check_finance()
        return super().write(vals)

    @api.model
    def _check_finance(self):
        role = self.env["milepost.hold"]._finance_role()
        if not self.env.su and role not in ("manager", "controller"):
            raise AccessError(self.env._("Who is told of money is decided by a finance manager."))

    def _kinds(self):
        told = ("proven", *MONEY_KINDS)
        return [*super()._kinds(), *(kind for kind in told if self[f"tells_{kind}"])]

    def _standing(self, kind, shipment):
        if kind == "proven":
            return self._proof_standing(shipment)
        if kind in MONEY_KINDS:
            return self._money_standing(kind, shipment)
        return super()._standing(kind, shipment)

    @api.model
    def _proof_standing(self, shipment):
        at = instant_text(shipment.pod_validated_at)
        part = {"proven": bool(at), **({"proven_at": at} if at else {})}
        return "proven" if at else "", {"proof": part}

    def _money_standing(self, kind, shipment):
        outbox = self.env["milepost.outbox"].sudo()
        moves = outbox._posted_moves(shipment).filtered(lambda move: self._is_own(move.partner_id))
        documents = [outbox._prepare_document(move) for move in moves]
        invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
        # Of a dispute hears who subscribed to disputes. It does not say whose goods it is about: of a truck
        # with another customer's goods nobody is told of it who may not hear of his.
        hears = kind == "disputed" and all(self._is_own(one.partner_id) for one in shipment.sale_order_ids)
        state = outbox._outcome_state(shipment, moves) if hears else None
        state = state or (outbox._paid_state(invoices) if invoices else "not_invoiced")
        part = {"state": state, **({"documents": documents[:100]} if self.tells_money else {})}
        if kind == "invoiced":
            said = json.dumps(documents, sort_keys=True).encode()
            mark = hashlib.sha256(said).hexdigest()[:32] if documents else ""
        elif kind == "paid":
            mark = state if state in ("partly_paid", "paid") else ""
        else:
            mark = state if state == "disputed" else ""
        return mark, {"money": part}
