{
    "name": "Milepost: Orders at the Till",
    "summary": "What waits for proof is not paid at the till, and what was paid there is not invoiced again",
    "version": "19.0.1.0.0",
    "category": "Inventory/Delivery",
    "author": "Milepost",
    "license": "LGPL-3",
    "depends": ["milepost_billing", "pos_sale"],
    "post_init_hook": "post_init_hook",
    "auto_install": True,
    "installable": True,
}
