"""Where Odoo makes documents: what is looked for, and the door that leads through each find."""

import re

MAKES = re.compile(
    r"""_create_invoices\(|_create_account_invoices\(|_reverse_moves\(|_invoice_sale_orders\(
    |\[['"]account\.move(\.line)?['"]\](\s*\.\w+\([^()]*\))*\s*\.(create|copy|load)\(
    |\bmove(_id|s)?\.copy\(|['"](invoice_line_ids|line_ids|invoice_lines|sale_line_ids)['"]\s*:""",
    re.VERBOSE,
)
# Code of Odoo that makes documents or their lines → the doors of this test that lead through it, or why
# nothing of a sales order passes there.
NO_SALE = "makes entries of its own accounts; no line names an order line or a billable"
READS = "reads files into new documents without links"
VENDOR = "a vendor's bill: tried in test_finance_carrier_doors"
TILL = "settles sales orders at the till: tried where Odoo's link of the two is installed"
CODE = {
    "account.accrued.orders.wizard": NO_SALE,
    "account.automatic.entry.wizard": NO_SALE,
    "account.bank.statement.line": NO_SALE,
    "account.chart.template": NO_SALE,
    "account.document.import.mixin": READS,
    "account.edi.common": READS,
    "account.edi.ubl": READS,
    "account.edi.xml.ubl_20": READS,
    "account.journal": VENDOR,
    "account.move": ("typed", "received", "copied", "turned", "reversed", "posted_automatically", "repeated"),
    "account.move.line": ("line", "linked", "imported"),
    "account.move.reversal": ("reversed",),
    "account.debit.note": ("debited",),
    "account.partial.reconcile": NO_SALE,
    "account.payment": NO_SALE,
    "account.payment.register": NO_SALE,
    "account.payment.term": NO_SALE,
    "hr.expense": "an employee's receipt",
    "hr.expense.post.wizard": "an employee's receipt",
    "mrp.account.wip.accounting": NO_SALE,
    "mrp.production": NO_SALE,
    "payment.transaction": ("paid_online",),
    "pos.make.invoice": TILL,
    "pos.order": TILL,
    "pos.payment": NO_SALE,
    "pos.session": NO_SALE,
    "purchase.bill.line.match": VENDOR,
    "purchase.order": VENDOR,
    "change.production.qty": "copies stock moves",
    "res.company": NO_SALE,
    "sale.advance.payment.inv": ("wizard",),
    "sale.order": ("order",),
    "sale.order.line": ("order", "linked_from_the_order"),
    "stock.landed.cost": NO_SALE,
    "stock.move": NO_SALE,
    "stock.return.picking.line": "copies stock moves",
}
# Doors that bill nothing of an order even when it is proven, and why.
BILLS_NOTHING = {
    "door_entry": "an entry bills no order",
    "door_linked_from_the_order": "what a posted line bills is history",
    "door_reversed": "it was credited first, and stands where it stood",
}
