from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools.translate import code_translations

from ..billing.sentences import SENTENCES
from .billing_case import DELIVERY, BillingCase

# In words that no translation of ours has.
GERMAN = {
    SENTENCES["said_of"]: "[%(name)s] %(what)s",
    SENTENCES["proof_too_early"]: "%(minutes)s Minuten zu früh",
    SENTENCES["rate_applied"]: "%(rate)s (ab %(since)s): %(method)s",
    SENTENCES["get_correct_proof"]: "richtigen Beleg holen",
    SENTENCES["charge_unexpected"]: "%(charge)s: %(billed)s unerwartet",
}


@tagged("finance", "post_install", "-at_install")
class TestFinanceWords(BillingCase):
    """What the rules decided is said in the reader's language, and kept as it was decided."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        german = patch.object(code_translations, "get_python_translations", cls._translations)
        cls.startClassPatcher(german)

    @staticmethod
    def _translations(module, lang):
        return GERMAN if (module, lang) == ("milepost_billing", "de_DE") else {}

    def _invalid(self):
        shipment = self.shipment(self.order())
        arrival = DELIVERY.replace(hour=10, minute=40)
        self.facts(
            self.milestone(shipment, "arrived_delivery", arrival),
            self.milestone(shipment, "delivered", arrival + timedelta(minutes=20)),
            self.pod(shipment, at=DELIVERY.replace(hour=9, minute=50)),
        )
        self.validate(shipment)
        return self.holds(shipment)["pod_invalid"]

    def test_a_hold_speaks_the_language_of_each_reader(self):
        hold = self._invalid()
        self.assertIn("50 minutes before the arrival", hold.explanation_shown)
        german = hold.with_context(lang="de_DE")
        self.assertIn("] 50 Minuten zu früh", german.explanation_shown)
        self.assertEqual(german.remedy_shown, "richtigen Beleg holen")
        self.assertIn("50 Minuten", german._explain())
        pod = hold.shipment_id.pod_ids.with_context(lang="de_DE")
        self.assertEqual(pod.fault_shown, "50 Minuten zu früh")

    def test_what_was_decided_stays_as_it_was_decided(self):
        hold = self._invalid()
        german = hold.with_context(lang="de_DE")
        self.assertEqual(german.explanation, hold.explanation)
        self.assertIn("50 minutes before the arrival", hold.audit_ids[-1:].data)
        self.assertEqual(self.env["milepost.hold.audit"].verify(hold.ids), [])

    def test_the_language_of_who_validates_changes_no_fingerprint(self):
        hold = self._invalid()
        before = hold.fingerprint
        # The same facts in the night's run of somebody else: nothing is decided anew.
        entries = len(hold.audit_ids)
        self.validate(hold.shipment_id.with_context(lang="de_DE"))
        self.assertEqual((hold.fingerprint, len(hold.audit_ids)), (before, entries))

    def test_a_hold_from_before_codes_were_kept_shows_its_text(self):
        hold = self._invalid()
        hold.said = False
        self.assertEqual(hold.with_context(lang="de_DE").explanation_shown, hold.explanation)

    def test_charges_and_amounts_are_said_with_the_readers_labels_and_decimal_sign(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment), self.bill(shipment, [("lumper", "120.50")]))
        self.validate(shipment)
        hold = self.holds(shipment, "ap")["unexpected_charge"]
        self.assertIn("lumper: 120.50 billed", hold.explanation)
        self.assertIn("120,50 unerwartet", hold.with_context(lang="de_DE").explanation_shown)

    def test_a_customer_reads_on_his_invoice_how_a_charge_came_about_in_his_language(self):
        self.customer.lang = "de_DE"
        self.env["milepost.rate"].create({
            "name": "Northwind", "side": "sell", "company_id": self.company.id, "valid_from": "2026-01-01",
            "customer_id": self.customer.id, "charge_type": "linehaul", "method": "flat", "amount": 900,
            "currency_id": self.usd.id,
        })  # fmt: skip
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        lines = self.run_billing().invoice_line_ids
        self.assertIn("(ab 01.01.2026)", "".join(lines.mapped("name")))
