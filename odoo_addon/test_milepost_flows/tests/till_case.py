"""What the tests of the till share: a counter that is open, and orders of it as the till sends them."""

from odoo import Command, fields
from odoo.tests import new_test_user

from .flow_case import FlowCase

#: Whoever settles sales orders at a till may read them.
GROUPS = "point_of_sale.group_pos_user,sales_team.group_sale_salesman_all_leads"


class TillCase(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        journal = cls.env["account.journal"].create({
            "name": "Till", "code": "TILL", "type": "cash", "company_id": cls.company.id,
        })  # fmt: skip
        cls.cash = cls.env["pos.payment.method"].create({"name": "Cash", "journal_id": journal.id})
        deposit = cls.new_product("Deposit", "DEP", type="service", is_storable=False)
        cls.config = cls.env["pos.config"].create({
            "name": "Counter", "payment_method_ids": [Command.set(cls.cash.ids)], "ship_later": True,
            "warehouse_id": cls.warehouse.id, "down_payment_product_id": deposit.id,
        })  # fmt: skip
        cls.config.open_ui()
        cls.cashier = new_test_user(cls.env, "cashier", groups=GROUPS)

    def left(self, quantity=10, product=None):
        """An order of 10 of which so many left, and the shipment that carries them."""
        order = self.sell((product or self.goods, 10))
        delivery = order.picking_ids
        self.do(delivery, quantity)
        return order, self.shipments(delivery)

    def proven(self, quantity=10):
        order, shipment = self.left(quantity)
        self.prove(shipment, ("accepted", quantity))
        return order, shipment

    def given(self, order):
        """How much of each line the till is given to settle."""
        items = order.order_line.with_user(self.cashier).read_converted()
        return [
            item["qty_to_invoice"]
            if self.env["sale.order.line"].browse(item["id"]).product_id.type == "service"
            else item["product_uom_qty"] - max(item["qty_delivered"], item["qty_invoiced"])
            for item in items
        ]

    def settle(self, order, quantity, state="paid", values=(), **line):
        """An order of the till that settles so much of a sales order's first line, as its cashier sends it."""
        sold = order.order_line[:1]
        amount = quantity * sold.price_unit
        paid = amount if state == "paid" else 0.0
        payment = {"amount": amount, "name": fields.Datetime.now(), "payment_method_id": self.cash.id}
        sent = {
            "uuid": f"till-{next(self.numbers)}", "session_id": self.config.current_session_id.id, "state": state,
            "partner_id": self.customer.id, "company_id": self.company.id, "user_id": self.cashier.id,
            "amount_total": amount, "amount_tax": 0.0, "amount_paid": paid, "amount_return": 0.0,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "payment_ids": [[0, 0, payment]] if paid else [],
            "lines": [[0, 0, {
                "product_id": sold.product_id.id, "qty": quantity, "price_unit": sold.price_unit, "tax_ids": [],
                "price_subtotal": amount, "price_subtotal_incl": amount, "discount": 0, "pack_lot_ids": [],
                "sale_order_origin_id": order.id, "sale_order_line_id": sold.id, **line,
            }]],
            **dict(values),
        }  # fmt: skip
        till = self.env["pos.order"].with_user(self.cashier)
        answer = till.sync_from_ui([sent])["pos.order"]
        self.end_transaction()
        return self.env["pos.order"].browse(answer[0]["id"])

    def pay(self, sale):
        """An open order of the till is paid."""
        payment = {"active_ids": sale.ids, "active_id": sale.id}
        wizard = self.env["pos.make.payment"].with_context(**payment)
        wizard.create({"amount": sale.amount_total, "payment_method_id": self.cash.id}).with_context(
            **payment
        ).check()
        self.end_transaction()
