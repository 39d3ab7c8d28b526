import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools.translate import code_translations

from ..billing.sentences import SENTENCES, Change, charge_term, packed, say
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
        self.assertIn("120,50 unerwartet", self._plain(hold.with_context(lang="de_DE").explanation_shown))

    def test_money_is_said_with_its_currency_and_grouped(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment), self.bill(shipment, [("lumper", "12345.60")]))
        self.validate(shipment)
        hold = self.holds(shipment, "ap")["unexpected_charge"]
        # As it was decided, for the audit; each reader by his language.
        self.assertIn("12345.60 billed", hold.explanation)
        self.assertIn("$ 12,345.60 billed", self._plain(hold.explanation_shown))
        self.assertIn(
            "$ 12.345,60 unerwartet", self._plain(hold.with_context(lang="de_DE").explanation_shown)
        )

    def test_quantities_and_changes_are_said_grouped_with_their_sign(self):
        words = self.env["milepost.words"].with_context(lang="de_DE")
        said = say("goods_short", quantity=Decimal("1200.5"), shipped=Decimal(20000))
        self.assertEqual(words._words(packed(said), currency=self.usd), "1.200,5 of 20.000 are missing")
        differs = {
            "charge": charge_term("fuel"), "billed": Decimal("2500.00"), "expected": Decimal("1000.00"),
            "variance": Change("1500.00"), "limit": Decimal("0.00"),
        }  # fmt: skip
        shown = self._plain(words._words(packed(say("charge_differs", **differs)), currency=self.usd))
        self.assertIn("$ 2.500,00 billed, $ 1.000,00 expected: +$ 1.500,00, limit", shown)
        self.assertIn("+1.500,00", words._words(packed(say("charge_differs", **differs))))

    def test_a_bill_that_does_not_add_up_is_said_in_its_own_currency(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.facts(
            self.pod(shipment), self.bill(shipment, [("linehaul", "100.00")], total="110.00", currency="EUR")
        )
        self.validate(shipment)
        hold = self.holds(shipment, "ap")["not_adding_up"]
        self.assertIn("100.00 €", self._plain(hold.explanation_shown))

    def test_every_event_of_the_audit_has_a_label(self):
        models = Path(__file__).parents[1] / "models"
        texts = "".join(path.read_text() for path in models.glob("*.py"))
        events = set(re.findall(r'(?:_audit\(|events\[)\s*"(\w+)"', texts))
        self.assertGreaterEqual(events, {"opened", "released", "auto_cleared", "handed_back"})
        self.assertEqual(events - set(self.env["milepost.hold.audit"]._event_labels()), set())

    @staticmethod
    def _plain(text):
        """Without what keeps an amount on one line."""
        return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{ZERO WIDTH NO-BREAK SPACE}", "")

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
