import re
import unittest
from datetime import date
from decimal import Decimal
from pathlib import Path

from .. import sentences
from ..sentences import Change, charge_term, packed, say, say_all, unpacked

ADDON = Path(__file__).parents[2]


class TestSentences(unittest.TestCase):
    def test_every_code_that_is_said_has_a_sentence_and_every_sentence_is_said(self):
        sources = "\n".join(
            path.read_text()
            for folder in ("billing", "reconciliation", "models")
            for path in (ADDON / folder).glob("*.py")
        )
        missing = set(re.findall(r'\bsay\(\s*"(\w+)"', sources)) - set(sentences.SENTENCES)
        self.assertFalse(missing)
        text = (ADDON / "billing" / "sentences.py").read_text()
        # Some codes are put together: `{missing}_unreported`, `kind_{kind}`.
        made = ("_unreported", "kind_")
        never = [
            code for code in sentences.SENTENCES
            # Another addon's are said by itself.
            if "." not in code and f'"{code}"' not in sources.replace(text, "") and not any(part in code for part in made)
        ]  # fmt: skip
        self.assertFalse(never)

    def test_what_is_said_survives_being_stored(self):
        inner = say("departure_unreported")
        said = say_all([
            say("said_of", name="Dock 4", what=inner),
            say("no_rate_in_force", charge=charge_term("fuel"), whose=say("the_carrier"), day=date(2026, 3, 2)),
            say("tax_differs", billed=Decimal("19.00"), expected=Decimal("0.00")),
            say("several_shipments", shipments=["S1", "S2"]),
            say(
                "charge_differs", charge=charge_term("fuel"), billed=Decimal("3.00"), expected=Decimal("1.00"),
                variance=Change("2.00"), limit=Decimal("0.50"),
            ),
        ])  # fmt: skip
        self.assertEqual(
            said,
            "Dock 4: the departure was never reported; no fuel rate of the carrier is in force on 2026-03-02; "
            "tax of 19.00 billed, 0.00 expected; it may be for S1, S2; "
            "fuel: 3.00 billed, 1.00 expected: +2.00, limit 0.50",
        )
        self.assertEqual(unpacked(packed(said)), said)
        self.assertEqual(packed(unpacked(packed(said))), packed(said))

    def test_a_text_without_a_code_is_itself(self):
        self.assertEqual(packed("seen by Ann"), "seen by Ann")
        self.assertEqual(unpacked("seen by Ann"), "seen by Ann")
        self.assertEqual(say_all([]), "")

    def test_another_addon_says_sentences_of_its_own(self):
        sentences.add_sentences("third_party", {"seal_broken": "the seal %(seal)s is broken"})
        self.addCleanup(sentences.SENTENCES.pop, "third_party.seal_broken")
        self.assertEqual(say("third_party.seal_broken", seal="A1"), "the seal A1 is broken")
