"""Random histories in which kits are sold, moved and proven in parts, and goods that a vendor delivers."""

from collections import defaultdict

from odoo import Command
from odoo.addons.milepost_billing.tests import test_histories
from odoo.tests import tagged

# What one kit is made of: {code: quantity}.
RECIPES = {"KIT": {"PART-A": 2, "PART-B": 1}, "PAIR": {"PART-A": 1, "PART-B": 1}}


@tagged("histories", "post_install", "-at_install", "milepost")
class TestHistoriesOfKits(test_histories.TestHistories):
    """Most orders sell a kit, some two that share their parts, or a part, or drop-shipped goods beside them."""

    # Odoo runs no test of a parent class otherwise.
    allow_inherited_tests_method = True
    SHARE = 1

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parts = {
            code: cls.new_goods(code, list_price=price)
            for code, price in (("PART-A", 20.0), ("PART-B", 60.0))
        }
        vendor = cls.env["res.partner"].create({"name": "Pump Works"})
        route = cls.env.ref("stock_dropshipping.route_drop_shipping")
        cls.dropped = cls.new_goods(
            "DROP", list_price=6.0, route_ids=[Command.set(route.ids)],
            seller_ids=[Command.create({"partner_id": vendor.id, "price": 4.0})],
        )  # fmt: skip
        cls.kits = {code: cls.new_kit(code, recipe) for code, recipe in RECIPES.items()}

    @classmethod
    def new_goods(cls, code, **values):
        return cls.env["product.product"].create({
            "name": code.title(), "default_code": code, "type": "consu", "invoice_policy": "delivery",
            "taxes_id": [Command.clear()], **values,
        })  # fmt: skip

    @classmethod
    def new_kit(cls, code, recipe):
        kit = cls.new_goods(code, list_price=100.0)
        cls.env["mrp.bom"].create({
            "product_tmpl_id": kit.product_tmpl_id.id, "product_qty": 1.0, "type": "phantom",
            "bom_line_ids": [
                Command.create({"product_id": cls.parts[part].id, "product_qty": quantity})
                for part, quantity in recipe.items()
            ],
        })  # fmt: skip
        return kit

    def open_stage(self, seed):
        super().open_stage(seed)
        self.policy.kits = ("whole", "whole", "fraction")[seed % 3]

    def goods(self, rng):
        kit, pair, part = self.kits["KIT"], self.kits["PAIR"], self.parts["PART-A"]
        return rng.choice((
            [kit], [kit], [kit, pair], [kit, part], [pair, self.product], super().goods(rng),
            [self.dropped], [kit, self.dropped],
        ))  # fmt: skip

    def buy(self, order):
        order._get_purchase_orders().button_confirm()

    def check_billed_once(self, truck):
        """Which of its trucks bills a kit changes with what arrives: of all trucks together no kit twice."""
        kits = truck.billable_ids.sale_line_id.filtered(self.recipe)
        billed, left = defaultdict(float), {}
        for row in kits.milepost_billable_ids:
            live = row.move_line_ids.filtered(lambda line: line.parent_state != "cancel")
            billed[row.sale_line_id] += sum(line._milepost_quantity() for line in live)
        for line in kits:
            left[line] = self.left(line)
            self.hold_to(
                billed[line] <= left[line] + line._milepost_tolerance(), "nothing stands on two live documents",
                lambda line=line: f"{line.display_name}: {billed[line]} of {left[line]}",
            )  # fmt: skip
        super().check_billed_once(truck)

    def rows_of_its_own(self, truck):
        return super().rows_of_its_own(truck).filtered(lambda row: not self.recipe(row.sale_line_id))

    def recipe(self, line):
        return RECIPES.get(line.product_id.default_code)

    def came_back(self, line):
        """At most what had left before, for parts come back one by one."""
        if not self.recipe(line):
            return super().came_back(line)
        return max(self.left(line) - line.qty_delivered, 0)

    def left(self, line):
        """Of how many kits parts left, in the line's unit: as many as the scarcest part allows."""
        moved = defaultdict(float)
        for move in line.move_ids.filtered(
            lambda move: move.state == "done" and move.location_id.usage != "customer"
        ):
            moved[move.product_id.default_code] += move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id
            )
        kits = min(moved[part] / need for part, need in self.recipe(line).items())
        return line.product_id.uom_id._compute_quantity(kits, line.product_uom_id, round=False)
