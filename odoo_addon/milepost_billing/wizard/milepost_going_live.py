from odoo import api, fields, models
from odoo.addons.milepost.arguments import ids_of, instant_of, record_of
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain

KINDS = [
    ("open", "To Be Shipped"),
    ("shipped", "Shipped, Not Invoiced"),
    ("ordered", "Invoiced as Ordered"),
    ("drafted", "In a Draft"),
]
PILOT = ("pilot_warehouse_ids", "pilot_carrier_ids", "pilot_partner_ids")


class MilepostGoingLive(models.TransientModel):
    """What enabling a connection would change in the open orders of a company that runs.

    The answer is no estimate: the connection is enabled, everything is computed anew, read, and the
    whole is rolled back.
    """

    _name = "milepost.going.live"
    _description = "Going Live"

    connection_id = fields.Many2one(
        "milepost.connection", required=True,
        default=lambda self: self.env["milepost.connection"]._default_id(self.env.company.id),
    )  # fmt: skip
    company_id = fields.Many2one(related="connection_id.company_id")
    managed_from = fields.Datetime(
        required=True, default=fields.Datetime.now, help="Goods moved before it are Odoo's alone."
    )
    pilot = fields.Boolean(compute="_compute_setting", store=True, readonly=False)
    pilot_warehouse_ids = fields.Many2many(
        "stock.warehouse", string="Warehouses", compute="_compute_setting", store=True, readonly=False
    )
    pilot_carrier_ids = fields.Many2many(
        "delivery.carrier", string="Shipping Methods", compute="_compute_setting", store=True, readonly=False
    )
    pilot_partner_ids = fields.Many2many(
        "res.partner", string="Customers", compute="_compute_setting", store=True, readonly=False
    )
    line_ids = fields.One2many("milepost.going.live.line", "report_id", readonly=True)

    @api.depends("connection_id")
    def _compute_setting(self):
        for report in self:
            for name in ("pilot", *PILOT):
                report[name] = report.connection_id[name]

    def action_show(self):
        """Open the report, a row for each order line."""
        self.ensure_one()
        rows = self._rows()
        self.line_ids.unlink()
        self.env["milepost.going.live.line"].create([{**row, "report_id": self.id} for row in rows])
        return {
            "type": "ir.actions.act_window", "name": self.env._("Before Going Live"),
            "res_model": "milepost.going.live.line", "view_mode": "list,pivot",
            "domain": [("report_id", "=", self.id)],
            "context": {"search_default_group_kind": 1},
        }  # fmt: skip

    def action_enable(self):
        """Enable the connection as the report was made for; for who sets up connections."""
        self.ensure_one()
        self.connection_id.write(self._setting())
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def figures(self, connection_id, managed_from=None, pilot=None):
        """The report by program.

        :param managed_from: an instant as text in UTC; this moment by default
        :param pilot: {pilot_warehouse_ids, pilot_carrier_ids, pilot_partner_ids: lists of ids}; what the
            connection says by default
        :return: {lines: [a dict for each order line], totals: {orders, lines, changed, waiting_lines,
            transfers}}; of the transfers none has a shipment yet
        """
        connection = record_of(self.env, "milepost.connection", connection_id)
        values = {"connection_id": connection.id}
        if moment := instant_of(self.env, managed_from):
            values["managed_from"] = moment
        if pilot is not None:
            chosen = {name: [Command.set(ids_of(self.env, pilot.get(name)) or [])] for name in PILOT}
            values |= {"pilot": bool(pilot), **chosen}
        rows = self.create(values)._rows()
        return {
            "lines": rows,
            "totals": {
                "lines": len(rows),
                "orders": len({row["order_id"] for row in rows}),
                "changed": sum(row["is_changed"] for row in rows),
                "waiting_lines": sum(row["waiting_qty"] > 0 for row in rows),
                "transfers": len({id_ for row in rows for id_ in row["picking_ids"][0][2]}),
            },
        }

    def _setting(self):
        values = {"auto_transport_order": True, "managed_from": self.managed_from, "pilot": self.pilot}
        return values | {name: [Command.set(self[name].ids)] for name in PILOT}

    def _rows(self):
        """Values of the report's rows."""
        self.connection_id.check_access("read")
        if not self.env.user.has_group("milepost_billing.group_billing_analyst"):
            raise AccessError(self.env._("Your role may not read what is to be invoiced."))
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("%s is another company's.", self.connection_id.name))
        own = self.sudo()
        lines = own._open_lines()
        before = {line: (line.qty_to_invoice, line.invoice_status) for line in lines}
        with self.env.cr.savepoint() as savepoint:
            own.connection_id.write(own._setting())
            for name in ("milepost_managed_qty", "qty_delivered"):
                self.env.add_to_compute(lines._fields[name], lines)
            lines.modified(["milepost_managed_qty", "qty_delivered"])
            self.env.flush_all()
            after = {line: own._after(line) for line in lines}
            savepoint.rollback()
        return [own._row(line, before[line], *after[line]) for line in lines]

    def _open_lines(self):
        """The order lines of the company and its branches of which something is to come."""
        to_come = (
            Domain("invoice_status", "!=", "invoiced")
            | Domain("invoice_lines.parent_state", "=", "draft")
            | Domain("move_ids.state", "not in", ("done", "cancel"))
        )
        confirmed = Domain("company_id", "child_of", self.company_id.id) & Domain("state", "=", "sale")
        lines = self.env["sale.order.line"]
        return lines.search(confirmed & Domain("display_type", "=", False) & to_come, order="order_id, id")

    @api.model
    def _after(self, line):
        """(to invoice, status, what is still to move and waits then, transfers that need a shipment)."""
        moves = line.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move._milepost_is_delivery()
            and move._milepost_is_transport()
        )  # fmt: skip
        waits = not line.milepost_is_by_order and line.id in line._milepost_gates()
        quantity = sum(
            move.product_uom._compute_quantity(move.product_uom_qty, line.product_uom_id)
            for move in (moves if waits else ())
        )
        alone = moves.picking_id.filtered(lambda picking: not picking.milepost_shipment_ids)
        return line.qty_to_invoice, line.invoice_status, quantity, alone

    @api.model
    def _row(self, line, before, quantity, status, waiting, transfers):
        drafted = sum(one._milepost_quantity() for one in line.invoice_lines if one.parent_state == "draft")
        kind = "drafted" if drafted else "open"
        if not drafted and before[0]:
            kind = "shipped" if line.qty_delivered else "ordered"
        return {
            "order_id": line.order_id.id, "order_line_id": line.id, "product_id": line.product_id.id,
            "partner_id": line.order_id.partner_id.id, "company_id": line.company_id.id, "kind": kind,
            "ordered_qty": line.product_uom_qty, "delivered_qty": line.qty_delivered,
            "invoiced_qty": line.qty_invoiced - drafted, "drafted_qty": drafted,
            "before_qty": before[0], "after_qty": quantity, "status_before": before[1],
            "status_after": status, "waiting_qty": waiting,
            "is_changed": (quantity, status) != before, "picking_ids": [Command.set(transfers.ids)],
        }  # fmt: skip


class MilepostGoingLiveLine(models.TransientModel):
    _name = "milepost.going.live.line"
    _description = "Open Order Line Before Going Live"
    _order = "is_changed desc, order_id, id"

    report_id = fields.Many2one("milepost.going.live", required=True, ondelete="cascade", index=True)
    order_id = fields.Many2one("sale.order", string="Order")
    order_line_id = fields.Many2one("sale.order.line", string="Order Line")
    partner_id = fields.Many2one("res.partner", string="Customer")
    product_id = fields.Many2one("product.product")
    company_id = fields.Many2one("res.company")
    kind = fields.Selection(KINDS, string="Where It Stands")
    ordered_qty = fields.Float(string="Ordered", digits="Product Unit")
    delivered_qty = fields.Float(string="Delivered", digits="Product Unit")
    invoiced_qty = fields.Float(string="Invoiced", digits="Product Unit")
    drafted_qty = fields.Float(string="In Drafts", digits="Product Unit")
    before_qty = fields.Float(string="To Invoice Now", digits="Product Unit")
    after_qty = fields.Float(string="To Invoice Then", digits="Product Unit")
    status_before = fields.Selection(
        selection=lambda self: self.env["sale.order.line"]._fields["invoice_status"]._description_selection(self.env),
        string="Status Now",
    )  # fmt: skip
    status_after = fields.Selection(
        selection=lambda self: self.env["sale.order.line"]._fields["invoice_status"]._description_selection(self.env),
        string="Status Then",
    )  # fmt: skip
    is_changed = fields.Boolean(string="Changes")
    waiting_qty = fields.Float(
        string="Will Wait", digits="Product Unit",
        help="For its proof: not shipped yet; it is invoiced once its delivery is proven.",
    )  # fmt: skip
    picking_ids = fields.Many2many("stock.picking", string="Transfers Without a Shipment")

    def action_view_pickings(self):
        """The transfers that need a shipment, where it is ordered."""
        self.ensure_one()
        return self.env["milepost.shipment"]._action_view(
            "stock.picking", self.picking_ids, self.env._("Transfers")
        )
