"""Runs in `odoo shell`: validates and invoices in turns in several databases, and says what it took.

`SETTINGS` stands before it: {"small", "large", "plain": database names, "validate", "invoice": [sizes of
the turns]}. What is measured is what the cron jobs do, one transaction each. The last line that is
printed is `MEASURED` and, as JSON, {"validation", "invoicing"} with a row per turn: its size and by
database seconds and queries; and "billed", what was made of it in the end.
"""

import json
import time
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry


class Turns:
    """Takes turns between databases and keeps what each took."""

    def __init__(self, names):
        self.registries = {name: Registry(SETTINGS[name]) for name in names}  # noqa: F821
        self.names, self.rows = list(names), []

    def take(self, size, work, phase):
        """Have each database work on so many, the first one another each time."""
        row = {"size": size}
        for name in self.names:
            with self.transaction(name) as env:
                before, start = env.cr.sql_log_count, time.perf_counter()
                done = work(env, size)
                env.cr.commit()
                row[name] = {
                    "seconds": time.perf_counter() - start, "queries": env.cr.sql_log_count - before,
                }  # fmt: skip
                if done != size:
                    raise AssertionError(f"{name} worked on {done} instead of {size}")
        self.names = [*self.names[1:], self.names[0]]
        self.rows.append(row)
        took = ", ".join(f"{name} {size / row[name]['seconds']:.0f}/s" for name in sorted(self.names))
        print(f"TURN {phase} of {size}: {took}", flush=True)

    @contextmanager
    def transaction(self, name):
        with self.registries[name].cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})


def validate(env, size):
    """One batch of the validation's cron job."""
    billing = env["milepost.billing"]
    shipments = billing._changed(size)
    billing._validate(shipments)
    return len(shipments)


def invoice(env, size):
    """One batch of the billing run's cron job; without the addon Odoo's own for as many orders."""
    company = env["res.company"].browse(1)
    if "milepost.billing.run" in env:
        run = env["milepost.billing.run"]._run(company, fields.Datetime.now(), size)
        if run.problem:
            raise AssertionError(run.problem)
        return len(run.move_ids.filtered(lambda move: move.state == "posted"))
    held = env["res.partner"].search([("name", "in", ("Customer 9", "Customer 19"))])
    orders = env["sale.order"].search(
        [("invoice_status", "=", "to invoice"), ("partner_id", "not in", held.ids)], order="id", limit=size
    )
    moves = orders._create_invoices(grouped=True, final=True)
    moves._post(soft=False)
    return len(moves)


def last_move(env):
    """The newest invoice before the measurement."""
    env.cr.execute("SELECT max(id) FROM account_move")
    return env.cr.fetchone()[0]


def billed(env, after):
    """What the measured runs billed, and whether any of it is wrong or billed twice."""
    if "milepost.billing" in env:
        env["milepost.billing"]._catch_up()
    env.cr.execute(
        """
        SELECT count(DISTINCT move.id), count(DISTINCT line.order_id), round(sum(item.price_subtotal), 2),
               count(DISTINCT move.id) FILTER (WHERE move.state <> 'posted'),
               count(DISTINCT line.id) FILTER (WHERE line.qty_invoiced <> line.product_uom_qty)
          FROM account_move move
          JOIN account_move_line item ON item.move_id = move.id
          JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = item.id
          JOIN sale_order_line line ON line.id = rel.order_line_id
         WHERE move.move_type = 'out_invoice' AND move.id > %s
        """,
        [after],
    )
    names = ("invoices", "orders", "amount", "not_posted", "wrong_quantity")
    sums = dict(zip(names, (float(value) for value in env.cr.fetchone()), strict=True))
    return sums | (_billables(env, after) if "milepost.billing" in env else {})


def _billables(env, after):
    """How many shipments were invoiced, and how many of their goods are billed twice or not at all."""
    env.cr.execute(
        """
        SELECT count(DISTINCT row.shipment_id), count(*) FILTER (WHERE row.lines <> 1 OR row.open_amount <> 0)
          FROM (SELECT b.shipment_id, b.open_amount, count(item.id) AS lines
                  FROM milepost_billable b
                  LEFT JOIN account_move_line item ON item.milepost_billable_id = b.id
                   AND item.parent_state = 'posted'
                 WHERE b.shipment_id IN (SELECT shipment_id FROM milepost_shipment_move WHERE move_id > %s)
                 GROUP BY b.id) row
        """,
        [after],
    )
    return dict(zip(("shipments", "wrong_billables"), env.cr.fetchone(), strict=True))


def main():
    validation = Turns(["small", "large"])
    for size in SETTINGS["validate"]:  # noqa: F821
        validation.take(size, validate, "validation")
    invoicing = Turns(["small", "large", "plain"])
    before = {}
    for name in invoicing.names:
        with invoicing.transaction(name) as env:
            before[name] = last_move(env)
    for size in SETTINGS["invoice"]:  # noqa: F821
        invoicing.take(size, invoice, "invoicing")
    sums = {}
    for name in invoicing.names:
        with invoicing.transaction(name) as env:
            sums[name] = billed(env, before[name])
            env.cr.commit()
    print("MEASURED " + json.dumps({
        "validation": validation.rows, "invoicing": invoicing.rows, "billed": sums,
    }))  # fmt: skip


main()
