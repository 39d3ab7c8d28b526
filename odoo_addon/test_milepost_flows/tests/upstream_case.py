"""Odoo's own tests in companies that all use Milepost (`tools/odoo/upstream`): what that is."""

import base64
import hashlib
import itertools
import json
from datetime import timedelta

from odoo import Command, api, fields
from odoo.addons.base.models.res_company import ResCompany
from odoo.addons.milepost.ingestion.ingest import ingest
from odoo.addons.milepost.models.stock_move import StockMove
from odoo.addons.milepost_billing.models.sale_order import SaleOrder
from odoo.addons.milepost_billing.models.sale_order_line_gate import SaleOrderLine

MAKE_COMPANY, MOVE, WRITE_LINE = ResCompany.create, StockMove._action_done, SaleOrderLine.write
WRITE_MOVE = StockMove.write
told = itertools.count()
ways = {"together": False}


def use_milepost(companies, policy=None):
    """Each company gets a connection that takes all its deliveries and orders their transport itself.

    :param policy: values of a policy for each; the careful defaults without
    """
    env = companies.sudo().with_context(tracking_disable=True).env
    known = env["milepost.connection"].search([]).company_id
    env["milepost.connection"].create([
        {
            "name": "TMS", "code": "upstream", "source": "otm5", "company_id": company.id,
            "is_default": True, "auto_transport_order": True, "managed_from": "2000-01-01",
        }
        for company in companies - known
    ])  # fmt: skip
    if policy:
        env["milepost.billing.policy"].create(
            [{"name": "Upstream", "company_id": company.id, **policy} for company in companies]
        )


def new_companies_use_milepost(policy=None):
    """From now on companies that tests make do, too, from their first moment.

    Set, not patched: Odoo ends patches that are left at the end of each test class.
    """

    @api.model_create_multi
    def create(self, vals_list):
        companies = MAKE_COMPANY(self, vals_list)
        use_milepost(companies, policy)
        return companies

    ResCompany.create = create


def goods_are_proven(together=False):
    """From now on whatever leaves for a customer is proven at that moment.

    What a test types in as delivered leaves by its transfer: typed in it would be refused. What it dates
    back is proven of that day.

    :param together: a backorder goes with what left before it, and all is proven once all has left: what
        one truck brings is one line of an invoice
    """
    ways["together"] = together
    StockMove._action_done, StockMove.write, SaleOrderLine.write = move, date_move, write_line


def move(self, cancel_backorder=False):
    moves = MOVE(self, cancel_backorder=cancel_backorder)
    pickings = left(moves.exists()).picking_id
    rest = pickings.backorder_ids.filtered(lambda one: one.state not in ("done", "cancel"))
    if rest and ways["together"]:
        (pickings | rest)._milepost_join(pickings._milepost_connection())
    else:
        prove(pickings.milepost_shipment_ids)
    return moves


def orders_are_handed_back():
    """From now on finance hands orders back to Odoo before they are invoiced, or typed in as delivered."""
    SaleOrder._create_invoices, SaleOrderLine.write = invoice_by_odoo, write_by_odoo


def invoice_by_odoo(self, *args, **kwargs):
    hand_back(self)
    return super(SaleOrder, self)._create_invoices(*args, **kwargs)


def write_by_odoo(self, vals):
    if "qty_delivered" in vals:
        hand_back(self.order_id)
    return WRITE_LINE(self, vals)


def hand_back(orders):
    for connection in orders.sudo().milepost_managed_by_id:
        by_finance(connection).hand_back("Odoo's own test bills more than can be proven")


def by_finance(connection):
    """The connection as a finance manager of its company sees it."""
    company, users = connection.company_id, connection.env["res.users"].with_context(no_reset_password=True)
    manager = users.create({
        "name": "Finance", "login": f"finance {next(told)}", "company_id": company.id,
        "company_ids": [Command.set(company.ids)],
        "group_ids": [Command.link(connection.env.ref("milepost_billing.group_finance_manager").id)],
    })  # fmt: skip
    return connection.with_user(manager).with_context(allowed_company_ids=company.ids)


def left(moves):
    """Those of the moves that have left for a customer."""
    return moves.sudo().filtered(lambda one: one.state == "done" and one._milepost_is_delivery())


def date_move(self, vals):
    dated = left(self if "date" in vals and "state" not in vals else self.browse())
    result = WRITE_MOVE(self, vals)
    prove(dated.picking_id.milepost_shipment_ids, dated[:1].date)
    return result


def write_line(self, vals):
    if "qty_delivered" not in vals:
        return WRITE_LINE(self, vals)
    typed = self.filtered(lambda line: line.qty_delivered_method == "stock_move")
    waiting = typed.browse(typed._milepost_gates())
    for line in waiting.sudo():
        deliver(line, vals["qty_delivered"] - line.qty_delivered)
    rest = {name: value for name, value in vals.items() if name != "qty_delivered"}
    return all((WRITE_LINE(self - waiting, vals), WRITE_LINE(waiting, rest)))


def deliver(line, quantity):
    """Have so much of an order line leave, and nothing else of its transfer."""
    leaving = line.move_ids.filtered(
        lambda one: one.state not in ("done", "cancel") and one._milepost_is_delivery()
    )[:1]
    if not leaving or quantity <= 0:
        return
    leaving.picking_id.move_ids.picked = False
    leaving.write({"quantity": quantity, "picked": True})
    leaving.picking_id.with_context(skip_backorder=True).button_validate()


def prove(shipments, at=None):
    """A partner tells that the shipments were delivered, clean and signed; and they are decided on.

    :param at: when; a minute ago by default, for a proof is not of the future. Told again it is corrected.
    """
    shipments = shipments.sudo().with_context(tracking_disable=True).filtered(lambda one: one._is_carrying())
    env = shipments.env
    at = at or fields.Datetime.now() - timedelta(minutes=1)
    for connection, own in shipments.grouped("connection_id").items():
        facts = [fact for shipment in own for fact in delivery(shipment, at)]
        head = {
            "id": "m", "sha256": "0" * 64, "mapping": "otm5@1", "channel": "webhook", "received_at": instant(at),
        }  # fmt: skip
        verdicts = ingest(env, connection.with_env(env), {"messages": [head], "facts": facts})
        assert {verdict["status"] for verdict in verdicts} <= {"accepted", "duplicate"}, verdicts
    env["milepost.billing"]._validate(shipments)


def instant(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def told_at():
    """Each time a second later, so that what is told again counts."""
    return instant(fields.Datetime.now() - timedelta(hours=2) + timedelta(seconds=next(told)))


def delivery(shipment, at):
    """The facts of a clean delivery."""
    content = b"%PDF-1.4\n" + shipment.uid.encode()
    paper = {
        "name": "pod.pdf", "media_type": "application/pdf", "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(), "content_base64": base64.b64encode(content).decode(),
    }  # fmt: skip
    when = {"at": instant(at), "precision": "second"}
    for values in (
        {"kind": "milestone", "code": "delivered", "classifier": "actual", "raw_code": "D", "occurred": when},
        {
            "kind": "proof_of_delivery", "delivered": when, "signer": "J. Doe", "signed": True,
            "documents": [paper],
        },
    ):  # fmt: skip
        fact = {
            "message": "m", "applies_to": "one", "recorded_at": told_at(),
            "source_event": f"{values['kind']} {shipment.name}",
            "identifiers": [{"type": "shipment", "value": shipment.name}], **values,
        }  # fmt: skip
        yield fact | {"key": hashlib.sha256(json.dumps(fact, sort_keys=True).encode()).hexdigest()}
