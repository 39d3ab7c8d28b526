from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .billing_case import BillingCase

GROUPS = [
    "milepost.group_dispatcher", "milepost.group_integration_operator", "milepost_billing.group_controller",
    "account.group_account_manager", "sales_team.group_sale_manager", "stock.group_stock_manager",
]  # fmt: skip
# What a branch inherits from its company.
INHERITED = (
    "connection",
    "billing.policy",
    "rate",
    "rate.bracket",
    "fuel.price",
    "code.map",
    "billing.limit",
)

# People act for several companies, and what they did or filed stays theirs.
OF_NO_COMPANY = ("res.users", "ir.attachment")
CHECKED_OTHERWISE = {
    # A method that all companies share may name it; `_of` takes it only for its company and the branches.
    "delivery.carrier.milepost_connection_id",
    # Nor does `_followed_domain` look beyond the companies of the connection that is asked.
    "delivery.carrier.milepost_tracking_ids",
    # What the guide of a shared method names narrows it, and gives nothing to anybody.
    "delivery.carrier.milepost_guide_warehouse_ids",
    "delivery.carrier.milepost_guide_partner_ids",
    # `_check_pilot`: what belongs to a branch as well.
    "milepost.connection.pilot_warehouse_ids",
    "milepost.connection.pilot_carrier_ids",
    "milepost.connection.pilot_partner_ids",
    # Odoo checks no company on transfers and moves: `_check_milepost_company`; and what the server alone
    # writes, as it does on orders.
    "stock.picking.milepost_shipment_ids",
    "stock.move.milepost_managed_by_id",
}


@tagged("finance", "post_install", "-at_install")
class TestFinanceCompanies(BillingCase):
    """Companies apart, over every model that the registry has."""

    def setUp(self):
        super().setUp()
        self.other = self.env["res.company"].create({"name": "Other"})
        self.stranger = self.make_user("stranger", GROUPS)
        self.stranger.write({"company_ids": [Command.set(self.other.ids)], "company_id": self.other.id})
        self.own = self.make_user("own", GROUPS)

    def bound(self):
        """The models whose records belong to a company."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            if name.startswith("milepost.") and "company_id" in model._fields and not model._abstract:
                yield model

    def allowed(self, model, user, mode, company):
        """Whether the record rules let a user at a record of a company."""
        domain = self.env["ir.rule"].with_user(user)._compute_domain(model._name, mode)
        record = model.with_user(user).sudo().new({"company_id": company.id})
        return bool(record.filtered_domain(domain)) if domain else True

    def test_no_stored_model_escapes_by_having_no_company(self):
        ours = (self.env[name] for name in sorted(self.env.registry) if name.startswith("milepost."))
        stored = [model for model in ours if not model._abstract and not model._transient]
        self.assertEqual([model._name for model in stored if "company_id" not in model._fields], [])

    def test_no_model_lets_one_company_at_the_records_of_another(self):
        seen = 0
        for model in self.bound():
            if model._transient:
                continue
            for mode in ("read", "write", "create", "unlink"):
                with self.subTest(model=model._name, mode=mode):
                    self.assertFalse(self.allowed(model, self.stranger, mode, self.company), "a stranger may")
                    self.assertTrue(self.allowed(model, self.own, mode, self.company), "its own may not")
                    seen += 1
        self.assertGreater(seen, 100)

    def test_what_exists_is_neither_found_nor_read_nor_written_from_another_company(self):
        self.expect(None, fuel=455.1)
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment, [("short", 4)]), self.bill(shipment, [("fuel", "499.50")]))
        self.validate(shipment)
        met = set()
        for model in self.bound():
            if model._transient or not model._auto:
                continue
            records = model.with_context(active_test=False).search(
                [("company_id", "=", self.company.id)], limit=3
            )
            if not records:
                continue
            met.add(model._name)
            theirs = records.with_user(self.stranger)
            with self.subTest(model=model._name), mute_logger("odoo.addons.base.models.ir_rule"):
                self.assertFalse(theirs.search([("id", "in", records.ids)]))
                with self.assertRaises(AccessError):
                    theirs.invalidate_recordset()
                    theirs.read(["company_id"])
                with self.assertRaises(AccessError):
                    theirs.check_access("write")
        self.assertGreaterEqual(met, {
            "milepost.shipment", "milepost.stop", "milepost.milestone", "milepost.pod", "milepost.hold",
            "milepost.carrier.invoice", "milepost.rate", "milepost.billing.policy", "milepost.billable",
        })  # fmt: skip

    def links(self):
        """(model, field) of each stored link of ours, whoever's model it is on, between records that
        belong to companies: to one and to many, from either side, contacts as well."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            if model._abstract or model._transient or not model._auto or "company_id" not in model._fields:
                continue
            for field in model._fields.values():
                ours = name.startswith("milepost.") or any("milepost" in one for one in field._modules)
                if ours and field.store and not field.related and self.is_of_a_company(field):
                    yield model, field

    def is_of_a_company(self, field):
        return (
            field.type in ("many2one", "many2many")
            and field.comodel_name not in OF_NO_COMPANY
            and "company_id" in self.env[field.comodel_name]._fields
        )  # fmt: skip

    def test_every_link_between_records_of_companies_is_checked(self):
        loose, seen = [], set()
        for model, field in self.links():
            seen.add((field.type, field.comodel_name))
            if not (model._check_company_auto and field.check_company):
                loose.append(str(field))
        loose = sorted(set(loose) - CHECKED_OTHERWISE)
        self.assertEqual(loose, [], "\n".join(loose))
        self.assertGreaterEqual(seen, {
            ("many2one", "milepost.shipment"), ("many2many", "milepost.shipment"), ("many2one", "res.partner"),
            ("many2many", "stock.picking"), ("many2many", "account.move"), ("many2one", "milepost.billable"),
        })  # fmt: skip

    def test_neither_side_links_a_transfer_order_or_invoice_to_a_shipment_of_another_company(self):
        """By a person who works in both companies, from the document's side as from the shipment's."""
        order = self.order()
        ours = self.shipment(order)
        theirs = self.env["milepost.shipment"].create({"company_id": self.other.id})
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.customer.id}
        )
        self.own.write({"company_ids": [Command.link(self.other.id)]})
        both = {"allowed_company_ids": [self.company.id, self.other.id]}
        for document, name, user in (
            (order.picking_ids, "picking_ids", self.own),
            (order, "sale_order_ids", self.own),
            # Of invoices the billing alone says what they bill.
            (invoice, "invoice_ids", self.env.ref("base.user_root")),
        ):
            document = document.with_user(user).with_context(**both)
            with self.subTest(document._name):
                with self.refused(UserError, "company"):
                    document.milepost_shipment_ids = [Command.link(theirs.id)]
                with self.refused(UserError, "company"):
                    theirs.with_env(document.env).write({name: [Command.link(document.id)]})
        self.assertEqual(order.milepost_shipment_ids, ours)

    def test_a_contact_of_another_company_is_neither_customer_nor_carrier(self):
        foreign = self.env["res.partner"].create({"name": "Foreign", "company_id": self.other.id})
        shipment = self.shipment(self.order())
        for name in ("partner_id", "carrier_partner_id", "origin_id", "destination_id"):
            with self.subTest(name), self.refused(UserError, "company"):
                shipment[name] = foreign

    def test_the_carrier_of_a_code_is_a_contact_with_which_the_company_may_work(self):
        """Another company's contact bears the SCAC, too: the one that came last, and the only one."""
        for scac, is_ours in (("QRST", True), ("UVWX", False)):
            with self.subTest(scac):
                carrier = self.env["res.partner"].create({"name": "Own", "milepost_scac": is_ours and scac})
                self.env["res.partner"].create({
                    "name": "Theirs", "milepost_scac": scac, "company_id": self.other.id,
                })  # fmt: skip
                shipment = self.shipment(self.order(), carrier_partner_id=False)
                shipment.carrier_scac = scac
                self.validate(shipment)
                fact = self.bill(shipment, [("fuel", "10.00")], carrier_scac=scac)
                self.facts(fact)
                self.env["milepost.billing"]._catch_up()
                expected = carrier if is_ours else carrier.browse()
                self.assertEqual(shipment.carrier_partner_id, expected)
                self.assertEqual(self.invoice_of(fact).carrier_partner_id, expected)

    def test_goods_for_a_contact_of_another_company_are_confirmed_and_say_why_nothing_is_ordered(self):
        self.connection.write({"is_default": True, "auto_transport_order": True})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        warehouse.partner_id = self.env["res.partner"].create({"name": "Dock"})
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "order_line": [Command.create({"product_id": self.product.id, "product_uom_qty": 1})],
        })  # fmt: skip
        warehouse.partner_id.company_id = self.other
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.picking_ids.milepost_shipment_ids)
        self.assertIn("Dock", order.picking_ids.milepost_notice)

    def test_a_shipment_of_one_company_does_not_travel_on_the_connection_of_another(self):
        connection = self.env["milepost.connection"].create({
            "name": "Theirs", "code": "theirs", "source": "otm5", "company_id": self.other.id,
        })  # fmt: skip
        with self.refused(UserError, "company"):
            self.env["milepost.shipment"].create({
                "connection_id": connection.id, "partner_id": self.customer.id, "company_id": self.company.id,
            })  # fmt: skip

    def test_a_branch_inherits_what_its_company_set_up(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        clerk = self.make_user("clerk", GROUPS)
        clerk.write({"company_ids": [Command.set(branch.ids)], "company_id": branch.id})
        for name in INHERITED:
            model = self.env[f"milepost.{name}"]
            with self.subTest(name):
                self.assertTrue(self.allowed(model, clerk, "read", self.company), "a branch reads it")
                self.assertFalse(self.allowed(model, clerk, "write", self.company), "and does not change it")
        self.expect(None, linehaul=100)
        self.policy.cutoff_time = 17
        shipment = self.env["milepost.shipment"].create({
            "connection_id": self.connection.id, "partner_id": self.customer.id, "company_id": branch.id,
            "carrier_partner_id": self.carrier.id,
        })  # fmt: skip
        self.validate(shipment)
        self.assertEqual((shipment.policy_id, shipment.expected_cost), (self.policy, 100))
