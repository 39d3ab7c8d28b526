from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..billing import charge_match
from .milepost_ledger import BILLING_TYPES, SMALLEST

STEERING = {
    "milepost_shipment_ids", "milepost_run_id", "milepost_supply_date", "milepost_carrier_invoice_id",
}  # fmt: skip


class AccountMove(models.Model):
    _inherit = "account.move"

    milepost_shipment_ids = fields.Many2many(
        "milepost.shipment", "milepost_shipment_move", "move_id", "shipment_id",
        string="Shipments", copy=False, groups="milepost.group_viewer", check_company=True,
    )  # fmt: skip
    milepost_carrier_invoice_id = fields.Many2one(
        "milepost.carrier.invoice", string="Carrier Bill", copy=False, readonly=True,
        index="btree_not_null", ondelete="restrict", check_company=True,
    )  # fmt: skip
    milepost_run_id = fields.Many2one(
        "milepost.billing.run", copy=False, readonly=True, index="btree_not_null", check_company=True
    )
    milepost_supply_date = fields.Date(
        copy=False, readonly=True, help="Day of the last delivery, where the site is."
    )
    milepost_shipment_count = fields.Integer(
        compute="_compute_milepost_shipment_count", groups="milepost.group_viewer"
    )
    milepost_open_hold_count = fields.Integer(
        compute="_compute_milepost_shipment_count", groups="milepost.group_viewer"
    )

    @api.depends("milepost_shipment_ids.hold_ids.state")
    def _compute_milepost_shipment_count(self):
        for move in self:
            move.milepost_shipment_count = len(move.milepost_shipment_ids)
            move.milepost_open_hold_count = len(move.milepost_shipment_ids.hold_ids._blocking())

    @api.depends("milepost_supply_date")
    def _compute_delivery_date(self):
        super()._compute_delivery_date()
        for move in self.filtered("milepost_supply_date"):
            move.delivery_date = move.milepost_supply_date

    def _compute_payment_state(self):
        """A payment is an outcome; it is told once at the end of the transaction. A draft has none."""
        super()._compute_payment_state()
        numbers = self.filtered(lambda move: move.posted_before or move.state == "posted").ids
        data = self.env.cr.precommit.data
        if not numbers:
            return
        if "milepost.outcomes" not in data:
            data["milepost.outcomes"] = set()
            self.env.cr.precommit.add(self.sudo()._tell_milepost_outcomes)
        data["milepost.outcomes"].update(numbers)

    def _tell_milepost_outcomes(self):
        numbers = self.env.cr.precommit.data.pop("milepost.outcomes", set())
        billed = [("invoice_ids", "in", sorted(numbers))]
        shipments = self.env["milepost.shipment"].sudo().search(billed)
        self.env["milepost.outbox"].sudo()._queue_outcomes(shipments)
        self.env.flush_all()

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_bridge()
        for vals in vals_list:
            self._milepost_refuse_steering(vals)
        self._give_milepost_shipments(vals_list)
        moves = super().create(vals_list)
        moves._link_milepost_shipments()
        # While an invoice is made Odoo gives it the day of its transfers, whatever it computes later.
        for day, own in moves.grouped("milepost_supply_date").items():
            if day:
                own.filtered(lambda move, day=day: move.delivery_date != day).delivery_date = day
        moves._check_payables()
        lines = moves.invoice_line_ids
        # Once more: only now are all amounts booked.
        lines._milepost_recount(lines._milepost_rows())
        return moves

    def write(self, vals):
        self._milepost_refuse_steering(vals)
        bills = {"move_type", "invoice_line_ids", "line_ids", "currency_id"} & set(vals)
        changed = self if bills or vals.get("state", "posted") != "posted" else self.browse()
        with self.env["milepost.ledger"]._kept(moves=changed):
            result = super().write(vals)
        if {"ref", "partner_id", "move_type"} & set(vals):
            self._check_payables()
        if bills or "state" in vals:
            if rows := self.invoice_line_ids._milepost_rows():
                self._link_milepost_shipments()
                self.invoice_line_ids._milepost_recount(rows)
                if vals.get("state", "posted") != "posted":
                    self.sudo().invoice_line_ids.milepost_billable_id.shipment_id._forget_posting()
        return result

    def action_switch_move_type(self):
        with self.env["milepost.ledger"]._kept(moves=self):
            return super().action_switch_move_type()

    def _milepost_refuse_steering(self, vals):
        """What a document has to do with shipments is said by what makes it."""
        if self.env.su:
            return
        defaults = {name: self.env.context.get(f"default_{name}") for name in STEERING}
        said = {name: value for name, value in (defaults | vals).items() if name in STEERING}
        given = {name for name, value in said.items() if name in vals or value}
        if any(self._milepost_is_said(name, said[name]) for name in given):
            raise AccessError(self.env._(
                "Shipments, billing run, supply date and carrier bill of a document are written by the "
                "billing alone."
            ))  # fmt: skip

    def _milepost_is_said(self, name, value):
        """Whether a value says something: whoever sends a form sends what stands in it, or nothing, too."""
        field = self._fields[name]
        if field.type == "many2many":
            return bool(value)
        said = fields.Date.to_date(value) if field.type == "date" else value
        stands = {field.convert_to_write(move[name], move) for move in self.sudo()} or {False}
        return stands != {said or False}

    def _refuse_bridge(self):
        if self.env.user.has_group("milepost.group_bridge") and not self.env.su:
            raise AccessError(self.env._("The bridge user may not create invoices."))

    @api.model
    def _give_milepost_shipments(self, vals_list):
        """The shipments of the billables that invoices bill, and the day of their last delivery, go
        into the values that they are made of: written later it would be a write for each, which
        is left to who has no role with shipments."""
        if not self._has_field_access(self._fields["milepost_shipment_ids"], "write"):
            return
        billed = [
            [
                command[2]["milepost_billable_id"]
                for command in vals.get("invoice_line_ids") or ()
                if command[0] == Command.CREATE and command[2].get("milepost_billable_id")
            ]
            for vals in vals_list
        ]
        rows = self.env["milepost.billable"].sudo().browse(sorted(set().union(*billed)))
        for vals, ids in zip(vals_list, billed, strict=True):
            own = rows.browse(ids)
            if not own or vals.get("move_type") not in BILLING_TYPES:
                continue
            vals.setdefault("milepost_shipment_ids", [Command.set(own.shipment_id.ids)])
            if day := own._supplied_on():
                vals.setdefault("milepost_supply_date", day)

    def _link_milepost_shipments(self):
        """An invoice belongs to the shipments of the billables that its lines bill."""
        for move in self.sudo().filtered(lambda one: one.move_type in BILLING_TYPES):
            rows = move.invoice_line_ids.milepost_billable_id
            if not rows:
                continue
            new = rows.shipment_id - move.milepost_shipment_ids
            if new:
                move.milepost_shipment_ids = [(4, shipment.id) for shipment in new]
            if not move.milepost_supply_date and (day := rows._supplied_on()):
                # The delivery date too: while an invoice is made Odoo computes it no more.
                move.write({"milepost_supply_date": day, "delivery_date": day})

    def _check_payables(self):
        """Disputed freight is not paid, whoever writes and by whatever kind of purchase document."""
        for move in self.sudo().filtered(lambda one: one.move_type in ("in_invoice", "in_receipt")):
            move._check_payable()

    def _decide_milepost_shipments(self):
        """Take the shipments that these documents bill, and decide again where that is not current.

        The update lets nobody else change them meanwhile: who comes second fails and is run again. So
        an invoice is posted on what is known when it is posted, never on what was known before.
        """
        lines = self.sudo().filtered(lambda one: one.move_type in BILLING_TYPES).invoice_line_ids
        shipments = lines.milepost_billable_id.shipment_id
        loose = lines.filtered(lambda line: line.sale_line_ids and not line.milepost_billable_id)
        order_lines = loose.sale_line_ids
        shipments |= order_lines.browse(order_lines._milepost_gates()).order_id.milepost_shipment_ids
        shipments -= self.env["milepost.billing.run"]._decided()
        stale = shipments._take_for_posting()
        self.env["milepost.billing"].sudo()._validate(stale)

    def _check_payable(self):
        invoice = self.milepost_carrier_invoice_id or self._find_carrier_invoice()
        if not invoice:
            return
        holds = invoice._holds_on_it().filtered("is_blocking")
        if invoice.state == "rejected" or holds:
            lines = (invoice.bill_ids | self).filtered(lambda one: one.state != "cancel").invoice_line_ids
            booked = sum(lines.filtered(lambda one: not one.milepost_is_dispute).mapped("price_subtotal"))
            is_partly_free = invoice.state == "partial" and not any(holds.mapped("is_manual"))
            if is_partly_free and booked <= invoice.approved_amount + SMALLEST:
                return
            raise UserError(self.env._(
                "The bill %(number)s of %(carrier)s cannot be booked.\n%(why)s",
                number=invoice.number, carrier=invoice.carrier_partner_id.display_name or "?",
                why=holds._explain() or self.env._("• It was rejected."),
            ))  # fmt: skip

    def _find_carrier_invoice(self):
        """A bill that somebody entered by hand is the carrier's bill all the same, however its number
        is written: numbers compare as they do in matching."""
        number = charge_match.normalise_pro(self.ref or "")
        if not number.base or not self.env["milepost.ledger"]._is_used():
            return self.env["milepost.carrier.invoice"]
        bills = self.env["milepost.carrier.invoice"]
        bills.flush_model(["number", "state", "company_id"])
        # A carrier has many open bills: only those written with the same signs are compared.
        alike = self.env.execute_query(SQL(
            """
            SELECT id FROM milepost_carrier_invoice
             WHERE company_id = %s AND state IN %s
               AND regexp_replace(upper(number), '[^A-Z0-9]', '', 'g') LIKE %s
            """,
            self.company_id.id, ("received", "held", "partial", "payable", "rejected"), f"%{number.base}%",
        ))  # fmt: skip
        known = bills.search([
            ("id", "in", [id_ for (id_,) in alike]),
            ("carrier_partner_id", "child_of", self.commercial_partner_id.id),
        ])  # fmt: skip
        return known.filtered(lambda one: charge_match.normalise_pro(one.number or "") == number)[:1]

    def _milepost_is_persons_credit(self):
        """A credit note that a person made; those of the billing follow from the facts."""
        self.ensure_one()
        return self.move_type == "out_refund" and not self.milepost_run_id

    def _post(self, soft=True):
        self._refuse_bridge()
        if self.env["milepost.ledger"]._is_used():
            self._link_milepost_shipments()
            self._decide_milepost_shipments()
            self.env["milepost.ledger"]._check_posting(self)
            self._check_payables()
        posted = super()._post(soft=soft)
        now = fields.Datetime.now()
        invoices = posted.sudo().filtered(lambda one: one.move_type in ("out_invoice", "out_receipt"))
        shipments = invoices.invoice_line_ids.milepost_billable_id.shipment_id
        shipments.filtered(lambda one: not one.posted_at).with_context(tracking_disable=True).write(
            {"posted_at": now}
        )
        shipments._keep_proven_stops()
        shipments._billing_changed()
        bills = posted.sudo().filtered(lambda one: one.move_type == "in_invoice")
        self.env["milepost.accrual"].sudo()._use_up(bills.filtered("milepost_carrier_invoice_id.shipment_id"))
        return posted

    def action_milepost_evidence(self):
        """Download what proves the document."""
        return self.env["milepost.evidence"]._download(self)

    def action_view_milepost_shipments(self):
        self.ensure_one()
        return self.milepost_shipment_ids._action_view(
            "milepost.shipment", self.milepost_shipment_ids, self.env._("Shipments")
        )
