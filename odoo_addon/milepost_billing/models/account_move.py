from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

SMALLEST = 1e-6


class AccountMove(models.Model):
    _inherit = "account.move"

    milepost_shipment_ids = fields.Many2many(
        "milepost.shipment", "milepost_shipment_move", "move_id", "shipment_id",
        string="Shipments", copy=False, groups="milepost.group_viewer",
    )  # fmt: skip
    milepost_carrier_invoice_id = fields.Many2one(
        "milepost.carrier.invoice", string="Carrier Invoice", copy=False, index="btree_not_null",
        ondelete="restrict",
    )  # fmt: skip
    milepost_run_id = fields.Many2one(
        "milepost.billing.run", copy=False, readonly=True, index="btree_not_null"
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
        """A payment is an outcome; it is told once at the end of the transaction."""
        super()._compute_payment_state()
        numbers = [id_ for id_ in self.ids if id_]
        data = self.env.cr.precommit.data
        if not numbers:
            return
        if "milepost.outcomes" not in data:
            data["milepost.outcomes"] = set()
            self.env.cr.precommit.add(self.sudo()._tell_milepost_outcomes)
        data["milepost.outcomes"].update(numbers)

    def _tell_milepost_outcomes(self):
        numbers = self.env.cr.precommit.data.pop("milepost.outcomes", set())
        moves = self.env["account.move"].sudo().browse(sorted(numbers)).exists()
        self.env["milepost.outbox"].sudo()._queue_outcomes(moves.milepost_shipment_ids)
        self.env.flush_all()

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_bridge()
        self._give_milepost_shipments(vals_list)
        moves = super().create(vals_list)
        moves._link_milepost_shipments()
        # While an invoice is made Odoo gives it the day of its transfers, whatever it computes later.
        for day, own in moves.grouped("milepost_supply_date").items():
            if day:
                own.filtered(lambda move, day=day: move.delivery_date != day).delivery_date = day
        moves._check_milepost_holds()
        if not self.env.context.get("milepost_recounting"):
            moves.sudo().invoice_line_ids.milepost_billable_id.shipment_id._recount_money()
        return moves

    def write(self, vals):
        result = super().write(vals)
        if self.env.context.get("milepost_recounting"):
            return result
        if "state" in vals or "invoice_line_ids" in vals or "line_ids" in vals:
            shipments = self.sudo().invoice_line_ids.milepost_billable_id.shipment_id
            if shipments:
                self._link_milepost_shipments()
                shipments._recount_money()
        return result

    def unlink(self):
        shipments = self.sudo().invoice_line_ids.milepost_billable_id.shipment_id
        result = super().unlink()
        shipments._recount_money()
        return result

    def _refuse_bridge(self):
        if self.env.user.has_group("milepost.group_bridge") and not self.env.su:
            raise AccessError(self.env._("The bridge makes no invoices."))

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
        shipment_of = {row.id: row.shipment_id for row in rows}
        for vals, ids in zip(vals_list, billed, strict=True):
            shipments = rows.shipment_id.browse().union(*(shipment_of[id_] for id_ in ids))
            if not shipments or vals.get("move_type") not in ("out_invoice", "out_refund"):
                continue
            vals.setdefault("milepost_shipment_ids", [Command.set(shipments.ids)])
            dates = [day for day in shipments.mapped("supply_date") if day]
            if dates:
                vals.setdefault("milepost_supply_date", max(dates))

    def _link_milepost_shipments(self):
        """An invoice belongs to the shipments of the billables that its lines bill."""
        for move in self.sudo().filtered(lambda one: one.move_type in ("out_invoice", "out_refund")):
            shipments = move.invoice_line_ids.milepost_billable_id.shipment_id
            new = shipments - move.milepost_shipment_ids
            if new:
                move.milepost_shipment_ids = [(4, shipment.id) for shipment in new]
            dates = [day for day in shipments.mapped("supply_date") if day]
            if dates and not move.milepost_supply_date:
                # The delivery date too: while an invoice is made Odoo computes it no more.
                move.write({"milepost_supply_date": max(dates), "delivery_date": max(dates)})

    def _check_milepost_holds(self):
        """Held money is neither invoiced nor paid, whoever writes and by whatever way."""
        moves = self.sudo()
        invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
        invoices.invoice_line_ids.milepost_billable_id._count_invoiced()
        invoices.invoice_line_ids.sale_line_ids.mapped("milepost_managed_qty")
        for move in moves:
            if move.move_type == "out_invoice":
                move._check_receivable()
            elif move.move_type == "in_invoice":
                move._check_payable()

    def _check_receivable(self):
        lines = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        rows = lines.milepost_billable_id
        managed = lines.sale_line_ids.filtered("milepost_managed_qty")
        if not rows and not managed:
            return
        refused = rows.filtered(lambda row: not row.released)
        if refused:
            holds = refused.shipment_id.hold_ids._blocking()
            names = ", ".join(refused.shipment_id.mapped("name"))
            why = holds._explain() or self.env._("• %s is not delivered yet.", names)
            raise UserError(self.env._("%(names)s cannot be invoiced.\n%(why)s", names=names, why=why))
        for row in rows:
            over = (
                row.invoiced_qty - row.billable_qty if row.sale_line_id else row.invoiced_amount - row.amount
            )
            if over > SMALLEST and (row.sale_line_id or row.amount >= 0):
                raise UserError(self.env._(
                    "%(what)s of %(shipment)s would be invoiced beyond what is proven (by %(over)s).",
                    what=row.description, shipment=row.shipment_id.name, over=round(over, 6),
                ))  # fmt: skip
        loose = lines.filtered(lambda one: not one.milepost_billable_id).sale_line_ids
        for line in managed & loose:
            if line._milepost_prepaid_qty() > SMALLEST:
                holds = line.milepost_billable_ids.shipment_id.hold_ids._blocking()
                raise UserError(self.env._(
                    "%(line)s travels with Milepost and is invoiced when it is proven.\n%(why)s",
                    line=line.display_name, why=holds._explain(),
                ))  # fmt: skip

    def _check_payable(self):
        invoice = self.milepost_carrier_invoice_id
        if not invoice and self.ref:
            # A bill that somebody entered by hand is the carrier's bill all the same.
            invoice = invoice.search([
                ("company_id", "=", self.company_id.id), ("number", "=", self.ref),
                ("carrier_partner_id", "=", self.commercial_partner_id.id),
                ("state", "in", ("received", "held", "partial", "payable", "rejected")),
            ], limit=1)  # fmt: skip
        if not invoice:
            return
        holds = invoice.hold_ids.filtered("is_blocking")
        if invoice.state == "rejected" or holds:
            lines = (invoice.bill_ids | self).filtered(lambda one: one.state != "cancel").invoice_line_ids
            booked = sum(lines.filtered(lambda one: not one.milepost_is_dispute).mapped("price_subtotal"))
            if invoice.state == "partial" and booked <= invoice.approved_amount + SMALLEST:
                return
            raise UserError(self.env._(
                "The bill %(number)s of %(carrier)s cannot be booked.\n%(why)s",
                number=invoice.number, carrier=invoice.carrier_partner_id.display_name or "?",
                why=holds._explain() or self.env._("• It was rejected."),
            ))  # fmt: skip

    def _milepost_is_persons_credit(self):
        """A credit note that a person made; those of the billing follow from the facts."""
        self.ensure_one()
        return self.move_type == "out_refund" and not self.milepost_run_id

    def _post(self, soft=True):
        self._refuse_bridge()
        self._link_milepost_shipments()
        self._check_milepost_holds()
        posted = super()._post(soft=soft)
        now = fields.Datetime.now()
        invoices = posted.sudo().filtered(lambda one: one.move_type == "out_invoice")
        shipments = invoices.invoice_line_ids.milepost_billable_id.shipment_id
        shipments.filtered(lambda one: not one.posted_at).with_context(tracking_disable=True).write(
            {"posted_at": now}
        )
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
