{
    "name": "Milepost: Batch Transfers",
    "summary": "A batch or wave of deliveries can be one truck",
    "version": "19.0.1.0.0",
    "category": "Inventory/Delivery",
    "author": "Milepost",
    "license": "LGPL-3",
    "depends": ["milepost", "stock_picking_batch"],
    "data": ["views/stock_picking_batch_views.xml", "views/stock_picking_type_views.xml"],
    "auto_install": True,
    "installable": True,
}
