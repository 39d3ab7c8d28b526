"""Billing becomes an addon of its own: what was declared by `milepost` moves to `milepost_billing`.

Only the module of the external ids changes; records, tables and columns stay as they are.
`milepost_billing` was there all along: it is marked to be upgraded from its first version and is loaded
in the same run, so that nothing counts as no longer declared. Installed, it would overwrite what people
set in its records (jobs, sequences, the transport product), and its later migrations would not run. It
must happen before this addon's views are read: the billing tab of the shipment names fields that
`milepost` alone does not have.
"""

import re

# Models of billing, and everything whose name is made of theirs.
STEMS = (
    "accrual", "backtest", "billable", "billing", "carrier_invoice", "charge", "claim", "contract",
    "dispose", "evidence", "expected_charge", "fuel_price", "hold", "late_charge", "payable",
    "policy_version", "proposal", "rate", "shadow", "supply_proof",
)  # fmt: skip
OF_MODELS = re.compile(
    r"(model_|field_|selection__|constraint_|model_inherit__|access_|view_|action_|action_server_)"
    rf"milepost_({'|'.join(STEMS)})(_|$)"
)
RULES = re.compile(rf"rule_({'|'.join(STEMS)})_")
# Odoo's own models that only billing extends.
EXTENDED = re.compile(
    r"(model_|field_|selection__|constraint_)"
    r"(account_|product_|res_config_settings|sale_order_line|res_company__?milepost_)"
)
RECORDS = re.compile(
    r"(cron_|product_transport|sequence_claim$|backtest_summary$|evidence_index$|view_move_form$|"
    r"view_milepost_settings$|action_milepost_settings$|action_billing_lag$|action_invoice_holds$|"
    r"view_milepost_shipment_form_billing$|group_(billing_analyst|finance_manager|controller)$|"
    r"menu_(accruals|backtests|billing|billing_lag|billing_policies|billing_runs|carrier_invoices|"
    r"charges|claims|fuel_prices|holds|proposals|rates|settings|shadow)$)"
)
# Fields of models that both addons declare.
FIELDS = {
    "milepost_shipment": (
        "absorbed_amount", "accrued_amount", "approved_cost", "billable_amount", "billable_ids",
        "billing_due_at", "billing_ready_at", "billing_rev", "billing_state", "billing_value",
        "carrier_invoice_ids", "carrier_partner_id", "charge_ids", "charges_final_at", "claim_ids",
        "cost_currency_id", "currency_id", "customer_reference", "distance", "ever_held",
        "expected_at", "expected_charge_ids", "expected_cost", "expected_faults", "held_amount",
        "hold_ids", "invoice_count", "invoice_ids", "invoiced_amount", "late_charge_ids",
        "open_hold_count", "payment_state", "pod_coverage", "pod_validated_at", "policy_id",
        "policy_version_id", "posted_at", "proposal_ids", "sell_expected_at", "sell_expected_faults",
        "service", "settled_cost", "supply_date", "transit_days", "waiting_amount",
    ),
    "milepost_stop": ("excluded_minutes", "times_by_id", "unload_started_at"),
    "milepost_connection": ("wants_outcomes",),
    "milepost_code_map": ("charge_type", "tax_id"),
}  # fmt: skip
SELECTIONS = (
    "milepost_code_map__kind__charge_type", "milepost_code_map__kind__tax",
    "milepost_outbox__kind__outcome",
)  # fmt: skip
CONSTRAINTS = (
    "milepost_shipment_billing_dirty", "milepost_shipment_billing_due",
    "res_company_milepost_figures_positive",
)  # fmt: skip
RELATIONS = (
    "milepost_shipment_move", "milepost_hold_approval", "milepost_hold_touched",
    "milepost_billing_policy_res_partner_rel", "ir_attachment_milepost_expected_charge_rel",
)  # fmt: skip
# Selections that facts of billing inherit are still declared by the core.
INHERITED = re.compile(r"selection__milepost_(carrier_invoice|charge)__(applies_to|standing)__")


def is_of_billing(name):
    """Whether an external id of the former addon belongs to `milepost_billing` now."""
    if INHERITED.match(name):
        return False
    if any(pattern.match(name) for pattern in (OF_MODELS, RULES, EXTENDED, RECORDS)):
        return True
    prefix, _underscore, rest = name.partition("_")
    if prefix == "field":
        model, _dunder, field = rest.partition("__")
        return field in FIELDS.get(model, ())
    if prefix == "selection":
        model, field = rest.lstrip("_").split("__")[:2]
        return rest.lstrip("_") in SELECTIONS or field in FIELDS.get(model, ())
    return prefix == "constraint" and rest in CONSTRAINTS


def migrate(cr, version):
    if not version:
        return
    cr.execute("SELECT id, name, model, res_id FROM ir_model_data WHERE module = 'milepost'")
    moved = [row for row in cr.fetchall() if is_of_billing(row[1])]
    cr.execute(
        "UPDATE ir_model_data SET module = 'milepost_billing' WHERE id = ANY (%s)",
        [[row[0] for row in moved]],
    )
    constraints = [row[3] for row in moved if row[2] == "ir.model.constraint"]
    cr.execute(
        """
        UPDATE ir_model_constraint own SET module = billing.id
          FROM ir_module_module billing
         WHERE billing.name = 'milepost_billing' AND own.id = ANY (%s)
        """,
        [constraints],
    )
    cr.execute(
        """
        UPDATE ir_model_relation own SET module = billing.id
          FROM ir_module_module billing, ir_module_module core
         WHERE billing.name = 'milepost_billing' AND core.name = 'milepost' AND own.module = core.id
           AND own.name = ANY (%s)
        """,
        [list(RELATIONS)],
    )
    cr.execute(
        """
        UPDATE ir_model_data SET name = 'privilege_shipments'
         WHERE module = 'milepost' AND name = 'privilege_finance'
        """
    )
    cr.execute(
        """
        UPDATE ir_module_module SET state = 'to upgrade', latest_version = '19.0.1.0.0'
         WHERE name = 'milepost_billing' AND state = 'uninstalled'
        """
    )
    install_glue(cr)


def install_glue(cr):
    """The addons that install themselves: Odoo looks for them only when it installs something."""
    cr.execute(
        """
        UPDATE ir_module_module own SET state = 'to install'
         WHERE own.state = 'uninstalled' AND own.auto_install AND EXISTS (
               SELECT FROM ir_module_module_dependency need WHERE need.module_id = own.id AND need.name = 'milepost'
           ) AND NOT EXISTS (
               SELECT FROM ir_module_module_dependency need
                 LEFT JOIN ir_module_module other ON other.name = need.name
                WHERE need.module_id = own.id AND need.auto_install_required
                  AND other.state IS DISTINCT FROM 'installed' AND other.state IS DISTINCT FROM 'to upgrade'
           )
        """
    )
