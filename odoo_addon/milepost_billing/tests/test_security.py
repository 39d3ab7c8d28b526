"""Who may do what with the money of shipments, in the models."""

from odoo.addons.milepost.tests import test_security
from odoo.addons.milepost.tests.common import MilepostCase, fact
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

GROUPS = (
    "milepost_billing.group_billing_analyst", "milepost_billing.group_finance_manager",
    "milepost_billing.group_controller",
)  # fmt: skip


@tagged("post_install", "-at_install", "milepost")
class TestBillingSecurity(test_security.TestSecurity):
    """What holds for the core's groups and facts holds for those of the money."""

    # Odoo runs no test of a parent class otherwise.
    allow_inherited_tests_method = True
    groups = (*test_security.GROUPS, *GROUPS)
    facts = (*test_security.FACTS, "milepost.charge")

    @classmethod
    def further_facts(cls, shipment):
        currency = cls.company.currency_id.name
        return [
            fact(
                "charge",
                shipment,
                # What we pay is read by those alone who pay it.
                side="sell",
                charge_type="fuel",
                amount="1",
                currency=currency,
                raw_code="F",
            )
        ]


@tagged("post_install", "-at_install", "milepost")
class TestBridgeUser(MilepostCase):
    def test_it_reaches_no_money(self):
        bridge = new_test_user(self.env, login="only-bridge", groups="milepost.group_bridge")
        for model in ("milepost.hold", "milepost.charge", "milepost.carrier.invoice", "account.move"):
            for right in ("read", "write", "create", "unlink"):
                with self.subTest(model, right=right):
                    self.assertFalse(self.env[model].with_user(bridge).has_access(right))
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.customer.id}
        )
        with self.assertRaises(AccessError):
            invoice.with_user(bridge).action_post()
