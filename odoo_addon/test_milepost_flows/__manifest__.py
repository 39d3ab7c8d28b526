{
    "name": "Test: Milepost Flows",
    "summary": "Orders on every way through Odoo, with the modules that this needs",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Milepost",
    "license": "LGPL-3",
    "depends": [
        "milepost_billing",
        "milepost_batch",
        "milepost_purchase",
        "milepost_pos",
        "milepost_pos_sale",
        "milepost_mrp",
        "repair",
    ],
    "installable": True,
}
