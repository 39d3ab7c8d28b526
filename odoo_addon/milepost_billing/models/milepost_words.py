from odoo import api, fields, models
from odoo.tools.misc import format_amount, format_date, formatLang
from odoo.tools.translate import get_translation

from ..billing.decimals import decimal
from ..billing.quantities import plain
from ..billing.sentences import MONEY, SENTENCES

# Where the labels of a Term stand: kind → (model, field).
LABELS = {
    "charge": ("milepost.charge", "charge_type"),
    "proposal": ("milepost.proposal", "kind"),
    "method": ("milepost.rate", "method"),
}
# What they say was said of a carrier's bill, in whatever currency that is.
OF_OTHER_MONEY = ("charge_pending",)
# Reasons by which a bill is compared with itself, and not with what was expected.
OWN_SUMS = ("not_adding_up", "tax_mismatch")


class MilepostWords(models.AbstractModel):
    """Says what the rules decided in the reader's language: they give codes and values, this gives words."""

    _name = "milepost.words"
    _description = "Words of Decisions"

    @api.model
    def _words(self, said, text="", currency=None):
        """What `sentences.packed` gave, in the language of the environment.

        :param text: what was stored in words, where nothing else is known (a person's own text)
        :param currency: that of the money in it; without one amounts are plain numbers
        """
        if not said:
            return text or ""
        if isinstance(said, int):
            return self._number(str(said))
        if isinstance(said, list):
            return "; ".join(self._words(one, currency=currency) for one in said)
        if not isinstance(said, dict):
            return str(said)
        if "code" in said:
            return self._sentence(said["code"], said["values"], currency) or text
        if "term" in said:
            return self._label(said["term"], said["of"])
        if "list" in said:
            return ", ".join(self._words(one, currency=currency) for one in said["list"])
        if "day" in said:
            return format_date(self.env, fields.Date.to_date(said["day"]))
        return self._number(said.get("number") or said["change"])

    @api.model
    def _sentence(self, code, values, currency=None):
        """The sentence of a code; empty when the addon that had it is gone."""
        addon = code.partition(".")[0] if "." in code else "milepost_billing"
        if code not in SENTENCES:
            return ""
        currency = None if code in OF_OTHER_MONEY else currency
        words = {name: self._value(name, value, currency) for name, value in values.items()}
        return get_translation(addon, self.env.lang or "en_US", SENTENCES[code], words)

    @api.model
    def _value(self, name, value, currency):
        """A value within a sentence: money with its currency, everything else as it is said alone."""
        number = isinstance(value, dict) and (value.get("number") or value.get("change"))
        if number and currency and name in MONEY:
            return self._signed(number, format_amount(self.env, abs(float(number)), currency))
        return self._words(value, currency=currency)

    @api.model
    def _currency(self, reason, invoice, currency):
        """What the money is in that a hold speaks of: a bill's own sums are in the bill's currency.

        :param currency: that of the hold, of everything else
        """
        return invoice.currency_id if invoice and reason in OWN_SUMS else currency

    @api.model
    def _label(self, kind, code):
        """The label of one value of a list; the code where the list has it no more."""
        model, name = LABELS[kind]
        return dict(self.env[model]._fields[name]._description_selection(self.env)).get(code, code)

    @api.model
    def _quantity(self, quantity):
        """A float as the reader writes it, grouped, with as many digits as it has."""
        return self._number(str(plain(decimal(round(quantity, 6)))))

    @api.model
    def _number(self, number):
        """A number as the reader writes it, grouped, with the digits that it was said with."""
        digits = len(number.partition(".")[2])
        return self._signed(number, formatLang(self.env, abs(float(number)), digits=digits))

    @api.model
    def _signed(self, number, formatted):
        """What was formatted without its sign, with the sign that was said."""
        return number[0] + formatted if number[0] in "+-" else formatted
