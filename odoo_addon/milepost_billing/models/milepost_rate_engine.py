from odoo import api, models

from ..billing.decimals import decimal
from ..billing.money import ZERO, rounded
from ..billing.sentences import charge_term, packed, say, unpacked
from ..by_rule import Rule, writing
from ..reconciliation import expected as contracts
from ..reconciliation.costs import CostSheet, Expected
from ..reconciliation.sell import Price, SellSheet

# Where a shipment remembers the pickup that a side's amounts were frozen for, and what was missing.
FROZEN = {
    "cost": ("expected_at", "expected_faults"),
    "sell": ("sell_expected_at", "sell_expected_faults"),
}


class MilepostRateEngine(models.AbstractModel):
    """What shipments should cost us and what their customers are charged, by contract."""

    _name = "milepost.rate.engine"
    _description = "Contract Amounts"

    @api.model
    def _expect(self, shipments, policies):
        """Write the expected charges that changed.

        :param policies: {shipment id: policy}
        :return: {shipment: costs.Expected}
        """
        rates = contracts.Rates(self.env, shipments.company_id)
        amounts, unknown = {}, {}
        for shipment in shipments:
            required = policies[shipment.id]._rate_types()
            cost, *on_cost = self._contract(shipment, rates, "cost")
            sell, *on_sell = self._contract(shipment, rates, "sell", required)
            amounts[shipment] = {"cost": cost, "sell": sell}
            unknown[shipment] = on_cost, on_sell
        self._write_expected(amounts)
        shipments.invalidate_recordset(["expected_charge_ids"])
        shipments.expected_charge_ids.mapped("currency_id.name")
        return {shipment: self._expected(shipment, *unknown[shipment]) for shipment in shipments}

    @api.model
    def _expected(self, shipment, on_cost, on_sell):
        """The Expected by the stored charges, and (faults, times that are not known) of each side."""
        rows = shipment.expected_charge_ids
        faults, missing = on_sell
        return Expected(
            self._cost_sheet(shipment, rows._counts("cost"), *on_cost),
            SellSheet(self._prices(rows._counts("sell")), faults, {"detention": missing} if missing else {}),
        )

    @api.model
    def _contract(self, shipment, rates, side, required=frozenset()):
        """The amounts that should stand on a side; those of the contract are frozen with the pickup.

        An invoice freezes what is sold, too: a table that is entered later changes no old price.

        :param required: charge types that must have a rate
        :return: ([contracts.Amount], faults by charge type, what is not known of the stops' times)
        """
        at, missing = FROZEN[side]
        pickup = shipment.picked_up_at
        is_billed = side == "sell" and bool(shipment.posted_at)
        is_frozen = is_billed or (pickup and shipment[at] == pickup)
        amounts = self._frozen(shipment, side) if is_frozen else []
        lacking = required - {one.charge_type for one in amounts}
        faults = {one: unpacked(said) for one, said in (shipment[missing] or {}).items()}
        if is_billed or (is_frozen and not lacking):
            return self._with_detention(shipment, amounts, faults)
        contract = rates.contract(
            shipment, side, pickup or shipment.planned_pickup_at or shipment.create_date
        )
        amounts += [one for one in contract.amounts if not is_frozen or one.charge_type in lacking]
        faults = contract.faults
        whose = contracts.whose_rates(shipment, side)
        priced = {one.charge_type for one in amounts} | set(faults)
        if side == "cost":
            faults = {**contract.gaps, **faults}
        else:
            faults = {
                **{
                    one: say("no_rate", charge=charge_term(one), whose=whose)
                    for one in sorted(required - priced)
                },
                **{one: text for one, text in contract.gaps.items() if one in required},
                **faults,
            }
        # A table with a gap is not frozen: it is read again once somebody completed it.
        values = {
            at: pickup if pickup and not faults else False,
            missing: {one: packed(said) for one, said in faults.items()} or False,
        }
        if any((shipment[name] or False) != value for name, value in values.items()):
            shipment.write(values)
        return self._with_detention(shipment, amounts, faults)

    @api.model
    def _frozen(self, shipment, side):
        stored = shipment.expected_charge_ids.filtered(
            lambda one: one.side == side and one.origin == "contract"
        )
        return [
            contracts.Amount(
                one.charge_type, one.rate_id, decimal(one.amount), unpacked(one.basis_said) or one.basis or ""
            )
            for one in stored
        ]

    @api.model
    def _with_detention(self, shipment, amounts, faults):
        """The amounts and what the stops' times add to them under a detention rate."""
        result, unknown = list(amounts), ""
        for one in amounts:
            if one.rate and one.rate.method == "detention":
                waiting, unknown = contracts.detention_of(shipment, one.rate)
                result += waiting
        return result, faults, unknown

    @api.model
    def _write_expected(self, amounts):
        """Bring the stored amounts of many shipments to {shipment: {side: [Amount]}}."""
        wanted = {}
        for shipment, sides in amounts.items():
            for side, own in sides.items():
                for one in own:
                    by_time = one.stop or (one.rate.method == "detention" and one.amount)
                    origin = "detention" if by_time else "contract"
                    stop = one.stop.id if one.stop else False
                    wanted[shipment, side, origin, one.charge_type, stop] = one
        known = {}
        for shipment in amounts:
            for row in shipment.expected_charge_ids:
                if row.origin != "request":
                    known[shipment, row.side, row.origin, row.charge_type, row.stop_id.id] = row
        charges = writing(self.env["milepost.expected.charge"], Rule.VALIDATING)
        creates = []
        for key, one in wanted.items():
            values = {
                "amount": float(one.amount),
                "rate_id": one.rate.id,
                "currency_id": one.rate.currency_id.id or key[0].company_id.currency_id.id,
                "basis": one.basis,
                "basis_said": packed(one.basis) if one.basis else False,
            }
            row = known.pop(key, None)
            if row is None:
                creates.append({
                    "shipment_id": key[0].id, "side": key[1], "origin": key[2], "charge_type": key[3],
                    "stop_id": key[4], **values,
                })  # fmt: skip
            elif row.amount != values["amount"] or row.rate_id != one.rate or row.basis != one.basis:
                writing(row, Rule.VALIDATING).write(values)
        charges.union(*known.values()).unlink()
        if creates:
            charges.create(creates)

    @api.model
    def _cost_sheet(self, shipment, rows, faults=None, detention_fault=""):
        """The CostSheet of expected charges, in the currency of their contract where it is one."""
        currency = rows.currency_id if len(rows.currency_id) == 1 else shipment.company_id.currency_id
        expected = {}
        day = (shipment.picked_up_at or shipment.create_date).date()
        for row in rows:
            amount = decimal(row.amount)
            if row.currency_id != currency:
                rate = row.currency_id._get_conversion_rate(
                    row.currency_id, currency, shipment.company_id, day
                )
                amount = rounded(amount * decimal(rate), currency.decimal_places)
            if amount:
                expected[row.charge_type] = expected.get(row.charge_type, ZERO) + amount
        return CostSheet(currency, expected, faults or {}, detention_fault)

    @api.model
    def _prices(self, rows):
        """What of the customer's contract and of approved requests is charged."""
        return [
            Price(
                row.charge_type,
                decimal(row.amount),
                row.currency_id,
                row.rate_id,
                unpacked(row.basis_said) or row.basis or row.note or "",
            )
            for row in rows
        ]
