{
    "name": "Milepost: Repairs",
    "summary": "Dispatchers open the transfers of a database that repairs goods",
    "version": "19.0.1.0.0",
    "category": "Inventory/Delivery",
    "author": "Milepost",
    "license": "LGPL-3",
    "depends": ["milepost", "repair"],
    "data": ["security/ir.model.access.csv"],
    "auto_install": True,
    "installable": True,
}
