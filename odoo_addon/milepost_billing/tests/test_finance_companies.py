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

    def test_every_link_between_records_of_companies_is_checked(self):
        companies = {model._name for model in self.bound()}
        others = {
            "account.move",
            "sale.order",
            "sale.order.line",
            "stock.picking",
            "stock.move",
            "product.product",
        }
        for model in self.bound():
            if not model._auto or model._transient:
                continue
            with self.subTest(model=model._name):
                self.assertTrue(model._check_company_auto)
                loose = [
                    name for name, field in model._fields.items()
                    if field.type == "many2one" and field.comodel_name in companies | others
                    and field.store and not field.related and not field.check_company
                ]  # fmt: skip
                self.assertEqual(loose, [])

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
