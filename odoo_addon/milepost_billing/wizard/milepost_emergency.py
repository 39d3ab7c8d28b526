from odoo import api, fields, models
from odoo.addons.milepost.arguments import ids_of
from odoo.exceptions import AccessError, UserError


class MilepostEmergency(models.TransientModel):
    """Bills named orders and shipments before they are proven, while nobody can tell of their proofs."""

    _name = "milepost.emergency"
    _description = "Bill Without Proof"

    order_ids = fields.Many2many("sale.order", string="Orders")
    shipment_ids = fields.Many2many("milepost.shipment", string="Shipments")
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        field = {"sale.order": "order_ids", "milepost.shipment": "shipment_ids"}
        field = field.get(self.env.context.get("active_model"))
        if field in names:
            values[field] = [(6, 0, self.env.context.get("active_ids") or [])]
        return values

    def action_bill(self):
        """The button; shows the documents, or says who has to agree, too."""
        self.ensure_one()
        answer = self.bill(self.shipment_ids.ids, self.order_ids.ids, self.reason)
        moves = self.env["account.move"].browse(answer["document_ids"])
        waiting = self.env["milepost.shipment"].browse(answer["to_agree_ids"])
        texts = [answer["problem"]] if answer["problem"] else []
        if waiting:
            names = ", ".join(waiting.mapped("name"))
            texts.append(self.env._("A second person must agree to bill %s without proof.", names))
        if not moves and not waiting:
            raise UserError("\n".join(texts) or self.env._("Nothing was billed: other holds keep it back."))
        action = {"type": "ir.actions.act_window_close"}
        if moves:
            action = waiting._action_view("account.move", moves, self.env._("Billed"))
        if not texts:
            return action
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {"type": "warning", "message": "\n".join(texts), "next": action},
        }  # fmt: skip

    @api.model
    def bill(self, shipment_ids=None, order_ids=None, reason=None):
        """Bill shipments, and those of orders, as they were shipped; each is a case until it is proven.

        For finance managers and controllers, within their authority, and never for who edited an order
        or a document of it. Holds for other reasons than a missing proof keep their shipments back.

        :param reason: why they are not waited for
        :return: {document_ids, shipment_ids: billed or allowed to be, to_agree_ids: a second person must
            agree to these, problem}
        """
        if self.env["milepost.hold"]._finance_role() not in ("manager", "controller"):
            raise AccessError(self.env._("Your role may not bill without proof."))
        self.env["account.move"].check_access("create")
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why they are billed without proof."))
        shipments = self.env["milepost.shipment"].browse(ids_of(self.env, shipment_ids) or [])
        orders = self.env["sale.order"].browse(ids_of(self.env, order_ids) or [])
        for records in (shipments, orders):
            if len(records.exists()) != len(records):
                raise UserError(self.env._("One of them does not exist."))
            records.check_access("read")
        own = (shipments.sudo() | self._shipments_of(orders)).with_context(tracking_disable=True)
        own._claim_for_invoice()
        self.env["milepost.billing"].sudo()._validate(own)
        waiting = own.filtered(lambda one: one.billing_state in ("waiting", "held"))
        if not waiting:
            raise UserError(self.env._("None of them waits for a proof."))
        allowed = waiting._allow_emergency(reason.strip())
        self.env["milepost.billing"].sudo()._validate(allowed)
        moves, problem = self._invoice(allowed.filtered(lambda one: one.billing_state == "ready"))
        allowed._audit_emergency(reason.strip(), moves)
        return {
            "document_ids": moves.ids, "shipment_ids": allowed.ids,
            "to_agree_ids": (waiting - allowed).ids, "problem": problem,
        }  # fmt: skip

    @api.model
    def _shipments_of(self, orders):
        """The shipments of what has left of the orders; made where there are none."""
        found = self.env["milepost.shipment"].sudo()
        for order in orders.sudo():
            left = order.picking_ids.filtered(
                lambda one: one.state == "done" and any(
                    move._milepost_is_delivery() and move._milepost_is_transport() for move in one.move_ids
                )
            )  # fmt: skip
            for picking in left.filtered(lambda one: not one.milepost_shipment_ids):
                if obstacle := picking._milepost_obstacle():
                    raise UserError(f"{picking.name}: {obstacle}")
                found._from_pickings(picking, picking._milepost_connection())
            order.invalidate_recordset(["milepost_shipment_ids"])
            own = left.milepost_shipment_ids or order.milepost_shipment_ids
            if not own:
                raise UserError(self.env._("Nothing of %s has left.", order.name))
            found |= own
        return found

    @api.model
    def _invoice(self, shipments):
        """(documents, problem) of a billing run of these shipments alone."""
        moves, problems = self.env["account.move"], []
        for company, own in shipments.grouped("company_id").items():
            runs = self.env["milepost.billing.run"].sudo().with_company(company)
            run = runs.create({
                "company_id": company.id, "at": fields.Datetime.now(), "user_id": self.env.uid,
                "shipment_count": len(own),
            })  # fmt: skip
            mine = own.with_company(company)
            found = [text for groups in run._waves(mine) for text in run._try_invoice(groups)]
            run.problem = "\n".join(found) or False
            problems += found
            moves |= run.move_ids
        return moves.sudo(False), "\n".join(problems)
