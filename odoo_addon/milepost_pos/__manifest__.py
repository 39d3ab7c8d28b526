{
    "name": "Milepost: Point of Sale",
    "summary": "What is handed over at the counter needs no transport",
    "version": "19.0.1.0.0",
    "category": "Inventory/Delivery",
    "author": "Milepost",
    "license": "LGPL-3",
    "depends": ["milepost", "point_of_sale"],
    "auto_install": True,
    "installable": True,
}
