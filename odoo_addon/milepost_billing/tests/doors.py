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
# Which functions of these models were looked at, as addon.function: the doors of the model lead through them.
FUNCTIONS = {
    "account.accrued.orders.wizard": "account._compute_move_vals account.create_entries",
    "account.automatic.entry.wizard": """
        account._do_action_change_account account._do_action_change_period
        account._get_move_dict_vals_change_account account._get_move_dict_vals_change_period
    """,
    "account.bank.statement.line": """
        account._synchronize_to_moves account.action_undo_reconciliation account.create
    """,
    "account.chart.template": """
        account._get_account_reconcile_model account._get_demo_data_move
        account._get_demo_data_reconcile_model account._get_demo_data_statement
    """,
    "account.debit.note": "account_debit_note.create_debit",
    "account.edi.xml.ubl_20": "account_edi_ubl_cii._import_fill_invoice",
    "account.journal": "account.action_create_vendor_bill",
    "account.move": """
        account._inverse_amount_total account._recompute_cash_rounding_lines account._reverse_moves
        account._sync_non_deductible_base_lines account._sync_tax_lines
        account._sync_unbalanced_lines account._unlink_or_reverse account._update_order_line_info
        account.action_switch_move_type purchase_stock._post sale._reverse_moves stock_account._post
    """,
    "account.move.line": """
        account._create_exchange_difference_moves account._prepare_exchange_difference_move_vals
    """,
    "account.move.reversal": "account.reverse_moves",
    "account.partial.reconcile": "account._create_tax_cash_basis_moves account.unlink",
    "account.payment": """
        account._generate_journal_entry account._generate_move_vals account._synchronize_to_moves
    """,
    "account.payment.register": "account._init_payments",
    "account.payment.term": "account._compute_terms",
    "change.production.qty": "mrp._update_finished_moves",
    "hr.expense": """
        hr_expense._create_company_paid_moves hr_expense._post_without_wizard
        hr_expense._prepare_payments_vals hr_expense._prepare_receipts_vals hr_expense.action_reset
    """,
    "hr.expense.post.wizard": "hr_expense.action_post_entry",
    "mrp.account.wip.accounting": "mrp_account.confirm",
    "mrp.production": "mrp_account._post_labour",
    "payment.transaction": "sale._invoice_sale_orders sale._post_process",
    "pos.make.invoice": "point_of_sale.action_create_invoices",
    "pos.order": """
        point_of_sale._create_misc_reversal_move point_of_sale._prepare_invoice_vals
        point_of_sale.action_create_invoices
    """,
    "pos.payment": "point_of_sale._create_payment_moves",
    "pos.session": """
        point_of_sale._apply_diff_on_account_payment_move point_of_sale._create_account_move
        point_of_sale._create_diff_account_move_for_split_payment_method
    """,
    "purchase.bill.line.match": "purchase._action_create_bill_from_po_lines",
    "purchase.order": "purchase._prepare_invoice",
    "res.company": "account._update_opening_move stock_account.action_close_stock_valuation",
    "sale.advance.payment.inv": """
        sale._create_invoices sale._prepare_down_payment_invoice_values sale.create_invoices
    """,
    "sale.order": """
        sale._create_account_invoices sale._create_invoices sale._generate_downpayment_invoices
        sale._prepare_invoice
    """,
    "sale.order.line": "sale._prepare_invoice_line",
    "stock.landed.cost": "stock_landed_costs.button_validate",
    "stock.move": "stock_account._create_account_move",
    "stock.return.picking.line": "stock._process_line",
}
