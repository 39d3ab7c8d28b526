from odoo import api, fields, models
from odoo.fields import Domain


class MilepostShipmentAdvice(models.AbstractModel):
    """What a warehouse or supplier said to have loaded (X12 945, DESADV), beside what the shipment carries.

    It is shown and decides nothing: customers are billed by what is proven. A shipment that is loaded
    in parts has an advice of each, under its own name, and they add up; one that comes again under its
    name replaces its own. Of nameless ones of one partner about one stop the latest counts. That a
    carrier then tells of the loading, too, takes none of them back.
    """

    _name = "milepost.shipment.advice"
    _description = "Shipping Advice"

    has_advice = fields.Boolean(compute="_compute_advice", compute_sudo=True)
    advice_text = fields.Char(
        string="Shipped Otherwise", compute="_compute_advice", compute_sudo=True,
        help="What was shipped, as the warehouse says, where it differs from what the shipment carries.",
    )  # fmt: skip
    advised_packages = fields.Char(
        string="Packages as Advised", compute="_compute_advice", compute_sudo=True,
        help="The packages' SSCC, or the shipper's numbers.",
    )  # fmt: skip

    @api.depends("line_ids.quantity", "fact_count")
    def _compute_advice(self):
        advices = self._advices().grouped("shipment_id")
        for shipment in self:
            told = [advice.loaded for advice in advices.get(shipment, ())]
            names = dict.fromkeys(one["reference"] for loaded in told for one in loaded.get("packages", ()))
            shipment.has_advice = bool(told)
            shipment.advised_packages = ", ".join(names) or False
            _shares, foreign = shipment._advised(advices.get(shipment, self.env["milepost.milestone"]))
            other = shipment.line_ids.filtered("is_advised_otherwise")
            texts = [
                self.env._(
                    "%(goods)s: %(shipped)s of %(quantity)s %(unit)s", goods=line.product_id.display_name,
                    shipped=_plain(line.advised_qty), quantity=_plain(line.quantity), unit=line.uom_id.name,
                )
                for line in other
            ] + [self.env._("not counted here: %s", row) for row in foreign]  # fmt: skip
            shipment.advice_text = "; ".join(texts) or False

    def _advices(self):
        """The advices that count; a track of thousands of milestones is not read for them."""
        loaded = Domain("code", "=", "loaded") & Domain("loaded", "!=", False)
        told = self.env["milepost.milestone"].search(
            Domain("shipment_id", "in", self.ids) & loaded & Domain("retracted", "=", False),
            order="said_at, occurred_at, key",
        )
        latest = {(one.shipment_id, one.connection_id, one.source_event or one.stop_id): one for one in told}
        return told.browse(one.id for one in latest.values())

    def _advised(self, advices):
        """What was shipped of each line, and rows that no line is known for.

        :return: ({line: quantity in its unit}, [row in words]); no lines when nothing was counted
        """
        self.ensure_one()
        told, foreign = {}, []
        for advice in advices:
            rows = advice.loaded["goods"]
            named = {row["unit"] for row in rows if "unit" in row}
            units = self.env["milepost.code.map"]._units_of(advice.connection_id.id, named)
            for row in rows:
                lines = self.line_ids.filtered(lambda line, row=row: line._is_named(row.get("goods")))
                quantity = lines[:1]._in_own_unit(row, self.env["uom.uom"].browse(units.get(row.get("unit"))))
                if quantity is None:
                    foreign.append(_words(row))
                else:
                    told[lines] = told.get(lines, 0.0) + quantity
        shares = {}
        for lines, quantity in told.items():
            for line in lines:
                last = line == lines[-1:]
                shares[line] = quantity if last else min(quantity, line.quantity)
                quantity -= shares[line]
        if told and not foreign:
            # Whoever counts what he shipped and does not name a line shipped nothing of it.
            shares |= dict.fromkeys(self.line_ids.filtered(lambda line: line not in shares), 0.0)
        return shares, foreign


def _plain(quantity):
    return f"{quantity:.6f}".rstrip("0").rstrip(".")


def _words(row):
    words = row["quantity"], row.get("unit"), row.get("goods") or row.get("description")
    return " ".join(filter(None, words))
