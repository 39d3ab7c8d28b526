"""Runs in `odoo shell`: what people do with orders, in turns in a database with the addons and one without.

`SETTINGS` stands before it: {"with", "plain": database names, "repeats", "posted": invoices that are
posted at once; 0 for none}. Each step is a transaction of its own, up to its end, by a user of Odoo who
has no role with Milepost. The last line that is printed is `MEASURED` and, as JSON, a list with a row
for each step of each turn: what, step, side, queries, seconds, cpu (of the process, in seconds).
"""

import base64
import gc
import hashlib
import json
import time
from datetime import UTC, datetime, timedelta

import psutil
from freezegun import freeze_time
from freezegun.api import real_perf_counter
from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry

LINES = 11
GROUPS = ("sales_team.group_sale_manager", "stock.group_stock_manager", "account.group_account_manager")


def cpu_of(cr):
    """Seconds that Odoo and, where it runs on this machine, its database process have worked so far.

    Unlike the time that passed they do not depend on what else the machine does.
    """
    number = cr._cnx.get_backend_pid()
    process = psutil.Process(number) if psutil.pid_exists(number) else None
    database = process.cpu_times() if process and "postgres" in process.name() else None
    return time.process_time() + (database.user + database.system if database else 0.0)


class Side:
    """One database: its records are the same in both, what Milepost adds is in one alone."""

    def __init__(self, name):
        self.name, self.registry = name, Registry(SETTINGS[name])  # noqa: F821
        self.has_addon = "milepost.connection" in self.registry
        with self.registry.cursor() as cr:
            self.make_world(api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True}))

    def make_world(self, env):
        company = env.company
        if not company.chart_template:
            env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
        home = {"street": "Pier 7", "city": "Rotterdam", "country_id": env.ref("base.nl").id}
        company.partner_id.write(home)
        groups = [env.ref(name).id for name in ("base.group_user", *GROUPS)]
        self.user = env["res.users"].with_context(no_reset_password=True).create({
            "name": "Pat", "login": "pat", "group_ids": [Command.set(groups)],
        }).id  # fmt: skip
        self.products = env["product.product"].create([
            {
                "name": f"Part {number}", "type": "consu", "is_storable": True, "list_price": 10.0,
                "invoice_policy": "delivery",
            }
            for number in range(LINES)
        ]).ids  # fmt: skip
        first = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        second = env["stock.warehouse"].create({"name": "By hand", "code": "HAND"})
        self.warehouses = {"managed": first.id, "not_managed": second.id}
        if self.has_addon:
            env["milepost.connection"].create({
                "name": "TMS", "code": "cost", "source": "otm5", "is_default": True,
                "auto_transport_order": True,
            })  # fmt: skip
            second.out_type_id.milepost_transport = "never"

    def env(self, cr, user=None):
        return api.Environment(cr, user or self.user, {})

    def make(self, work):
        """Something that is not measured, by the superuser; gives the ids of what it made."""
        with self.registry.cursor() as cr:
            return work(self.env(cr, SUPERUSER_ID)).ids

    def take(self, model, ids, work):
        """Work of a person on some records; what it took, and the ids of what it made."""
        with self.registry.cursor() as cr:
            env = self.env(cr)
            env.user.has_group("base.group_user")  # who works is known
            gc.collect()
            queries, cpu, start = cr.sql_log_count, cpu_of(cr), real_perf_counter()
            made = work(env[model].browse(ids))
            cr.commit()
            took = {
                "queries": cr.sql_log_count - queries, "cpu": cpu_of(cr) - cpu,
                "seconds": real_perf_counter() - start,
            }  # fmt: skip
            return took, made.ids if made else ids


def sell(side, what, lines, count):
    """So many orders of as many lines each, from the warehouse that is managed or not."""

    def work(env):
        return env["sale.order"].create([
            {
                "partner_id": env["res.partner"].create({
                    "name": "Somebody", "street": "Main Street 1", "city": "Hamburg",
                    "country_id": env.ref("base.de").id,
                }).id,
                "warehouse_id": side.warehouses[what],
                "order_line": [
                    Command.create({"product_id": product, "product_uom_qty": 10})
                    for product in side.products[:lines]
                ],
            }
            for _number in range(count)
        ])  # fmt: skip

    return side.make(work)


def confirm(orders):
    orders.action_confirm()


def validate(orders):
    for picking in orders.picking_ids:
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
        picking.move_ids.picked = True
        picking.button_validate()
    assert set(orders.picking_ids.mapped("state")) == {"done"}


def invoice(orders):
    return orders._create_invoices(grouped=True)


def post(moves):
    moves.action_post()
    assert set(moves.mapped("state")) == {"posted"}


def write_partner(partners):
    partners.write({"phone": "1"})


def prove(env, ids):
    """Clean proofs of all shipments of the orders, decided on."""
    from odoo.addons.milepost.ingestion.ingest import ingest  # noqa: PLC0415 -- on one side alone

    shipments = env["sale.order"].browse(ids).milepost_shipment_ids
    assert len(shipments) == len(ids), "each order has a shipment"
    facts = [fact for shipment in shipments for fact in delivery(shipment)]
    head = {"id": "m", "sha256": "0" * 64, "received_at": NOW, "mapping": "otm5@1", "channel": "webhook"}
    verdicts = ingest(env, shipments.connection_id, {"messages": [head], "facts": facts})
    assert {verdict["status"] for verdict in verdicts} == {"accepted"}, verdicts
    env.invalidate_all()
    env["milepost.billing"].sudo()._validate(shipments)
    assert set(shipments.mapped("billing_state")) == {"ready"}, shipments.hold_ids.mapped("explanation")
    return shipments


def text_of(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


AT = datetime.now(UTC).replace(microsecond=0)
NOW, DONE = text_of(AT), text_of(AT - timedelta(minutes=1))


def delivery(shipment):
    """The facts of a clean delivery."""
    content = b"%PDF-1.4\n" + shipment.uid.encode()
    paper = {
        "name": "pod.pdf", "media_type": "application/pdf", "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(), "content_base64": base64.b64encode(content).decode(),
    }  # fmt: skip
    for kind, values in (
        ("milestone", {
            "code": "delivered", "classifier": "actual", "raw_code": "D",
            "occurred": {"at": DONE, "precision": "second"},
        }),
        ("proof_of_delivery", {
            "delivered": {"at": DONE, "precision": "minute"}, "signer": "J. Doe", "signed": True,
            "documents": [paper],
        }),
    ):  # fmt: skip
        fact = {
            "kind": kind, "message": "m", "applies_to": "one", "recorded_at": DONE,
            "identifiers": [{"type": "shipment", "value": shipment.name}], **values,
        }  # fmt: skip
        fact["key"] = hashlib.sha256(json.dumps(fact, sort_keys=True).encode()).hexdigest()
        yield fact


class Turns:
    """Takes every step on both sides, the first one the other each time."""

    def __init__(self):
        self.sides, self.rows = [Side("with"), Side("plain")], []

    def take(self, what, lines, count=1):
        ids = {side: sell(side, what, lines, count) for side in self.sides}
        for step, model, work in (
            ("confirm", "sale.order", confirm), ("validate", "sale.order", validate),
            ("invoice", "sale.order", invoice), ("post", "account.move", post),
        ):  # fmt: skip
            for side in self.sides:
                if step == "invoice" and what == "managed" and side.has_addon:
                    side.make(lambda env, own=ids[side]: prove(env, own))
                self.step(f"{what}_{count}x{lines}", step, side, model, ids, work)
        self.sides.reverse()

    def partner(self):
        for side in self.sides:
            ids = {side: side.make(lambda env: env["res.partner"].create({"name": "Somebody"}))}
            self.step("not_managed_1x1", "partner", side, "res.partner", ids, write_partner)

    def step(self, what, step, side, model, ids, work):
        took, ids[side] = side.take(model, ids[side], work)
        self.rows.append({"what": what, "step": step, "side": side.name, **took})
        if len(ids[side]) > 1:
            print(f"STEP {what} {step} {side.name}: {took['seconds']:.1f} s", flush=True)


def main():
    turns = Turns()
    # Odoo writes moves of one second together: a step in which a second ended had more queries. Not
    # `fields.Datetime.now` alone: fields keep it as their default.
    with freeze_time(datetime.now(UTC).replace(tzinfo=None)):
        take(turns)
    print("MEASURED " + json.dumps(turns.rows))


def take(turns):
    for number in range(SETTINGS["repeats"] + 1):  # noqa: F821
        for what in ("not_managed", "managed"):
            turns.take(what, 1)
            turns.take(what, LINES)
        turns.partner()
        if number == 0:
            turns.rows.clear()  # caches were cold
        print(f"STEP turn {number} of {SETTINGS['repeats']}", flush=True)  # noqa: F821
    if SETTINGS["posted"]:  # noqa: F821
        for what in ("not_managed", "managed"):
            turns.take(what, 2, SETTINGS["posted"])  # noqa: F821


main()
