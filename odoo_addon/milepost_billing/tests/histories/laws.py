"""What holds after each step of a history, whatever happened."""

from collections import defaultdict

from odoo import fields

from .pictures import BUCKETS, Pictures

CUSTOMER = ("out_invoice", "out_receipt", "out_refund")


class Laws(Pictures):
    def check_laws(self):
        for truck in self.fleet:
            self.check_money_is_somewhere(truck)
            self.check_billed_once(truck)
            self.check_paid_back(truck)
            self.check_nothing_given_up(truck)
        for line in self.sold.order_line:
            self.check_line_billed_once(line)
        self.check_accruals()
        faults = self.env["milepost.hold.audit"].verify(self.fleet.hold_ids.ids)
        self.hold_to(not faults, "the audit verifies", lambda: str(faults))

    def check_money_is_somewhere(self, truck):
        """invoiced + held + waiting + absorbed = billable; and what is invoiced is what documents say."""
        for currency, money in self.money_of(truck).items():
            parts = self.usd.round(sum(money.values()) - money["billable"])
            self.hold_to(
                parts == self.usd.round(money["billable"]), "invoiced + held + waiting + absorbed = billable",
                lambda money=money: f"{self.name(truck)} {money}",
            )  # fmt: skip
            rows = truck.billable_ids.filtered(lambda row, name=currency: row.currency_id.name == name)
            whole = self.usd.round(sum(rows.mapped("amount")))
            self.hold_to(
                whole == self.usd.round(money["billable"]), "what is billable is the sum of its rows",
                lambda money=money, rows=rows: f"{self.name(truck)} {money}, rows {rows.mapped('amount')}",
            )  # fmt: skip
        self.hold_to(
            set(truck.billable_ids.currency_id.mapped("name")) <= set(self.money_of(truck)),
            "what is billable is the sum of its rows", lambda: f"{self.name(truck)} {truck.other_amounts}",
        )  # fmt: skip
        for row in truck.billable_ids:
            lines = row.move_line_ids.filtered(lambda line: line.parent_state != "cancel")
            booked = self.usd.round(sum(self.in_currency(row.currency_id, line) for line in lines))
            if not row.sale_line_id:
                self.hold_to(
                    booked == self.usd.round(row.invoiced_amount), "what is invoiced is what documents say",
                    lambda row=row, booked=booked: f"{self.name(truck)} {row.description}: {row.invoiced_amount}, documents {booked}",
                )  # fmt: skip

    def in_currency(self, currency, line):
        """What a document's line books in a currency, at the rate of the document's day."""
        day = line.move_id.invoice_date or fields.Date.today()
        return line.currency_id._convert(-line.amount_currency, currency, self.company, day)

    def money_of(self, truck):
        """{currency: {bucket: amount}}: of the truck's own, and of goods that were sold in another."""
        return {
            truck.currency_id.name: {name: truck[f"{name}_amount"] for name in BUCKETS},
            **{
                currency: {name: float(parts.get(name, 0)) for name in BUCKETS}
                for currency, parts in (truck.other_amounts or {}).items()
            },
        }

    def check_billed_once(self, truck):
        """No part of a row stands on two live documents."""
        for row in self.rows_of_its_own(truck):
            live = row.move_line_ids.filtered(lambda line: line.parent_state != "cancel")
            billed = sum(line._milepost_quantity() for line in live)
            most = max(row.shipped_qty, row.shipped_qty + row.over_qty)
            self.hold_to(
                billed <= most + row._milepost_tolerance(), "nothing stands on two live documents",
                lambda row=row, billed=billed: f"{self.name(truck)} {row.description}: {billed} of {row.shipped_qty}",
            )  # fmt: skip

    def check_paid_back(self, truck):
        """No more of a charge is credited than documents billed of it."""
        for row in truck.billable_ids.filtered(lambda row: row.kind == "charge" and row.amount >= 0):
            self.hold_to(
                row.invoiced_amount >= -row.currency_id.rounding / 2,
                "the customer never gets back more than he paid",
                lambda row=row: f"{self.name(truck)} {row.description}: {row.invoiced_amount}",
            )  # fmt: skip

    def check_nothing_given_up(self, truck):
        """Of what nobody changed not a cent is absorbed, however it was rounded and divided."""
        if self.changed:
            return
        for currency, money in self.money_of(truck).items():
            self.hold_to(
                not self.usd.round(money["absorbed"]), "what nobody changed is billed to the cent",
                lambda money=money, name=currency: f"{self.name(truck)} {name} {money}",
            )  # fmt: skip

    def rows_of_its_own(self, truck):
        """Billables of goods of which the truck alone says how much was shipped, and that we bill."""
        return truck.billable_ids.filtered(
            lambda row: row.sale_line_id and not row.sale_line_id.order_id.milepost_handed_back_at
        )

    def check_line_billed_once(self, line):
        """Nor does what an order's line moved, with or without a truck; a down payment but once.

        Of transport that is sold, as much as was ordered: what is delivered of it falls with a proof that
        is withdrawn, while a draft that bills it stands until somebody wants to post it.
        """
        lines = line.invoice_lines.filtered(
            lambda one: one.parent_state != "cancel" and one.move_id.move_type in CUSTOMER
        )
        billed = sum(one._milepost_quantity() for one in lines)
        if line.is_downpayment or line.display_type or not line._milepost_gates():
            return
        over = sum(line.milepost_billable_ids.mapped("over_qty"))
        most = max(
            line.qty_delivered + self.came_back(line) + over,
            line.product_uom_qty
            if line.product_id.invoice_policy == "order" or line.milepost_is_transport
            else 0,
        )
        self.hold_to(
            billed <= most + line._milepost_tolerance(), "nothing stands on two live documents",
            lambda: f"{line.display_name}: {billed} of {most}",
        )  # fmt: skip

    def check_accruals(self):
        control = self.env["milepost.accrual"].control(self.company)
        self.hold_to(not control["difference"], "GL accrued = open accruals", lambda: str(control))
        for truck in self.fleet:
            rows = sum(self.env["milepost.accrual"].search([("shipment_id", "=", truck.id)]).mapped("amount"))
            self.hold_to(
                self.usd.is_zero(rows - truck.accrued_amount), "GL accrued = open accruals",
                lambda truck=truck, rows=rows: f"{self.name(truck)} {truck.accrued_amount}, rows {rows}",
            )  # fmt: skip

    # Around one step

    def posted(self):
        """{row, or order line that waits for proof: posted quantity or amount}."""
        found = {}
        for row in self.fleet.filtered(self.is_watched).billable_ids:
            if row.sale_line_id or row.amount > 0:
                found[row] = row._billed(_stands)
        lines = self.sold.order_line
        gates = lines._milepost_gates()
        found |= {line: line._milepost_billed(_stands) for line in lines if gates.get(line.id) == "proof"}
        return found

    def is_watched(self, truck):
        """Whether its holds hold anything: not where billing is only tried out, or Odoo's alone again."""
        handed_back = truck.sale_order_ids.filtered("milepost_handed_back_at")
        return truck.policy_id.mode != "shadow" and not handed_back

    def check_posted_unheld(self, before):
        """What was posted more in a step was proven and not held; decided again it still is not."""
        for thing, billed in self.posted().items():
            if billed <= before.get(thing, 0) + 1e-6:
                continue
            if thing._name == "sale.order.line":
                self.check_line_unheld(thing, billed, before)
            else:
                self.check_row_unheld(thing)

    def check_row_unheld(self, row):
        truck = row.shipment_id
        held = truck.hold_ids._blocking()
        self.hold_to(
            not held and row.released, "nothing is posted while held",
            lambda: f"{self.name(truck)} {row.description} {held.mapped('reason')}",
        )  # fmt: skip
        turned = any(fact.get("code") in ("refused", "returned") for fact in self.arrived(truck))
        self.hold_to(
            self.proofs_that_stand(truck) or self.released or turned, "nothing is posted without proof",
            lambda: f"{self.name(truck)} {row.description}",
        )  # fmt: skip

    def check_line_unheld(self, line, billed, before):
        """Of an order's line no more than what does not travel, is released, or was posted before."""
        most = line._milepost_unmanaged_qty() + sum(
            row.billable_qty if row.released else before.get(row, 0) for row in line.milepost_billable_ids
        )
        self.hold_to(
            billed <= max(most, before.get(line, 0)) + line._milepost_tolerance(), "nothing is posted while held",
            lambda: f"{line.display_name}: {billed} of {most}",
        )  # fmt: skip

    def proofs_that_stand(self, truck):
        """Signed proofs that were told and not withdrawn, as the partner knows."""
        arrived = self.arrived(truck)
        gone = {fact["target"]["key"] for fact in arrived if fact["kind"] == "retraction"}
        return [
            fact for fact in arrived
            if fact["kind"] == "proof_of_delivery" and fact.get("signed") and fact["key"] not in gone
        ]  # fmt: skip

    def arrived(self, truck):
        return [fact for fact in self.told[truck] if fact not in self.under_way]

    def check_nothing_ready(self):
        """A run leaves nothing that was due, and no trouble of its own making."""
        ready = self.fleet.filtered(
            lambda truck: truck.billing_state == "ready" and truck.policy_id.mode != "shadow"
        )
        self.hold_to(
            not ready, "nothing is ready after a run",
            lambda: str([(self.name(truck), self.picture(truck)) for truck in ready]),
        )  # fmt: skip
        runs = self.env["milepost.billing.run"].search([("company_id", "=", self.company.id)])
        told = [problem for problem in runs.mapped("problem") if problem]
        self.hold_to(not told, "a run has no problem of its own", lambda: str(told))

    def check_repeated(self):
        """All that arrived is told again: it is known, and nothing changes."""
        facts = [fact for truck in self.told for fact in self.arrived(truck)]
        if not facts:
            return
        before = self.everything()
        verdicts = self.facts(*facts, expect=None)
        status = defaultdict(int)
        for verdict in verdicts:
            status[verdict["status"]] += 1
        self.hold_to(set(status) == {"duplicate"}, "what is told again is known", lambda: str(dict(status)))
        self.fleet._billing_changed()
        self.catch_up()
        self.check_same(before, "re-ingest changes nothing")


def _stands(line):
    """Whether a line is on the books; a credit note that is set back to be corrected stands still."""
    move = line.move_id
    is_corrected = move.state == "draft" and move.posted_before and move.move_type == "out_refund"
    return move.state == "posted" or is_corrected
