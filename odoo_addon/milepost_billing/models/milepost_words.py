from odoo import api, fields, models
from odoo.tools.misc import format_date
from odoo.tools.translate import get_translation

from ..billing.sentences import SENTENCES

# Where the labels of a Term stand: kind → (model, field).
LABELS = {
    "charge": ("milepost.charge", "charge_type"),
    "proposal": ("milepost.proposal", "kind"),
    "method": ("milepost.rate", "method"),
}


class MilepostWords(models.AbstractModel):
    """Says what the rules decided in the reader's language: they give codes and values, this gives words."""

    _name = "milepost.words"
    _description = "Words of Decisions"

    @api.model
    def _words(self, said, text=""):
        """What `sentences.packed` gave, in the language of the environment.

        :param text: what was stored in words, where nothing else is known (a person's own text)
        """
        if not said:
            return text or ""
        if isinstance(said, list):
            return "; ".join(self._words(one) for one in said)
        if not isinstance(said, dict):
            return str(said)
        if "code" in said:
            return self._sentence(said["code"], said["values"]) or text
        if "term" in said:
            return self._label(said["term"], said["of"])
        if "number" in said:
            return self._number(said["number"])
        if "list" in said:
            return ", ".join(self._words(one) for one in said["list"])
        return format_date(self.env, fields.Date.to_date(said["day"]))

    @api.model
    def _sentence(self, code, values):
        """The sentence of a code; empty when the addon that had it is gone."""
        addon = code.partition(".")[0] if "." in code else "milepost_billing"
        if code not in SENTENCES:
            return ""
        words = {name: self._words(value) for name, value in values.items()}
        return get_translation(addon, self.env.lang or "en_US", SENTENCES[code], words)

    @api.model
    def _label(self, kind, code):
        """The label of one value of a list; the code where the list has it no more."""
        model, name = LABELS[kind]
        return dict(self.env[model]._fields[name]._description_selection(self.env)).get(code, code)

    @api.model
    def _number(self, number):
        """A number as the reader writes it, with the digits that it was said with."""
        digits = len(number.partition(".")[2])
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        whole, _point, part = f"{abs(float(number)):.{digits}f}".partition(".")
        sign = "-" if number.startswith("-") else ""
        return sign + whole + (lang.decimal_point + part if part else "")
