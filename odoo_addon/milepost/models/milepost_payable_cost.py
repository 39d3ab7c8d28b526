from odoo import api, models

from ..billing.decimals import decimal
from ..billing.money import ZERO, rounded
from ..reconciliation import expected as contracts
from ..reconciliation.costs import CostSheet


class MilepostPayable(models.AbstractModel):
    """What a shipment should cost: the contract's amounts, frozen with the pickup, and detention."""

    _inherit = "milepost.payable"

    @api.model
    def _expect(self, shipments, facts):
        """Write the expected charges that changed and give each shipment its CostSheet."""
        rates = contracts.Rates(self.env, shipments.company_id)
        amounts = {}
        for shipment in shipments:
            sheet = facts.sheets[shipment] = CostSheet(shipment.company_id.currency_id)
            amounts[shipment] = self._contract(shipment, rates, sheet)
        self._write_expected(amounts)
        shipments.invalidate_recordset(["expected_charge_ids"])
        shipments.expected_charge_ids.mapped("currency_id.name")
        for shipment in shipments:
            self._sum_expected(shipment, facts.sheets[shipment], shipment.expected_charge_ids._counts())

    @api.model
    def _contract(self, shipment, rates, sheet):
        """The amounts that should stand; those of the contract are frozen with the pickup."""
        stored = shipment.expected_charge_ids.filtered(lambda one: one.origin == "contract")
        pickup = shipment.picked_up_at
        frozen = pickup and shipment.expected_at == pickup
        if frozen:
            amounts = [
                contracts.Amount(one.charge_type, one.rate_id, decimal(one.amount), one.basis or "")
                for one in stored
            ]
            sheet.faults = dict(shipment.expected_faults or {})
        else:
            day = pickup or shipment.planned_pickup_at or shipment.create_date
            contract = rates.contract(shipment, day)
            amounts, sheet.faults = contract.amounts, contract.faults
            # A table with a gap is not frozen: it is read again once somebody completed it.
            values = {
                "expected_at": pickup if pickup and not contract.faults else False,
                "expected_faults": contract.faults or False,
            }
            if any((shipment[name] or False) != value for name, value in values.items()):
                shipment.write(values)
        result = list(amounts)
        for one in amounts:
            if one.rate and one.rate.method == "detention":
                waiting, sheet.detention_fault = contracts.detention_of(shipment, one.rate)
                result += waiting
        return result

    @api.model
    def _write_expected(self, amounts):
        """Bring the stored amounts of many shipments to {shipment: [Amount]}."""
        wanted = {}
        for shipment, own in amounts.items():
            for one in own:
                by_time = one.stop or (one.rate.method == "detention" and one.amount)
                origin = "detention" if by_time else "contract"
                wanted[shipment, origin, one.charge_type, one.stop.id if one.stop else False] = one
        known = {}
        for shipment in amounts:
            for row in shipment.expected_charge_ids:
                if row.origin != "request":
                    known[shipment, row.origin, row.charge_type, row.stop_id.id] = row
        charges = self.env["milepost.expected.charge"].with_context(milepost_validating=True)
        creates = []
        for key, one in wanted.items():
            shipment = key[0]
            values = {
                "amount": float(one.amount),
                "rate_id": one.rate.id,
                "currency_id": one.rate.currency_id.id or shipment.company_id.currency_id.id,
                "basis": one.basis,
            }
            row = known.pop(key, None)
            if row is None:
                creates.append({
                    "shipment_id": shipment.id, "origin": key[1], "charge_type": key[2],
                    "stop_id": key[3], **values,
                })  # fmt: skip
            elif row.amount != values["amount"] or row.rate_id != one.rate or row.basis != one.basis:
                row.with_context(milepost_validating=True).write(values)
        charges.union(*known.values()).unlink()
        if creates:
            charges.create(creates)

    @api.model
    def _sum_expected(self, shipment, sheet, rows):
        if len(rows.currency_id) == 1:
            sheet.currency = rows.currency_id
        day = (shipment.picked_up_at or shipment.create_date).date()
        for row in rows:
            amount = decimal(row.amount)
            if row.currency_id != sheet.currency:
                rate = row.currency_id._get_conversion_rate(
                    row.currency_id, sheet.currency, shipment.company_id, day
                )
                amount = rounded(amount * decimal(rate), sheet.currency.decimal_places)
            if amount:
                sheet.expected[row.charge_type] = sheet.expected.get(row.charge_type, ZERO) + amount
