{
    "name": "Milepost",
    "summary": "Transport execution and billing in step: shipments, milestones, proofs of delivery",
    "version": "19.0.1.0.0",
    "category": "Inventory/Delivery",
    "author": "Milepost",
    "license": "LGPL-3",
    "depends": ["stock_delivery", "sale_management", "account", "portal"],
    "data": [
        "security/milepost_groups.xml",
        "security/ir.model.access.csv",
        "security/milepost_rules.xml",
        "data/ir_sequence_data.xml",
    ],
    "application": True,
    "installable": True,
}
