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
        "views/milepost_menus.xml",
        "views/milepost_control_tower_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "milepost/static/src/dist/milepost.js",
            "milepost/static/src/dist/milepost.xml",
            "milepost/static/src/dist/milepost.scss",
        ],
    },
    "application": True,
    "installable": True,
}
