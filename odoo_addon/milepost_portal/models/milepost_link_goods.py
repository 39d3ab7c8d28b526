from decimal import Decimal, InvalidOperation

from odoo import models
from odoo.addons.milepost.contract import decimal_text
from odoo.exceptions import UserError
from odoo.tools import float_repr

# What a person says of goods; the rest of what was sent is short, or over.
ASKED = ("accepted", "accepted_damaged", "refused")
# The contract's; a float of Odoo's says no more.
PLACES = 6
MOST = Decimal(10**9)


class MilepostLinkGoods(models.Model):
    """What became of the goods, as pages ask it and facts say it."""

    _inherit = "milepost.link"

    def _lines(self, stop=None):
        """[(goods key, shipment lines)] of what is unloaded at a stop, or of all."""
        goods = {}
        for line in self._known_lines():
            if not stop or line._stop() in (stop, stop.browse()):
                key = line._goods_key()
                goods[key] = goods.get(key, line) | line
        return list(goods.items())

    def _known_lines(self):
        """The goods that the link's holder may know: who carries them knows all, who signs what is unloaded
        for him, and of a truck for several customers nobody else's."""
        shipment = self.shipment_id
        if self.purpose != "sign" or not shipment._is_shared():
            return shipment.line_ids
        if self.stop_id and shipment._is_signed_at(self.stop_id):
            return shipment._lines_at(self.stop_id)
        return shipment._lines_of(self.partner_id)

    def _rows(self, stop=None, said=None):
        """What a page shows of each kind of goods: [{goods, name, unit, shipped, accepted …}], quantities as text.

        :param said: {goods key: {outcome: quantity}} that was said; without it all arrived well
        """
        rows = []
        for key, lines in self._lines(stop):
            shipped = decimal_text(sum(Decimal(float_repr(line.quantity, PLACES)) for line in lines))
            rows.append({
                "goods": key, "name": lines[0].product_id.display_name, "unit": lines[0].uom_id.name,
                "shipped": shipped, "accepted": shipped, "accepted_damaged": "0", "refused": "0",
                **(said or {}).get(key, {}),
            })  # fmt: skip
        return rows

    def _numbers(self, quantities):
        """What was typed as decimal text of the contract, of this shipment's goods alone.

        :param quantities: {goods key: {outcome: text}}
        :raises UserError: for what is no quantity
        """
        known = {key for key, _lines in self._lines()}
        return {
            key: {outcome: self._number(said.get(outcome)) for outcome in ASKED}
            for key, said in quantities.items()
            if key in known
        }

    def _number(self, text):
        try:
            number = Decimal((text or "0").replace(",", ".").strip())
        except InvalidOperation:
            number = Decimal(-1)
        if not number.is_finite() or not 0 <= number < MOST or number != round(number, PLACES):
            raise UserError(self.env._("“%s” is no quantity.", text))
        return decimal_text(number)

    def _quantities(self, rows):
        """The rows as quantities of the contract."""
        told = []
        for row in rows:
            # What was said before this version stands as JSON numbers.
            said = {outcome: Decimal(str(row[outcome])) for outcome in ASKED}
            rest = Decimal(row["shipped"]) - sum(said.values())
            said |= {"short": max(rest, Decimal()), "over": max(-rest, Decimal())}
            said["accepted"] -= said["over"]
            told += [
                {"goods": row["goods"], "outcome": outcome, "quantity": decimal_text(quantity)}
                for outcome, quantity in said.items()
                if quantity > 0
            ]
        return told
