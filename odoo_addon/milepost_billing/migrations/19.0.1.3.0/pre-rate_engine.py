"""`milepost.contract` is called `milepost.rate.engine`: a contract is what bridge and addon agree on.

It has no table; its name is moved, so that external ids name what they named.
"""


def migrate(cr, version):
    for table in ("ir_model", "ir_model_fields"):
        cr.execute(f"UPDATE {table} SET model = 'milepost.rate.engine' WHERE model = 'milepost.contract'")
    cr.execute("""
        UPDATE ir_model_data SET name = replace(name, 'milepost_contract', 'milepost_rate_engine')
         WHERE module = 'milepost_billing' AND name ~ '^(model|field|model_inherit_)_milepost_contract(__|$)'
    """)
