{
    "name": "Milepost: Purchases and Drop-shipping",
    "summary": "Drop-shipments travel from the vendor to the customer, receipts from the vendor to us",
    "version": "19.0.1.0.0",
    "category": "Inventory/Delivery",
    "author": "Milepost",
    "license": "LGPL-3",
    "depends": ["milepost", "stock_dropshipping"],
    "auto_install": True,
    "installable": True,
}
