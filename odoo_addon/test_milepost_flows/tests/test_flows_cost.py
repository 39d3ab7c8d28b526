"""What the demand costs people, counted in queries beside the same work without it."""

from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from .flow_case import FlowCase

# What is done for shipments when people confirm and validate.
HOOKS = {
    "stock.picking": ["_milepost_follow"],
    "sale.order": ["_milepost_follow"],
    "milepost.shipment.line": ["_share"],
    "milepost.outbox": ["_watch_transfers", "_watch_orders"],
    "res.partner": ["_watch_milepost_orders"],
}


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsCost(FlowCase):
    @contextmanager
    def without_us(self):
        with ExitStack() as stack:
            for model, names in HOOKS.items():
                for name in names:
                    stack.enter_context(patch.object(type(self.env[model]), name, lambda *_args: None))
            yield

    def queries(self, work):
        """Queries of some work up to the end of its transaction, in a cache that knows nothing."""
        self.end_transaction()
        before = self.env.cr.sql_log_count
        work()
        self.end_transaction()
        return self.env.cr.sql_log_count - before

    def added(self, prepare, work):
        """What the addon adds to some work, warm."""
        self.queries(lambda: work(prepare()))
        with self.without_us():
            subject = prepare()
            plain = self.queries(lambda: work(subject))
        subject = prepare()
        return self.queries(lambda: work(subject)) - plain

    def order_of(self, lines=1):
        return lambda: self.sell(*[(product, 10) for product in self.products[:lines]], confirm=False)

    def setUp(self):
        super().setUp()
        self.products = self.env["product.product"].union(
            *(self.new_product(f"Part {number}", f"P{number}") for number in range(11))
        )

    def test_what_is_not_managed_costs_next_to_nothing(self):
        self.connection.auto_transport_order = False
        confirmed = lambda: self.sell((self.goods, 10))  # noqa: E731
        self.assertLessEqual(self.added(self.order_of(), lambda order: order.action_confirm()), 5)
        self.assertLessEqual(self.added(confirmed, lambda order: self.do(order.picking_ids)), 5)
        self.assertLessEqual(self.added(self.new_person, lambda partner: partner.write({"phone": "1"})), 5)

    def new_person(self):
        return self.new_partner("Somebody")

    def test_what_is_managed_costs_a_bounded_number_of_queries(self):
        one = self.added(self.order_of(1), lambda order: order.action_confirm())
        eleven = self.added(self.order_of(11), lambda order: order.action_confirm())
        self.assertLessEqual(one, 60)
        self.assertLessEqual(eleven - one, 20)
