"""A company that sells for a while before Milepost takes over: its open orders, in every state of billing."""

from odoo import Command

from .test_finance_gate import GateCase

AMOUNTS = ("milepost_managed_qty", "qty_delivered_method", "qty_delivered", "qty_to_invoice",
           "milepost_waiting_qty", "invoice_status")  # fmt: skip


class GoingLiveCase(GateCase):
    #: How many open orders the company has, at least one of each kind.
    open_orders = 36

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.street = "Quay 1"
        cls.ordered = cls.new_product("Bolt", invoice_policy="order")
        cls.transport = cls.new_product("Haulage", type="service", invoice_policy="order",
                                        milepost_transport=True)  # fmt: skip
        cls.fee = cls.new_product("Delivery", type="service", invoice_policy="order")

    @classmethod
    def new_product(cls, name, **values):
        return cls.env["product.product"].create({
            "name": name, "type": "consu", "invoice_policy": "delivery", "list_price": 10,
            "taxes_id": [Command.clear()], **values,
        })  # fmt: skip

    def sell(self, *products, quantity=10, confirm=True, **values):
        return self.sell_many([products], quantity, confirm, **values)

    def sell_many(self, baskets, quantity=10, confirm=True, **values):
        """An order for each basket of products, made and confirmed together."""
        orders = self.env["sale.order"].create([
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({
                        "product_id": product.id, "price_unit": 12.5, "tax_ids": [],
                        "product_uom_qty": 1 if product.type == "service" else quantity,
                        "is_delivery": product == self.fee,
                    })
                    for product in basket
                ],
                **values,
            }
            for basket in baskets
        ])  # fmt: skip
        if confirm:
            orders.action_confirm()
        return orders

    def leave(self, orders, quantity=10):
        """The open deliveries of the orders leave, with a backorder for what stays."""
        pickings = orders.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        pickings.move_ids.quantity = quantity
        pickings.move_ids.picked = True
        pickings.with_context(skip_backorder=True).button_validate()

    def come_back(self, order, quantity):
        picking = order.picking_ids.filtered(lambda one: one.state == "done")
        form = self.env["stock.return.picking"].with_context(active_id=picking.id, active_model=picking._name)
        wizard = form.create({"picking_id": picking.id})
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": True})
        back = picking.browse(wizard.action_create_returns()["res_id"])
        back.move_ids.write({"quantity": quantity, "picked": True})
        back.button_validate()

    def down_pay(self, orders):
        for order in orders:
            wizard = self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids)
            wizard.create({
                "advance_payment_method": "percentage", "amount": 20, "sale_order_ids": [Command.set(order.ids)],
            }).create_invoices()  # fmt: skip

    def old_orders(self, count=0):
        """Open orders of a company that runs, at least one of each kind: {kind: orders}."""
        goods, ordered, transport, fee = self.product, self.ordered, self.transport, self.fee
        kinds = {
            "open": [goods], "open as ordered": [ordered], "open with a fee": [goods, fee],
            "transport": [transport], "all at once": [goods, ordered, fee, transport],
            "shipped": [goods], "shipped in part": [goods], "shipped in part as ordered": [goods, ordered, fee],
            "invoiced in part": [goods], "drafted": [goods, fee], "drafted as ordered": [ordered, fee],
            "down-paid": [goods], "down-paid and shipped": [goods], "invoiced": [goods, fee],
            "returned": [goods], "returned after the invoice": [goods], "credited": [goods], "cancelled": [goods],
        }  # fmt: skip
        names = [list(kinds)[number % len(kinds)] for number in range(max(count, len(kinds)))]
        made = self.sell_many([kinds[name] for name in names])
        orders = {name: made.browse() for name in kinds}
        for name, order in zip(names, made, strict=True):
            orders[name] |= order
        whole = (
            "shipped", "drafted", "down-paid and shipped", "invoiced", "returned",
            "returned after the invoice", "credited",
        )  # fmt: skip
        self.leave(self.union(orders, *whole))
        self.leave(self.union(orders, "shipped in part", "shipped in part as ordered", "invoiced in part"), 4)
        billed = (
            self.union(orders, "invoiced in part", "invoiced", "credited", "returned after the invoice")
            .with_context(raise_if_nothing_to_invoice=False)
            ._create_invoices(grouped=True)
        )
        billed.action_post()
        self.down_pay(self.union(orders, "down-paid", "down-paid and shipped"))
        self.union(orders, "down-paid", "down-paid and shipped").invoice_ids.action_post()
        drafted = self.union(orders, "drafted", "drafted as ordered")
        drafted.with_context(raise_if_nothing_to_invoice=False)._create_invoices(grouped=True)
        for order in self.union(orders, "returned", "returned after the invoice"):
            self.come_back(order, 3)
        orders["credited"].invoice_ids._reverse_moves(cancel=True)
        orders["cancelled"]._action_cancel()
        return orders

    def union(self, orders, *names):
        return self.env["sale.order"].union(*(orders[name] for name in names))

    def recompute(self, orders):
        """What is stored must be what Odoo would store now: nothing waits for a later trigger."""
        lines = orders.order_line
        for name in AMOUNTS:
            self.env.add_to_compute(lines._fields[name], lines)
        lines.modified(AMOUNTS)
        self.env.flush_all()
        self.env.invalidate_all()

    def rows(self, orders):
        """What is billed and what is to be, row by row: {name of the row: values}."""
        found = {}
        for order in orders.sorted("id"):
            found[order.name] = (order.invoice_status, order.amount_to_invoice)
            for line in order.order_line:
                found[f"{order.name} {line.id}"] = (
                    line.qty_delivered, line.qty_invoiced, line.qty_to_invoice, line.invoice_status,
                )  # fmt: skip
            for line in order.invoice_ids.line_ids:
                found[f"{line.move_id.id} {line.id}"] = (
                    line.parent_state, line.quantity, line.price_subtotal, line.balance,
                )  # fmt: skip
        return found

    def odoos(self, orders):
        """{line: (qty_to_invoice, invoice_status)} as Odoo counts it, written down apart from any addon."""
        found = {}
        for line in orders.order_line:
            base = line.product_uom_qty if line.product_id.invoice_policy == "order" else line.qty_delivered
            open_ = base - line.qty_invoiced if line.state == "sale" else 0
            status = "no"
            if line.state == "sale":
                by_weight = line.product_id.type == "consu" and line.product_id.invoice_policy == "delivery"
                over = {"done"} <= set(line.move_ids.mapped("state")) <= {"done", "cancel"}
                done = (
                    line.qty_invoiced >= line.product_uom_qty
                    or (line.is_downpayment and not line.untaxed_amount_to_invoice)
                    or (by_weight and over)
                )
                status = "to invoice" if open_ else "invoiced" if done else "no"
            found[line] = (open_, status)
        return found

    def assert_odoos(self, orders):
        for line, (quantity, status) in self.odoos(orders).items():
            with self.subTest(line.display_name):
                self.assertEqual((line.qty_to_invoice, line.invoice_status), (quantity, status))
