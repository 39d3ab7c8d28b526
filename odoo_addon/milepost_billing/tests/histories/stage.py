"""The world in which histories play: a company's settings, its orders and trucks, a clock."""

import random
from datetime import timedelta

from odoo import Command
from odoo.tests import freeze_time

from ..billing_case import NOW, BillingCase

CLERK = (
    "sales_team.group_sale_manager", "stock.group_stock_user", "account.group_account_manager",
    "milepost_billing.group_finance_manager", "milepost.group_dispatcher",
)  # fmt: skip


class Stage(BillingCase):
    """What steps act on. Each history is played in a savepoint and rolled back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        quiet = {"mail_create_nolog": True, "mail_create_nosubscribe": True, "mail_notrack": True}
        cls.env = cls.env(context={**cls.env.context, **quiet})
        groups = [cls.env.ref("base.group_user").id, *(cls.env.ref(name).id for name in CLERK)]
        cls.clerk = cls.env["res.users"].create({
            "name": "Clerk", "login": "clerk", "tz": "UTC", "group_ids": [Command.set(groups)],
        })  # fmt: skip
        for user in cls.users.values():
            user.tz = "UTC"
        accounts = {
            name: cls.env["account.account"].create({"name": name, "code": f"MPH{number}", "account_type": kind})
            for number, (name, kind) in enumerate({
                "freight": "expense_direct_cost", "accrued": "liability_current", "disputed": "asset_current",
            }.items())
        }  # fmt: skip
        cls.company.write({f"milepost_{name}_account_id": one.id for name, one in accounts.items()})
        cls.company.milepost_accrual_journal_id = cls.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.other_product = cls.env["product.product"].create({
            "name": "Valve", "default_code": "VALVE", "type": "consu", "invoice_policy": "delivery",
            "list_price": 3.33, "taxes_id": [Command.clear()],
        })  # fmt: skip
        cls.second = cls.env["res.partner"].create({"name": "Southwind", "tz": "UTC"})
        services = {"type": "service", "invoice_policy": "order", "taxes_id": [Command.clear()]}
        cls.haulage = cls.env["product.product"].create({
            "name": "Haulage", "default_code": "HAUL", "list_price": 48.05, "milepost_transport": True, **services,
        })  # fmt: skip
        cls.fee = cls.env["product.product"].create({
            "name": "Delivery", "default_code": "FEE", "list_price": 9.95, **services,
        })  # fmt: skip
        cls.taxes = {
            kind: cls.env["account.tax"].create({
                "name": f"20 % {kind}", "amount": 20, "type_tax_use": "sale", "company_id": cls.company.id,
                "price_include_override": kind,
            })
            for kind in ("tax_excluded", "tax_included")
        }  # fmt: skip
        cls.make_currencies()
        freezer = freeze_time(NOW)
        cls.clock = freezer.start()
        cls.addClassCleanup(freezer.stop)

    @classmethod
    def make_currencies(cls):
        """Another currency, the rate of which changes on the way, and a price list of each."""
        cls.foreign = cls.env.ref("base.EUR" if cls.usd != cls.env.ref("base.EUR") else "base.USD")
        cls.foreign.active = True
        cls.foreign.rate_ids.unlink()
        cls.env["res.currency.rate"].create([
            {"currency_id": cls.foreign.id, "company_id": cls.company.id, "name": day, "rate": rate}
            for day, rate in (("2026-01-01", 0.8), ("2026-03-04", 0.77), ("2026-03-06", 0.83))
        ])  # fmt: skip
        cls.price_lists = {
            currency: cls.env["product.pricelist"].create({
                "name": currency.name, "currency_id": currency.id, "company_id": cls.company.id,
            })
            for currency in (cls.usd, cls.foreign)
        }  # fmt: skip

    def open_stage(self, seed):
        """An empty world with the seed's settings."""
        self.seed, self.orders, self.trucks = seed, [], []
        self.told, self.under_way, self.stories = {}, [], []
        # Whether people released a hold, or decided anything that depends on when they did.
        self.released = self.decided = False
        # Whether anything happened after which less is billed than was sold.
        self.changed = False
        self.clock.move_to(NOW)
        rng = random.Random(f"settings {seed}")
        self.expect(None, linehaul=500, fuel=100)
        self.policy.limit_ids.filtered(lambda one: one.charge_type == "fuel").unlink()
        self.policy.write({
            "consolidation": rng.choice(("partner", "partner", "order", "shipment")),
            "auto_post": rng.random() < 0.75,
            "quantity_policy": rng.choice(("accepted", "accepted", "accepted", "shipped", "good")),
            "pass_through_pending": rng.choice(("hold", "bill_rest")),
            "accrual_point": rng.choice(("pickup", "delivery", "transit")),
            "down_payments": rng.choice(("free", "free", "proof")),
            "rebill_threshold": rng.choice((0, 25, 25)),
            "limit_ids": [Command.create({
                "charge_type": "fuel", "over_percent": 3, "over_amount": 10,
                "pass_through": rng.random() < 0.7, "markup_percent": 7,
            })],
        })  # fmt: skip
        self.tax = rng.choice((None, None, *self.taxes.values()))
        self.product.invoice_policy = rng.choice(("delivery", "delivery", "delivery", "order"))
        self.policy.ordered_goods = rng.choice(("odoo", "proof"))
        # How much of what is sold and billed is in the other currency.
        self.foreign_share = rng.choice((0, 0, 0.3, 1))
        self.haulage.invoice_policy = rng.choice(("order", "delivery"))
        self.policy.delivery_fee = rng.choice(("first", "odoo"))
        self.customers = [self.customer, self.second][: rng.choice((1, 2, 2))]
        self.shadow = rng.random() < 0.2 and self.policy.copy({
            "name": "Try-out", "mode": "shadow", "partner_ids": [Command.set(self.customers[-1].ids)],
        })  # fmt: skip

    def tick(self):
        self.clock.tick(timedelta(hours=1))

    def people(self, *records):
        """The records as the clerk sees them."""
        return [record.with_user(self.clerk).with_company(self.company) for record in records]

    def say(self, text):
        """What a step did, for who reads the history of a fault."""
        self.stories.append(text)

    def currency_of(self, rng):
        return self.foreign if rng.random() < self.foreign_share else self.usd

    def goods(self, rng):
        """The products of a new order."""
        return [self.product, self.other_product][: rng.choice((1, 1, 2))]

    def new_order(self, rng):
        dozen = self.env.ref("uom.product_uom_dozen")
        lines = []
        for product in self.goods(rng):
            unit = rng.choice((product.uom_id, product.uom_id, dozen))
            lines.append(Command.create({
                "product_id": product.id, "product_uom_id": unit.id,
                "product_uom_qty": rng.randint(1, 4) if unit == dozen else rng.randint(2, 40),
                "price_unit": rng.choice((3.33, 12.5, 0.07, 100)),
                "discount": rng.choice((0, 0, 0, 10, 33.33)),
                "tax_ids": [Command.set(self.tax.ids if self.tax else [])],
            }))  # fmt: skip
        lines += self.services(rng)
        # The next one's turn, so that two orders on one truck are often of two customers.
        partner = self.customers[len(self.orders) % len(self.customers)]
        order = self.env["sale.order"].create({
            "partner_id": partner.id, "order_line": lines,
            "pricelist_id": self.price_lists[self.currency_of(rng)].id,
        })  # fmt: skip
        order.action_confirm()
        self.buy(order)
        self.orders.append(order)
        return order

    def buy(self, order):
        """Hook: what an order makes necessary before its goods can leave."""

    def services(self, rng):
        """Transport that is sold with some of the goods, and a delivery fee."""
        return [
            Command.create({
                "product_id": product.id, "price_unit": product.list_price, "is_delivery": product == self.fee,
                "tax_ids": [Command.set(self.tax.ids if self.tax else [])],
            })
            for product, share in ((self.haulage, 0.15), (self.fee, 0.2))
            if rng.random() < share
        ]  # fmt: skip

    def new_truck(self, pickings):
        orders = pickings.sale_id | pickings.move_ids.sale_line_id.order_id
        truck = self.shipment(orders, picking_ids=[Command.set(pickings.ids)])
        self.trucks.append(truck)
        self.told[truck] = []
        return truck

    @property
    def fleet(self):
        return self.env["milepost.shipment"].union(*self.trucks)

    @property
    def sold(self):
        return self.env["sale.order"].union(*self.orders)

    def documents(self, *states):
        """The customer's documents, oldest first."""
        moves = self.env["account.move"].search([
            ("partner_id", "in", (self.customer | self.second).ids), ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
        ], order="id")  # fmt: skip
        return moves.filtered(lambda move: move.state in states) if states else moves

    def picked(self, rng, records):
        """One of some records, or none."""
        return rng.choice(list(records)) if records else None

    def catch_up(self):
        """What the validation's cron does until nothing is left to decide."""
        self.env.flush_all()
        self.env["milepost.billing"]._catch_up()
        self.env.invalidate_all()
