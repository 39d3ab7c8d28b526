{
    "name": "Milepost Demo",
    "summary": "Sample shipments of Milepost, told as a bridge would tell them; not for production",
    "version": "19.0.1.0.0",
    "category": "Inventory/Delivery",
    "author": "Milepost",
    "license": "LGPL-3",
    "depends": ["milepost_billing"],
    "demo": ["data/milepost_demo.xml"],
    "installable": True,
}
