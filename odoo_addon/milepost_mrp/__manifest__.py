{
    "name": "Milepost: Kits",
    "summary": "Kits are billed in whole kits, by the proofs of their parts",
    "version": "19.0.1.0.0",
    "category": "Inventory/Delivery",
    "author": "Milepost",
    "license": "LGPL-3",
    "depends": ["milepost_billing", "sale_mrp"],
    "data": ["views/milepost_billing_policy_views.xml"],
    "post_init_hook": "post_init_hook",
    "auto_install": True,
    "installable": True,
}
