from odoo import api, fields, models

from ..billing import late_charge
from ..billing.decimals import decimal
from ..billing.money import ZERO


class MilepostBillingRunLate(models.AbstractModel):
    """What comes after the invoice: debit and credit notes, or a loss below the threshold."""

    _name = "milepost.billing.run.late"
    _description = "Documents of Late Charges"

    def _late_documents(self, shipments, policy):
        """Debit and credit notes for what changed after the invoice; small amounts are given up."""
        moves = self.env["account.move"]
        open_rows = shipments.billable_ids.filtered(lambda row: row.released and row.open_amount)
        for (shipment, _currency, _customer), rows in open_rows.grouped(
            lambda row: (row.shipment_id, row.currency_id, row._customer())
        ).items():
            goods = rows.filtered("sale_line_id")
            is_billed_now = bool(goods.filtered(lambda row: row.open_qty > 0))
            parent = rows[:1]._last_invoice()
            if not parent:
                # Of what was invoiced before it travelled only credits have to name the invoice.
                parent, rows = rows[:1]._prepaid_invoice(), rows.filtered(lambda row: row.open_amount < 0)
            if not (parent and rows):
                continue
            debit = credit = rows.browse()
            credit |= goods.filtered(lambda row: row.open_qty < 0)
            for row in rows - goods if not is_billed_now else ():
                kind = "debit_note" if row.open_amount > 0 else "credit_note"
                if self._is_late(row, parent):
                    kind = self._late_outcome(row, policy)
                debit |= row if kind == "debit_note" else row.browse()
                credit |= row if kind == "credit_note" else row.browse()
            moves |= self._note(shipment, parent, debit, "debit_note")
            moves |= self._note(shipment, parent, credit, "credit_note")
        shipments.billable_ids._count_invoiced()
        return moves

    @api.model
    def _is_late(self, row, parent):
        """Whether a charge came after the customer's invoice, or changes what documents bill of it.

        A run bills with the goods what is known; what was known when a person invoiced the goods is not
        late, and an allowance was agreed with the customer, whenever.
        """
        if row.move_line_ids.filtered(lambda line: line.parent_state != "cancel"):
            return True
        if row.kind == "allowance":
            return False
        posted_at = row.shipment_id.posted_at
        return bool(parent.milepost_run_id or (posted_at and row.create_date > posted_at))

    @api.model
    def _late_outcome(self, row, policy):
        """What becomes of a charge that changed; a leak is written down here."""
        rule = policy._late_rule(row.charge_type)
        cost = decimal(row.cost_amount) - decimal(row.settled_cost)
        if row.charge_type not in policy._pass_through_types() or cost == ZERO:
            # A charge that the partner names: its amount is what the customer pays.
            cost = decimal(row.open_amount)
            rule = late_charge.Rule(ZERO, rule.threshold)
        outcome = late_charge.late_charge(cost, rule, row.currency_id.decimal_places)
        if outcome.kind == "leak":
            row.write(
                {
                    "leak_amount": row.leak_amount + row.open_amount,
                    "settled_cost": row.cost_amount,
                }
            )
            self.env["milepost.late.charge"].create({
                "shipment_id": row.shipment_id.id, "charge_type": row.charge_type, "kind": "leak",
                "cost": float(cost), "amount": float(outcome.leak),
            })  # fmt: skip
        return outcome.kind

    def _note(self, shipment, parent, rows, kind):
        """A debit or credit note of the parent; a posted move is never reset.

        In a locked period Odoo itself gives it the first open date.
        """
        if not rows:
            return self.env["account.move"]
        values = {
            **self._document_values(),
            "move_type": "out_invoice" if kind == "debit_note" else "out_refund",
            "company_id": parent.company_id.id,
            "partner_id": parent.partner_id.id,
            "partner_shipping_id": parent.partner_shipping_id.id,
            "fiscal_position_id": parent.fiscal_position_id.id,
            "currency_id": parent.currency_id.id,
            "journal_id": parent.journal_id.id,
            "invoice_origin": f"{shipment.name}, {parent.name}",
            "ref": parent.ref,
            "invoice_line_ids": [fields.Command.create(row._prepare_note_line(kind)) for row in rows],
        }
        # Before the note exists: with it nothing of the rows is open any more.
        logs = [
            {
                "shipment_id": shipment.id, "charge_type": row.charge_type, "kind": kind,
                "cost": row.cost_amount - row.settled_cost, "amount": abs(row.open_amount),
            }
            for row in rows if row.kind == "charge" and self._is_late(row, parent)
        ]  # fmt: skip
        link = "debit_origin_id" if kind == "debit_note" else "reversed_entry_id"
        move = self.env["account.move"].create({**values, link: parent.id})
        for log in logs:
            log["move_id"] = move.id
        self.env["milepost.late.charge"].create(logs)
        return move
